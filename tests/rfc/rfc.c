/* SPDX-License-Identifier: BSD-3-Clause
 * See rfc.h. */
#include "rfc.h"

#include "lwip/timeouts.h"
#include "lwip/priv/tcp_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const u8_t lwip_addr[4] = { 10, 0, 0, 1 };
static const u8_t peer_addr[4] = { 10, 0, 0, 2 };
static const u8_t router_addr[4] = { 10, 9, 9, 9 };

/* ---- memory ---- */

unsigned int fail_alloc;
int fail_all, lossy, allocated;

#if RFC_OPTIONS

/* lwIP's timeouts have a pool of their own in a product, and one lacking is fatal: that is not TCP's. */
static int
fails(size_t size)
{
  if (size == LWIP_MEM_ALIGN_SIZE(sizeof(struct sys_timeo)) || fail_alloc == 0 || --fail_alloc != 0) {
    return 0;
  }
  fail_alloc = fail_all ? 1 : 0;
  return 1;
}

void *
rfc_malloc(size_t size)
{
  void *p = fails(size) ? NULL : malloc(size);
  allocated += p != NULL;
  return p;
}

void *
rfc_calloc(size_t n, size_t size)
{
  void *p = rfc_malloc(n * size);
  return p != NULL ? memset(p, 0, n * size) : NULL;
}

void
rfc_free(void *p)
{
  allocated -= p != NULL;
  free(p);
}

#endif

/* ---- assertions ---- */

static const char *misuse_message;

void
misuse(const char *message)
{
  misuse_message = message;
}

void
rfc_assert(const char *message, const char *file, int line)
{
  if (misuse_message != NULL && strcmp(message, misuse_message) == 0) {
    exit(MISUSED);
  }
  fprintf(stderr, "lwIP asserts: %s (%s:%d)\n", message, file, line);
  abort();
}

/* ---- in ---- */

static void
give(struct pbuf *p)
{
  if (netif.input(p, &netif) != ERR_OK) {
    pbuf_free(p);
  }
}

static u16_t
build(u8_t *bytes, const struct packet *p, const u8_t src[4], const u8_t dst[4])
{
  struct packet out = *p;
  out.src = p->src != 0 ? p->src : peer.port;
  out.dst = p->dst != 0 ? p->dst : peer.lwip_port;
  return packet_build(bytes, &out, src, dst);
}

u16_t
bytes_of(u8_t bytes[PACKET_MAX], const struct packet *p)
{
  return build(bytes, p, peer_addr, lwip_addr);
}

/* Packets come from outside: their buffers are not what a test lets fail. */
static struct pbuf *
buffer(u16_t len)
{
  unsigned int fail = fail_alloc;
  struct pbuf *p;
  fail_alloc = 0;
  p = pbuf_alloc(PBUF_RAW, len, PBUF_RAM);
  fail_alloc = fail;
  ck_assert(p != NULL || lossy);
  return p;
}

void
inject_bytes(const u8_t *bytes, u16_t len)
{
  struct pbuf *q = buffer(len);
  if (q != NULL) {
    pbuf_take(q, bytes, len);
    give(q);
  }
}

void
inject_between(const struct packet *p, const u8_t src[4], const u8_t dst[4])
{
  u8_t bytes[PACKET_MAX];
  inject_bytes(bytes, build(bytes, p, src, dst));
}

void
inject(const struct packet *p)
{
  inject_between(p, peer_addr, lwip_addr);
}

void
inject_bytes_in_pieces(const u8_t *bytes, u16_t total, u16_t first)
{
  struct pbuf *q = buffer(first);
  u16_t at;
  if (q == NULL) {
    return;
  }
  pbuf_take(q, bytes, first);
  for (at = first; at < total; at++) {
    struct pbuf *one = buffer(1);
    if (one == NULL) {
      pbuf_free(q);
      return;
    }
    pbuf_take(one, bytes + at, 1);
    pbuf_cat(q, one);
  }
  give(q);
}

void
inject_in_pieces(const struct packet *p, u16_t first)
{
  u8_t bytes[PACKET_MAX];
  u16_t total = bytes_of(bytes, p);
  inject_bytes_in_pieces(bytes, total, first);
}

u16_t
build_ours(u8_t *bytes, const struct packet *ours)
{
  return packet_build(bytes, ours, lwip_addr, peer_addr);
}

void
icmp_about(const struct packet *ours, u8_t type, u8_t code, u32_t rest, u16_t len)
{
  u8_t quoted[PACKET_MAX], bytes[PACKET_MAX];
  struct icmp m = { 0 };
  m.type = type;
  m.code = code;
  m.rest = rest;
  m.quoted = quoted;
  m.len = LWIP_MIN(len, build_ours(quoted, ours));
  inject_bytes(bytes, icmp_build(bytes, &m, router_addr, lwip_addr));
}

