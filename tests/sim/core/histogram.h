/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Distributions of times: exact mean and maximum, percentiles to within 3 %. */
#ifndef SIM_HISTOGRAM_H
#define SIM_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BUCKETS 1024  /* sixteen for each power of two */

struct histogram {
  uint64_t count, max;
  double sum;
  uint64_t bucket[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *histogram, uint64_t value);
double histogram_mean(const struct histogram *histogram);
/** The value that `share` (0..1) of all do not exceed. */
uint64_t histogram_percentile(const struct histogram *histogram, double share);

#endif /* SIM_HISTOGRAM_H */
