/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Assembly, debug builds: a handler writes its own component and nothing else.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && TCP_ALT_SCOPE_CHECK

#include "lwip/priv/tcp_alt_pcb.h"

#include <string.h>

/* Handlers call no handlers; only arguments of a call may contain another one. */
#define DEPTH 4

static struct scope {
  const struct tcp_alt_cb *cb;
  enum tcp_alt_part writer;
  const char *handler;
  u32_t before[TCP_ALT_PARTS];
} scopes[DEPTH];
static u8_t depth;

static const char *const names[TCP_ALT_PARTS] = { "conn", "rod", "flow", "cong", "demux" };

/* FNV-1a over bytes, going on from `h`. */
static u32_t
hash(u32_t h, const void *data, size_t len)
{
  const u8_t *p = (const u8_t *)data;
  while (len-- != 0) {
    h = (h ^ *p++) * 16777619UL;
  }
  return h;
}

/* All of a component; `next` in the face is not conn's but demux's. */
static u32_t
part_hash(const struct tcp_alt_cb *cb, enum tcp_alt_part part)
{
  const u32_t start = 2166136261UL;
  const size_t next = offsetof(struct tcp_alt_conn, face) + offsetof(struct tcp_pcb, next);
  const size_t behind = next + sizeof(cb->conn.face.next);
  u32_t h = start;
  switch (part) {
    case TCP_ALT_PART_conn:
      h = hash(start, &cb->conn, next);
      return hash(h, (const u8_t *)&cb->conn + behind, sizeof(cb->conn) - behind);
    case TCP_ALT_PART_rod:
      return hash(start, &cb->rod, sizeof(cb->rod));
    case TCP_ALT_PART_flow:
      return hash(start, &cb->flow, sizeof(cb->flow));
    case TCP_ALT_PART_cong:
      return hash(start, &cb->cong, sizeof(cb->cong));
    case TCP_ALT_PART_demux:
    default:
      h = hash(start, &cb->conn.face.next, sizeof(cb->conn.face.next));
#if TCP_ALT_HASH
      h = hash(h, &cb->demux, sizeof(cb->demux));
#endif
      return h;
  }
}

void
tcp_alt_scope_enter(const struct tcp_alt_cb *cb, enum tcp_alt_part writer, const char *handler)
{
  struct scope *s = &scopes[depth];
  u8_t part;
  LWIP_ASSERT("tcp_alt_scope: handlers within handlers", depth < DEPTH);
  depth++;
  s->cb = cb;
  s->writer = writer;
  s->handler = handler;
  for (part = 0; cb != NULL && part < TCP_ALT_PARTS; part++) {
    s->before[part] = part_hash(cb, (enum tcp_alt_part)part);
  }
}

void
tcp_alt_scope_enter_face(const struct tcp_pcb *pcb, enum tcp_alt_part writer, const char *handler)
{
  tcp_alt_scope_enter(pcb->state == LISTEN ? NULL : (const struct tcp_alt_cb *)(const void *)pcb, writer, handler);
}

/* Says who wrote what, and stops. */
static void
scope_violated(const struct scope *s, const char *part)
{
  static char text[96];
  text[0] = '\0';
  strncat(text, s->handler, 48);
  strcat(text, "() of ");
  strcat(text, names[s->writer]);
  strcat(text, " wrote ");
  strcat(text, part);
  LWIP_ASSERT(text, 0);
}

void
tcp_alt_scope_leave(void)
{
  const struct scope *s = &scopes[--depth];
  u8_t part;
  for (part = 0; s->cb != NULL && part < TCP_ALT_PARTS; part++) {
    if (part != (u8_t)s->writer && s->before[part] != part_hash(s->cb, (enum tcp_alt_part)part)) {
      scope_violated(s, names[part]);
    }
  }
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && TCP_ALT_SCOPE_CHECK */
