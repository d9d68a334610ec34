/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * The interface between the simulator and a host: one shared object that holds
 * a private copy of lwIP with either TCP, and the applications on it.
 *
 * Hosts know nothing of each other or of the network: they are given frames
 * and time, and give frames. No lwIP type crosses this line, so that hosts of
 * different versions and configurations meet in one process.
 */
#ifndef SIMHOST_H
#define SIMHOST_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SIMHOST_ABI 5
#define SIMHOST_NO_DEADLINE UINT32_MAX
#define SIMHOST_MTU_MAX 9000

/** What the simulator offers a host. */
struct simhost_env {
  void *world;
  unsigned index;                                     /* this host's number */
  uint64_t (*now_ns)(void *world);
  void (*transmit)(void *world, unsigned index, const uint8_t *frame, size_t len);
  /** A fault that ends the run (assertion); does not return. */
  void (*fault)(void *world, unsigned index, const char *what);
};

struct simhost_setup {
  uint64_t seed;             /* of LWIP_RAND */
  uint32_t clock_start_ms;   /* what sys_now() says at virtual time 0 */
  uint16_t mtu;
  uint32_t fail_first, fail_count;  /* allocations that fail, counted from 1 after init(); 0: none */
};

/** What of lwIP is in use, and what TCP counted. */
struct simhost_counters {
  uint32_t tcp_pcb, tcp_pcb_listen, tcp_seg, pbuf, pbuf_pool, sys_timeout;  /* in use */
  uint64_t mem;                                                             /* bytes in use */
  uint32_t pool_errors;                                                     /* allocations refused */
  uint32_t allocations, allocations_failed, pcbs_failed;                    /* of `fail_first` */
  uint32_t tcp_xmit, tcp_recv, tcp_drop, tcp_chkerr, tcp_lenerr, tcp_memerr, tcp_proterr, tcp_err;
  uint32_t input_refused;                                                   /* no pbuf for a frame */
  uint32_t app_connections;                                                 /* in applications' hands */
};

/** How an application fared. Times are virtual; 0 means not yet. */
struct simhost_result {
  const char *role;
  int is_server;             /* never ends by itself */
  int finished;
  uint64_t started_ns, connected_ns, first_rx_ns, last_rx_ns, finished_ns;
  uint64_t rx_bytes, acked_bytes;
  uint32_t opened, closed, aborted;                /* connections */
  uint32_t corrupt, too_short, excess;             /* broken promises of TCP */
  uint32_t requests, responses;
  const uint64_t *latency_ns;                      /* of each response; 0: none came */
  uint64_t silence_ns;                             /* the longest without received data, once open */
  int last_error;                                  /* err_t of the last abort */
};

/** What a backend cannot tell of a connection. */
#define SIMHOST_UNKNOWN UINT64_MAX

/** How a connection stands. Times in microseconds, windows and queues in bytes. */
struct simhost_connection {
  const char *state;                           /* of RFC 9293 */
  uint8_t remote[16];                          /* address, network order; IPv4: the first four bytes */
  int is_ipv6;
  uint16_t local_port, remote_port;
  uint64_t cwnd, ssthresh, srtt_us, rto_us;
  uint64_t in_flight;                          /* sent, neither acknowledged nor known to be lost */
  uint64_t snd_wnd, rcv_wnd, snd_buf_used;
};

/** What the application of role `hand` is told to do. */
enum simhost_hand {
  SIMHOST_HAND_QUEUE,        /* these bytes are to be written, when TCP calls next */
  SIMHOST_HAND_END,          /* and after them the connection is closed */
  SIMHOST_HAND_GO,           /* now, not only when TCP calls */
  SIMHOST_HAND_ABORT
};

/** tests/sim/simhost.py has this table, too. */
struct simhost_api {
  unsigned abi;
  const char *backend;       /* "legacy" or "alt", or what choose() took */
  const char *version;       /* of lwIP */
  int has_ipv6;

  void (*init)(const struct simhost_env *env, const struct simhost_setup *setup);
  void (*input)(const uint8_t *frame, size_t len);
  void (*run_timers)(void);
  /** Milliseconds until the next deadline, or SIMHOST_NO_DEADLINE. */
  uint32_t (*sleep_ms)(void);
  /** Starts an application; 0, or -1 with a sentence in `error`. */
  int (*start)(const char *role, const char *params, char *error, size_t error_size);
  /** Stops listening. Connections go on. */
  void (*stop_servers)(void);
  /** Aborts every connection of every application. */
  void (*abort_all)(void);
  void (*counters)(struct simhost_counters *out);
  /** Result of application `n`, or NULL. */
  const struct simhost_result *(*result)(unsigned n);
  /** Whether a connection has something unsent or unacknowledged, or is in
   * TIME-WAIT: then a timer must be armed. */
  int (*waits)(void);
  /** Writes all connections in words. */
  void (*dump)(FILE *out);
  /** Fills `out` with up to `room` connections, in the order of lwIP's lists; returns how many there are. */
  unsigned (*probe)(struct simhost_connection *out, unsigned room);
  /** Moves the one connection of role `hand`. */
  void (*hand)(enum simhost_hand what, const uint8_t *bytes, size_t len);
  /** Where both backends are linked in: takes that one, before init(). 0, or -1: not there. NULL elsewhere. */
  int (*choose)(const char *backend);
};

/** The one symbol a host exports. */
typedef const struct simhost_api *simhost_entry(void);
#define SIMHOST_ENTRY "simhost_entry_point"

#endif /* SIMHOST_H */