struct packet
from_peer(u32_t off, u8_t flags, u16_t len)
{
  struct packet p;
  u16_t i;
  memset(&p, 0, sizeof(p));
  p.seq = peer.seq + off;
  p.ack = (flags & ACK) ? peer.ack : 0;
  p.flags = flags;
  p.wnd = peer.wnd;
  p.len = len;
  for (i = 0; i < len; i++) {
    p.data[i] = (u8_t)(p.seq + i);
  }
  return p;
}

void
say(u32_t off, u8_t flags, u16_t len)
{
  struct packet p = from_peer(off, flags, len);
  inject(&p);
}

void
say_ack(u32_t off, u8_t flags, u16_t len, u32_t ack_off)
{
  struct packet p = from_peer(off, flags, len);
  p.ack += ack_off;
  inject(&p);
}

void
peer_data(u16_t len)
{
  say(0, ACK, len);
  peer.seq += len;
}

void
add_option(struct packet *p, u8_t kind, const void *body, u8_t len)
{
  u8_t size = (u8_t)(len + 2);
  while ((p->optlen + size) % 4 != 0) {
    p->opts[p->optlen++] = 1;
  }
  ck_assert_uint_le(p->optlen + size, sizeof(p->opts));
  p->opts[p->optlen] = kind;
  p->opts[p->optlen + 1] = size;
  memcpy(p->opts + p->optlen + 2, body, len);
  p->optlen = (u8_t)(p->optlen + size);
}

void
add_mss(struct packet *p, u16_t mss)
{
  u8_t body[2] = { (u8_t)(mss >> 8), (u8_t)mss };
  add_option(p, 2, body, 2);
}

void
add_ts(struct packet *p, u32_t val, u32_t ecr)
{
  u8_t body[8];
  put32(body, val);
  put32(body + 4, ecr);
  add_option(p, 8, body, 8);
}

void
add_sack(struct packet *p, u32_t left, u32_t right)
{
  u8_t body[8];
  put32(body, peer.ack + left);
  put32(body + 4, peer.ack + right);
  add_option(p, 5, body, 8);
}

/* ---- out ---- */

u32_t
sent_bytes(void)
{
  const struct packet *p;
  u32_t n = 0;
  while ((p = world_next()) != NULL) {
    n += p->len;
  }
  return n;
}

u32_t
get32(const u8_t *b)
{
  return ((u32_t)b[0] << 24) | ((u32_t)b[1] << 16) | ((u32_t)b[2] << 8) | b[3];
}

void
put32(u8_t *b, u32_t v)
{
  b[0] = (u8_t)(v >> 24);
  b[1] = (u8_t)(v >> 16);
  b[2] = (u8_t)(v >> 8);
  b[3] = (u8_t)v;
}

const struct packet *
only(void)
{
  ck_assert_msg(world_pending() == 1, "%u packets instead of 1", world_pending());
  return world_next();
}

void
assert_silence(void)
{
  ck_assert_msg(world_pending() == 0, "%u packets instead of none", world_pending());
}

void
assert_ack(u32_t in_flight)
{
  const struct packet *p = only();
  ck_assert_uint_eq(p->flags, ACK);
  ck_assert_uint_eq(p->len, 0);
  ck_assert_uint_eq(p->ack, peer.seq);
  ck_assert_uint_eq(p->seq - peer.ack, in_flight);
}

void
assert_rst(u32_t seq)
{
  const struct packet *p = only();
  ck_assert_uint_eq(p->flags & (u8_t)~ACK, RST);
  ck_assert_uint_eq(p->seq, seq);
}

const u8_t *
option(const struct packet *p, u8_t kind, u8_t *len)
{
  u8_t i = 0;
  while (i < p->optlen && p->opts[i] != 0) {
    if (p->opts[i] == 1) {
      i++;
      continue;
    }
    ck_assert_uint_lt(i + 1, p->optlen);
    ck_assert_uint_ge(p->opts[i + 1], 2);
    ck_assert_uint_le(i + p->opts[i + 1], p->optlen);
    if (p->opts[i] == kind) {
      *len = (u8_t)(p->opts[i + 1] - 2);
      return p->opts + i + 2;
    }
    i = (u8_t)(i + p->opts[i + 1]);
  }
  return NULL;
}

/* ---- connections ---- */

struct tcp_pcb *
the_pcb(void)
{
  return tcp_active_pcbs != NULL ? tcp_active_pcbs : tcp_tw_pcbs;
}

enum tcp_state
the_state(void)
{
  struct tcp_pcb *pcb = the_pcb();
  return pcb != NULL ? tcp_state_get(pcb) : CLOSED;
}

struct packet
syn_of_peer(void)
{
  struct packet p = from_peer(0, SYN, 0);
  add_mss(&p, 1000);
  return p;
}

static err_t
on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  ck_assert_int_eq(err, ERR_OK);
  app_install(pcb);
  app.accepts++;
  return ERR_OK;
}

void
listen_only(void)
{
  struct tcp_pcb *pcb = tcp_new();
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  tcp_listen(pcb);
  peer.lwip_port = PORT;
}

