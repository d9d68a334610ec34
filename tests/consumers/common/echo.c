/* SPDX-License-Identifier: BSD-3-Clause
 * A raw-API application as small as one can be and still prove something: a client sends a pattern
 * over the loopback interface to an echo server and compares what comes back, over IPv4 and IPv6.
 * At the end every PCB and segment must be back in its pool. The clock is virtual. */
#include <stdio.h>
#include <string.h>

#include "lwip/init.h"
#include "lwip/ip_addr.h"
#include "lwip/memp.h"
#include "lwip/netif.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"
#ifdef ECHO_WITH_IPERF
#include "lwip/apps/lwiperf.h"
#endif

#define PORT     7
#define TOTAL    200000u  /* bytes per run: several windows */
#define LIMIT_MS 300000u  /* virtual; TIME-WAIT takes 120 s of it */

static u32_t now_ms;

u32_t sys_now(void) {
  return now_ms;
}

static void fail(const char *why) {
  printf("echo: %s (after %u ms)\n", why, (unsigned)now_ms);
  exit(1);
}

/* ---- server: sends back what it receives ---- */

struct echo {
  struct pbuf *waiting; /* received, not yet written */
  int peer_closed;
};

static struct echo server;
static struct tcp_pcb *listener;

static void echo_close(struct tcp_pcb *pcb) {
  tcp_recv(pcb, NULL);
  tcp_sent(pcb, NULL);
  if (tcp_close(pcb) != ERR_OK) {
    fail("the server cannot close");
  }
}

static void echo_write(struct tcp_pcb *pcb) {
  while (server.waiting != NULL) {
    struct pbuf *p = server.waiting;
    if (p->len > tcp_sndbuf(pcb) ||
        tcp_write(pcb, p->payload, p->len, TCP_WRITE_FLAG_COPY) != ERR_OK) {
      break; /* the sent callback comes here again */
    }
    server.waiting = pbuf_dechain(p);
    tcp_recved(pcb, p->len);
    pbuf_free(p);
  }
  tcp_output(pcb);
  if (server.peer_closed && server.waiting == NULL) {
    echo_close(pcb);
  }
}

static err_t echo_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err) {
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    server.peer_closed = 1;
  } else if (server.waiting == NULL) {
    server.waiting = p;
  } else {
    pbuf_cat(server.waiting, p);
  }
  echo_write(pcb);
  return ERR_OK;
}

static err_t echo_sent(void *arg, struct tcp_pcb *pcb, u16_t len) {
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(len);
  echo_write(pcb);
  return ERR_OK;
}

static err_t echo_accept(void *arg, struct tcp_pcb *pcb, err_t err) {
  LWIP_UNUSED_ARG(arg);
  if (err != ERR_OK || pcb == NULL) {
    return ERR_VAL;
  }
  memset(&server, 0, sizeof(server));
  tcp_recv(pcb, echo_recv);
  tcp_sent(pcb, echo_sent);
  return ERR_OK;
}

/* ---- client: sends a pattern, compares, closes ---- */

static struct {
  u32_t sent, received;
  int done;
} client;

static u8_t pattern(u32_t offset) {
  return (u8_t)(offset * 31u + (offset >> 8));
}

static void client_write(struct tcp_pcb *pcb) {
  u8_t chunk[1000];
  while (client.sent < TOTAL && tcp_sndbuf(pcb) >= sizeof(chunk)) {
    u16_t i;
    for (i = 0; i < sizeof(chunk); i++) {
      chunk[i] = pattern(client.sent + i);
    }
    if (tcp_write(pcb, chunk, sizeof(chunk), TCP_WRITE_FLAG_COPY) != ERR_OK) {
      break; /* the sent callback comes here again */
    }
    client.sent += sizeof(chunk);
  }
  tcp_output(pcb);
}

static err_t client_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err) {
  u16_t i;
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    if (!client.done) {
      fail("the server closed first");
    }
    return ERR_OK;
  }
  for (i = 0; i < p->tot_len; i++) {
    if (pbuf_get_at(p, i) != pattern(client.received + i)) {
      fail("a byte came back changed");
    }
  }
  client.received += p->tot_len;
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  if (client.received == TOTAL) {
    client.done = 1;
    if (tcp_close(pcb) != ERR_OK) {
      fail("the client cannot close");
    }
  }
  return ERR_OK;
}

static err_t client_sent(void *arg, struct tcp_pcb *pcb, u16_t len) {
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(len);
  if (!client.done) {
    client_write(pcb);
  }
  return ERR_OK;
}

static err_t client_connected(void *arg, struct tcp_pcb *pcb, err_t err) {
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  client_write(pcb);
  return ERR_OK;
}

static void client_err(void *arg, err_t err) {
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (!client.done) {
    fail("the client's connection ended in an error");
  }
}

/* ---- one run ---- */

/* PCBs and segments that are taken from their pools. */
static unsigned used(void) {
  return (unsigned)(lwip_stats.memp[MEMP_TCP_PCB]->used + lwip_stats.memp[MEMP_TCP_SEG]->used +
                    lwip_stats.memp[MEMP_TCP_PCB_LISTEN]->used);
}

static void step(const char *waiting_for) {
  if (++now_ms > LIMIT_MS) {
    fail(waiting_for);
  }
  netif_poll_all();
  sys_check_timeouts();
}

static void listen_any(void) {
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  if (pcb == NULL || tcp_bind(pcb, IP_ANY_TYPE, PORT) != ERR_OK) {
    fail("the server cannot bind");
  }
  listener = tcp_listen(pcb);
  if (listener == NULL) {
    fail("the server cannot listen");
  }
  tcp_accept(listener, echo_accept);
}

static void run(const char *address) {
  ip_addr_t to;
  struct tcp_pcb *pcb;
  unsigned before = used();
  memset(&client, 0, sizeof(client));
  now_ms = 0;
  if (!ipaddr_aton(address, &to)) {
    fail("no address");
  }
  listen_any();
  pcb = tcp_new();
  if (pcb == NULL) {
    fail("no PCB for the client");
  }
  tcp_recv(pcb, client_recv);
  tcp_sent(pcb, client_sent);
  tcp_err(pcb, client_err);
  if (tcp_connect(pcb, &to, PORT, client_connected) != ERR_OK) {
    fail("the client cannot connect");
  }
  while (!client.done) {
    step("the data did not come back");
  }
  printf("echo: %u bytes verified over %s after %u ms\n", (unsigned)client.received, address,
         (unsigned)now_ms);
  tcp_close(listener);
  while (used() != before) {
    step("a PCB or a segment is not back in its pool");
  }
}

int main(void) {
  lwip_init();
#ifdef ECHO_WITH_IPERF
  {
    void *session = lwiperf_start_tcp_server_default(NULL, NULL);
    if (session == NULL) {
      fail("lwiperf does not start");
    }
    lwiperf_abort(session); /* its listener stays: lwIP's own way */
  }
#endif
  run("127.0.0.1");
  run("::1");
  printf("echo: ok, %s TCP\n", LWIP_TCP_ALT ? "alt" : "legacy");
  return 0;
}
