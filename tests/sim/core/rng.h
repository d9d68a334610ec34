/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Seeded random numbers (splitmix64): the same everywhere. */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <stdint.h>

struct rng {
  uint64_t state;
};

static inline uint64_t
rng_mix(uint64_t z)
{
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/** Independent streams for the same seed: one for each `stream` number. */
static inline void
rng_seed(struct rng *rng, uint64_t seed, uint64_t stream)
{
  rng->state = rng_mix(seed + 0x9e3779b97f4a7c15u * (stream + 1));
}

static inline uint64_t
rng_next(struct rng *rng)
{
  rng->state += 0x9e3779b97f4a7c15u;
  return rng_mix(rng->state);
}

/** Uniform in [0, 1). */
static inline double
rng_share(struct rng *rng)
{
  return (double)(rng_next(rng) >> 11) * (1.0 / 9007199254740992.0);
}

/** Uniform in [0, n), n > 0. */
static inline uint64_t
rng_below(struct rng *rng, uint64_t n)
{
  return rng_next(rng) % n;
}

#endif /* SIM_RNG_H */
