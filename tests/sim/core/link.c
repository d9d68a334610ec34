/* SPDX-License-Identifier: BSD-3-Clause */
/** @file One direction of a link. Reading its keys is in link_config.c. */
#include "link.h"

#include <stdlib.h>
#include <string.h>

#include "damage.h"
#include "fatal.h"

/* Places in the order of emission that a frame takes: for its departure, its
 * arrival, that of its copy, and that of what a rule injects. */
#define ORDERS_OF_A_FRAME 4u
#define ORDER_COPY 1u
#define ORDER_INJECTED 2u
#define DAMAGE_ROOM 64u

/* Numbers of the generators: the first two by link, the others far off. */
#define STREAM_FATE 1000u
#define STREAM_BURST 200000u
#define STREAM_SWAP 210000u
#define STREAM_FORGE 220000u

void
link_open(struct link *link, unsigned from, unsigned to, uint64_t seed, unsigned number)
{
  memset(link, 0, sizeof(*link));
  link->from = from;
  link->to = to;
  link->number = number;
  link->config.queue.codel.target_ns = 5000000u;
  link->config.queue.codel.interval_ns = 100000000u;
  rng_seed(&link->rng, seed, STREAM_FATE + 2 * (uint64_t)number);
  rng_seed(&link->detail, seed, STREAM_FATE + 1 + 2 * (uint64_t)number);
  rng_seed(&link->burst, seed, STREAM_BURST + number);
  rng_seed(&link->swap, seed, STREAM_SWAP + number);
  rng_seed(&link->forge, seed, STREAM_FORGE + number);
}

void
link_free(struct link *link)
{
  queue_free(&link->queue);
  rules_free(&link->rules);
  if (link->busy) {
    free(link->serving.frame);
    link->busy = 0;
  }
}

/* ---- the rate ---------------------------------------------------------- */

/* When a frame that begins now will have left, whatever rates it meets. */
static uint64_t
serialised(const struct link *link, uint64_t now_ns, uint64_t bytes)
{
  double bits = (double)(bytes * 8);
  uint64_t next;
  uint64_t rate = steps_value(&link->config.rates, link->config.rate_bps, now_ns, &next);

  while (rate != 0) {
    uint64_t needed;
    if (next == UINT64_MAX && bits == (double)(bytes * 8)) {
      return now_ns + bytes * 8 * 1000000000u / rate;
    }
    needed = (uint64_t)(bits * 1e9 / (double)rate);
    if (now_ns + needed <= next) {
      return now_ns + needed;
    }
    bits -= (double)(next - now_ns) * 1e-9 * (double)rate;
    now_ns = next;
    rate = steps_value(&link->config.rates, link->config.rate_bps, now_ns, &next);
  }
  return now_ns;
}

/* What of the frame on the line is not yet sent. */
static struct queue_line
on_the_line(const struct link *link, uint64_t now_ns)
{
  struct queue_line line = {0, 0};
  uint64_t next;
  uint64_t rate = steps_value(&link->config.rates, link->config.rate_bps, now_ns, &next);

  if (link->busy && link->busy_until_ns > now_ns) {
    line.bytes = (uint64_t)((double)(link->busy_until_ns - now_ns) * 1e-9 * (double)rate / 8 + 0.5);
    line.frames = 1;
    if (line.bytes > link->serving.frame->len) {
      line.bytes = link->serving.frame->len;
    }
  }
  return line;
}

/* ---- the far side ------------------------------------------------------ */

/* Delivers at `when_ns`; the frame is given away. */
static void
deliver(struct link *link, struct event_queue *events, uint64_t when_ns, uint64_t order,
        struct frame *frame)
{
  struct event event = {0};
  uint64_t end;

  if (intervals_contain(&link->config.stall, when_ns, &end)) {
    link->stats.held++;
    do {
      when_ns = end;
    } while (intervals_contain(&link->config.stall, when_ns, &end));
  }
  frame->link = link->number;
  event.when_ns = when_ns;
  event.order = order;
  event.kind = EVENT_ARRIVAL;
  event.target = link->to;
  event.frame = frame;
  events_push_reserved(events, event);
  link->stats.delivered++;
  link->stats.delivered_bytes += frame->len;
}

void
link_arrived(struct link *link, const struct frame *frame)
{
  if (frame->number < link->highest_arrived) {
    link->stats.late++;
  } else {
    link->highest_arrived = frame->number;
  }
}

