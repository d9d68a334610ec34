/* SPDX-License-Identifier: BSD-3-Clause
 * See peer.h. */
#include "peer.h"

#include "calls.h"
#include "host.h"
#include "names.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp_access.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEERS       4
#define AWAIT_MS    60000U

struct peer {
  char name[16];
  struct tcp_pcb *listener, *pcb;
  unsigned int received, untold, sent; /* bytes; untold: not yet tcp_recved() */
  int fin, corrupt, holds, refuses;
  err_t err;
};

static struct peer peers[PEERS];

/* What a call needs on the core. */
struct job {
  struct peer *peer;
  int argc;
  char **argv;
  char *result;
  size_t size;
  unsigned int awaited;
};

static struct peer *
find(const char *name)
{
  struct peer *unused = NULL;
  int i;

  for (i = 0; i < PEERS; i++) {
    if (strcmp(peers[i].name, name) == 0) {
      return &peers[i];
    }
    if (unused == NULL && peers[i].name[0] == '\0') {
      unused = &peers[i];
    }
  }
  if (unused != NULL) {
    snprintf(unused->name, sizeof(unused->name), "%s", name);
  }
  return unused;
}

/* ---- what TCP tells it ---- */

static err_t
on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct peer *peer = (struct peer *)arg;
  struct pbuf *q;

  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    peer->fin = 1;
    return ERR_OK;
  }
  if (peer->refuses) {
    return ERR_MEM;
  }
  for (q = p; q != NULL; q = q->next) {
    peer->corrupt |= !pattern_matches(q->payload, q->len, peer->received);
    peer->received += q->len;
  }
  if (peer->holds) {
    peer->untold += p->tot_len;
  } else {
    tcp_recved(pcb, p->tot_len);
  }
  pbuf_free(p);
  return ERR_OK;
}

static void
on_err(void *arg, err_t err)
{
  struct peer *peer = (struct peer *)arg;

  peer->pcb = NULL;
  peer->err = err;
}

static void
adopt(struct peer *peer, struct tcp_pcb *pcb)
{
  peer->pcb = pcb;
  tcp_arg(pcb, peer);
  tcp_recv(pcb, on_recv);
  tcp_err(pcb, on_err);
}

static err_t
on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct peer *peer = (struct peer *)arg;

  if (err != ERR_OK || pcb == NULL || peer->pcb != NULL) {
    return ERR_VAL;
  }
  adopt(peer, pcb);
  return ERR_OK;
}

static err_t
on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  return err;
}

/* ---- what it is told ---- */

static err_t
do_listen(struct peer *peer, u16_t port)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(host.ipv6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
  struct tcp_pcb *listener;
  err_t err;

  if (pcb == NULL) {
    return ERR_MEM;
  }
  err = tcp_bind(pcb, host.ipv6 ? IP6_ADDR_ANY : IP4_ADDR_ANY, port);
  listener = err == ERR_OK ? tcp_listen_with_backlog_and_err(pcb, 8, &err) : NULL;
  if (listener == NULL) {
    tcp_close(pcb);
    return err;
  }
  peer->listener = listener;
  tcp_arg(listener, peer);
  tcp_accept(listener, on_accept);
  return ERR_OK;
}

static err_t
do_connect(struct peer *peer, u16_t port)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(host.ipv6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);

  if (pcb == NULL) {
    return ERR_MEM;
  }
  adopt(peer, pcb);
  return tcp_connect(pcb, &host.peer, port, on_connected);
}

static err_t
do_send(struct peer *peer, unsigned int len)
{
  char bytes[8192];
  err_t err;

  if (len > sizeof(bytes)) {
    return ERR_ARG;
  }
  pattern_fill(bytes, len, peer->sent);
  err = tcp_write(peer->pcb, bytes, (u16_t)len, TCP_WRITE_FLAG_COPY);
  if (err == ERR_OK) {
    peer->sent += len;
    err = tcp_output(peer->pcb);
  }
  return err;
}

static err_t
do_close(struct peer *peer)
{
  struct tcp_pcb *pcb = peer->pcb;
  err_t err;

  tcp_arg(pcb, NULL);
  tcp_recv(pcb, NULL);
  tcp_err(pcb, NULL);
  err = tcp_close(pcb);
  if (err == ERR_OK) {
    peer->pcb = NULL;
  } else {
    adopt(peer, pcb);
  }
  return err;
}

static err_t
do_take(struct peer *peer)
{
  unsigned int untold = peer->untold;

  peer->holds = 0;
  peer->untold = 0;
  if (peer->pcb != NULL && untold > 0) {
    tcp_recved(peer->pcb, (u16_t)untold);
  }
  return ERR_OK;
}

