/* SPDX-License-Identifier: BSD-3-Clause
 * See monkey.h. */
#include "monkey.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#define N_PORTS 5

/* A connection as the application sees it. */
static struct owner {
  struct tcp_pcb *pcb;  /* NULL: none */
  u32_t expected;       /* sequence number of the next byte to be received */
  u32_t unread;         /* bytes taken and not consumed */
  int known;            /* `expected` is: not where it was shut before it was open */
  int shut;             /* 1: sending, 2: receiving */
} owners[64];

/* A connection as its peer sees it: what lwIP said last. */
static struct line {
  u16_t port, lwip_port;
  u32_t nxt, ack;       /* the end of what lwIP has sent; what it has acknowledged */
  u32_t ts;
} lines[N_PORTS];

static u32_t (*dice)(u32_t n);

/* What byte has this number, in each direction? */
static u8_t
peers_byte(u32_t seq)
{
  return (u8_t)(seq * 31U + (seq >> 8));
}

static u8_t
our_byte(u32_t seq)
{
  return (u8_t)(seq * 17U + (seq >> 7));
}

/* ---- the application ---- */

static void
leave(struct owner *o)
{
  struct tcp_pcb *pcb = o->pcb;
  tcp_arg(pcb, NULL);
  tcp_recv(pcb, NULL);
  tcp_sent(pcb, NULL);
  tcp_err(pcb, NULL);
  tcp_poll(pcb, NULL, 0);
  o->pcb = NULL;
}

static void
write_some(struct tcp_pcb *pcb)
{
  u8_t bytes[2500];
  u16_t n = (u16_t)(1 + dice(sizeof(bytes)));
  u16_t room = (u16_t)tcp_sndbuf(pcb), i;
  u32_t seq = tcp_alt_test_snd_lbb(pcb);
  n = LWIP_MIN(n, room);
  for (i = 0; i < n; i++) {
    bytes[i] = our_byte(seq + i);
  }
  (void)tcp_write(pcb, bytes, n, (u8_t)(TCP_WRITE_FLAG_COPY | (dice(2) ? TCP_WRITE_FLAG_MORE : 0)));
}

/* Does something; ERR_ABRT if that was to abort. */
static err_t
whim(struct owner *o)
{
  struct tcp_pcb *pcb = o->pcb;
  switch (dice(40)) {
    case 0:
      leave(o);
      tcp_close(pcb);
      break;
    case 1:
      leave(o);
      tcp_abort(pcb);
      return ERR_ABRT;
    case 2:
    case 3:
      /* Who has shut both directions has closed: the PCB is lwIP's. */
      if (dice(4) != 0) {
        o->shut |= tcp_shutdown(pcb, 0, 1) == ERR_OK ? 1 : 0;
      } else {
        o->shut |= tcp_shutdown(pcb, 1, 0) == ERR_OK ? 2 : 0;
      }
      if (o->shut == 3 && o->pcb != NULL) {
        leave(o);
      }
      break;
    case 4:
      if (dice(2)) {
        tcp_nagle_disable(pcb);
      } else {
        tcp_nagle_enable(pcb);
      }
      break;
    case 5:
      tcp_setprio(pcb, (u8_t)(TCP_PRIO_MIN + dice(TCP_PRIO_MAX)));
      break;
    case 6:
    case 7:
    case 8:
    case 9:
      tcp_output(pcb);
      break;
    case 10: case 11: case 12: case 13: case 14:
      if (o->unread != 0) {
        u16_t n = (u16_t)(1 + dice(LWIP_MIN(o->unread, 3000)));
        o->unread -= n;
        tcp_recved(pcb, n);
      }
      break;
    case 15:
      ip_set_option(pcb, SOF_KEEPALIVE);
      tcp_keep_idle_set(pcb, 500 + dice(3000));
      break;
    default:
      write_some(pcb);
      if (dice(3) != 0) {
        tcp_output(pcb);
      }
      break;
  }
  return ERR_OK;
}

