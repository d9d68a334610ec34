/* SPDX-License-Identifier: BSD-3-Clause
 * See trace.h. */
#include "trace.h"

#include "packet.h"

#include <stdio.h>
#include <stdlib.h>

/* Where the numbers of a connection begin, in both directions. */
struct origin {
  u16_t peer_port, lwip_port;
  u32_t base[2];
  u8_t known[2];
};

static struct origin *
origin_of(u16_t peer_port, u16_t lwip_port)
{
  static struct origin origins[16];
  static unsigned int next;
  struct origin *o;
  unsigned int i;
  for (i = 0; i < 16; i++) {
    o = &origins[i];
    if (o->peer_port == peer_port && o->lwip_port == lwip_port && (o->known[0] || o->known[1])) {
      return o;
    }
  }
  o = &origins[next++ % 16];
  o->peer_port = peer_port;
  o->lwip_port = lwip_port;
  o->known[0] = o->known[1] = 0;
  return o;
}

static void
begin(struct origin *o, int side, u32_t seq)
{
  o->base[side] = seq;
  o->known[side] = 1;
}

static void
print_flags(u8_t flags)
{
  static const char names[] = "FSRPAUEC";
  char text[9] = "........";
  int i;
  for (i = 0; i < 8; i++) {
    if (flags & (1U << i)) {
      text[i] = names[i];
    }
  }
  fprintf(stderr, "%s", text);
}

static u32_t
number(const u8_t *b, u8_t len)
{
  u32_t v = 0;
  while (len-- > 0) {
    v = (v << 8) | *b++;
  }
  return v;
}

/* An option's body; SACK blocks are numbers of the other side. */
static void
print_option(u8_t kind, const u8_t *body, u8_t len, u32_t other)
{
  u8_t i;
  switch (kind) {
    case 2:
      fprintf(stderr, " mss %u", (unsigned)number(body, len));
      break;
    case 3:
      fprintf(stderr, " scale %u", (unsigned)number(body, len));
      break;
    case 4:
      fprintf(stderr, " sack-ok");
      break;
    case 5:
      for (i = 0; i + 8 <= len; i = (u8_t)(i + 8)) {
        fprintf(stderr, " sack %d:%d", (int)(number(body + i, 4) - other), (int)(number(body + i + 4, 4) - other));
      }
      break;
    case 8:
      fprintf(stderr, " ts %u/%u", (unsigned)number(body, 4), (unsigned)number(body + 4, 4));
      break;
    default:
      fprintf(stderr, " option %u of %u", kind, len);
      break;
  }
}

static void
print_options(const struct packet *p, u32_t other)
{
  u8_t i = 0;
  while (i < p->optlen && p->opts[i] != 0) {
    if (p->opts[i] == 1) {
      i++;
      continue;
    }
    if (i + 1 >= p->optlen || p->opts[i + 1] < 2 || i + p->opts[i + 1] > p->optlen) {
      fprintf(stderr, " broken options");
      return;
    }
    print_option(p->opts[i], p->opts + i + 2, (u8_t)(p->opts[i + 1] - 2), other);
    i = (u8_t)(i + p->opts[i + 1]);
  }
}

void
trace_packet(enum trace_way way, u32_t ms, const u8_t *bytes, u16_t total)
{
  static const char *const ways[] = { "in ", "out", "out, refused" };
  struct packet p;
  struct origin *o;
  int side = way != TRACE_IN;
  if (getenv("WORLD_TRACE") == NULL) {
    return;
  }
  fprintf(stderr, "%9.3f %s ", ms / 1000.0, ways[way]);
  if (!packet_parse(&p, bytes, total)) {
    fprintf(stderr, "%u bytes that are no TCP segment\n", (unsigned)total);
    return;
  }
  o = side ? origin_of(p.dst, p.src) : origin_of(p.src, p.dst);
  if ((p.flags & SYN) ? !o->known[side] || !(p.flags & ACK) : !o->known[side]) {
    begin(o, side, p.seq);
  }
  if ((p.flags & ACK) && !o->known[!side]) {
    begin(o, !side, p.ack - 1);
  }
  fprintf(stderr, "%u>%u ", (unsigned)p.src, (unsigned)p.dst);
  print_flags(p.flags);
  fprintf(stderr, " seq %d", (int)(p.seq - o->base[side]));
  if (p.flags & ACK) {
    fprintf(stderr, " ack %d", (int)(p.ack - o->base[!side]));
  }
  fprintf(stderr, " len %u win %u", (unsigned)p.len, (unsigned)p.wnd);
  print_options(&p, o->base[!side]);
  fprintf(stderr, "\n");
}
