/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * The figures of one direction of a link as JSON, the same whether time is
 * virtual or real. Members only: the braces are the caller's.
 */
#ifndef SIM_LINK_JSON_H
#define SIM_LINK_JSON_H

#include <stdio.h>

#include "link.h"

void link_stats_json(const struct link_stats *stats, FILE *out);
/** The rules and how often each was met and applied; begins with a comma. */
void link_rules_json(const struct rules *rules, FILE *out);

#endif /* SIM_LINK_JSON_H */
