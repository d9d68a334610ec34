/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Every handler that may write its component, wrapped: see tcp_alt_scope.h. Written by
 * tests/scopes/handlers.py --update from the components' headers.
 */

#ifndef tcp_alt_cong_choose
#define tcp_alt_cong_choose(...) \
  TCP_ALT_SCOPED(cong, tcp_alt_cong_choose, __VA_ARGS__)
#endif
#ifndef tcp_alt_cong_init
#define tcp_alt_cong_init(...) \
  TCP_ALT_SCOPED(cong, tcp_alt_cong_init, __VA_ARGS__)
#endif
#define tcp_alt_cong_on_ack(...) \
  TCP_ALT_SCOPED(cong, tcp_alt_cong_on_ack, __VA_ARGS__)
#define tcp_alt_cong_on_idle(...) \
  TCP_ALT_SCOPED(cong, tcp_alt_cong_on_idle, __VA_ARGS__)
#define tcp_alt_cong_on_loss(...) \
  TCP_ALT_SCOPED(cong, tcp_alt_cong_on_loss, __VA_ARGS__)
#define tcp_alt_cong_on_rto(...) \
  TCP_ALT_SCOPED(cong, tcp_alt_cong_on_rto, __VA_ARGS__)
#define tcp_alt_cong_on_sent(...) \
  TCP_ALT_SCOPED(cong, tcp_alt_cong_on_sent, __VA_ARGS__)
#ifndef tcp_alt_conn_backlog
#define tcp_alt_conn_backlog(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_backlog, __VA_ARGS__)
#endif
#define tcp_alt_conn_bind(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_bind, __VA_ARGS__)
#define tcp_alt_conn_bind_netif(pcb, ...) \
  TCP_ALT_SCOPED_FACE(conn, pcb, tcp_alt_conn_bind_netif, pcb, __VA_ARGS__)
#define tcp_alt_conn_challenge(...) \
  TCP_ALT_SCOPED_VALUE(conn, tcp_alt_conn_challenge, __VA_ARGS__)
#ifndef tcp_alt_conn_grow
#define tcp_alt_conn_grow(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_grow, __VA_ARGS__)
#endif
#define tcp_alt_conn_init(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_init, __VA_ARGS__)
#define tcp_alt_conn_on_ack(...) \
  TCP_ALT_SCOPED_VALUE(conn, tcp_alt_conn_on_ack, __VA_ARGS__)
#define tcp_alt_conn_on_close(...) \
  TCP_ALT_SCOPED_VALUE(conn, tcp_alt_conn_on_close, __VA_ARGS__)
#ifndef tcp_alt_conn_on_ecn_setup
#define tcp_alt_conn_on_ecn_setup(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_on_ecn_setup, __VA_ARGS__)
#endif
#define tcp_alt_conn_on_fin(...) \
  TCP_ALT_SCOPED_VALUE(conn, tcp_alt_conn_on_fin, __VA_ARGS__)
#define tcp_alt_conn_on_fin_again(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_on_fin_again, __VA_ARGS__)
#define tcp_alt_conn_on_fin_told(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_on_fin_told, __VA_ARGS__)
#ifndef tcp_alt_conn_on_freed
#define tcp_alt_conn_on_freed(pcb) \
  TCP_ALT_SCOPED_FACE(conn, pcb, tcp_alt_conn_on_freed, pcb)
#endif
#define tcp_alt_conn_on_heard(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_on_heard, __VA_ARGS__)
#define tcp_alt_conn_on_listener_gone(...) \
  TCP_ALT_SCOPED_VALUE(conn, tcp_alt_conn_on_listener_gone, __VA_ARGS__)
