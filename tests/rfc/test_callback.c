/* SPDX-License-Identifier: BSD-3-Clause
 * Callbacks that close, abort and write. Run under the address sanitizer. */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

enum deed { DO_CLOSE, DO_ABORT, DO_WRITE, DO_SHUT_TX, DO_SHUT_RX, DO_WRITE_CLOSE, DO_NEW, N_DEEDS };
static enum deed deed;
static int deeds;

static err_t
act(struct tcp_pcb *pcb)
{
  static const u8_t bytes[300];
  if (deeds++ > 0) {
    return ERR_OK;
  }
  switch (deed) {
    case DO_CLOSE:
      tcp_close(pcb);
      app.pcb = NULL;
      return ERR_OK;
    case DO_ABORT:
      tcp_abort(pcb);
      return ERR_ABRT;
    case DO_SHUT_TX:
      tcp_shutdown(pcb, 0, 1);
      return ERR_OK;
    case DO_SHUT_RX:
      tcp_shutdown(pcb, 1, 0);
      return ERR_OK;
    case DO_WRITE_CLOSE:
      tcp_write(pcb, bytes, 300, TCP_WRITE_FLAG_COPY);
      tcp_output(pcb);
      tcp_close(pcb);
      app.pcb = NULL;
      return ERR_OK;
    case DO_NEW: {
      /* another takes the place of the one that is freed */
      struct tcp_pcb *other;
      tcp_abort(pcb);
      other = tcp_new();
      tcp_abort(other);
      return ERR_ABRT;
    }
    case DO_WRITE:
    default:
      tcp_write(pcb, bytes, 300, TCP_WRITE_FLAG_COPY);
      tcp_output(pcb);
      return ERR_OK;
  }
}

static err_t
acting_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p != NULL) {
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
  }
  return act(pcb);
}

static err_t
acting_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(len);
  return act(pcb);
}

static err_t
acting_poll(void *arg, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(arg);
  return act(pcb);
}

static err_t
acting_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  return act(pcb);
}

enum where { IN_RECV, IN_FIN, IN_RECV_FIN, IN_RECV_OF_MANY, IN_SENT, IN_SENT_WITH_DATA, IN_POLL, IN_CONNECTED,
             IN_ACCEPT, IN_REFUSED, IN_SENT_OF_FIN, N_WHERE };

static err_t
once_refusing_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  static int n;
  if (n++ == 0) {
    return ERR_MEM;
  }
  return acting_recv(arg, pcb, p, err);
}

START_TEST(deeds_in_callbacks)
{
  enum where where = (enum where)(_i / N_DEEDS);
  deed = (enum deed)(_i % N_DEEDS);
  if (where == IN_CONNECTED) {
    ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
    struct tcp_pcb *pcb = tcp_new();
    app_install(pcb);
    tcp_connect(pcb, &to, peer.port, acting_connected);
    peer.lwip_port = world_next()->src;
    peer.ack = tcp_alt_test_snd_nxt(pcb);
    say(0, SYN | ACK | FIN, 10);
    peer.seq += 12;
  } else if (where == IN_ACCEPT) {
    struct packet syn = syn_of_peer();
    establish_with(&syn);
    tcp_accept(tcp_listen_pcbs.pcbs, acting_connected);
    say(0, ACK | FIN, 10);
    peer.seq += 11;
  } else {
    establish();
    if (where == IN_REFUSED) {
      tcp_recv(app.pcb, once_refusing_recv);
    } else if (where <= IN_RECV_OF_MANY) {
      tcp_recv(app.pcb, acting_recv);
    } else if (where == IN_POLL) {
      tcp_poll(app.pcb, acting_poll, 1);
    } else {
      tcp_sent(app.pcb, acting_sent);
    }
    if (where == IN_RECV_OF_MANY) {
      say(20, ACK, 10);
      say(10, ACK, 10);
      say(30, ACK | FIN, 10);
    }
    switch ((int)where) {
      case IN_SENT_OF_FIN:
        app_send(100);
        tcp_shutdown(app.pcb, 0, 1);
        peer.ack += 101;
        say(0, ACK | FIN, 10);
        peer.seq += 11;
        break;
      case IN_SENT_WITH_DATA:
      case IN_SENT:
        app_send(100);
        peer.ack += 100;
        say(0, ACK, where == IN_SENT ? 0 : 10);
        peer.seq += where == IN_SENT ? 0 : 10;
        break;
      case IN_FIN:
        say(0, ACK | FIN, 0);
        break;
      case IN_RECV_FIN:
        say(0, ACK | FIN, 10);
        break;
      default:
        say(0, ACK, 10);
        break;
    }
    world_pass(2000);
  }
  ck_assert_int_ge(deeds, 1);
  world_pass(2000);
  take_all();
  world_pass(2000);
  if (app.pcb != NULL && the_state() != CLOSED && deed != DO_NEW && deed != DO_ABORT) {
    tcp_abort(app.pcb);
  }
  /* The peer resets what is left; the rest ends by its timers. */
  {
    const struct packet *p;
    while ((p = world_next()) != NULL) {
      if (p->flags & ACK) {
        peer.seq = p->ack;
      }
    }
    say(0, RST, 0);
  }
  world_pass(30U * 60U * 1000U);
  assert_clean();
}
END_TEST

TCase *
callback_tests(void)
{
  TCase *tc = tcase_create("callback");
  tcase_add_loop_test(tc, deeds_in_callbacks, 0, N_WHERE * N_DEEDS);
  return tc;
}
