# SPDX-License-Identifier: BSD-3-Clause
"""What docs/footprint.md says about each function of legacy, each file of ours, and each member."""

# (title, legacy's functions, our files or FILE.FUNCTION, where a difference comes from)
GROUPS = [
    ("open, bind, listen, close", """
        tcp_init tcp_new tcp_new_ip_type tcp_alloc tcp_free tcp_bind tcp_bind_netif tcp_connect
        tcp_listen_with_backlog tcp_listen_with_backlog_and_err tcp_accept_null tcp_close
        tcp_close_shutdown tcp_close_shutdown_fin tcp_shutdown tcp_abandon tcp_abort tcp_kill_state
        tcp_pcb_purge tcp_pcb_remove tcp_send_fin tcp_enqueue_flags tcp_backlog_accepted
        tcp_backlog_delayed tcp_ext_arg_alloc_id tcp_ext_arg_get tcp_ext_arg_set
        tcp_ext_arg_set_callbacks tcp_ext_arg_invoke_callbacks_destroyed
        tcp_ext_arg_invoke_callbacks_passive_open tcp_listen_input""",
     "tcp_alt tcp_alt_conn tcp_alt_life tcp_alt_pcb tcp_alt_ext tcp_alt_listen",
     "transitions between states are functions of their own; a FIN needs no segment; opening a "
     "passive connection, part of `tcp_input` in legacy, is counted here"),
    ("ports and sequence numbers", "tcp_new_port tcp_next_iss",
     "tcp_alt_isn tcp_alt_siphash tcp_alt_demux_port.tcp_alt_demux_free_port",
     "keyed hash and its key (RFC 6528, RFC 6056); legacy counts up"),
    ("settings, queries, callbacks", """
        tcp_accept tcp_arg tcp_err tcp_poll tcp_recv tcp_sent tcp_setprio tcp_debug_state_str
        tcp_state_str tcp_tcp_get_tcp_addrinfo tcp_netif_ip_addr_changed
        tcp_netif_ip_addr_changed_pcblist tcp_recv_null tcp_free_ooseq tcp_process_refused_data
        tcp_pcb_lists tcp_trigger_input_pcb_close tcp_input_delayed_close""",
     "tcp_alt_access tcp_alt_info tcp_alt_sock tcp_alt_conn_face tcp_alt_app tcp_alt_debug tcp_alt_demux.tcp_pcb_lists "
     "tcp_alt_conn.names.0 tcp_alt_conn.tcp_debug_state_str",
     "accessors in place of members; a linker that drops unused sections drops most of them"),
    ("write and output", """
        tcp_write tcp_output tcp_pbuf_prealloc tcp_create_segment tcp_split_unsent_seg tcp_txnow
        tcp_recved tcp_update_rcv_ann_wnd tcp_seg_free tcp_segs_free tcp_seg_copy
        tcp_eff_send_mss_netif tcp_rexmit tcp_rexmit_fast tcp_rexmit_rto tcp_rexmit_rto_commit
        tcp_rexmit_rto_prepare tcp_output_segment""",
     "tcp_alt_data tcp_alt_rod_tx tcp_alt_rod_seg tcp_alt_rod_cut tcp_alt_out tcp_alt_flow",
     "one send queue instead of two that segments move between; silly-window avoidance on both sides"),
    ("headers, ACK, RST, probes", """
        tcp_output_alloc_header tcp_output_alloc_header_common tcp_output_control_segment
        tcp_output_control_segment_netif tcp_send_empty_ack tcp_rst tcp_rst_netif tcp_keepalive
        tcp_zero_window_probe tcp_route tcp_output_fill_options tcp_build_timestamp_option
        tcp_build_wnd_scale_option""",
     "tcp_alt_send tcp_alt_rod_sack tcp_alt_wire.tcp_alt_wire_put",
     "one way for every kind of segment; probes are counted in the line above"),
    ("input", """
        tcp_input tcp_process tcp_timewait_input tcp_receive tcp_parseopt tcp_get_next_optbyte
        tcp_free_acked_segments tcp_oos_insert_segment tcp_add_sack tcp_remove_sacks_lt
        tcp_remove_sacks_gt tcp_get_num_sacks""",
     "tcp_alt_in tcp_alt_arrive tcp_alt_icmp tcp_alt_conn_judge tcp_alt_rod_ack tcp_alt_rod_rx tcp_alt_cong "
     "tcp_alt_wire tcp_alt_demux tcp_alt_demux_hash tcp_alt_demux_port",
     "the checks of RFC 5961 and of every MUST, caps of the out-of-order queue; parsed once, "
     "each question answered once"),
    ("loss recovery with SACK, congestion control beyond NewReno's states", "",
     "tcp_alt_rod_board tcp_alt_rod_rack tcp_alt_rod_undo tcp_alt_cc_newreno tcp_alt_cc_cubic tcp_alt_cc_hystart "
     "tcp_alt_cc_model",
     "legacy repairs one loss a round trip and has no SACK in its sender"),
    ("clock", "tcp_tmr tcp_fasttmr tcp_slowtmr tcp_backoff tcp_persist_backoff",
     "tcp_alt_tmr tcp_alt_timer tcp_alt_conn_tmr tcp_alt_conn_uto",
     "exact deadlines instead of a tick: finding and arming the earliest"),
]

