/* SPDX-License-Identifier: BSD-3-Clause
 * SACK and DSACK from the receiver (RFC 2018, RFC 2883). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#if RFC_OPTIONS

static void
establish_sack(void)
{
  struct packet syn = syn_of_peer();
  const struct packet *p;
  u8_t len;
  add_option(&syn, 4, "", 0);
  p = establish_with(&syn);
  ck_assert_ptr_nonnull(option(p, 4, &len));
  say(0, ACK, 0);
  world_discard();
  tcp_recv(app.pcb, NULL);
}

/* The blocks of the only packet are these, relative to peer.seq. */
static void
assert_blocks(unsigned int n, const s32_t *edges)
{
  const struct packet *p = only();
  u8_t len = 0;
  const u8_t *b = option(p, 5, &len);
  unsigned int i;
  ck_assert_uint_eq(p->ack, peer.seq);
  ck_assert_uint_eq(b == NULL ? 0 : len, 8 * n);
  for (i = 0; i < 2 * n; i++) {
    ck_assert_int_eq((s32_t)(get32(b + 4 * i) - peer.seq), edges[i]);
  }
}
#define BLOCKS(n, ...) do { static const s32_t edges[] = { __VA_ARGS__ }; assert_blocks(n, edges); } while (0)

/* RFC 2018 4-1, 4-2, 4-3, 4-4, 8-2: the latest first, then the most recently reported; what was reported is there when the
 * gap is filled. */
START_TEST(sack_order)
{
  establish_sack();
  say(100, ACK, 100);
  BLOCKS(1, 100, 200);
  say(300, ACK, 100);
  BLOCKS(2, 300, 400, 100, 200);
  say(500, ACK, 100);
  BLOCKS(3, 500, 600, 300, 400, 100, 200);
  say(200, ACK, 50);
  BLOCKS(3, 100, 250, 500, 600, 300, 400);
  say(700, ACK, 100);
  BLOCKS(4, 700, 800, 100, 250, 500, 600, 300, 400);
  say(900, ACK, 100);
  BLOCKS(4, 900, 1000, 700, 800, 100, 250, 500, 600);
  say(0, ACK, 100);
  peer.seq += 250;
  BLOCKS(4, 650, 750, 450, 550, 250, 350, 50, 150);
  say(0, ACK, 1000);
  peer.seq += 1000;
  BLOCKS(0, 0);
}
END_TEST

/* RFC 2018 4-4, 8-2: the block that falls out is the one reported longest ago, also when it is the last in the stream. */
START_TEST(sack_drops_the_oldest)
{
  establish_sack();
  say(900, ACK, 100);
  say(700, ACK, 100);
  say(500, ACK, 100);
  say(300, ACK, 100);
  world_discard();
  say(100, ACK, 100);
  BLOCKS(4, 100, 200, 300, 400, 500, 600, 700, 800);
}
END_TEST

/* RFC 2883 4-1, 4-2: a whole segment again. */
START_TEST(dsack_of_duplicate)
{
  establish_sack();
  peer_data(100);
  world_pass(100);
  world_discard();
  say(0xffffffffU - 99, ACK, 100);
  BLOCKS(1, -100, 0);
  say(100, ACK, 100);
  BLOCKS(1, 100, 200); /* reported once */
  say(0xffffffffU - 49, ACK, 50);
  BLOCKS(2, -50, 0, 100, 200);
}
END_TEST

/* RFC 2883 4-3: of queued data, with the block around it. */
START_TEST(dsack_of_queued)
{
  establish_sack();
  say(100, ACK, 200);
  world_discard();
  say(500, ACK, 100);
  world_discard();
  say(150, ACK, 50);
  BLOCKS(3, 150, 200, 100, 300, 500, 600);
}
END_TEST

/* RFC 2883 4-4 */
START_TEST(dsack_of_part)
{
  establish_sack();
  peer_data(100);
  world_pass(100);
  world_discard();
  say(0xffffffffU - 49, ACK, 100);
  peer.seq += 50;
  BLOCKS(1, -100, -50);
}
END_TEST

START_TEST(sack_while_sending)
{
  const struct packet *p;
  u8_t len;
  int told = 0;
  establish_sack();
  app_send(5);
  app_send(5);
  world_discard();
  peer.ack += 5;
  say(100, ACK, 100);
  while ((p = world_next()) != NULL) {
    told += option(p, 5, &len) != NULL;
  }
  ck_assert_int_ge(told, 1);
}
END_TEST

START_TEST(no_empty_block)
{
  const struct packet *p;
  const u8_t *b;
  u8_t len, i;
  establish_sack();
  say(100, ACK, 100);
  say(150, ACK | FIN, 0); /* a FIN amid queued data */
  say(300, ACK | FIN, 0);
  say(300, ACK | FIN, 0);
  while ((p = world_next()) != NULL) {
    b = option(p, 5, &len);
    for (i = 0; b != NULL && i < len; i = (u8_t)(i + 8)) {
      ck_assert_int_gt((s32_t)(get32(b + i + 4) - get32(b + i)), 0);
    }
  }
}
END_TEST

/* RFC 2018 2-2 */
START_TEST(no_sack_unless_permitted)
{
  u8_t len;
  struct packet syn = syn_of_peer();
  ck_assert_ptr_null(option(establish_with(&syn), 4, &len));
  say(0, ACK, 0);
  world_discard();
  say(100, ACK, 100);
  ck_assert_ptr_null(option(only(), 5, &len));
}
END_TEST

/* RFC 2018 2-1 */
START_TEST(sack_permitted_in_syns_only)
{
  const struct packet *p;
  u8_t len;
  reach(SYN_SENT);
  say(0, SYN | ACK, 0);
  app_send(100);
  tcp_close(app.pcb);
  ck_assert_uint_ge(world_pending(), 2);
  while ((p = world_next()) != NULL) {
    ck_assert_ptr_null(option(p, 4, &len));
  }
}
END_TEST

#endif /* RFC_OPTIONS */

TCase *
sack_tests(void)
{
  TCase *tc = tcase_create("sack");
#if RFC_OPTIONS
  tcase_add_test(tc, sack_order);
  tcase_add_test(tc, sack_drops_the_oldest);
  tcase_add_test(tc, dsack_of_duplicate);
  tcase_add_test(tc, dsack_of_queued);
  tcase_add_test(tc, dsack_of_part);
  tcase_add_test(tc, sack_while_sending);
  tcase_add_test(tc, no_empty_block);
  tcase_add_test(tc, no_sack_unless_permitted);
  tcase_add_test(tc, sack_permitted_in_syns_only);
#endif
  return tc;
}
