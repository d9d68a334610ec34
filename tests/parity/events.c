/* SPDX-License-Identifier: BSD-3-Clause
 * LWIP_EVENT_API: one function of the application's for everything. */
#include "parity.h"

#if LWIP_EVENT_API

static struct tcp_pcb *session;

err_t
lwip_tcp_event(void *arg, struct tcp_pcb *pcb, enum lwip_event event, struct pbuf *p, u16_t size, err_t err)
{
  switch (event) {
    case LWIP_EVENT_ACCEPT:
      say("accept %d %s", pcb != NULL, err_name(err));
      session = pcb;
      tcp_arg(pcb, &session);
      break;
    case LWIP_EVENT_SENT:
      say("sent %u %d", (unsigned)size, arg == &session);
      break;
    case LWIP_EVENT_RECV:
      say("recv %d %s", p != NULL ? (int)p->tot_len : -1, err_name(err));
      if (p != NULL) {
        tcp_recved(pcb, p->tot_len);
        pbuf_free(p);
      }
      break;
    case LWIP_EVENT_CONNECTED:
      say("connected %s", err_name(err));
      session = pcb;
      break;
    case LWIP_EVENT_POLL:
      break; /* in legacy's tick */
    case LWIP_EVENT_ERR:
      say("err %d %s", pcb == NULL, err_name(err));
      break;
    default:
      say("event %d", (int)event);
      break;
  }
  return ERR_OK;
}

void
events(void)
{
  struct tcp_pcb *pcb = tcp_new();
  ip_addr_t to;

  IP_ADDR4(&to, 10, 0, 0, 2);
  say("bind %s", err_name(tcp_bind(pcb, IP_ANY_TYPE, 80)));
  pcb = tcp_listen(pcb);
  dial(4000, 80);
  hear(peer.seq, ACK | PSH, "hello", 5);
  peer.seq += 5;
  say("write %s", err_name(tcp_write(session, "one", 3, TCP_WRITE_FLAG_COPY)));
  say("output %s", err_name(tcp_output(session)));
  tcp_poll(session, NULL, 4);
  peer.ack += 3;
  hear(peer.seq, ACK, NULL, 0);
  hear(peer.seq++, ACK | FIN, NULL, 0);
  tcp_abort(session);
  say("close %s", err_name(tcp_close(pcb)));
  pcb = tcp_new();
  say("connect %s", err_name(tcp_connect(pcb, &to, 4000, NULL)));
  answer(world_await(SYN, 0));
  hear(peer.seq, ACK | RST, NULL, 0);
}

#endif
