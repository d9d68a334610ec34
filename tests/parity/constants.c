/* SPDX-License-Identifier: BSD-3-Clause
 * Every constant of lwip/tcp.h and lwip/tcpbase.h, and of lwip/priv/tcp_priv.h what both backends have. */
#include "parity.h"

#include "lwip/priv/tcp_priv.h"

#define SHOW(name) say("%s %lu", #name, (unsigned long)(name))

void
constants(void)
{
  tcpwnd_size_t wnd = (tcpwnd_size_t)-3;
  struct tcp_ext_arg_callbacks callbacks = { NULL, NULL };
  struct tcp_pcb_ext_args args = { NULL, NULL };
  struct tcp_sack_range range = { 1, 2 };
  struct { TCP_PCB_COMMON(void); } common = { 0 };
  struct { int before; TCP_PCB_EXTARGS } extended = { 0 };
  tcpflags_t all = TCP_ALLFLAGS;
  enum tcp_state state = LISTEN;
  struct tcp_seg *segment = NULL; /* a name only */

  say("%d %d", (int)state, segment == NULL);
  SHOW(CLOSED); SHOW(LISTEN); SHOW(SYN_SENT); SHOW(SYN_RCVD); SHOW(ESTABLISHED); SHOW(FIN_WAIT_1);
  SHOW(FIN_WAIT_2); SHOW(CLOSE_WAIT); SHOW(CLOSING); SHOW(LAST_ACK); SHOW(TIME_WAIT);
  SHOW(TCP_STATE_IS_CLOSING(ESTABLISHED)); SHOW(TCP_STATE_IS_CLOSING(FIN_WAIT_1));
  SHOW(TCP_WRITE_FLAG_COPY); SHOW(TCP_WRITE_FLAG_MORE);
  SHOW(TCP_PRIO_MIN); SHOW(TCP_PRIO_NORMAL); SHOW(TCP_PRIO_MAX);
  SHOW(TF_ACK_DELAY); SHOW(TF_ACK_NOW); SHOW(TF_INFR); SHOW(TF_CLOSEPEND); SHOW(TF_RXCLOSED); SHOW(TF_FIN);
  SHOW(TF_NODELAY); SHOW(TF_NAGLEMEMERR); SHOW(TF_WND_SCALE); SHOW(TF_BACKLOGPEND); SHOW(TF_TIMESTAMP);
  SHOW(TF_RTO); SHOW(TF_SACK);
  SHOW(LWIP_TCP_PCB_NUM_EXT_ARG_ID_INVALID); SHOW(TCP_SNDQUEUELEN_OVERFLOW); SHOW(all);
  SHOW(TCPWND16(70000)); SHOW(TCPWND16(5)); SHOW(sizeof(tcpwnd_size_t)); SHOW(sizeof(tcpflags_t));
  TCP_WND_INC(wnd, 2);
  say("TCP_WND_INC %ld", (long)(tcpwnd_size_t)(wnd + 1));
  TCP_WND_INC(wnd, 2);
  say("TCP_WND_INC holds %ld", (long)(tcpwnd_size_t)(wnd + 1));
  SHOW(sizeof(range)); SHOW(sizeof(args)); SHOW(sizeof(callbacks)); SHOW(range.right - range.left);
  SHOW(sizeof(extended)); SHOW(sizeof(common.prio)); SHOW(sizeof(common.state)); SHOW(sizeof(common.local_port));
  say("%d %d", args.callbacks == NULL && args.data == NULL, callbacks.destroy == NULL && callbacks.passive_open == NULL);
  say("%s %s", tcp_debug_state_str(CLOSED), tcp_debug_state_str(TIME_WAIT));
}

void
lower_constants(void)
{
  u32_t i, pairs[][2] = { { 1, 2 }, { 2, 1 }, { 5, 5 }, { 0xfffffff0U, 3 }, { 3, 0xfffffff0U } };

  for (i = 0; i < LWIP_ARRAYSIZE(pairs); i++) {
    u32_t a = pairs[i][0], b = pairs[i][1];
    say("%lx %lx: %d %d %d %d %d", (unsigned long)a, (unsigned long)b, TCP_SEQ_LT(a, b), TCP_SEQ_LEQ(a, b),
        TCP_SEQ_GT(a, b), TCP_SEQ_GEQ(a, b), TCP_SEQ_BETWEEN(a, b - 1, b + 1));
  }
  SHOW(TCP_TMR_INTERVAL); SHOW(TCP_FAST_INTERVAL); SHOW(TCP_SLOW_INTERVAL); SHOW(TCP_FIN_WAIT_TIMEOUT);
  SHOW(TCP_SYN_RCVD_TIMEOUT); SHOW(TCP_OOSEQ_TIMEOUT); SHOW(TCP_MSL); SHOW(TCP_KEEPIDLE_DEFAULT);
  SHOW(TCP_KEEPINTVL_DEFAULT); SHOW(TCP_KEEPCNT_DEFAULT); SHOW(TCP_MAXIDLE);
  SHOW(LWIP_TCP_OPT_EOL); SHOW(LWIP_TCP_OPT_NOP); SHOW(LWIP_TCP_OPT_MSS); SHOW(LWIP_TCP_OPT_WS);
  SHOW(LWIP_TCP_OPT_SACK_PERM); SHOW(LWIP_TCP_OPT_TS); SHOW(LWIP_TCP_OPT_LEN_MSS); SHOW(LWIP_TCP_OPT_LEN_TS);
  SHOW(LWIP_TCP_OPT_LEN_TS_OUT); SHOW(LWIP_TCP_OPT_LEN_WS); SHOW(LWIP_TCP_OPT_LEN_WS_OUT);
  SHOW(LWIP_TCP_OPT_LEN_SACK_PERM); SHOW(LWIP_TCP_OPT_LEN_SACK_PERM_OUT);
  SHOW(lwip_ntohl(TCP_BUILD_MSS_OPTION(1000)));
  SHOW(TCPWND_MAX); SHOW(TCPWND_MIN16(70000)); SHOW(TCP_CHECKSUM_ON_COPY); SHOW(TCP_OVERSIZE_DBGCHECK);
  SHOW(NUM_TCP_PCB_LISTS_NO_TIME_WAIT); SHOW(NUM_TCP_PCB_LISTS); SHOW(TCP_DEBUG_PCB_LISTS);
  SHOW(TF_RESET); SHOW(TF_CLOSED); SHOW(TF_GOT_FIN);
  TCPWND_CHECK16(3);
  say("%" TCPWNDSIZE_F, (tcpwnd_size_t)7);
}