static struct frame *
new_frame(const uint8_t *bytes, size_t len, size_t room, uint64_t number)
{
  struct frame *frame = must_realloc(NULL, sizeof(*frame) + room);

  frame->len = len;
  frame->number = number;
  memcpy(frame->bytes, bytes, len);
  return frame;
}

static void
inject(struct link *link, struct event_queue *events, uint64_t when_ns,
       const struct queued *item)
{
  const struct verdict *verdict = &item->fate.verdict;
  uint8_t bytes[PACKET_MAX];
  size_t len = rules_inject(verdict, item->frame, &link->forge, bytes, sizeof(bytes));

  if (len != 0) {
    link->stats.injected++;
    deliver(link, events, when_ns + verdict->delay_ns, item->order + ORDER_INJECTED,
            new_frame(bytes, len, len, item->frame->number));
  }
}

/* ---- what goes wrong --------------------------------------------------- */

static int
scripted_loss(const struct link *link, uint64_t number, uint64_t when_ns)
{
  uint64_t end;
  unsigned i;

  for (i = 0; i < LINK_DROPS_MAX && link->config.drops[i] != 0; i++) {
    if (link->config.drops[i] == number) {
      return 1;
    }
  }
  return intervals_contain(&link->config.down, when_ns, &end);
}

/* Whether it is lost; runs of losses are counted. */
static int
is_lost(struct link *link, const struct queued *item, uint64_t now_ns)
{
  int lost = item->fate.lost || scripted_loss(link, item->frame->number, now_ns);

  link->stats.loss_runs += (uint64_t)(lost && !link->lost_last);
  link->stats.lost += (uint64_t)lost;
  link->lost_last = lost;
  if (!lost && item->fate.verdict.kind == VERDICT_DROP) {
    link->stats.rule_dropped++;
    lost = 1;
  }
  return lost;
}

static void
mark(struct link *link, struct frame *frame)
{
  unsigned ecn = packet_ecn(frame->bytes, frame->len);

  if (ecn != ECN_NOT_ECT && ecn != ECN_CE) {
    packet_mark_ce(frame->bytes);
    link->stats.marked++;
  }
}

/* When a frame that leaves the line now is at the far end. */
static uint64_t
arrival_ns(struct link *link, const struct fate *fate, uint64_t now_ns)
{
  const struct link_config *config = &link->config;
  uint64_t next;
  uint64_t arrival = now_ns + steps_value(&config->delays, config->delay_ns, now_ns, &next) +
                     (uint64_t)(fate->jitter * (double)config->jitter_ns);

  if (arrival < link->last_arrival_ns) {
    arrival = link->last_arrival_ns;
  }
  /* What follows overtakes these: they do not hold it up. */
  if (fate->reordered) {
    link->stats.reordered++;
    return arrival + config->reorder_ns;
  }
  if (fate->verdict.kind == VERDICT_DELAY) {
    return arrival + fate->verdict.delay_ns;
  }
  link->last_arrival_ns = arrival;
  return arrival + (uint64_t)(fate->swap * (double)config->swap_ns);
}

/* The frame has been sent: now it meets its fate. */
static void
depart(struct link *link, struct event_queue *events, uint64_t now_ns, struct queued *item)
{
  struct frame *frame = item->frame;
  const struct fate *fate = &item->fate;
  struct frame *copy = NULL;
  uint64_t arrival;

  if (is_lost(link, item, now_ns)) {
    free(frame);
    return;
  }
  arrival = arrival_ns(link, fate, now_ns);
  if (fate->verdict.kind == VERDICT_MARK) {
    mark(link, frame);
  }
  if (fate->duplicated || fate->verdict.kind == VERDICT_DUPLICATE) {
    copy = new_frame(frame->bytes, frame->len, frame->len, frame->number);
    link->stats.duplicated++;
  }
  if (fate->verdict.kind == VERDICT_INJECT) {
    inject(link, events, arrival, item);
  }
  if (fate->corrupted || fate->verdict.kind == VERDICT_CORRUPT) {
    link->stats.corrupted += (uint64_t)damage_tcp_bits(frame, &link->detail);
  }
  if (fate->damaged) {
    damage_anything(frame, frame->len + DAMAGE_ROOM, &link->detail);
    link->stats.damaged++;
  }
  deliver(link, events, arrival, item->order, frame);
  if (copy != NULL) {
    deliver(link, events, arrival, item->order + ORDER_COPY, copy);
  }
}

/* ---- the near side ----------------------------------------------------- */