/* A listener is closed, not aborted. */
static void
end(struct peer *peer)
{
  if (peer->pcb != NULL) {
    tcp_arg(peer->pcb, NULL);
    tcp_err(peer->pcb, NULL);
    tcp_abort(peer->pcb);
  }
  if (peer->listener != NULL) {
    tcp_close(peer->listener);
  }
  memset(peer, 0, sizeof(*peer));
}

static const char *
state_of(const struct peer *peer)
{
  return peer->pcb != NULL ? tcp_debug_state_str(tcp_state_get(peer->pcb)) : "none";
}

static void
tell(const struct peer *peer, char *result, size_t size)
{
  snprintf(result, size, "%u bytes%s%s%s%s", peer->received, peer->corrupt ? " corrupt" : "",
           peer->fin ? " FIN" : "", peer->err != ERR_OK ? " " : "", peer->err != ERR_OK ? err_name(peer->err) : "");
}

static int
knows_of_connection(const char *word)
{
  return strcmp(word, "listen") != 0 && strcmp(word, "connect") != 0 && strcmp(word, "unlisten") != 0;
}

/* On the core. */
static void
do_it(void *arg)
{
  struct job *job = (struct job *)arg;
  struct peer *peer = job->peer;
  const char *word = job->argv[0];
  unsigned int number = job->argc > 1 ? (unsigned int)atoi(job->argv[1]) : 0;
  err_t err;

  if (strcmp(word, "hold") == 0) {
    peer->holds = 1;
    err = ERR_OK;
  } else if (strcmp(word, "refuse") == 0) {
    peer->refuses = !(job->argc > 1 && strcmp(job->argv[1], "off") == 0);
    err = ERR_OK;
  } else if (strcmp(word, "take") == 0) {
    err = do_take(peer);
  } else if (knows_of_connection(word) && peer->pcb == NULL) {
    snprintf(job->result, job->size, "no connection");
    return;
  } else if (strcmp(word, "listen") == 0) {
    err = do_listen(peer, (u16_t)number);
  } else if (strcmp(word, "unlisten") == 0) {
    err = tcp_close(peer->listener);
    peer->listener = NULL;
  } else if (strcmp(word, "connect") == 0) {
    err = do_connect(peer, (u16_t)number);
  } else if (strcmp(word, "send") == 0) {
    err = do_send(peer, number);
  } else if (strcmp(word, "shutdown") == 0) {
    err = tcp_shutdown(peer->pcb, 0, 1);
  } else if (strcmp(word, "close") == 0) {
    err = do_close(peer);
  } else if (strcmp(word, "abort") == 0) {
    tcp_abort(peer->pcb);
    err = ERR_OK;
  } else {
    snprintf(job->result, job->size, "what is peer %s?", word);
    return;
  }
  snprintf(job->result, job->size, "%s", err == ERR_OK ? "ok" : err_name(err));
}

/* ---- what it saw: waits, since ACKs may be delayed and segments lost ---- */

static int
has_got(void *arg)
{
  struct job *job = (struct job *)arg;

  tell(job->peer, job->result, job->size);
  return job->peer->received >= job->awaited || job->peer->err != ERR_OK;
}

static int
has_ended(void *arg)
{
  struct job *job = (struct job *)arg;

  tell(job->peer, job->result, job->size);
  return job->peer->fin || job->peer->err != ERR_OK;
}

static int
is_in_state(void *arg)
{
  struct job *job = (struct job *)arg;

  snprintf(job->result, job->size, "%s", state_of(job->peer));
  return job->argc < 2 || strcmp(job->result, job->argv[1]) == 0;
}

void
peer_call(int argc, char **argv, char *result, size_t size)
{
  struct job job = { NULL, argc - 2, argv + 2, result, size, 0 };

  job.peer = argc > 2 ? find(argv[1]) : NULL;
  if (job.peer == NULL) {
    snprintf(result, size, "usage: peer NAME WORD...");
  } else if (strcmp(argv[2], "got") == 0) {
    job.awaited = argc > 3 ? (unsigned int)atoi(argv[3]) : 0;
    host_await(has_got, &job, AWAIT_MS);
  } else if (strcmp(argv[2], "end") == 0) {
    host_await(has_ended, &job, AWAIT_MS);
  } else if (strcmp(argv[2], "state") == 0) {
    host_await(is_in_state, &job, AWAIT_MS);
  } else {
    host_on_core(do_it, &job);
  }
}

static void
end_all(void *arg)
{
  int i;

  LWIP_UNUSED_ARG(arg);
  for (i = 0; i < PEERS; i++) {
    end(&peers[i]);
  }
}

void
peer_end_all(void)
{
  host_on_core(end_all, NULL);
}
