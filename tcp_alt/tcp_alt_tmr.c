/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The clock door. There is no tick: a connection has one deadline, the earliest of its components', and
 * the backend asks lwIP's sys_timeout() for the earliest of all connections.
 *
 * A deadline that moves later is not touched: when the old one comes, the new one is found and armed. So
 * a busy connection costs nothing here, and an idle one wakes nobody after that.
 *
 * Without sys_timeout() (LWIP_TIMERS 0), or with TCP_ALT_CLOCK_TICKS, the port's calls of tcp_tmr(), or of
 * tcp_slowtmr() and tcp_fasttmr(), come here.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/tcpip.h"
#include "lwip/timeouts.h"
#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/priv/tcpip_priv.h"

#include <stddef.h>

u32_t tcp_ticks; /* lwIP's: counts TCP_SLOW_INTERVALs */

#if TCP_ALT_CLOCK_TICKS
u32_t tcp_alt_clock;
#endif

#define TMR_ARMS (LWIP_TIMERS && !TCP_ALT_CLOCK_TICKS)

/* The longest that sys_timeout() takes, ms: twelve days. Who has longer to wait is woken, and waits on. */
#define TMR_LONGEST 0x3fffffffU

/* ---- one connection ---- */

/* ms until the connection's next deadline. */
static u32_t
tmr_wait(const struct tcp_alt_cb *cb, u32_t now)
{
  u32_t wait = tcp_alt_rod_tx_wait(&cb->rod, now);
  u32_t other = tcp_alt_rod_rx_wait(&cb->rod, now);
  wait = LWIP_MIN(wait, other);
  other = tcp_alt_rod_ooseq_wait(&cb->rod, tcp_alt_conn_silent(&cb->conn, now));
  wait = LWIP_MIN(wait, other);
  other = tcp_alt_flow_wait(&cb->flow, now);
  wait = LWIP_MIN(wait, other);
#if TCP_WND_REPEAT
  other = tcp_alt_flow_repeat_wait(&cb->flow, now);
  wait = LWIP_MIN(wait, other);
#endif
  other = tcp_alt_conn_wait(&cb->conn, &cb->rod, now);
  return LWIP_MIN(wait, other);
}

/* Delayed ACK, refused data, data behind a gap that nobody fills. */
static void
tmr_receive(struct tcp_alt_hold *hold, u32_t now)
{
  struct tcp_alt_cb *cb = hold->cb;
  if (tcp_alt_rod_ooseq_wait(&cb->rod, tcp_alt_conn_silent(&cb->conn, now)) == 0) {
    tcp_alt_rod_free_ooseq(&cb->rod);
  }
#if TCP_WND_REPEAT
  if (tcp_alt_flow_on_repeat(&cb->flow, &cb->rod, now) && TCP_ALT_FACE(cb)->state < CLOSE_WAIT) {
    tcp_alt_rod_ack_now(&cb->rod);
  }
#endif
  if (tcp_alt_rod_rx_wait(&cb->rod, now) != 0) {
    return;
  }
  if (cb->rod.rx & TCP_ALT_RX_OWED) {
    tcp_alt_rod_ack_now(&cb->rod);
  }
  tcp_alt_app_refused(hold, now);
}

#define R1 3 /* retransmissions; RFC 9293 SHLD-10 */

/* Retransmission. */
static void
tmr_send(struct tcp_alt_hold *hold, u32_t now)
{
  struct tcp_alt_cb *cb = hold->cb;
  struct tcp_alt_clock_event ev;
  enum tcp_alt_rto due;
  ev.now = now;
  ev.flight = (tcpwnd_size_t)tcp_alt_rod_flight(&cb->rod);
  ev.mss = cb->conn.mss;
  ev.again = cb->rod.nrtx != 0;
#if TCP_RACK
  ev.snd_wnd = cb->flow.snd_wnd;
#endif
  due = tcp_alt_rod_on_timer(&cb->rod, &ev);
#if TCP_RACK
  ev.pipe = (tcpwnd_size_t)tcp_alt_rod_flight(&cb->rod);
  if (due == TCP_ALT_RTO_REORDER || due == TCP_ALT_RTO_REPAIR) {
    ev.again = due == TCP_ALT_RTO_REPAIR;
    tcp_alt_cong_on_loss(&cb->cong, &cb->rod, &ev);
  }
#endif
  if (due == TCP_ALT_RTO_LOSS) {
#if LWIP_TCP_SACK_IN
    ev.flight = (tcpwnd_size_t)(cb->rod.snd_nxt - cb->rod.snd_una); /* RFC 5681's FlightSize has what was reported too */
#endif
    tcp_alt_cong_on_rto(&cb->cong, &ev);
    tcp_alt_pmtu_timeout(cb, now);
#if LWIP_TCP_ICMP
    if (cb->rod.nrtx == R1) {
      tcp_alt_app_soft_error(hold, TCP_SOFT_ERROR_RETRANSMISSIONS); /* RFC 9293 SHLD-9 */
    }
#endif
  }
}

