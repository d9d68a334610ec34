/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The parts of a simulated host among themselves. */
#ifndef SIM_HOST_H
#define SIM_HOST_H

#include "../simhost.h"
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

/* dump.c */
void simhost_dump(FILE *out);
int simhost_waits(void);

/* probe.c */
unsigned simhost_probe(struct simhost_connection *out, unsigned room);

#endif /* SIM_HOST_H */
