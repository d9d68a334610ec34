/* SPDX-License-Identifier: BSD-3-Clause
 * What carries a host's Ethernet frames. A program links one: tapif.c here, or pcapif.c of ports/pcap. */
#ifndef TCP_ALT_PORTS_UNIX_DEVICE_H
#define TCP_ALT_PORTS_UNIX_DEVICE_H

#include "lwip/arch.h"

#include <stddef.h>

#define DEVICE_MAC_LEN 6
#define DEVICE_MTU     1500
#define DEVICE_FRAME   (DEVICE_MTU + 18) /* Ethernet header and VLAN tag */

struct device {
  const char *name;         /**< of the interface, e.g. "tap0" */
  u8_t mac[DEVICE_MAC_LEN]; /**< the host's; all zeros: device_open() chooses */
  u16_t mtu;                /**< set by device_open(), as is all below */
  int fd;                   /**< becomes readable when frames wait */
  void *handle;
};

/** How a device is called in the program's options. */
struct device_words {
  const char *option;  /**< "tap": --tap NAME */
  const char *kind;    /**< what NAME is */
  const char *about;   /**< the program, in one line */
};
extern const struct device_words device_words;

/** False when it cannot; why is said on stderr. */
int device_open(struct device *device);

enum device_sent { DEVICE_SENT, DEVICE_BUSY, DEVICE_FAILED };

/** DEVICE_BUSY: its queue is full, later there may be room. */
enum device_sent device_send(struct device *device, const void *frame, size_t len);

/** The next frame's length, at most DEVICE_FRAME; 0: none waits; -1: the device is gone. */
int device_receive(struct device *device, void *frame);

/** From now on, frames to this group are for the host, too. */
void device_join(struct device *device, const u8_t group[DEVICE_MAC_LEN]);

void device_close(struct device *device);

#endif