/* The states' deadlines, keepalive, poll, giving up. */
static void
tmr_connection(struct tcp_alt_hold *hold, u32_t now)
{
  struct tcp_alt_cb *cb = hold->cb;
  struct tcp_alt_clock_event ev;
  ev.now = now;
  while (hold->cb != NULL) {
    ev.outage = tcp_alt_rod_outage(&cb->rod);
    switch (tcp_alt_conn_on_timer(&cb->conn, &cb->rod, &cb->flow, &ev)) {
      case TCP_ALT_DUE_FORGET:
        tcp_alt_end(cb, ERR_CLSD, TCP_ERR_REASON_CLOSED);
        break;
      case TCP_ALT_DUE_DROP:
        tcp_alt_end(cb, ERR_ABRT, TCP_ERR_REASON_TIMED_OUT);
        break;
      case TCP_ALT_DUE_ABORT:
        tcp_alt_reset_and_end(cb, TCP_ERR_REASON_KEEPALIVE);
        break;
#if LWIP_TCP_USER_TIMEOUT
      case TCP_ALT_DUE_USER_TIMEOUT:
        tcp_alt_end(cb, ERR_ABRT, TCP_ERR_REASON_USER_TIMEOUT);
        break;
#endif
      case TCP_ALT_DUE_KEEPALIVE:
        tcp_alt_out_keepalive(cb, now);
        break;
      case TCP_ALT_DUE_POLL:
        tcp_alt_app_poll(hold);
        break;
      case TCP_ALT_DUE_NOTHING:
      default:
        return;
    }
  }
}

/* Does what is due for a connection, whatever it is. */
static void
tmr_run(struct tcp_alt_cb *cb, u32_t now)
{
  struct tcp_alt_hold hold;
  tcp_alt_hold(&hold, cb);
  tmr_receive(&hold, now);
  if (hold.cb != NULL) {
    tmr_send(&hold, now);
    tmr_connection(&hold, now);
  }
  if (hold.cb != NULL && tcp_alt_flow_wait(&cb->flow, now) == 0) {
    tcp_alt_out_probe(&hold, now);
  }
  if (hold.cb != NULL) {
    tcp_alt_out_run(&hold, now);
  }
#if TCP_ALT_TIMER_WHEEL
  if (hold.cb != NULL) {
    tcp_alt_tmr_rearm(cb, now);
  }
#endif
  tcp_alt_release(&hold);
}

/* ---- all connections ---- */

#if TCP_ALT_TIMER_WHEEL

static u32_t
tmr_all(u32_t now)
{
  struct tcp_alt_timer *t;
  u32_t at;
  while ((t = tcp_alt_timer_pop(now)) != NULL) {
    struct tcp_alt_cb *cb = TCP_ALT_CB_OF_TIMER(t);
    if (tcp_alt_held(cb)) {
      tcp_alt_timer_set(t, now + 1, now); /* a callback of it runs the timeouts */
    } else {
      tmr_run(cb, now);
    }
  }
  return tcp_alt_timer_next(&at) ? TCP_ALT_WAIT(at, now) : TCP_ALT_NEVER;
}

#else

/* Runs what is due in a list; returns ms until the next deadline in it. */
static u32_t
tmr_list(struct tcp_pcb **list, u32_t now)
{
  u32_t first, wait;
  struct tcp_pcb *pcb;
restart:
  first = TCP_ALT_NEVER;
  for (pcb = *list; pcb != NULL; pcb = pcb->next) {
    wait = tmr_wait(TCP_ALT_CB(pcb), now);
    if (wait == 0) {
      if (!tcp_alt_held(TCP_ALT_CB(pcb))) {
        tmr_run(TCP_ALT_CB(pcb), now);
        goto restart; /* the list may have changed */
      }
      wait = 1; /* a callback of it runs the timeouts */
    }
    first = LWIP_MIN(first, wait);
  }
  return first;
}

static u32_t
tmr_all(u32_t now)
{
  u32_t active = tmr_list(&tcp_active_pcbs, now);
  u32_t tw = tcp_tw_pcbs != NULL ? tmr_list(&tcp_tw_pcbs, now) : TCP_ALT_NEVER;
  return LWIP_MIN(active, tw);
}

#endif

/* ---- lwIP's one timeout ---- */

#if TMR_ARMS

struct tcp_alt_timeout tcp_alt_timeout;

#if !NO_SYS && LWIP_TCPIP_CORE_LOCKING
static struct tcpip_msg tmr_wake_msg; /* of our own: no element of a pool */
static volatile u8_t tmr_waking;      /* it is on its way */

static void
tmr_woken(void *arg)
{
  LWIP_UNUSED_ARG(arg);
  tmr_waking = 0;
}

