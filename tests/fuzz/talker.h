/* SPDX-License-Identifier: BSD-3-Clause
 * A TCP peer that keeps the rules: it opens or answers, sends its bytes, acknowledges what comes, asks again for what
 * is lost, and closes. Small and slow; what matters is that it is right. */
#ifndef TCP_ALT_TESTS_FUZZ_TALKER_H
#define TCP_ALT_TESTS_FUZZ_TALKER_H

#include "fuzz.h"

struct talker {
  u16_t port, lwip_port;
  u8_t opened;       /**< its SYN was acknowledged, and it knows lwIP's */
  u8_t syn_seen;
  u8_t got_fin;
  u8_t closes_first; /**< it sends its FIN behind its data, else behind lwIP's */
  u8_t reset;        /**< a RST has come */
  u8_t options;      /**< it offers window scale, SACK and timestamps in its SYN */
  u8_t ts;           /**< agreed on */
  u8_t forged;       /**< others may send in its name */
  u32_t iss, una;    /**< its numbers: of its SYN, and the first not acknowledged */
  u32_t total;       /**< bytes it sends in all */
  u32_t irs, rcv_nxt; /**< lwIP's SYN, and what it has behind it */
  u32_t ts_recent;
};

/** How its packets leave: target_segments.c puts the wire between. */
typedef void talker_out(struct talker *t, struct packet *p);

void talker_init(struct talker *t, talker_out *out);
/** Its SYN. */
void talker_open(struct talker *t);
/** Takes a packet of lwIP, and answers. */
void talker_hear(struct talker *t, const struct packet *p);
/** Its retransmission timer: whatever is outstanding, or the next bytes. */
void talker_say(struct talker *t);
/** Has everything been sent and acknowledged, and lwIP's FIN come? */
int talker_done(const struct talker *t);

#endif
