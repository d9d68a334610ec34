/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Traces: how a host's connections stand over time, as a CSV file. */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include "../simhost.h"
#include "resent.h"

struct trace;

/** Opens a CSV file for a host. Ends the program on failure. */
struct trace *trace_open(const char *path, const struct simhost_api *api, const struct resent *resent);
/** To be called after each entry into the host: writes a line per connection that changed. */
void trace_sample(struct trace *trace, uint64_t now_ns);
void trace_close(struct trace *trace);

#endif /* SIM_TRACE_H */