/* CoDel's word on a frame that leaves the queue: 1, it is dropped. */
static int
codel_takes(struct link *link, struct queued *item, uint64_t now_ns)
{
  const struct queue_config *config = &link->config.queue;
  unsigned ecn = packet_ecn(item->frame->bytes, item->frame->len);

  if ((config->discipline != QUEUE_CODEL && config->discipline != QUEUE_CODEL_ECN) ||
      !codel_drops(&link->codel, &config->codel, now_ns, now_ns - item->entered_ns,
                   item->frame->len, link->queue.bytes)) {
    return 0;
  }
  if (config->discipline == QUEUE_CODEL_ECN && ecn != ECN_NOT_ECT) {
    mark(link, item->frame);
    return 0;
  }
  link->stats.aqm_dropped++;
  free(item->frame);
  return 1;
}

/* Sends the next frame, and more of them while they take no time. */
static void
serve(struct link *link, struct event_queue *events, uint64_t now_ns)
{
  struct queued item;
  struct event event = {0};

  while (!link->busy && queue_take(&link->queue, &item)) {
    if (codel_takes(link, &item, now_ns)) {
      continue;
    }
    histogram_add(&link->stats.queued, now_ns - item.entered_ns);
    link->busy_until_ns =
      serialised(link, now_ns, item.frame->len + link->config.overhead_bytes);
    if (link->busy_until_ns == now_ns) {
      depart(link, events, now_ns, &item);
      continue;
    }
    link->stats.busy_ns += link->busy_until_ns - now_ns;
    link->serving = item;
    link->busy = 1;
    event.when_ns = link->busy_until_ns;
    event.order = item.order;
    event.kind = EVENT_DEPARTURE;
    event.target = link->number;
    events_push_reserved(events, event);
  }
  if (!link->busy) {
    codel_idle(&link->codel);
  }
}

void
link_departure(struct link *link, struct event_queue *events, uint64_t now_ns)
{
  struct queued item = link->serving;

  link->busy = 0;
  depart(link, events, now_ns, &item);
  serve(link, events, now_ns);
}

/* One step of the chain of states. Two draws. */
static int
burst_loses(struct link *link)
{
  const struct burst_config *burst = &link->config.burst;
  double change = rng_share(&link->burst);
  double loss = rng_share(&link->burst);

  if (change < (link->in_bad_state ? burst->to_good : burst->to_bad)) {
    link->in_bad_state = !link->in_bad_state;
  }
  return loss < (link->in_bad_state ? burst->loss_bad : burst->loss_good);
}

/* Always the same draws, so that one impairment does not shift another. */
static void
draw_fate(struct link *link, struct fate *fate)
{
  const struct link_config *config = &link->config;

  fate->lost = rng_share(&link->rng) < config->loss;
  fate->reordered = rng_share(&link->rng) < config->reorder;
  fate->duplicated = rng_share(&link->rng) < config->duplicate;
  fate->corrupted = rng_share(&link->rng) < config->corrupt;
  fate->damaged = rng_share(&link->rng) < config->damage;
  fate->jitter = rng_share(&link->rng);
  fate->lost |= burst_loses(link);
  fate->swap = rng_share(&link->swap);
}

/* How full the queue has been, with what is on the line. */
static void
note_peak(struct link *link, struct queue_line line, size_t len)
{
  uint64_t bytes = link->queue.bytes + line.bytes + len;
  uint64_t frames = link->queue.count + line.frames + 1;

  if (bytes > link->stats.queue_peak_bytes) {
    link->stats.queue_peak_bytes = bytes;
  }
  if (frames > link->stats.queue_peak_frames) {
    link->stats.queue_peak_frames = frames;
  }
}

void
link_send(struct link *link, struct event_queue *events, uint64_t now_ns,
          const uint8_t *bytes, size_t len)
{
  struct queue_line line = on_the_line(link, now_ns);
  struct queued item = {0};

  link->stats.offered++;
  link->stats.offered_bytes += len;
  draw_fate(link, &item.fate);
  item.frame = new_frame(bytes, len, len + DAMAGE_ROOM, link->stats.offered);
  if (link->rules.flows != NULL) {
    item.fate.verdict = rules_judge(&link->rules, item.frame, now_ns);
  }
  if (!queue_admits(&link->queue, &link->config.queue, line, len)) {
    link->stats.overflowed++;
    free(item.frame);
    return;
  }
  note_peak(link, line, len);
  if (queue_marks(&link->queue, &link->config.queue, line, len)) {
    mark(link, item.frame);
  }
  item.entered_ns = now_ns;
  item.order = events_reserve(events, ORDERS_OF_A_FRAME);
  queue_put(&link->queue, item);
  serve(link, events, now_ns);
}