/* A thread that holds the core lock may have armed an earlier deadline than tcpip_thread sleeps for. */
static void
tmr_wake(void)
{
  if (!tmr_waking) {
    tmr_waking = 1;
    tmr_wake_msg.type = TCPIP_MSG_CALLBACK_STATIC;
    tmr_wake_msg.msg.cb.function = tmr_woken;
    if (tcpip_callbackmsg_trycallback((struct tcpip_callback_msg *)&tmr_wake_msg) != ERR_OK) {
      tmr_waking = 0; /* a full mailbox: it is awake */
    }
  }
}
#else
#define tmr_wake()
#endif

static void tmr_expired(void *arg);

static void
tmr_disarmed(void)
{
  tcp_alt_timeout.armed = 0;
  if (tcp_alt_timeout.element == NULL) {
    tcp_alt_timeout.element = memp_malloc(MEMP_SYS_TIMEOUT);
  }
}

/* Asks for a timeout in `wait` ms unless an earlier one is armed. */
static void
tmr_arm(u32_t wait, u32_t now)
{
  if (tcp_alt_timeout.running) {
    tcp_alt_timeout.missed = 1;
    return;
  }
  if (wait == TCP_ALT_NEVER) {
    return;
  }
  wait = LWIP_MIN(wait, TMR_LONGEST);
  if (tcp_alt_timeout.armed && TCP_ALT_LEQ(tcp_alt_timeout.at, now + wait)) {
    return;
  }
  sys_untimeout(tmr_expired, NULL);
  memp_free(MEMP_SYS_TIMEOUT, tcp_alt_timeout.element); /* sys_timeout() takes it */
  tcp_alt_timeout.element = NULL;
  tcp_alt_timeout.armed = 1;
  tcp_alt_timeout.at = now + wait;
  sys_timeout(wait, tmr_expired, NULL);
  tmr_wake();
}

static void
tmr_expired(void *arg)
{
  u32_t now = tcp_alt_now();
  u32_t wait;
  LWIP_UNUSED_ARG(arg);
  tcp_ticks = now / TCP_SLOW_INTERVAL;
  tmr_disarmed();
  tcp_alt_timeout.running = 1;
  do {
    tcp_alt_timeout.missed = 0;
    wait = tmr_all(now);
  } while (tcp_alt_timeout.missed && !TCP_ALT_TIMER_WHEEL); /* the wheel misses nothing */
  tcp_alt_timeout.running = 0;
  tmr_arm(wait, tcp_alt_now());
}

void
tcp_alt_tmr_idle(void)
{
  if (tcp_active_pcbs == NULL && tcp_tw_pcbs == NULL) {
    sys_untimeout(tmr_expired, NULL);
    tmr_disarmed();
  }
}

#else /* TMR_ARMS */

#define tmr_arm(wait, now) LWIP_UNUSED_ARG(wait)

void
tcp_alt_tmr_idle(void)
{
}

#endif /* TMR_ARMS */

void
tcp_alt_tmr_rearm(struct tcp_alt_cb *cb, u32_t now)
{
#if TMR_ARMS || TCP_ALT_TIMER_WHEEL
  u32_t wait = tmr_wait(cb, now);
#if TCP_ALT_TIMER_WHEEL
  if (wait == TCP_ALT_NEVER) {
    return;
  }
  wait = LWIP_MIN(wait, TMR_LONGEST);
  if (cb->timer.prev != NULL && TCP_ALT_LEQ(cb->timer.at, now + wait)) {
    return;
  }
  tcp_alt_timer_set(&cb->timer, now + wait, now);
#endif
  tmr_arm(wait, now);
#else
  LWIP_UNUSED_ARG(cb);
  LWIP_UNUSED_ARG(now);
#endif
}

/* ---- lwIP's tick functions, for ports that call them ---- */

static void
tmr_tick(u32_t ms)
{
  LWIP_ASSERT_CORE_LOCKED();
#if TCP_ALT_CLOCK_TICKS
  tcp_alt_clock += ms;
  tcp_ticks = tcp_alt_clock / TCP_SLOW_INTERVAL;
#else
  LWIP_UNUSED_ARG(ms);
#endif
  (void)tmr_all(tcp_alt_now());
}

/** Every TCP_TMR_INTERVAL ms, where the port drives TCP's timers. */
void
tcp_tmr(void)
{
  tmr_tick(TCP_TMR_INTERVAL);
}

/** Every TCP_SLOW_INTERVAL ms, together with tcp_fasttmr(), instead of tcp_tmr(). */
void
tcp_slowtmr(void)
{
  tmr_tick(TCP_SLOW_INTERVAL);
}

/** Every TCP_FAST_INTERVAL ms, together with tcp_slowtmr(), instead of tcp_tmr(). */
void
tcp_fasttmr(void)
{
  tmr_tick(0);
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