#ifndef tcp_alt_conn_on_moved
#define tcp_alt_conn_on_moved(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_on_moved, __VA_ARGS__)
#endif
#define tcp_alt_conn_on_open(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_on_open, __VA_ARGS__)
#define tcp_alt_conn_on_passive_open(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_on_passive_open, __VA_ARGS__)
#define tcp_alt_conn_on_progress(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_on_progress, __VA_ARGS__)
#define tcp_alt_conn_on_rx_closed(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_on_rx_closed, __VA_ARGS__)
#ifndef tcp_alt_conn_on_soft_error
#define tcp_alt_conn_on_soft_error(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_on_soft_error, __VA_ARGS__)
#endif
#define tcp_alt_conn_on_syn(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_on_syn, __VA_ARGS__)
#ifndef tcp_alt_conn_on_timeouts
#define tcp_alt_conn_on_timeouts(...) \
  TCP_ALT_SCOPED_VALUE(conn, tcp_alt_conn_on_timeouts, __VA_ARGS__)
#endif
#define tcp_alt_conn_on_timer(...) \
  TCP_ALT_SCOPED_VALUE(conn, tcp_alt_conn_on_timer, __VA_ARGS__)
#ifndef tcp_alt_conn_on_too_big
#define tcp_alt_conn_on_too_big(...) \
  TCP_ALT_SCOPED_VALUE(conn, tcp_alt_conn_on_too_big, __VA_ARGS__)
#endif
#ifndef tcp_alt_conn_on_uto
#define tcp_alt_conn_on_uto(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_on_uto, __VA_ARGS__)
#endif
#ifndef tcp_alt_conn_on_uto_sent
#define tcp_alt_conn_on_uto_sent(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_on_uto_sent, __VA_ARGS__)
#endif
#define tcp_alt_conn_restart_poll(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_restart_poll, __VA_ARGS__)
#ifndef tcp_alt_conn_set_ext
#define tcp_alt_conn_set_ext(pcb, ...) \
  TCP_ALT_SCOPED_FACE(conn, pcb, tcp_alt_conn_set_ext, pcb, __VA_ARGS__)
#endif
#define tcp_alt_conn_set_flags(pcb, ...) \
  TCP_ALT_SCOPED_FACE(conn, pcb, tcp_alt_conn_set_flags, pcb, __VA_ARGS__)
#define tcp_alt_conn_set_keep(pcb, ...) \
  TCP_ALT_SCOPED_FACE(conn, pcb, tcp_alt_conn_set_keep, pcb, __VA_ARGS__)
#define tcp_alt_conn_set_local_ip(pcb, ...) \
  TCP_ALT_SCOPED_FACE(conn, pcb, tcp_alt_conn_set_local_ip, pcb, __VA_ARGS__)
#define tcp_alt_conn_set_poll(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_set_poll, __VA_ARGS__)
#ifndef tcp_alt_conn_set_soft_error_fn
#define tcp_alt_conn_set_soft_error_fn(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_set_soft_error_fn, __VA_ARGS__)
#endif
#ifndef tcp_alt_conn_set_urgent_fn
#define tcp_alt_conn_set_urgent_fn(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_set_urgent_fn, __VA_ARGS__)
#endif
#ifndef tcp_alt_conn_set_user_timeout
#define tcp_alt_conn_set_user_timeout(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_set_user_timeout, __VA_ARGS__)
#endif
#ifndef tcp_alt_conn_set_uto
#define tcp_alt_conn_set_uto(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_set_uto, __VA_ARGS__)
#endif
#ifndef tcp_alt_conn_show
#define tcp_alt_conn_show(...) \
  TCP_ALT_SCOPED(conn, tcp_alt_conn_show, __VA_ARGS__)
#endif
#define tcp_alt_flow_advertise(...) \
  TCP_ALT_SCOPED_VALUE(flow, tcp_alt_flow_advertise, __VA_ARGS__)
#define tcp_alt_flow_on_ack(...) \
  TCP_ALT_SCOPED(flow, tcp_alt_flow_on_ack, __VA_ARGS__)
#define tcp_alt_flow_on_data(...) \
  TCP_ALT_SCOPED(flow, tcp_alt_flow_on_data, __VA_ARGS__)
#define tcp_alt_flow_on_output_end(...) \
  TCP_ALT_SCOPED(flow, tcp_alt_flow_on_output_end, __VA_ARGS__)