const struct packet *
establish_with(const struct packet *syn)
{
  struct tcp_pcb *pcb = tcp_new();
  const struct packet *syn_ack;
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  pcb = tcp_listen(pcb);
  tcp_accept(pcb, on_accept);
  peer.lwip_port = PORT;
  inject(syn);
  syn_ack = only();
  ck_assert_uint_eq(syn_ack->flags, SYN | ACK);
  peer.seq = syn->seq + 1;
  peer.ack = syn_ack->seq + 1;
  return syn_ack;
}

err_t
hoard(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  if (p != NULL) {
    app.taken += p->tot_len;
    pbuf_free(p); /* without tcp_recved() */
  }
  return ERR_OK;
}

static void
fin_of_peer(void)
{
  say(0, FIN | ACK, 0);
  peer.seq++;
}

static void
take_fin(void)
{
  const struct packet *fin = world_await(FIN, 0);
  ck_assert_ptr_nonnull(fin);
  peer.ack = fin->seq + fin->len + 1;
}

void
reach(enum tcp_state state)
{
  const struct packet *p;
  switch ((int)state) {
    case SYN_SENT:
      ck_assert_int_eq(open_active(), ERR_OK);
      p = only();
      ck_assert_uint_eq(p->flags, SYN);
      peer.lwip_port = p->src;
      peer.ack = p->seq + 1;
      break;
    case SYN_RCVD:
      knock();
      peer.ack = only()->seq + 1;
      break;
    case ESTABLISHED:
      establish();
      break;
    case CLOSE_WAIT:
    case LAST_ACK:
      establish();
      fin_of_peer();
      if (state == LAST_ACK) {
        tcp_close(app.pcb);
      }
      break;
    case FIN_WAIT_1:
    case FIN_WAIT_2:
    case CLOSING:
    case TIME_WAIT:
      establish();
      tcp_close(app.pcb);
      if (state == CLOSING) {
        fin_of_peer();
      } else if (state != FIN_WAIT_1) {
        take_fin();
        say(0, ACK, 0);
        if (state == TIME_WAIT) {
          fin_of_peer();
        }
      }
      break;
    default:
      ck_abort_msg("not a state to reach");
  }
  world_discard();
  assert_state(state);
}

void
app_send(u16_t n)
{
  static u8_t bytes[TCP_SND_BUF];
  u16_t i;
  for (i = 0; i < n; i++) {
    bytes[i] = (u8_t)i;
  }
  ck_assert_int_eq(tcp_write(app.pcb, bytes, n, TCP_WRITE_FLAG_COPY), ERR_OK);
  tcp_output(app.pcb);
}

void
take_all(void)
{
  const struct packet *p;
  u32_t end = peer.ack;
  while ((p = world_next()) != NULL) {
    u32_t e = p->seq + p->len + ((p->flags & FIN) ? 1U : 0U);
    if ((s32_t)(e - end) > 0) {
      end = e;
    }
  }
  peer.ack = end;
  say(0, ACK, 0);
}

/* ---- states ---- */

const enum tcp_state synchronized[N_SYNCHRONIZED] = {
  ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT
};

u32_t
in_flight(void)
{
  enum tcp_state s = the_state();
  return s == FIN_WAIT_1 || s == CLOSING || s == LAST_ACK ? 1 : 0;
}

void
assert_alive(enum tcp_state state)
{
  assert_state(state);
  ck_assert_uint_eq(app.errs, 0);
}

/* ---- sending ---- */

void
path(u32_t rtt)
{
  struct packet syn = syn_of_peer();
  establish_with(&syn);
  world_pass(rtt);
  say(0, ACK, 0);
  ck_assert_uint_eq(app.accepts, 1);
  world_discard();
  tcp_nagle_disable(app.pcb);
}

void
ack(u32_t bytes)
{
  peer.ack += bytes;
  say(0, ACK, 0);
}

void
assert_data(u32_t off, u32_t len)
{
  const struct packet *p = world_next();
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq - peer.ack, off);
  ck_assert_uint_eq(p->len, len);
}

u32_t
wait_again(u32_t off)
{
  u32_t since = world_now();
  const struct packet *p = world_await_data(2 * MINUTES);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq - peer.ack, off);
  return p->at - since;
}

/* ---- faults ---- */

err_t
accept_quietly(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  if (err == ERR_OK) {
    app_install(pcb);
  }
  return ERR_OK;
}

void
assert_clean(void)
{
  ck_assert_ptr_null(the_pcb());
#if RFC_OPTIONS
  /* the listener, if there is one, and alt's own timeout, armed or not */
  ck_assert_int_le(allocated, (tcp_listen_pcbs.pcbs != NULL) + 1); /* legacy's is there while its tick goes on */
  ck_assert_int_ge(allocated, (tcp_listen_pcbs.pcbs != NULL) + ALT);
#else
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
  ck_assert_uint_eq(pool_used(MEMP_TCP_SEG), 0);
  ck_assert_uint_eq(pool_used(MEMP_PBUF), 0);
  ck_assert_uint_eq(pool_used(MEMP_PBUF_POOL), 0);
  ck_assert_uint_eq(lwip_stats.mem.used, 0);
#endif
}
