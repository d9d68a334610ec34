# SPDX-License-Identifier: BSD-3-Clause
"""lwIP's TCP headers and files, changed so that LWIP_TCP_ALT chooses the backend.

What the alternative backend brings itself, structure bodies and the macros that
touch members, counts for legacy alone; types, constants and prototypes of the
interface stay lwIP's for both.
"""

import re

from .errors import TreeError
from .patch import Patch

INCLUDE = "src/include/lwip/"
TCP_SOURCES = ("src/core/tcp.c", "src/core/tcp_in.c", "src/core/tcp_out.c")
TCP_HEADERS = (INCLUDE + "tcp.h", INCLUDE + "priv/tcp_priv.h")


def apply(path, text):
    """(the text of lwIP's file `path` as it stands in the tree, what was not found in it).

    What only a vendor's fork can lack is reported and left to the compiler.
    """
    if path in TCP_SOURCES:
        text = _once(path, text, r'"lwip/opt\.h"', '"lwip/priv/tcp_legacy_side.h"')
        return _once(path, text, r"(#[ \t]*if[ \t]+LWIP_TCP)\b", r"\1 && !LWIP_TCP_ALT"), []
    return _EDITS[path](path, text) if path in _EDITS else (text, [])


def _once(path, text, pattern, replacement):
    text, count = re.subn(pattern, replacement, text, count=1)
    if not count:
        raise TreeError(f"{path}: nothing matches /{pattern}/: is this an lwIP from 2.1.3 on?")
    return text


def _touches_members(patch, span):
    return "->" in "\n".join(patch.rows[span[0] - 1:span[1]])


def _tcp_h(path, text):
    patch = Patch(text, path)
    for macro in ("RCV_WND_SCALE", "SND_WND_SCALE", "TCP_WND_MAX"):
        for span in patch.defines(macro):
            patch.legacy_only(span)
    common = patch.defines("TCP_PCB_COMMON")
    pcb = patch.body("struct", "tcp_pcb")
    listener = patch.body("struct", "tcp_pcb_listen")
    bodies = [*common[:1], listener, pcb]
    patch.legacy_only((min(bodies)[0], max(bodies)[1]), '#include "lwip/tcp_alt_api.h"')
    flags = patch.macros("tcp_set_flags", "tcp_nagle_disabled")
    if flags:
        patch.legacy_only(flags)
    for macro in ("tcp_backlog_set", "tcp_dbg_get_tcp_state"):
        for span in patch.defines(macro):
            if _touches_members(patch, span):
                patch.legacy_only(span)
    patch.insert(patch.directives("endif")[-2], '#include "lwip/tcp_access.h"')
    return patch.result(), patch.missing


# Ranges in priv/tcp_priv.h that only legacy has: from one name to another.
_PRIV_MACROS = (
    ("tcp_do_output_nagle", "tcp_output_nagle"),
    ("TCP_TCPLEN", "TCP_TCPLEN"),
    ("TCP_EVENT_ACCEPT", "TCP_EVENT_ERR"),
    ("LWIP_TCP_OPT_LENGTH", "LWIP_TCP_OPT_LENGTH"),
    ("TCP_REG", "TCP_PCB_REMOVE_ACTIVE"),
    ("tcp_ack", "tcp_ack_now"),
)
_PRIV_DECLARATIONS = (
    ("tcp_send_empty_ack", "tcp_process_refused_data"),
    ("tcp_input_pcb", "tcp_input_pcb"),
    ("tcp_active_pcbs_changed", "tcp_active_pcbs_changed"),
    ("tcp_pcb_copy", "tcp_pcb_remove"),
    ("tcp_send_fin", "tcp_rexmit_seg"),
    ("tcp_rst_netif", "tcp_rst_netif"),
    ("tcp_keepalive", "tcp_trigger_input_pcb_close"),
    ("tcp_eff_send_mss_netif", "tcp_eff_send_mss_netif"),
    ("tcp_recv_null", "tcp_recv_null"),
    ("tcp_ext_arg_invoke_callbacks_passive_open", "tcp_ext_arg_invoke_callbacks_passive_open"),
)
_PRIV_LATER = ("tcp_rst_netif",)  # not in 2.1.3
# lwIP defines these without #ifndef; alt's header, included before, may set its own.
_PRIV_CONSTANTS = ("TCP_FIN_WAIT_TIMEOUT", "TCP_SYN_RCVD_TIMEOUT", "TCP_OOSEQ_TIMEOUT")