#define tcp_alt_flow_on_probe(...) \
  TCP_ALT_SCOPED(flow, tcp_alt_flow_on_probe, __VA_ARGS__)
#define tcp_alt_flow_on_recved(...) \
  TCP_ALT_SCOPED_VALUE(flow, tcp_alt_flow_on_recved, __VA_ARGS__)
#define tcp_alt_flow_on_repeat(...) \
  TCP_ALT_SCOPED_VALUE(flow, tcp_alt_flow_on_repeat, __VA_ARGS__)
#define tcp_alt_flow_on_syn(...) \
  TCP_ALT_SCOPED(flow, tcp_alt_flow_on_syn, __VA_ARGS__)
#define tcp_alt_flow_on_update(...) \
  TCP_ALT_SCOPED(flow, tcp_alt_flow_on_update, __VA_ARGS__)
#define tcp_alt_flow_on_window(...) \
  TCP_ALT_SCOPED(flow, tcp_alt_flow_on_window, __VA_ARGS__)
#define tcp_alt_flow_on_write(...) \
  TCP_ALT_SCOPED(flow, tcp_alt_flow_on_write, __VA_ARGS__)
#define tcp_alt_flow_open(...) \
  TCP_ALT_SCOPED(flow, tcp_alt_flow_open, __VA_ARGS__)
#define tcp_alt_rod_ack_later(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_ack_later, __VA_ARGS__)
#define tcp_alt_rod_ack_now(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_ack_now, __VA_ARGS__)
#define tcp_alt_rod_ack_urgent(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_ack_urgent, __VA_ARGS__)
#define tcp_alt_rod_board_forget(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_board_forget, __VA_ARGS__)
#define tcp_alt_rod_board_on_sack(...) \
  TCP_ALT_SCOPED_VALUE(rod, tcp_alt_rod_board_on_sack, __VA_ARGS__)
#define tcp_alt_rod_close(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_close, __VA_ARGS__)
#define tcp_alt_rod_cut(...) \
  TCP_ALT_SCOPED_VALUE(rod, tcp_alt_rod_cut, __VA_ARGS__)
#define tcp_alt_rod_delivered(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_delivered, __VA_ARGS__)
#define tcp_alt_rod_free_ooseq(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_free_ooseq, __VA_ARGS__)
#define tcp_alt_rod_lend(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_lend, __VA_ARGS__)
#define tcp_alt_rod_mark_lost(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_mark_lost, __VA_ARGS__)
#ifndef tcp_alt_rod_mark_urgent
#define tcp_alt_rod_mark_urgent(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_mark_urgent, __VA_ARGS__)
#endif
#define tcp_alt_rod_more(...) \
  TCP_ALT_SCOPED_VALUE(rod, tcp_alt_rod_more, __VA_ARGS__)
#define tcp_alt_rod_none_lost(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_none_lost, __VA_ARGS__)
#define tcp_alt_rod_on_ack(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_ack, __VA_ARGS__)
#define tcp_alt_rod_on_ack_sent(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_ack_sent, __VA_ARGS__)
#ifndef tcp_alt_rod_on_arrival
#define tcp_alt_rod_on_arrival(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_arrival, __VA_ARGS__)
#endif
#define tcp_alt_rod_on_busy(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_busy, __VA_ARGS__)
#define tcp_alt_rod_on_data(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_data, __VA_ARGS__)
#define tcp_alt_rod_on_duplicate(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_duplicate, __VA_ARGS__)
#ifndef tcp_alt_rod_on_ecn
#define tcp_alt_rod_on_ecn(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_ecn, __VA_ARGS__)
#endif
#ifndef tcp_alt_rod_on_keepalive_sent
#define tcp_alt_rod_on_keepalive_sent(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_keepalive_sent, __VA_ARGS__)
#endif
#define tcp_alt_rod_on_plain_data(...) \
  TCP_ALT_SCOPED_VALUE(rod, tcp_alt_rod_on_plain_data, __VA_ARGS__)
