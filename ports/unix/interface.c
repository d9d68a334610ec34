/* SPDX-License-Identifier: BSD-3-Clause
 * A host's device as an lwIP Ethernet interface. */
#include "interface.h"

#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/pbuf.h"
#include "lwip/stats.h"

#include <string.h>

static err_t
link_output(struct netif *netif, struct pbuf *p)
{
  char frame[DEVICE_FRAME];

  if (p->tot_len > sizeof(frame)) {
    return ERR_BUF;
  }
  pbuf_copy_partial(p, frame, p->tot_len, 0);
  switch (device_send(netif->state, frame, p->tot_len)) {
    case DEVICE_SENT:
      LINK_STATS_INC(link.xmit);
      return ERR_OK;
    case DEVICE_BUSY: /* like a full transmit ring: the stack shall come again */
      LINK_STATS_INC(link.drop);
      return ERR_MEM;
    case DEVICE_FAILED:
    default:
      LINK_STATS_INC(link.drop);
      return ERR_IF;
  }
}

#if LWIP_IPV6 && LWIP_IPV6_MLD
/* IPv6 multicast: 33:33 and the last four bytes of the group. */
static err_t
group_filter(struct netif *netif, const ip6_addr_t *group, enum netif_mac_filter_action action)
{
  u8_t mac[DEVICE_MAC_LEN] = { 0x33, 0x33, 0, 0, 0, 0 };

  memcpy(mac + 2, &group->addr[3], 4);
  if (action == NETIF_ADD_MAC_FILTER) {
    device_join(netif->state, mac); /* and never leave: the stack drops what is not for it */
  }
  return ERR_OK;
}
#endif

err_t
interface_init(struct netif *netif)
{
  struct device *device = (struct device *)netif->state;

  if (!device_open(device)) {
    return ERR_IF;
  }
  netif->name[0] = 'e';
  netif->name[1] = 'n';
  netif->output = etharp_output;
#if LWIP_IPV6
  netif->output_ip6 = ethip6_output;
#endif
#if LWIP_IPV6 && LWIP_IPV6_MLD
  netif->flags |= NETIF_FLAG_MLD6; /* or it would not listen for neighbour solicitations */
  netif_set_mld_mac_filter(netif, group_filter);
#endif
  netif->linkoutput = link_output;
  netif->mtu = device->mtu;
  netif->hwaddr_len = ETH_HWADDR_LEN;
  memcpy(netif->hwaddr, device->mac, ETH_HWADDR_LEN);
  netif->flags |= NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

static void
take(struct netif *netif, const char *frame, int len)
{
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);

  if (p == NULL) {
    LINK_STATS_INC(link.memerr);
    return; /* dropped, as a NIC without a receive buffer would */
  }
  pbuf_take(p, frame, (u16_t)len);
  LINK_STATS_INC(link.recv);
  if (netif->input(p, netif) != ERR_OK) {
    pbuf_free(p);
  }
}

int
interface_poll(struct netif *netif, int max)
{
  char frame[DEVICE_FRAME];
  int len = 1;

  for (; max > 0 && len > 0; max--) {
    len = device_receive(netif->state, frame);
    if (len > 0) {
      take(netif, frame, len);
    }
  }
  return len >= 0;
}
