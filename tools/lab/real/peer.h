/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The parts of the Linux application among themselves. */
#ifndef REAL_PEER_H
#define REAL_PEER_H

#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>

#include "../../../tests/sim/simhost.h"
#include "app_rr.h"

#define CONNS_MAX 64
#define OUT_ROOM 65536u

/* One connection: what is on its way out, and what is due to come in. */
struct conn {
  int fd;                       /* -1: free */
  int connecting, peer_closed, shut;
  uint32_t out_key, out_total, out_filled;   /* pattern bytes */
  uint8_t header[APP_RR_HEADER_LEN];         /* client: before them; server: of the request */
  uint32_t header_len;                       /* client: still to send; server: seen */
  uint32_t in_key, in_total, in_taken;
  int busy;                                  /* client: a request is under way */
  uint32_t number;                           /* its number */
  struct app_rr_header request;
  uint32_t buf_len, buf_sent;
  uint8_t buf[OUT_ROOM];
};

struct role {
  const char *name;
  int is_server;
  uint16_t port;
  void (*opened)(struct conn *conn);
  /* Takes what arrived; 0, or -1 if it is not what was due. */
  int (*arrived)(struct conn *conn, const uint8_t *bytes, uint32_t len);
  /* All that was to be sent is with the kernel, or the peer has closed: go on, or end. */
  void (*at_rest)(struct conn *conn);
};

/** What the command line said. */
struct peer_options {
  const struct role *role;
  struct sockaddr_in addr;      /* to connect to, or to listen on */
  uint32_t tx, rx, requests, request_len, response_len;
  uint64_t window;
  unsigned connections, parallel;
  char cc[16];
};

extern struct peer_options opt;
extern struct simhost_result result;

uint64_t clock_ns(void);

/* peer_roles.c */

/** The role of this name, or NULL. */
const struct role *role_find(const char *name);
/** Memory for the times of requests. */
void roles_open(void);
void roles_close(void);

/* peer_conn.c */

/** Listens or begins to connect; ends the program if it cannot. */
void conns_open(void);
/** Serves all connections until `*stopping`, which a signal sets inside ppoll(). */
void conns_run(const volatile sig_atomic_t *stopping, const sigset_t *while_waiting);
/** No more data from us. */
void conn_shut(struct conn *conn);
/** The connection is over. */
void conn_release(struct conn *conn, int aborted);

#endif /* REAL_PEER_H */