static err_t
on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct owner *o = (struct owner *)arg;
  ck_assert_int_eq(err, ERR_OK);
  ck_assert_ptr_eq(o->pcb, pcb);
  if (p != NULL) {
    u16_t i, len = p->tot_len;
    if (dice(8) == 0) {
      return ERR_MEM;
    }
    for (i = 0; i < len; i++) {
      ck_assert(!o->known || pbuf_get_at(p, i) == peers_byte(o->expected + i));
    }
    o->expected += len;
    pbuf_free(p);
    if (dice(4) != 0) {
      tcp_recved(pcb, len);
    } else {
      o->unread += len;
    }
  }
  return whim(o);
}

static err_t
on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  struct owner *o = (struct owner *)arg;
  LWIP_UNUSED_ARG(len);
  ck_assert_ptr_eq(o->pcb, pcb);
  return whim(o);
}

static err_t
on_poll(void *arg, struct tcp_pcb *pcb)
{
  return on_sent(arg, pcb, 0);
}

static void
on_err(void *arg, err_t err)
{
  struct owner *o = (struct owner *)arg;
  ck_assert_int_ne(err, ERR_OK);
  o->pcb = NULL;
}

/* NULL: the application has as many as it can look after. */
static struct owner *
own(struct tcp_pcb *pcb)
{
  struct owner *o = owners;
  while (o->pcb != NULL) {
    if (++o == owners + LWIP_ARRAYSIZE(owners)) {
      return NULL;
    }
  }
  memset(o, 0, sizeof(*o));
  o->pcb = pcb;
  tcp_arg(pcb, o);
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_err(pcb, on_err);
  tcp_poll(pcb, on_poll, (u8_t)(1 + dice(4)));
  return o;
}

static err_t
on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct owner *o;
  LWIP_UNUSED_ARG(arg);
  if (err != ERR_OK) {
    return ERR_OK;
  }
  if (dice(20) == 0) {
    return ERR_MEM; /* lwIP aborts it */
  }
  o = own(pcb);
  if (o == NULL) {
    return ERR_MEM;
  }
  o->expected = tcp_alt_test_rcv_nxt(pcb);
  o->known = 1;
  return whim(o);
}

static err_t
on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct owner *o = (struct owner *)arg;
  ck_assert_int_eq(err, ERR_OK);
  o->expected = tcp_alt_test_rcv_nxt(pcb);
  o->known = 1;
  return whim(o);
}

static void
connect_somewhere(struct line *line)
{
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  struct tcp_pcb *pcb = tcp_new();
  struct owner *o;
  if (pcb == NULL) {
    return;
  }
  o = own(pcb);
  if (o == NULL) {
    tcp_abort(pcb);
    return;
  }
  if (tcp_connect(pcb, &to, line->port, on_connected) != ERR_OK) {
    leave(o);
    tcp_abort(pcb);
    return;
  }
  if (dice(3) == 0) {
    write_some(pcb);
  }
  line->lwip_port = tcp_local_port_get(pcb);
}

/* ---- the peers ---- */

/* What lwIP sent, looked at by the peer it went to. */
static void
listen_to_lwip(void)
{
  const struct packet *p;
  while ((p = world_next()) != NULL) {
    struct line *line = lines;
    u16_t i;
    while (line < lines + N_PORTS && (line->port != p->dst || line->lwip_port != p->src)) {
      line++;
    }
    for (i = 0; i < p->len; i++) {
      /* a keepalive or a lone SYN has no data: whatever is there is the application's */
      ck_assert_uint_eq(p->data[i], our_byte(p->seq + i));
    }
    if (line == lines + N_PORTS) {
      continue;
    }
    if (!(p->flags & RST)) {
      u32_t end = p->seq + p->len + ((p->flags & (SYN | FIN)) ? 1U : 0U);
      if ((p->flags & SYN) || (s32_t)(end - line->nxt) > 0) {
        line->nxt = end;
      }
    }
    if (p->flags & ACK) {
      line->ack = p->ack;
    }
  }
}

static u32_t
around(u32_t n)
{
  static const u32_t far[] = { 0x7fffffffU, 0x80000000U, 0x40000000U, TCP_WND, TCP_WND + 1, 0U - TCP_WND };
  switch (dice(16)) {
    case 0:
      return n - dice(3000);
    case 1:
      return n + dice(9000);
    case 2:
      return n + far[dice(LWIP_ARRAYSIZE(far))];
    case 3:
    case 4:
      return n - dice(3);
    case 5:
    case 6:
      return n + dice(1500);
    default:
      return n;
  }
}

