/* SPDX-License-Identifier: BSD-3-Clause */
/** @file A host's processor. */
#include "cpu.h"

#include <stdlib.h>
#include <string.h>

#include "cpu_costs.h"
#include "fatal.h"
#include "packet.h"

/* Checksum and copy on a Cortex-M3 without an assembler routine: 4600 and 1300 instructions for
 * 1460 bytes. */
#define PER_BYTE 4u

struct cpu_job {
  struct frame *frame;      /* NULL: the timers */
  struct cpu_job *next;
};

static const struct cpu_costs *
find_costs(const char *backend, const char *profile)
{
  size_t i;

  for (i = 0; i < sizeof(cpu_costs) / sizeof(cpu_costs[0]); i++) {
    if (strcmp(cpu_costs[i].backend, backend) == 0 && strcmp(cpu_costs[i].profile, profile) == 0) {
      return &cpu_costs[i];
    }
  }
  return NULL;
}

void
cpu_open(struct cpu *cpu, uint64_t rate, const char *backend, const char *profile)
{
  cpu->rate = rate;
  cpu->costs = find_costs(backend, profile);
  if (cpu->costs == NULL) {
    cpu->costs = find_costs(backend, "MCU");
  }
  if (rate != 0 && cpu->costs == NULL) {
    fatal(EXIT_USAGE, "cpu: nobody has counted what '%s' costs", backend);
  }
}

static int
carries_data(const uint8_t *bytes, size_t len)
{
  struct packet packet;

  packet_parse(&packet, bytes, len);
  return packet.payload != 0;
}

static uint64_t
cost_in(const struct cpu *cpu, const struct frame *frame)
{
  if (frame == NULL) {
    return cpu->costs->timer;
  }
  return PER_BYTE * frame->len + (carries_data(frame->bytes, frame->len) ? cpu->costs->data_in : cpu->costs->ack_in);
}

/* An acknowledgement's cost is part of that of the data it acknowledges. */
static uint64_t
cost_out(const struct cpu *cpu, const uint8_t *bytes, size_t len)
{
  return PER_BYTE * len + (carries_data(bytes, len) ? cpu->costs->data_out : 0);
}

/* The processor goes on with so many instructions when it can; when it is through. */
static uint64_t
spend(struct cpu *cpu, uint64_t now_ns, uint64_t instructions)
{
  if (cpu->free_ns < now_ns) {
    cpu->free_ns = now_ns;
  }
  cpu->free_ns += instructions * 1000000000u / cpu->rate;
  return cpu->free_ns;
}

static void
begin(struct cpu *cpu, struct event_queue *queue, unsigned host, uint64_t now_ns)
{
  struct cpu_job *job = cpu->first;
  struct event event = {0};

  event.when_ns = spend(cpu, now_ns, cost_in(cpu, job->frame));
  event.kind = EVENT_WORK;
  event.target = host;
  event.frame = job->frame;
  events_push(queue, event);
  cpu->at_work = 1;
  cpu->first = job->next;
  free(job);
}

void
cpu_enter(struct cpu *cpu, struct event_queue *queue, unsigned host, uint64_t now_ns,
          struct frame *frame)
{
  struct cpu_job *job;

  if (frame == NULL && cpu->timer_waits) {
    return;
  }
  cpu->timer_waits |= frame == NULL;
  job = must_calloc(1, sizeof(*job));
  job->frame = frame;
  if (cpu->first == NULL) {
    cpu->first = job;
  } else {
    cpu->last->next = job;
  }
  cpu->last = job;
  if (!cpu->at_work) {
    begin(cpu, queue, host, now_ns);
  }
}

void
cpu_next(struct cpu *cpu, struct event_queue *queue, unsigned host, uint64_t now_ns)
{
  cpu->at_work = 0;
  if (cpu->first != NULL) {
    begin(cpu, queue, host, now_ns);
  }
}

void
cpu_emit(struct cpu *cpu, struct event_queue *queue, unsigned host, uint64_t now_ns,
         const uint8_t *bytes, size_t len)
{
  struct event event = {0};

  event.when_ns = spend(cpu, now_ns, cost_out(cpu, bytes, len));
  event.kind = EVENT_EMIT;
  event.target = host;
  event.frame = must_calloc(1, sizeof(*event.frame) + len);
  event.frame->len = len;
  memcpy(event.frame->bytes, bytes, len);
  events_push(queue, event);
}

void
cpu_free(struct cpu *cpu)
{
  while (cpu->first != NULL) {
    struct cpu_job *job = cpu->first;
    cpu->first = job->next;
    free(job->frame);
    free(job);
  }
}
