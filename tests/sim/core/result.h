/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * The figures of one application as JSON, the same whether time is virtual or
 * real. Members only: the braces are the caller's, who may add some.
 */
#ifndef SIM_RESULT_H
#define SIM_RESULT_H

#include <stdio.h>

#include "../simhost.h"

/** Application bytes per second from the opening of the first connection to the
 * arrival of the last byte. */
double result_goodput_bps(const struct simhost_result *result);

void result_json(const struct simhost_result *result, FILE *out);

/** One line, `result {...}`, for programs that run in real time. */
void result_print(const struct simhost_result *result, uint64_t now_ns, FILE *out);

#endif /* SIM_RESULT_H */
