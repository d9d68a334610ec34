/* SPDX-License-Identifier: BSD-3-Clause
 * An lwIP Ethernet interface on a Linux TAP device. */
#ifndef TCP_ALT_PORTS_UNIX_TAPIF_H
#define TCP_ALT_PORTS_UNIX_TAPIF_H

#include "lwip/netif.h"

/** What the application passes as netif_add()'s state. */
struct tapif {
  const char *name; /**< an existing TAP device, e.g. "tap0" */
  int fd;           /**< set by tapif_init(): becomes readable when frames wait */
};

/** netif_add()'s init function; ERR_IF when the device cannot be opened. */
err_t tapif_init(struct netif *netif);

/** Pass at most max waiting frames to netif->input; returns how many were taken. */
int tapif_poll(struct netif *netif, int max);

void tapif_close(struct tapif *tap);

#endif
