/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The parts of a simulated host among themselves. */
#ifndef SIM_HOST_H
#define SIM_HOST_H

#include "../simhost.h"
#include "app_events.h"
#include "lwip/err.h"
#include "lwip/ip_addr.h"

/* host.c */
uint64_t simhost_now_ns(void);
void simhost_address(unsigned index, int v6, ip_addr_t *out);

/* alloc.c */
void allocations_begin(uint32_t fail_first, uint32_t fail_count);
void allocations_count(struct simhost_counters *out);
/** Whether an assertion only says what a failed allocation of a timeout means. */
int allocations_excuse(const char *assertion);

/* roles.c */
int roles_start(const char *role, const char *params, char *error, size_t error_size);
void roles_stop_servers(void);
void roles_abort_all(void);
const struct simhost_result *roles_result(unsigned n);

/* hand.c */
err_t hand_listen(const struct app_observer *observer, u8_t iptype, u16_t port);
err_t hand_connect(const struct app_observer *observer, const ip_addr_t *addr, u16_t port);
void hand_stop(void);
void simhost_hand(enum simhost_hand what, const uint8_t *bytes, size_t len);

/* dump.c */
void simhost_dump(FILE *out);
int simhost_waits(void);

/* probe.c */
unsigned simhost_probe(struct simhost_connection *out, unsigned room);

#endif /* SIM_HOST_H */
