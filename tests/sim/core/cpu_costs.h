/* SPDX-License-Identifier: BSD-3-Clause */
/* Instructions that TCP itself spends, x86-64 -O2, lwIP 2.2.1. Written by: tests/sim/count --record */
static const struct cpu_costs cpu_costs[] = {
  /* backend, profile, data_out, data_in, ack_in, timer */
  {"legacy", "MCU", 446, 463, 296, 45},
  {"legacy", "BIG", 856, 655, 430, 45},
  {"alt", "MCU", 414, 446, 359, 164},
  {"alt", "BIG", 489, 586, 512, 178},
};
