# SPDX-License-Identifier: BSD-3-Clause
# Our TCP for builds that list lwIP's sources themselves. Given LWIP_TCP_ALT_DIR (this folder), sets
#   lwiptcpalt_SRCS          the sources; each compiles to nothing unless LWIP_TCP_ALT is 1
#   lwiptcpalt_INCLUDE_DIRS  to come before lwIP's own include folder, that of a neutral tree
set(lwiptcpalt_SRCS
  ${LWIP_TCP_ALT_DIR}/cong/tcp_alt_cong.c
  ${LWIP_TCP_ALT_DIR}/conn/tcp_alt_conn.c
  ${LWIP_TCP_ALT_DIR}/conn/tcp_alt_conn_face.c
  ${LWIP_TCP_ALT_DIR}/conn/tcp_alt_conn_judge.c
  ${LWIP_TCP_ALT_DIR}/conn/tcp_alt_conn_tmr.c
  ${LWIP_TCP_ALT_DIR}/conn/tcp_alt_conn_uto.c
  ${LWIP_TCP_ALT_DIR}/demux/tcp_alt_demux.c
  ${LWIP_TCP_ALT_DIR}/demux/tcp_alt_demux_hash.c
  ${LWIP_TCP_ALT_DIR}/demux/tcp_alt_demux_port.c
  ${LWIP_TCP_ALT_DIR}/flow/tcp_alt_flow.c
  ${LWIP_TCP_ALT_DIR}/rod/tcp_alt_rod_ack.c
  ${LWIP_TCP_ALT_DIR}/rod/tcp_alt_rod_rx.c
  ${LWIP_TCP_ALT_DIR}/rod/tcp_alt_rod_sack.c
  ${LWIP_TCP_ALT_DIR}/rod/tcp_alt_rod_seg.c
  ${LWIP_TCP_ALT_DIR}/rod/tcp_alt_rod_tx.c
  ${LWIP_TCP_ALT_DIR}/siphash/tcp_alt_siphash.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_access.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_app.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_arrive.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_data.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_debug.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_ext.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_icmp.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_in.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_isn.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_life.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_listen.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_out.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_pcb.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_scope.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_send.c
  ${LWIP_TCP_ALT_DIR}/tcp_alt_tmr.c
  ${LWIP_TCP_ALT_DIR}/test/tcp_alt_test.c
  ${LWIP_TCP_ALT_DIR}/timer/tcp_alt_timer.c
  ${LWIP_TCP_ALT_DIR}/wire/tcp_alt_wire.c
  ${LWIP_TCP_ALT_DIR}/wire/tcp_alt_wire_debug.c
)
set(lwiptcpalt_INCLUDE_DIRS
  ${LWIP_TCP_ALT_DIR}/include
)