static void
speak(struct line *line)
{
  static const u8_t flags[] = { ACK, ACK, ACK, ACK, ACK, ACK, ACK | PSH, ACK | PSH, ACK | FIN, ACK, SYN, SYN, SYN | ACK,
                                RST, RST | ACK, 0, FIN, SYN | FIN, ACK | URG };
  struct packet p;
  u16_t i;
  memset(&p, 0, sizeof(p));
  p.src = line->port;
  p.dst = line->lwip_port;
  p.flags = flags[dice(dice(3) == 0 ? sizeof(flags) : 12)];
  p.seq = around(line->ack - ((p.flags & SYN) ? 1U : 0U));
  p.ack = around(line->nxt);
  p.wnd = (u16_t)(dice(6) == 0 ? dice(2) : dice(4) == 0 ? dice(3000) : 20000);
  if (dice(2)) {
    p.len = (u16_t)(dice(4) ? dice(200) : dice(1400));
  }
  for (i = 0; i < p.len; i++) {
    p.data[i] = peers_byte(p.seq + ((p.flags & SYN) ? 1U : 0U) + i);
  }
  if (p.flags & SYN) {
    u8_t shift = (u8_t)dice(16);
    add_mss(&p, (u16_t)dice(1500));
    if (line->port % 2) {
      add_ts(&p, line->ts, 0);
      add_option(&p, 4, "", 0);
      add_option(&p, 3, &shift, 1);
    }
  } else if (line->port % 2) {
    line->ts += dice(3);
    add_ts(&p, dice(30) ? line->ts : line->ts - dice(50), line->ts);
  }
  if (dice(8) == 0) {
    inject_in_pieces(&p, (u16_t)(40 + dice(p.optlen + p.len + 1U)));
  } else {
    inject(&p);
  }
}

/* ---- all together ---- */

static void
step(void)
{
  struct line *line = &lines[dice(N_PORTS)];
  struct owner *o = &owners[dice(8)];
#if RFC_OPTIONS
  fail_alloc = dice(5) == 0 ? 1 + dice(4) : 0;
  fail_all = (int)dice(2);
#endif
  driver.answer = dice(12) == 0 ? ERR_MEM : dice(40) == 0 ? ERR_RTE : ERR_OK;
  switch (dice(10)) {
    case 0:
      world_pass(dice(3) == 0 ? dice(3000) : dice(300));
      break;
    case 1:
    case 2:
      if (o->pcb != NULL) {
        (void)whim(o);
      }
      break;
    case 3:
      if (dice(10) == 0) {
        connect_somewhere(line);
      }
      break;
    default:
      speak(line);
      break;
  }
  listen_to_lwip();
}

void
monkey_run(u32_t (*numbers)(u32_t n), int (*more)(void), unsigned int flavour)
{
  struct tcp_pcb *listener = tcp_new();
  unsigned int i;
  dice = numbers;
  memset(owners, 0, sizeof(owners));
  memset(lines, 0, sizeof(lines));
  lossy = 1;
  ck_assert_int_eq(tcp_bind(listener, IP4_ADDR_ANY, PORT), ERR_OK);
  listener = tcp_listen_with_backlog(listener, 3);
  tcp_accept(listener, on_accept);
  for (i = 0; i < N_PORTS; i++) {
    lines[i].port = (u16_t)(5000 + i);
    lines[i].lwip_port = PORT;
    lines[i].ack = flavour % 3 == 0 ? 0U - 3000 : 1000 * i;
    lines[i].ts = flavour % 2 ? 0U - 100 : 1000;
  }
  while (more()) {
    step();
  }
  fail_alloc = 0;
  driver.answer = ERR_OK;
  for (i = 0; i < LWIP_ARRAYSIZE(owners); i++) {
    struct tcp_pcb *pcb = owners[i].pcb;
    if (pcb != NULL) {
      leave(&owners[i]);
      tcp_abort(pcb);
    }
  }
  tcp_close(listener);
  world_pass(60U * 60U * 1000U);
  world_discard();
  assert_clean();
}