def _tcp_priv_h(path, text):
    patch = Patch(text, path)
    last_include = patch.directives("include")[-1]
    patch.insert(last_include + 1, "#if LWIP_TCP_ALT",
                 '#include "lwip/priv/tcp_alt_priv.h"', "#endif")
    for macro in _PRIV_CONSTANTS:
        for first, last in patch.defines(macro):
            patch.insert(first, f"#ifndef {macro}")
            patch.insert(last + 1, "#endif")
    spans = [patch.body("struct", "tcp_seg")]
    spans += [patch.macros(*names) for names in _PRIV_MACROS]
    spans += [patch.declarations(*names) for names in _PRIV_DECLARATIONS
              if names[0] not in _PRIV_LATER or patch.has(names[0])]
    for span in sorted(filter(None, spans)):
        patch.legacy_only(span)
    patch.insert(patch.directives("endif")[-2], '#include "lwip/priv/tcp_both.h"')
    return patch.result(), patch.missing


def _opt_h(path, text):
    """The switch itself, and alt's defaults before lwIP's: a user's value comes before both."""
    patch = Patch(text, path)
    patch.insert(patch.directives("include")[-1] + 1, '#include "lwip/priv/tcp_side.h"')
    option = patch.defines("LWIP_TCP")
    if not option:
        raise TreeError(f"{path}: no option LWIP_TCP: is this an lwIP from 2.1.3 on?")
    patch.insert(_enclosing_if(patch, option[0]), "#if LWIP_TCP_ALT",
                 '#include "lwip/tcp_alt_opts.h"', "#endif")
    return patch.result(), patch.missing


def _enclosing_if(patch, span):
    """The line of the #if directly around an option's #define."""
    return max(line for word in ("if", "ifndef") for line in patch.directives(word)
               if line < span[0])


def _ip_h(path, text):
    """Options are set through TCP, which may have a deadline to move (SO_KEEPALIVE)."""
    patch = Patch(text, path)
    span = patch.macros("ip_get_option", "ip_reset_option")
    if span:
        patch.insert(span[0], "#if !(LWIP_TCP && LWIP_TCP_ALT)")
        patch.insert(span[1] + 1, "#else", '#include "lwip/tcp_alt_ip.h"', "#endif")
    return patch.result(), patch.missing


def _altcp_h(path, text):
    """Without altcp its address getter is a macro over a tcp_pcb."""
    addresses = " : ".join(f"tcp_access_unconst(tcp_{side}_ip_get(pcb))"
                           for side in ("local", "remote"))
    return _once(path, text, r"(#[ \t]*define[ \t]+altcp_get_ip\(pcb, local\)[ \t]+)[^\r\n]*",
                 rf"\1((local) ? {addresses})"), []


def _memp_std_h(path, text):
    for tag, size in (("tcp_pcb", "TCP_PCB_SIZEOF"), ("tcp_pcb_listen", "TCP_PCB_LISTEN_SIZEOF"),
                      ("tcp_seg", "TCP_SEG_SIZEOF")):
        text = _once(path, text, rf"sizeof\(struct {tag}\)", size)
    return text, []


def _memp_c(path, text):
    return _once(path, text, r'"lwip/priv/tcp_priv\.h"', '"lwip/priv/tcp_pool_sizes.h"'), []


_EDITS = {
    INCLUDE + "tcp.h": _tcp_h,
    INCLUDE + "priv/tcp_priv.h": _tcp_priv_h,
    INCLUDE + "opt.h": _opt_h,
    INCLUDE + "ip.h": _ip_h,
    INCLUDE + "altcp.h": _altcp_h,
    INCLUDE + "priv/memp_std.h": _memp_std_h,
    "src/core/memp.c": _memp_c,
}
GUARDED = (*TCP_SOURCES, *_EDITS)
