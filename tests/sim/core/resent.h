/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * What a host sends again, told from its frames alone: the same for any TCP.
 * A segment counts if it occupies sequence space (data, SYN, FIN) and begins
 * before the end of what its connection has sent; keepalive probes do not.
 */
#ifndef SIM_RESENT_H
#define SIM_RESENT_H

#include <stddef.h>
#include <stdint.h>

/** One connection as its sender's frames name it. Compared as bytes. */
struct flow_key {
  uint8_t remote[16];       /* IPv4: the first four bytes, the others 0 */
  uint16_t local_port, remote_port;
};

struct resent;

struct resent *resent_new(void);
void resent_free(struct resent *resent);
/** To be called with every frame the host sends. */
void resent_frame(struct resent *resent, const uint8_t *bytes, size_t len);
/** Segments sent again since the beginning, over all connections. */
uint64_t resent_total(const struct resent *resent);
/** The same of the present connection of this key. */
uint64_t resent_of(const struct resent *resent, const struct flow_key *key);

#endif /* SIM_RESENT_H */
