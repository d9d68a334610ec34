/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Captures: what a host sent and received, as tcpdump there would see it. */
#ifndef SIM_CAPTURE_H
#define SIM_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

struct capture;

/** A packet is never longer. */
#define CAPTURE_WHOLE 65535

/** Opens a capture file with nanosecond stamps, raw IP, that keeps the first `snaplen` bytes of each packet. Ends
 * the program on failure. */
struct capture *capture_open(const char *path, unsigned snaplen);
void capture_frame(struct capture *capture, uint64_t now_ns, const uint8_t *bytes, size_t len);
void capture_close(struct capture *capture);

#endif /* SIM_CAPTURE_H */
