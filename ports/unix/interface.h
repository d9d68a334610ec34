/* SPDX-License-Identifier: BSD-3-Clause
 * A host's device as an lwIP Ethernet interface. */
#ifndef TCP_ALT_PORTS_UNIX_INTERFACE_H
#define TCP_ALT_PORTS_UNIX_INTERFACE_H

#include "device.h"

#include "lwip/netif.h"

/** netif_add()'s init function; its state is a struct device with name and perhaps MAC address. ERR_IF when the device
 * cannot be opened. */
err_t interface_init(struct netif *netif);

/** Passes at most max waiting frames to netif->input; false when there is no device any more. */
int interface_poll(struct netif *netif, int max);

#endif