#define tcp_alt_rod_on_probe_sent(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_probe_sent, __VA_ARGS__)
#define tcp_alt_rod_on_refusal(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_refusal, __VA_ARGS__)
#define tcp_alt_rod_on_refused(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_refused, __VA_ARGS__)
#define tcp_alt_rod_on_segment_sent(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_segment_sent, __VA_ARGS__)
#ifndef tcp_alt_rod_on_stop
#define tcp_alt_rod_on_stop(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_stop, __VA_ARGS__)
#endif
#define tcp_alt_rod_on_syn(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_syn, __VA_ARGS__)
#define tcp_alt_rod_on_timer(...) \
  TCP_ALT_SCOPED_VALUE(rod, tcp_alt_rod_on_timer, __VA_ARGS__)
#ifndef tcp_alt_rod_on_timestamp
#define tcp_alt_rod_on_timestamp(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_timestamp, __VA_ARGS__)
#endif
#ifndef tcp_alt_rod_on_too_big
#define tcp_alt_rod_on_too_big(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_too_big, __VA_ARGS__)
#endif
#ifndef tcp_alt_rod_on_urgent
#define tcp_alt_rod_on_urgent(...) \
  TCP_ALT_SCOPED_VALUE(rod, tcp_alt_rod_on_urgent, __VA_ARGS__)
#endif
#define tcp_alt_rod_on_window_closed(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_on_window_closed, __VA_ARGS__)
#define tcp_alt_rod_open(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_open, __VA_ARGS__)
#define tcp_alt_rod_owe_ack(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_owe_ack, __VA_ARGS__)
#define tcp_alt_rod_probe_arm(...) \
  TCP_ALT_SCOPED_VALUE(rod, tcp_alt_rod_probe_arm, __VA_ARGS__)
#define tcp_alt_rod_probe_on_ack(...) \
  TCP_ALT_SCOPED_VALUE(rod, tcp_alt_rod_probe_on_ack, __VA_ARGS__)
#define tcp_alt_rod_probe_on_sent(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_probe_on_sent, __VA_ARGS__)
#define tcp_alt_rod_probe_on_timer(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_probe_on_timer, __VA_ARGS__)
#define tcp_alt_rod_purge(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_purge, __VA_ARGS__)
#define tcp_alt_rod_rack_delivered(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_rack_delivered, __VA_ARGS__)
#define tcp_alt_rod_rack_left(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_rack_left, __VA_ARGS__)
#define tcp_alt_rod_rack_losses(...) \
  TCP_ALT_SCOPED_VALUE(rod, tcp_alt_rod_rack_losses, __VA_ARGS__)
#define tcp_alt_rod_rack_update(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_rack_update, __VA_ARGS__)
#define tcp_alt_rod_resend_syn(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_resend_syn, __VA_ARGS__)
#ifndef tcp_alt_rod_retire
#define tcp_alt_rod_retire(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_retire, __VA_ARGS__)
#endif
#ifndef tcp_alt_rod_set_ts_offset
#define tcp_alt_rod_set_ts_offset(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_set_ts_offset, __VA_ARGS__)
#endif
#define tcp_alt_rod_start_timers(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_start_timers, __VA_ARGS__)
#define tcp_alt_rod_take_refused(...) \
  TCP_ALT_SCOPED_VALUE(rod, tcp_alt_rod_take_refused, __VA_ARGS__)
#define tcp_alt_rod_undo_begin(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_undo_begin, __VA_ARGS__)
#define tcp_alt_rod_undo_on_ack(...) \
  TCP_ALT_SCOPED_VALUE(rod, tcp_alt_rod_undo_on_ack, __VA_ARGS__)
#ifndef tcp_alt_rod_urgent_passed
#define tcp_alt_rod_urgent_passed(...) \
  TCP_ALT_SCOPED(rod, tcp_alt_rod_urgent_passed, __VA_ARGS__)
#endif
#define tcp_alt_rod_write(...) \
  TCP_ALT_SCOPED_VALUE(rod, tcp_alt_rod_write, __VA_ARGS__)