# (title, functions of ours that have no counterpart in legacy, or do what legacy has as a macro)
NEW = [
    ("SipHash-2-4", "tcp_alt_siphash"),
    ("key of sequence numbers and ports (RFC 6528)", "tcp_alt_keyed tcp_alt_secret_init tcp_alt_secret_set"),
    ("challenge ACKs, limited (RFC 5961)", "tcp_alt_conn_challenge"),
    ("accessors for what legacy's callers read from the PCB", """
        tcp_callback_arg_get tcp_flags_get tcp_has_ooseq tcp_has_unacked tcp_has_unsent
        tcp_keep_idle_get tcp_keep_idle_set tcp_local_ip_get tcp_local_port_get tcp_mss tcp_next_get
        tcp_poll_fn_get tcp_poll_interval_get tcp_prio_get tcp_remote_ip_get tcp_remote_port_get
        tcp_sndbuf tcp_sndqueuelen tcp_so_options_get tcp_so_options_set tcp_state_get tcp_tos_get
        tcp_ttl_get tcp_tos_set tcp_ttl_set tcp_set_flags tcp_clear_flags tcp_local_ip_type_set
        tcp_remote_ip_type_set tcp_keep_intvl_get tcp_keep_intvl_set tcp_keep_cnt_get
        tcp_keep_cnt_set tcp_backlog_set access_rearm tcp_alt_ip_option_set
        tcp_alt_ip_option_reset tcp_alt_conn_set_keep tcp_alt_conn_set_so_options"""),
    ("why a connection ended", "tcp_err_reason_get"),
    ("one exact deadline asked of sys_timeout", "tmr_arm tmr_expired tmr_wait tcp_alt_tmr_rearm tcp_alt_tmr_idle"),
    ("holds: is the block still there after a callback?", "tcp_alt_hold tcp_alt_release tcp_alt_held"),
    ("ICMP errors (RFC 9293 3.9.2.2)", "FILE:tcp_alt_icmp"),
    ("hash on the 4-tuple", "FILE:tcp_alt_demux_hash"),
    ("timer wheel", "FILE:tcp_alt_timer"),
    ("DSACK and the order of SACK blocks", "FILE:tcp_alt_rod_sack"),
    ("scoreboard (RFC 6675)", "FILE:tcp_alt_rod_board"),
    ("RACK-TLP (RFC 8985)", "FILE:tcp_alt_rod_rack"),
    ("F-RTO, Eifel and DSACK: what was no loss (RFC 5682, RFC 3522)", "FILE:tcp_alt_rod_undo"),
    ("CUBIC (RFC 9438)", "FILE:tcp_alt_cc_cubic"),
    ("HyStart++ (RFC 9406)", "FILE:tcp_alt_cc_hystart"),
    ("a window that opens is told again", "tcp_alt_flow_on_update tcp_alt_flow_on_repeat"),
    ("giving up after a time, Nagle in Minshall's variant", "tcp_alt_rod_outage tcp_alt_rod_small_out"),
]

