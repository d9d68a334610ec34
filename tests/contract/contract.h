/* SPDX-License-Identifier: BSD-3-Clause
 * What the contract tests share beyond the RFC tests' language (rfc.h). */
#ifndef TCP_ALT_TESTS_CONTRACT_CONTRACT_H
#define TCP_ALT_TESTS_CONTRACT_CONTRACT_H

#include "groups.h"
#include "rfc.h"

#include "lwip/priv/tcp_priv.h"

#define SECOND 1000U
#define MINUTE (60U * SECOND)
#define HOUR   (60U * MINUTE)

/** Adds a loop test; with TEST_STRIDE=n in the environment only every n-th turn of it. */
#define add_some(tc, test, from, to) \
  do { \
    int turn_, stride_ = getenv("TEST_STRIDE") != NULL ? atoi(getenv("TEST_STRIDE")) : 1; \
    for (turn_ = (from) + (stride_ - (from) % stride_) % stride_; turn_ < (to); turn_ += stride_) { \
      tcase_add_loop_test(tc, test, turn_, turn_ + 1); \
    } \
  } while (0)

/** A listener on PORT that installs app's callbacks on what it accepts. */
struct tcp_pcb *listen_on(u8_t backlog);

/** The peer's port number `port`: its SYN to PORT, its answer to the SYN-ACK. 0 when there was none. */
int knock_from(u16_t port);
/** The same, up to ESTABLISHED. */
int enter_from(u16_t port);

/** The connection with this port of the peer, or NULL. */
struct tcp_pcb *pcb_of(u16_t port);

/** A state with the application still there: it has shut down sending where reach() closes. */
void reach_held(enum tcp_state state);

/** The connection is aborted if it is still there, time passes, and everything is free. */
void end_clean(void);

/** Fails unless exactly one packet left: a RST from PORT to this port of the peer. */
void assert_rst_to(u16_t port);

#endif
