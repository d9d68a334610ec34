/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Distributions of times. */
#include "histogram.h"

/* Values below 16 have a bucket each; above, the four bits after the first. */
static unsigned
bucket_of(uint64_t value)
{
  unsigned exponent = 0;

  while (value >> exponent > 31) {
    exponent++;
  }
  return exponent * 16 + (unsigned)(value >> exponent);
}

static uint64_t
middle_of(unsigned bucket)
{
  unsigned exponent = bucket < 32 ? 0 : bucket / 16 - 1;
  uint64_t low = (uint64_t)(bucket - exponent * 16) << exponent;

  return low + (((uint64_t)1 << exponent) >> 1);
}

void
histogram_add(struct histogram *histogram, uint64_t value)
{
  histogram->count++;
  histogram->sum += (double)value;
  if (value > histogram->max) {
    histogram->max = value;
  }
  histogram->bucket[bucket_of(value)]++;
}

double
histogram_mean(const struct histogram *histogram)
{
  return histogram->count == 0 ? 0 : histogram->sum / (double)histogram->count;
}

uint64_t
histogram_percentile(const struct histogram *histogram, double share)
{
  double wanted = share * (double)histogram->count;
  uint64_t seen = 0;
  unsigned i;

  for (i = 0; i < HISTOGRAM_BUCKETS; i++) {
    seen += histogram->bucket[i];
    if (seen != 0 && (double)seen >= wanted) {
      break;
    }
  }
  if (i == HISTOGRAM_BUCKETS || middle_of(i) > histogram->max) {
    return histogram->max;
  }
  return middle_of(i);
}