# (what it holds, our members, legacy's members). Each member of either is in one line.
MEMBERS = [
    ("the public face: addresses, ports, state, flags, keepalive settings",
     "face.*",
     "local_ip remote_ip netif_idx so_options tos ttl next callback_arg ext_args state prio local_port "
     "remote_port flags keep_idle keep_intvl keep_cnt"),
    ("callbacks and the listener", "conn.sent conn.recv conn.poll conn.errf conn.open",
     "sent recv connected poll errf listener"),
    ("time the peer was heard, poll and state deadlines", "conn.heard_at conn.poll_at conn.poll_interval",
     "tmr polltmr pollinterval last_timer"),
    ("send MSS", "conn.mss", "mss"),
    ("what was negotiated and told", "conn.is", ""),
    ("keepalive probes sent", "conn.keep_sent", "keep_cnt_sent"),
    ("limit of challenge ACKs (RFC 5961), padding", "conn.challenges conn.challenge_epoch", ""),
    ("the last soft error, and who is told", "conn.soft_error conn.soft_error_fn", ""),
    ("user timeout", "conn.user_timeout conn.moved_at conn.uto_adv conn.uto", ""),
    ("counters for tcp_info_get()",
     "rod.bytes_out rod.bytes_again rod.segs_in rod.segs_out rod.segs_again rod.stop flow.bytes_acked "
     "flow.bytes_in", ""),
    ("send queue", "rod.head rod.next rod.tail rod.queuelen rod.oversize",
     "unsent unacked snd_queuelen unsent_oversize"),
    ("send sequence numbers", "rod.snd_una rod.snd_nxt rod.snd_lbb", "lastack snd_nxt snd_lbb"),
    ("loss recovery", "rod.recover rod.lost rod.tx rod.state rod.nrtx rod.dupacks",
     "rto_end nrtx dupacks"),
    ("scoreboard and what is known of losses", "rod.sacked rod.fack rod.loss", ""),
    ("RACK-TLP (RFC 8985)",
     "rod.rack_rtt rod.rack_at rod.rack_end rod.min_rtt rod.min_rtt_at rod.sent_at rod.probe_end rod.dsack_round "
     "rod.reo_mult rod.reo_persist", ""),
    ("what may turn out to be no loss", "rod.undo_again rod.undo_at cong.prior_cwnd cong.prior_ssthresh", ""),
    ("ECN", "rod.ecn_end", ""),
    ("retransmission timer in ms", "rod.timer_at rod.rto", "rtime rto"),
    ("round-trip time in ms", "rod.srtt rod.rttvar rod.rtt_seq rod.rtt_at", "rttest rtseq sa sv"),
    ("receive side: next number, queues, owed ACKs",
     "rod.rx rod.quick rod.rx_at rod.rcv_nxt rod.ooseq rod.refused", "rcv_nxt ooseq refused_data"),
    ("SACK blocks to report", "rod.dsack_left rod.dsack_right rod.ooseq_stamp", "rcv_sacks"),
    ("timestamps", "rod.ts_recent rod.ts_recent_at rod.last_ack_sent rod.ts_offset rod.srtt_rest rod.rttvar_rest",
     "ts_lastacksent ts_recent"),
    ("send window", "flow.snd_wl1 flow.snd_wnd flow.snd_wnd_max flow.snd_scale",
     "snd_wl1 snd_wl2 snd_wnd snd_wnd_max snd_scale"),
    ("receive window", "flow.rcv_wnd flow.rcv_edge flow.rcv_scale",
     "rcv_wnd rcv_ann_wnd rcv_ann_right_edge rcv_scale"),
    ("send-buffer credit", "flow.snd_buf", "snd_buf"),
    ("persist timer in ms, padding", "flow.persist_at flow.persist flow.probes",
     "persist_cnt persist_backoff persist_probe"),
    ("a window told again", "flow.reopened flow.reopened_at", ""),
    ("congestion window", "cong.cwnd cong.ssthresh", "cwnd ssthresh bytes_acked"),
    ("CUBIC, HyStart++, PRR", "cong.w_max cong.w_est cong.prior_w_max cong.acked_at cong.phase cong.in", ""),
    ("hash links", "demux.*", ""),
    ("timer wheel links", "timer.*", ""),
]
