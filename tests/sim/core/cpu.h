/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * A host's processor, where it is not infinitely fast.
 *
 * Each entry into the host (a frame, a due timer) costs instructions and takes
 * their time; further entries wait in line meanwhile. A frame has its effect
 * when the processor is through with it. What it sends costs too, and leaves
 * one frame after the other. What TCP itself costs was counted, see
 * cpu_costs.h; checksum and copy cost a fixed number of instructions a byte.
 */
#ifndef SIM_CPU_H
#define SIM_CPU_H

#include "events.h"

/** Instructions of TCP itself, on the average. */
struct cpu_costs {
  const char *backend, *profile;
  unsigned data_out;      /* to send a data segment, from tcp_write() on */
  unsigned data_in;       /* to take one, with the acknowledgements that it causes */
  unsigned ack_in;
  unsigned timer;         /* of a wake-up, with what it sends */
};

struct cpu {
  uint64_t rate;          /* instructions per second; 0: infinitely fast */
  const struct cpu_costs *costs;
  uint64_t free_ns;       /* when it will be through with what it was given */
  int at_work;            /* an entry is under way: its EVENT_WORK is to come */
  int timer_waits;        /* the timers' entry is in line */
  struct cpu_job *first, *last;
};

/** Finds the costs of a backend in a profile, or in MCU, whose costs are those of any small window. */
void cpu_open(struct cpu *cpu, uint64_t rate, const char *backend, const char *profile);

/** Puts a frame (or the timers: NULL) in line; takes over the frame. */
void cpu_enter(struct cpu *cpu, struct event_queue *queue, unsigned host, uint64_t now_ns,
               struct frame *frame);

/** The processor is through with an entry that the host now sees: to be called after that. */
void cpu_next(struct cpu *cpu, struct event_queue *queue, unsigned host, uint64_t now_ns);

/** A frame is sent: it leaves with an EVENT_EMIT, when it has been made. */
void cpu_emit(struct cpu *cpu, struct event_queue *queue, unsigned host, uint64_t now_ns,
              const uint8_t *bytes, size_t len);

void cpu_free(struct cpu *cpu);

#endif /* SIM_CPU_H */
