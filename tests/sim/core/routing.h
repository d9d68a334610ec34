/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The way through the network: routes, routers, NATs and floods. */
#ifndef SIM_ROUTING_H
#define SIM_ROUTING_H

#include "world.h"

/** Of a frame that no link brought. */
#define ROUTING_NO_LINK UINT32_MAX

/** Sends a packet on from a node, over the link that its destination says. */
void routing_forward(struct world *world, unsigned node, const uint8_t *bytes, size_t len);

/** A frame has reached a router or a NAT, which may change it. */
void routing_arrival(struct world *world, unsigned node, struct frame *frame);

/** EVENT_FLOOD: the next packet of a flood. */
void routing_flood(struct world *world, unsigned number);

#endif /* SIM_ROUTING_H */
