# SPDX-License-Identifier: BSD-3-Clause
# Part of run: snippets that must compile, and snippets that must not.

# snippet COMPILER FILE OPTION...: compiles against the neutral tree, and writes nothing.
snippet() {
  local compiler=$1 file=$2
  shift 2
  # shellcheck disable=SC2086 # the compiler comes with options
  $compiler -fsyntax-only -Wall -Wextra -Werror -I"$HERE/common" -I"$TREE/src/include" "$@" \
    "$HERE/compile/$file"
}

# headers COMPILER CONFIGURATION...: in every configuration, with and without a complete face.
headers() {
  local compiler=$1 compat option
  shift
  for compat in 0 1; do
    for option in LWIP_TCP_ALT=1 LWIP_EVENT_API=1 LWIP_WND_SCALE=1 LWIP_TCP_PCB_NUM_EXT_ARGS=2 \
      TCP_LISTEN_BACKLOG=0 LWIP_TCP_KEEPALIVE=0 LWIP_IPV6=0 LWIP_IPV4=0 LWIP_ALTCP=1; do
      echo "compat $compat, $option"
      snippet "$compiler" headers.c -DLWIP_TCP_ALT=1 -DLWIP_TCP_PCB_COMPAT=$compat \
        $(header_options $option)
    done
  done
}

# What else an option needs.
header_options() {
  case $1 in
    LWIP_EVENT_API=1) echo "-D$1 -DLWIP_CALLBACK_API=0" ;;
    LWIP_WND_SCALE=1) echo "-D$1 -DTCP_RCV_SCALE=2" ;;
    *) echo "-D$1" ;;
  esac
}

# Legacy users may keep their dialect, too.
headers_legacy() {
  snippet "gcc -std=c90 -pedantic-errors" headers.c -DLWIP_TCP_ALT=0
  snippet "g++ -x c++ -std=c++98 -pedantic-errors" headers.c -DLWIP_TCP_ALT=0
}

# opaque COMPILER MEMBER TEXT: complete with legacy, refused with alt for the reason TEXT.
opaque() {
  snippet "$1" opaque.c -DLWIP_TCP_ALT=0 -DTOUCH_"$2"
  refused "$3" snippet "$1" opaque.c -DLWIP_TCP_ALT=1 -DTOUCH_"$2"
}

# face COMPILER: what is in the complete face is there; of what is not, the error names the accessor.
face() {
  local member
  for member in pcb_remote_port pcb_snd_buf pcb_size listener_local_port; do
    snippet "$1" opaque.c -DLWIP_TCP_ALT=1 -DLWIP_TCP_PCB_COMPAT=1 -DTOUCH_$member
  done
  refused "use_tcp_info_get|use tcp_info_get\(\)" \
    snippet "$1" opaque.c -DLWIP_TCP_ALT=1 -DLWIP_TCP_PCB_COMPAT=1 -DTOUCH_pcb_cwnd
  refused "use_tcp_has_unsent|use tcp_has_unsent\(\)" \
    snippet "$1" opaque.c -DLWIP_TCP_ALT=1 -DLWIP_TCP_PCB_COMPAT=1 -DTOUCH_pcb_unsent
  refused "no member named .snd_lbb" \
    snippet "$1" opaque.c -DLWIP_TCP_ALT=1 -DLWIP_TCP_PCB_COMPAT=1 -DTOUCH_pcb_snd_lbb
}

# together TEXT OPTION...: this configuration is refused, and the error says TEXT.
together() {
  local text=$1
  shift
  refused "$text" snippet gcc options.c -DLWIP_TCP_ALT=1 "${@/#/-D}"
}

# Options that do not go together, and values that are none.
combinations() {
  local profile
  for profile in TCP_ALT_TINY TCP_ALT_FULL; do
    snippet gcc options.c -DLWIP_TCP_ALT=1 -DTCP_ALT_PROFILE=$profile
    snippet gcc options.c -DLWIP_TCP_ALT=1 -DTCP_ALT_PROFILE=$profile -DLWIP_TCP_SACK_OUT=0
    snippet gcc options.c -DLWIP_TCP_ALT=1 -DTCP_ALT_PROFILE=$profile -DLWIP_TCP_CC_PLUGGABLE=1
  done
  together "TCP_ALT_PROFILE must be" TCP_ALT_PROFILE=2
  together "LWIP_TCP_SACK_IN needs LWIP_TCP_SACK_OUT" LWIP_TCP_SACK_OUT=0 LWIP_TCP_SACK_IN=1
  together "TCP_RACK needs LWIP_TCP_SACK_IN" LWIP_TCP_SACK_IN=0 TCP_RACK=1
  together "TCP_PRR needs LWIP_TCP_SACK_IN" LWIP_TCP_SACK_IN=0 TCP_PRR=1
  together "TCP_CC must be" TCP_CC=3
  together "needs TCP_CUBIC" TCP_CUBIC=0 TCP_HYSTART=0
  together "needs TCP_MODEL" TCP_CC=TCP_CC_MODEL TCP_MODEL=0
  together "needs LWIP_TCP_CC_PLUGGABLE" TCP_MODEL=1
  together "needs LWIP_TCP_CC_PLUGGABLE" TCP_CC=TCP_CC_NEWRENO TCP_CUBIC=1
  together "TCP_MODEL needs TCP_RACK" TCP_CC=TCP_CC_MODEL TCP_RACK=0
  together "TCP_HYSTART needs TCP_CUBIC" TCP_CC=TCP_CC_NEWRENO TCP_HYSTART=1
  together "TCP_HYSTART needs TCP_CUBIC.* TCP_RACK" TCP_RACK=0 TCP_HYSTART=1
  together "TCP_RTO_MIN_MS must be" TCP_RTO_MIN_MS=0
  together "TCP_RTO_MIN_MS must be" TCP_RTO_MIN_MS=60001
  together "TCP_RTO_MAX_MS must be" TCP_RTO_MAX_MS=59999
  together "TCP_DELACK_MS must be" TCP_DELACK_MS=500
  together "LWIP_TCP_PMTUD needs LWIP_TCP_ICMP" LWIP_TCP_PMTUD=1 LWIP_TCP_ICMP=0
  together "LWIP_TCP_PMTUD needs LWIP_INLINE_IP_CHKSUM" LWIP_TCP_PMTUD=1 LWIP_TCP_ICMP=1 LWIP_INLINE_IP_CHKSUM=1
  together "TCP_PMTU_MIN must be" TCP_PMTU_MIN=67
}

test_compile() {
  local compiler what
  try headers/c90/gcc headers "gcc -std=c90 -pedantic-errors"
  try headers/c90/clang headers "clang -std=c90 -pedantic-errors"
  try headers/c++98/gcc headers "g++ -x c++ -std=c++98 -pedantic-errors"
  try headers/c++98/clang headers "clang++ -x c++ -std=c++98 -pedantic-errors"
  try headers/legacy headers_legacy
  try options/combinations combinations
  for compiler in gcc clang; do
    for what in pcb_snd_buf:tcp_pcb pcb_remote_port:tcp_pcb pcb_size:tcp_pcb \
      listener_local_port:tcp_pcb_listen listener_size:tcp_pcb_listen segment_len:tcp_seg; do
      try "opaque/${what%:*}/$compiler" opaque "$compiler" "${what%:*}" \
        "(undefined type|incomplete (type|definition of type)) .struct ${what#*:}'"
    done
    try "opaque/face/$compiler" face "$compiler"
    try "opaque/face/$compiler-without-attribute" face \
      "$compiler -DTCP_ALT_UNAVAILABLE(text)="
  done
}
