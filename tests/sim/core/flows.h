/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * What a link can know of the TCP connections that pass: which bytes are new,
 * whose turn it is, what the window was. For rules; both directions share it.
 */
#ifndef SIM_FLOWS_H
#define SIM_FLOWS_H

#include "packet.h"

/** One direction of a connection. */
struct flow_side {
  int known;              /* the next two mean something */
  uint32_t start;         /* sequence number of the first data byte */
  uint32_t next;          /* highest sequence number sent, and one more */
  int closed;             /* the last window was 0 */
  uint64_t turn;          /* runs of data, each after data from the other side; from 1 */
  uint64_t segments;      /* sent for the first time in this turn */
  uint64_t turn_start;    /* position of its first byte in the stream */
  int spoke_last;         /* new data was last seen in this direction */
};

struct flow {
  unsigned number;        /* in the order of their first packet, from 1 */
  uint8_t key[36];
  struct flow_side side[2];
  struct flow *chain;
};

#define FLOWS_BUCKETS 1024
struct flows {
  struct flow *bucket[FLOWS_BUCKETS];
  unsigned count;
};

/** What a segment is within its connection. */
struct flow_view {
  uint64_t flow, turn, segment;
  int again;              /* nothing of it is new */
  int reopens;            /* its window is open, that of the one before was not */
  uint64_t byte, turn_byte;   /* position of its first byte in stream and turn */
};

struct flows *flows_new(void);
/** Takes note of a segment of direction `side`, and says what it is. */
void flows_see(struct flows *flows, unsigned side, const struct packet *packet,
               struct flow_view *view);
void flows_free(struct flows *flows);

#endif /* SIM_FLOWS_H */
