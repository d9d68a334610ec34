/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Scripted faults: judging frames. Reading rules is in rule_parse.c. */
#include "rules.h"

#include <stdlib.h>
#include <string.h>

static int
within(const struct range *range, uint64_t value)
{
  return value >= range->from && value <= range->to;
}

/* Whether [from, from + count) has a value of the range; an empty one has none
 * but where the range is everything. */
static int
carries(const struct range *range, uint64_t from, uint64_t count)
{
  if (range->from == 0 && range->to == UINT64_MAX) {
    return 1;
  }
  return count != 0 && from <= range->to && from + count - 1 >= range->from;
}

static unsigned
kinds_of_tcp(const struct packet *packet, const struct flow_view *view)
{
  unsigned flags = packet->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK);
  unsigned kinds = RULE_TCP;

  kinds |= (flags & (TCP_SYN | TCP_ACK)) == TCP_SYN ? RULE_SYN : 0;
  kinds |= (flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK) ? RULE_SYNACK : 0;
  kinds |= (flags & TCP_FIN) != 0 ? RULE_FIN : 0;
  kinds |= (flags & TCP_RST) != 0 ? RULE_RST : 0;
  kinds |= (packet->flags & TCP_PSH) != 0 ? RULE_PSH : 0;
  kinds |= flags == TCP_ACK && packet->payload == 0 ? RULE_ACK : 0;
  kinds |= packet->payload != 0 ? RULE_DATA : 0;
  if ((kinds & (RULE_SYN | RULE_SYNACK | RULE_FIN | RULE_DATA)) != 0) {
    kinds |= view->again ? RULE_AGAIN : RULE_FIRST;
  }
  return kinds | (view->reopens ? RULE_REOPENS : 0);
}

static unsigned
kinds_of(const struct frame *frame, const struct packet *packet, const struct flow_view *view)
{
  unsigned kinds = packet->tcp != 0 ? kinds_of_tcp(packet, view) : RULE_OTHER;

  return kinds | (packet_ecn(frame->bytes, frame->len) != ECN_NOT_ECT ? RULE_ECT : 0);
}

/* The conditions on what a segment is; other packets meet only those that are not set. */
static int
segment_fits(const struct rule *rule, const struct packet *packet, const struct flow_view *view)
{
  return within(&rule->len, packet->payload) && within(&rule->window, packet->window) &&
         within(&rule->flow, view->flow) && within(&rule->turn, view->turn) &&
         within(&rule->segment, view->segment) &&
         carries(&rule->byte, view->byte, packet->payload) &&
         (view->turn != 0 ? carries(&rule->turn_byte, view->turn_byte, packet->payload)
                          : carries(&rule->turn_byte, 0, 0)) &&
         (rule->port == 0 || packet->src_port == rule->port || packet->dst_port == rule->port);
}

static int
conditions_hold(const struct rule *rule, const struct frame *frame, const struct packet *packet,
                const struct flow_view *view, uint64_t now_ns)
{
  unsigned kinds = kinds_of(frame, packet, view);

  return (kinds & rule->kinds) == rule->kinds && (kinds & rule->not_kinds) == 0 &&
         within(&rule->frame, frame->number) && within(&rule->time_ns, now_ns) &&
         within(&rule->size, frame->len) && segment_fits(rule, packet, view);
}

/* Whether a rule applies; it counts what meets its conditions. */
static int
applies(struct rule *rule, int holds, double draw)
{
  if (!holds || draw >= rule->share) {
    return 0;
  }
  rule->met++;
  if (!within(&rule->nth, rule->met) || (rule->every != 0 && rule->met % rule->every != 0)) {
    return 0;
  }
  rule->applied++;
  return 1;
}

struct verdict
rules_judge(struct rules *rules, const struct frame *frame, uint64_t now_ns)
{
  struct verdict verdict = {VERDICT_PASS, 0, INJECT_RST, 0};
  struct flow_view view = {0};
  struct packet packet;
  struct rule *rule;
  int decided = 0;

  packet_parse(&packet, frame->bytes, frame->len);
  if (packet.tcp != 0) {
    flows_see(rules->flows, rules->side, &packet, &view);
  }
  for (rule = rules->first; rule != NULL; rule = rule->next) {
    /* Drawn for each frame, so that one rule does not shift another. */
    double draw = rng_share(&rule->rng);
    if (!decided &&
        applies(rule, conditions_hold(rule, frame, &packet, &view, now_ns), draw)) {
      decided = 1;
      verdict = rule->verdict;
    }
  }
  return verdict;
}

/* A segment without data and with the addresses and ports of another. */
static size_t
bare_segment(uint8_t *to, const struct packet *packet, unsigned flags, uint32_t seq)
{
  size_t header = packet_begin(to, packet->version, PACKET_TCP);
  uint8_t *tcp = to + header;

  memcpy(packet_source(to), packet->src, packet->address_len);
  memcpy(packet_destination(to), packet->dst, packet->address_len);
  memset(tcp, 0, 20);
  put16(tcp, packet->src_port);
  put16(tcp + 2, packet->dst_port);
  put32(tcp + 4, seq);
  put32(tcp + 8, (flags & TCP_ACK) != 0 ? packet->ack : 0);
  tcp[12] = 0x50;
  tcp[13] = (uint8_t)flags;
  put16(tcp + 14, packet->window);
  return header + 20;
}

size_t
rules_inject(const struct verdict *verdict, const struct frame *frame, struct rng *rng,
             uint8_t *to, size_t room)
{
  struct packet packet;
  size_t len;
  uint32_t next;

  packet_parse(&packet, frame->bytes, frame->len);
  if (verdict->injection == INJECT_COPY) {
    len = frame->len <= room ? frame->len : 0;
    memcpy(to, frame->bytes, len);
    return len;
  }
  if (packet.tcp == 0 || room < 60) {
    return 0;
  }
  next = packet.seq + (uint32_t)packet.payload + ((packet.flags & TCP_SYN) != 0) +
         ((packet.flags & TCP_FIN) != 0);
  if (verdict->injection == INJECT_RST) {
    len = bare_segment(to, &packet, TCP_RST | (packet.flags & TCP_ACK), next + verdict->offset);
  } else {
    len = bare_segment(to, &packet, TCP_SYN, (uint32_t)rng_next(rng));
  }
  if (verdict->injection == INJECT_FORGED_SYN) {
    packet_forged_address(packet_source(to), packet.version, rng);
  }
  packet_finish(to, len);
  return len;
}

void
rules_free(struct rules *rules)
{
  while (rules->first != NULL) {
    struct rule *next = rules->first->next;
    free(rules->first);
    rules->first = next;
  }
  if (rules->flows != NULL && rules->side == 0) {
    flows_free(rules->flows);
  }
  rules->flows = NULL;
}
