/* SPDX-License-Identifier: BSD-3-Clause
 * See talker.h. */
#include "talker.h"

#include <string.h>

#define SEGMENT 400U

static talker_out *emit;

void
talker_init(struct talker *t, talker_out *out)
{
  memset(t, 0, sizeof(*t));
  emit = out;
}

/* The number behind its last byte; its FIN has it. */
static u32_t
end_of_data(const struct talker *t)
{
  return t->iss + 1 + t->total;
}

static int
may_close(const struct talker *t)
{
  return t->closes_first || t->got_fin;
}

static struct packet
packet_at(const struct talker *t, u32_t seq, u8_t flags)
{
  struct packet p;
  memset(&p, 0, sizeof(p));
  p.src = t->port;
  p.dst = t->lwip_port;
  p.seq = seq;
  p.ack = (flags & ACK) ? t->rcv_nxt : 0;
  p.flags = flags;
  p.wnd = 20000;
  if (t->ts) {
    add_ts(&p, world_now(), t->ts_recent);
  }
  return p;
}

static void
add_syn_options(const struct talker *t, struct packet *p)
{
  static const u8_t shift = 0;
  add_mss(p, 900);
  if (t->options) {
    add_option(p, 3, &shift, 1);
    add_option(p, 4, "", 0);
    if (!t->ts) {
      add_ts(p, world_now(), t->ts_recent);
    }
  }
}

void
talker_open(struct talker *t)
{
  struct packet p = packet_at(t, t->iss, SYN);
  add_syn_options(t, &p);
  emit(t, &p);
}

/* From the first byte not acknowledged: data, the FIN, or only the ACK. */
static void
speak(struct talker *t)
{
  struct packet p = packet_at(t, t->una, ACK);
  u32_t left = end_of_data(t) - t->una;
  u16_t i;
  if ((s32_t)left > 0) {
    p.len = (u16_t)LWIP_MIN(left, SEGMENT);
    left -= p.len;
  }
  for (i = 0; i < p.len; i++) {
    p.data[i] = fuzz_peers_byte(p.seq + i);
  }
  if (left == 0 && may_close(t)) {
    p.flags |= FIN;
  }
  emit(t, &p);
}

void
talker_say(struct talker *t)
{
  if (t->reset) {
    return;
  }
  if (t->opened) {
    speak(t);
  } else if (t->syn_seen) {
    struct packet p = packet_at(t, t->iss, SYN | ACK);
    add_syn_options(t, &p);
    emit(t, &p);
  } else if (t->lwip_port == PORT) {
    talker_open(t);
  }
}

static void
hear_syn(struct talker *t, const struct packet *p)
{
  u8_t len;
  t->syn_seen = 1;
  t->irs = p->seq;
  t->rcv_nxt = p->seq + 1;
  t->ts = t->options && option(p, 8, &len) != NULL;
}

/* What is in order is taken; the rest comes again. */
static void
hear_data(struct talker *t, const struct packet *p)
{
  u32_t skip = t->rcv_nxt - p->seq;
  u32_t size = p->len + ((p->flags & FIN) ? 1U : 0U);
  u16_t i;
  for (i = 0; i < p->len; i++) {
    ck_assert_uint_eq(p->data[i], fuzz_our_byte(p->seq + i));
  }
  if (skip >= size) {
    return;
  }
  t->rcv_nxt += size - skip;
  t->got_fin |= (p->flags & FIN) != 0;
}

void
talker_hear(struct talker *t, const struct packet *p)
{
  const u8_t *ts;
  u8_t len;
  int news = p->len != 0 || (p->flags & (SYN | FIN)) != 0;
  if (p->flags & RST) {
    t->reset = !talker_done(t); /* an ACK too many finds nobody */
    return;
  }
  if ((p->flags & SYN) && !t->syn_seen) {
    t->lwip_port = p->src;
    hear_syn(t, p);
  }
  ts = option(p, 8, &len);
  if (ts != NULL) {
    t->ts_recent = get32(ts);
  }
  if ((p->flags & ACK) && (s32_t)(p->ack - t->una) > 0) {
    ck_assert(t->forged || (s32_t)(p->ack - (end_of_data(t) + 1)) <= 0);
    t->una = p->ack;
    t->opened = t->syn_seen;
    news = 1;
  }
  if (t->opened) {
    hear_data(t, p);
  }
  if (news) { /* what is lost is said again by the clock, as nobody could end a dispute otherwise */
    talker_say(t);
  }
}

int
talker_done(const struct talker *t)
{
  return t->got_fin && t->una == end_of_data(t) + 1;
}
