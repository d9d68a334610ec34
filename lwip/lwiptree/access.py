# SPDX-License-Identifier: BSD-3-Clause
"""The members of a PCB that code outside TCP uses, and the accessors that stand for them.

lwip/include/lwip/tcp_access.h declares the accessors for both backends.
"""

from typing import NamedTuple, Optional

from .cdecl import Type


class Access(NamedTuple):
    """How a member is read and written from outside TCP."""

    getter: str
    setter: Optional[str] = None
    kind: str = "value"  # 'value', 'address' (getter gives a pointer), 'present' (getter gives 0/1)
    type: Optional[Type] = None  # of the member, where an expression can go on from it


def _address(name):
    return Access(f"tcp_{name}_get", f"tcp_{name}_type_set", "address", Type("ip_addr_t"))


ACCESS = {
    "state": Access("tcp_state_get"),
    "flags": Access("tcp_flags_get"),
    "prio": Access("tcp_prio_get"),
    "callback_arg": Access("tcp_callback_arg_get"),
    "local_port": Access("tcp_local_port_get"),
    "remote_port": Access("tcp_remote_port_get"),
    "local_ip": _address("local_ip"),
    "remote_ip": _address("remote_ip"),
    "keep_idle": Access("tcp_keep_idle_get", "tcp_keep_idle_set"),
    "keep_intvl": Access("tcp_keep_intvl_get", "tcp_keep_intvl_set"),
    "keep_cnt": Access("tcp_keep_cnt_get", "tcp_keep_cnt_set"),
    "poll": Access("tcp_poll_fn_get"),
    "pollinterval": Access("tcp_poll_interval_get"),
    "tos": Access("tcp_tos_get", "tcp_tos_set"),
    "ttl": Access("tcp_ttl_get", "tcp_ttl_set"),
    "so_options": Access("tcp_so_options_get", "tcp_so_options_set"),
    "unsent": Access("tcp_has_unsent", kind="present"),
    "unacked": Access("tcp_has_unacked", kind="present"),
    "ooseq": Access("tcp_has_ooseq", kind="present"),
    "next": Access("tcp_next_get"),
}

PCB = "struct tcp_pcb"
LISTEN_PCB = "struct tcp_pcb_listen"


def member_type(pcb, member, table):
    """The type of a PCB's member, as far as an expression can go on from it."""
    if member == "next":
        return Type(pcb, 1)
    if member == "listener":
        return Type(LISTEN_PCB, 1)
    return table[member].type if member in table else None
