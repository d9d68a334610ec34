# SPDX-License-Identifier: BSD-3-Clause
# Our TCP for make rules that list lwIP's sources themselves. Given TCPALTDIR (this folder), sets
#   TCPALTFILES    the sources; each compiles to nothing unless LWIP_TCP_ALT is 1
#   TCPALTINCDIRS  to come before lwIP's own include folder, that of a neutral tree
TCPALTFILES = \
	$(TCPALTDIR)/cong/tcp_alt_cc_choice.c \
	$(TCPALTDIR)/cong/tcp_alt_cc_cubic.c \
	$(TCPALTDIR)/cong/tcp_alt_cc_hystart.c \
	$(TCPALTDIR)/cong/tcp_alt_cc_model.c \
	$(TCPALTDIR)/cong/tcp_alt_cc_newreno.c \
	$(TCPALTDIR)/cong/tcp_alt_cong.c \
	$(TCPALTDIR)/conn/tcp_alt_conn.c \
	$(TCPALTDIR)/conn/tcp_alt_conn_face.c \
	$(TCPALTDIR)/conn/tcp_alt_conn_judge.c \
	$(TCPALTDIR)/conn/tcp_alt_conn_pmtu.c \
	$(TCPALTDIR)/conn/tcp_alt_conn_tmr.c \
	$(TCPALTDIR)/conn/tcp_alt_conn_uto.c \
	$(TCPALTDIR)/demux/tcp_alt_demux.c \
	$(TCPALTDIR)/demux/tcp_alt_demux_hash.c \
	$(TCPALTDIR)/demux/tcp_alt_demux_port.c \
	$(TCPALTDIR)/flow/tcp_alt_flow.c \
	$(TCPALTDIR)/rod/tcp_alt_rod_ack.c \
	$(TCPALTDIR)/rod/tcp_alt_rod_board.c \
	$(TCPALTDIR)/rod/tcp_alt_rod_cut.c \
	$(TCPALTDIR)/rod/tcp_alt_rod_rack.c \
	$(TCPALTDIR)/rod/tcp_alt_rod_rx.c \
	$(TCPALTDIR)/rod/tcp_alt_rod_sack.c \
	$(TCPALTDIR)/rod/tcp_alt_rod_seg.c \
	$(TCPALTDIR)/rod/tcp_alt_rod_tx.c \
	$(TCPALTDIR)/rod/tcp_alt_rod_undo.c \
	$(TCPALTDIR)/rod/tcp_alt_rod_urgent.c \
	$(TCPALTDIR)/siphash/tcp_alt_siphash.c \
	$(TCPALTDIR)/tcp_alt.c \
	$(TCPALTDIR)/tcp_alt_access.c \
	$(TCPALTDIR)/tcp_alt_app.c \
	$(TCPALTDIR)/tcp_alt_arrive.c \
	$(TCPALTDIR)/tcp_alt_congestion.c \
	$(TCPALTDIR)/tcp_alt_data.c \
	$(TCPALTDIR)/tcp_alt_debug.c \
	$(TCPALTDIR)/tcp_alt_ext.c \
	$(TCPALTDIR)/tcp_alt_icmp.c \
	$(TCPALTDIR)/tcp_alt_in.c \
	$(TCPALTDIR)/tcp_alt_info.c \
	$(TCPALTDIR)/tcp_alt_isn.c \
	$(TCPALTDIR)/tcp_alt_life.c \
	$(TCPALTDIR)/tcp_alt_listen.c \
	$(TCPALTDIR)/tcp_alt_out.c \
	$(TCPALTDIR)/tcp_alt_pcb.c \
	$(TCPALTDIR)/tcp_alt_pmtu.c \
	$(TCPALTDIR)/tcp_alt_scope.c \
	$(TCPALTDIR)/tcp_alt_send.c \
	$(TCPALTDIR)/tcp_alt_sock.c \
	$(TCPALTDIR)/tcp_alt_tmr.c \
	$(TCPALTDIR)/tcp_alt_urgent.c \
	$(TCPALTDIR)/test/tcp_alt_test.c \
	$(TCPALTDIR)/test/tcp_alt_test_wrong.c \
	$(TCPALTDIR)/timer/tcp_alt_timer.c \
	$(TCPALTDIR)/wire/tcp_alt_wire.c \
	$(TCPALTDIR)/wire/tcp_alt_wire_debug.c
TCPALTINCDIRS = \
	$(TCPALTDIR)/include
