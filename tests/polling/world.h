/* SPDX-License-Identifier: BSD-3-Clause
 * The world around one lwIP under test: a clock that only the test moves, a network
 * interface whose packets are caught, and a scripted TCP peer behind it. */
#ifndef TCP_ALT_TESTS_POLLING_WORLD_H
#define TCP_ALT_TESTS_POLLING_WORLD_H

#include "packet.h"

#include "lwip/tcp.h"
#include "lwip/ip.h"
#include "lwip/memp.h"
#include "lwip/netif.h"
#include "lwip/tcp_backend.h"

/** Whether alt is at work: known when this is compiled, but where both backends are linked in. */
#define ALT (lwip_tcp_backend_get() == LWIP_TCP_BACKEND_ALT)

/** With both backends linked in: takes the one that TCP_BACKEND in the environment names. First thing in main(). */
void world_choose_backend(void);

/** What drives lwIP's clock; chosen once per process. */
enum clock_source {
  CLOCK_SYS_NOW,   /**< LWIP_TIMERS=1: sys_now() and sys_check_timeouts() */
  CLOCK_TCP_TMR,   /**< LWIP_TIMERS=0: tcp_tmr() every 250 ms */
  CLOCK_FAST_SLOW  /**< LWIP_TIMERS=0: tcp_fasttmr() every 250, tcp_slowtmr() every 500 ms */
};
extern enum clock_source clock_source;

/** How much later than its deadline something may come: nothing with sys_now, one call
 * of the port's timer without. Legacy always has its tick of up to 500 ms. */
u32_t grain(void);

/** The peer's end of the one connection of a test. */
struct peer {
  u16_t port, lwip_port;
  u32_t seq; /**< of the next byte it sends */
  u32_t ack; /**< next byte it expects */
  u16_t wnd;
};

/** What the driver does with a packet; ERR_OK sends. */
struct driver {
  err_t answer;
  unsigned int refused;
  u32_t last_refusal;
};

/** What the application's callbacks saw, and what they shall answer. */
struct app {
  unsigned int polls, recvs, closes, accepts, connects;
  u32_t sent;           /**< bytes reported by the sent callback */
  u32_t taken;          /**< bytes taken by the recv callback */
  u32_t offered_at[64]; /**< when the recv callback was called */
  u32_t polled_at[64];
  err_t recv_answer;    /**< ERR_OK takes the data */
  err_t poll_answer;
  unsigned int errs;
  err_t err;
  u32_t err_at;
  struct tcp_pcb *pcb;  /**< NULL once lwIP has freed it */
};

extern struct peer peer;
extern struct driver driver;
extern struct app app;
extern struct netif netif;

/** lwip_init(), the interface, fresh peer and app. Once per process (check forks). */
void world_start(void);

/** A fresh world in a process that had one: no connection may be left. `now` is what the clock says, in ms. */
void world_restart(u32_t now);

u32_t world_now(void);
/** Let time pass; every timeout that is due runs at its exact time. */
void world_pass(u32_t ms);
/** How often lwIP woke the processor since the start; LWIP_TIMERS=1 only. */
unsigned int world_wakeups(void);
/** True if no timeout is pending at all; LWIP_TIMERS=1 only. */
int world_sleeps_forever(void);

/** The next packet sent that has not been looked at, or NULL. */
const struct packet *world_next(void);
/** Number of packets not looked at. */
unsigned int world_pending(void);
/** Forget the packets not looked at. */
void world_discard(void);
/** Let time pass, at most ms, until a packet with all of these flags leaves; NULL if none does. */
const struct packet *world_await(u8_t flags, u32_t ms);
/** The same for a packet with at least one byte of data. */
const struct packet *world_await_data(u32_t ms);

/** Inject a segment from the peer; advances peer.seq by len, SYN and FIN. */
void peer_send(u8_t flags, const void *data, u16_t len);
/** The same at another sequence number, peer.seq unchanged. */
void peer_send_at(u32_t seq, u8_t flags, const void *data, u16_t len);
/** The peer has received up to here: acknowledge it. */
void peer_take(const struct packet *p);

/** A connection that lwIP accepted; app.pcb is set, the callbacks but poll installed. */
void establish(void);
/** The same over a path with this round-trip time, so that retransmissions are far away. */
void establish_slowly(u32_t rtt);
/** Only the listener, and the peer's SYN. */
void knock(void);
/** A connection that lwIP opens: tcp_connect()'s result. */
err_t open_active(void);
/** lwIP closes first, the peer answers; returns after TIME-WAIT has passed. */
void close_all(void);
/** tcp_write() with a copy of n bytes; the test fails if it does. */
void app_write(u16_t n);

/** Makes it app.pcb and installs the callbacks but poll. */
void app_install(struct tcp_pcb *pcb);
/** The callbacks, for tests that install them on their own. */
err_t app_poll(void *arg, struct tcp_pcb *pcb);

/** Elements in use of a pool. */
unsigned int pool_used(memp_t pool);

/** Takes everything that is free in lwIP's heap and segment pool; back with memory_return(). */
void memory_take(void);
void memory_return(void);

#endif
