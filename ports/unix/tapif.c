/* SPDX-License-Identifier: BSD-3-Clause
 * An lwIP Ethernet interface on a Linux TAP device. */
#include "tapif.h"

#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/pbuf.h"
#include "lwip/stats.h"
#include "netif/ethernet.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TAPIF_MTU   1500
#define TAPIF_FRAME (TAPIF_MTU + 18) /* Ethernet header and VLAN tag */

static err_t
tapif_output(struct netif *netif, struct pbuf *p)
{
  struct tapif *tap = (struct tapif *)netif->state;
  char frame[TAPIF_FRAME];

  if (p->tot_len > sizeof(frame)) {
    return ERR_BUF;
  }
  pbuf_copy_partial(p, frame, p->tot_len, 0);
  if (write(tap->fd, frame, p->tot_len) != (ssize_t)p->tot_len) {
    /* A full queue is like a full transmit ring: the stack shall come again. */
    LINK_STATS_INC(link.drop);
    return (errno == EAGAIN || errno == ENOBUFS) ? ERR_MEM : ERR_IF;
  }
  LINK_STATS_INC(link.xmit);
  return ERR_OK;
}

static int
open_tap(const char *name)
{
  struct ifreq req;
  int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

  if (fd < 0) {
    perror("/dev/net/tun");
    return -1;
  }
  memset(&req, 0, sizeof(req));
  req.ifr_flags = IFF_TAP | IFF_NO_PI;
  strncpy(req.ifr_name, name, IFNAMSIZ - 1);
  if (ioctl(fd, TUNSETIFF, &req) < 0) {
    perror(name);
    close(fd);
    return -1;
  }
  return fd;
}

err_t
tapif_init(struct netif *netif)
{
  /* Locally administered; one lwIP host per device, so it need not be unique. */
  static const u8_t hwaddr[ETH_HWADDR_LEN] = { 0x02, 0x61, 0x6c, 0x74, 0x00, 0x01 };
  struct tapif *tap = (struct tapif *)netif->state;

  tap->fd = open_tap(tap->name);
  if (tap->fd < 0) {
    return ERR_IF;
  }
  netif->name[0] = 't';
  netif->name[1] = 'p';
  netif->output = etharp_output;
#if LWIP_IPV6
  netif->output_ip6 = ethip6_output;
  netif->flags |= NETIF_FLAG_MLD6; /* or it would not listen for neighbour solicitations */
#endif
  netif->linkoutput = tapif_output;
  netif->mtu = TAPIF_MTU;
  netif->hwaddr_len = ETH_HWADDR_LEN;
  memcpy(netif->hwaddr, hwaddr, sizeof(hwaddr));
  netif->flags |= NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

int
tapif_poll(struct netif *netif, int max)
{
  struct tapif *tap = (struct tapif *)netif->state;
  char frame[TAPIF_FRAME];
  int taken;

  for (taken = 0; taken < max; taken++) {
    ssize_t len = read(tap->fd, frame, sizeof(frame));
    struct pbuf *p;

    if (len <= 0) {
      break;
    }
    p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);
    if (p == NULL) {
      LINK_STATS_INC(link.memerr);
      continue; /* dropped, as a NIC without a receive buffer would */
    }
    pbuf_take(p, frame, (u16_t)len);
    LINK_STATS_INC(link.recv);
    if (netif->input(p, netif) != ERR_OK) {
      pbuf_free(p);
    }
  }
  return taken;
}

void
tapif_close(struct tapif *tap)
{
  if (tap->fd >= 0) {
    close(tap->fd);
    tap->fd = -1;
  }
}
