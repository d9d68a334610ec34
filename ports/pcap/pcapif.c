/* SPDX-License-Identifier: BSD-3-Clause
 * A host's device: a real Ethernet interface, through libpcap.
 *
 * The host has a MAC address of its own, so that the kernel, which has the interface as well, takes none of its frames
 * for its own and answers none. Only frames to that address, to all, and to groups that the host has joined come here. */
#include "device.h"

#include <errno.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define GROUPS_MAX  16
#define FILTER_ROOM (64 * (GROUPS_MAX + 4))
#define MAC_TEXT    18

const struct device_words device_words = {
  "interface", "an Ethernet interface", "An lwIP host on a real Ethernet interface, through libpcap."
};

/* IPv6's all-nodes group is nobody's to join. */
static u8_t groups[GROUPS_MAX][DEVICE_MAC_LEN] = { { 0x33, 0x33, 0, 0, 0, 1 } };
static int n_groups = 1;
static int all_groups; /* more than there is room for */

static int
fail(struct device *device, const char *what, const char *why)
{
  fprintf(stderr, "%s: %s: %s\n", device->name, what, why);
  device_close(device);
  return 0;
}

static const char *
mac_text(const u8_t mac[DEVICE_MAC_LEN], char text[MAC_TEXT])
{
  snprintf(text, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
  return text;
}

/* ---- what the kernel knows of the interface ---------------------------- */

static int
ask_kernel(const char *name, unsigned long what, struct ifreq *req)
{
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  int got;

  memset(req, 0, sizeof(*req));
  strncpy(req->ifr_name, name, IFNAMSIZ - 1);
  if (fd < 0) {
    return 0;
  }
  got = ioctl(fd, what, req) == 0;
  close(fd);
  return got;
}

/* Without one given: the interface's, locally administered and with another bit changed, so that it is another, and the
 * same at each start. */
static int
choose_mac(struct device *device)
{
  static const u8_t none[DEVICE_MAC_LEN];
  struct ifreq req;

  if (memcmp(device->mac, none, sizeof(none)) != 0) {
    return 1;
  }
  if (!ask_kernel(device->name, SIOCGIFHWADDR, &req)) {
    return 0;
  }
  memcpy(device->mac, req.ifr_hwaddr.sa_data, DEVICE_MAC_LEN);
  device->mac[0] = (u8_t)((device->mac[0] ^ 0x04) | 0x02);
  return 1;
}

static u16_t
mtu_of(const char *name)
{
  struct ifreq req;

  return ask_kernel(name, SIOCGIFMTU, &req) && req.ifr_mtu < DEVICE_MTU ? (u16_t)req.ifr_mtu : DEVICE_MTU;
}

/* ---- libpcap ----------------------------------------------------------- */

static void
filter_text(const struct device *device, char text[FILTER_ROOM])
{
  char mac[MAC_TEXT];
  int len = snprintf(text, FILTER_ROOM, "ether dst %s or ether broadcast", mac_text(device->mac, mac));
  int i;

  for (i = 0; i < n_groups && !all_groups; i++) {
    len += snprintf(text + len, (size_t)(FILTER_ROOM - len), " or ether dst %s", mac_text(groups[i], mac));
  }
  if (all_groups) {
    snprintf(text + len, (size_t)(FILTER_ROOM - len), " or ether multicast");
  }
}

static int
set_filter(struct device *device)
{
  struct bpf_program program;
  char text[FILTER_ROOM];
  int set;

  filter_text(device, text);
  if (pcap_compile(device->handle, &program, text, 1, PCAP_NETMASK_UNKNOWN) != 0) {
    return 0;
  }
  set = pcap_setfilter(device->handle, &program) == 0;
  pcap_freecode(&program);
  return set;
}

/* Frames at once and not by the bufferful, those to foreign MAC addresses too, and not what this machine sends. */
static int
open_capture(struct device *device)
{
  char error[PCAP_ERRBUF_SIZE];
  pcap_t *pcap = pcap_create(device->name, error);
  int code;

  device->handle = pcap;
  if (pcap == NULL) {
    return fail(device, "libpcap", error);
  }
  pcap_set_snaplen(pcap, DEVICE_FRAME);
  pcap_set_promisc(pcap, 1);
  pcap_set_immediate_mode(pcap, 1);
  code = pcap_activate(pcap);
  if (code < 0) {
    return fail(device, pcap_statustostr(code), pcap_geterr(pcap));
  }
  if (pcap_datalink(pcap) != DLT_EN10MB) {
    return fail(device, "no Ethernet interface", pcap_datalink_val_to_name(pcap_datalink(pcap)));
  }
  if (pcap_setdirection(pcap, PCAP_D_IN) != 0 || !set_filter(device)) {
    return fail(device, "libpcap", pcap_geterr(pcap));
  }
  if (pcap_setnonblock(pcap, 1, error) != 0) {
    return fail(device, "libpcap", error);
  }
  device->fd = pcap_get_selectable_fd(pcap);
  return 1;
}

int
device_open(struct device *device)
{
  device->handle = NULL;
  device->fd = -1;
  if (!choose_mac(device)) {
    return fail(device, "no such interface", strerror(errno));
  }
  device->mtu = mtu_of(device->name);
  return open_capture(device);
}

/* On Linux one send() on the capture's socket; the receiving thread is not disturbed. */
enum device_sent
device_send(struct device *device, const void *frame, size_t len)
{
  if (pcap_inject(device->handle, frame, len) == (int)len) {
    return DEVICE_SENT;
  }
  return errno == EAGAIN || errno == ENOBUFS ? DEVICE_BUSY : DEVICE_FAILED;
}

/* A frame that the interface has put together of several, or that its sender's was to cut. */
static void
complain(const struct device *device, unsigned len)
{
  static int once;

  if (!once) {
    once = 1;
    fprintf(stderr, "%s: dropped a frame of %u bytes: switch off the offloads that join and cut frames"
                    " (ethtool -K %s gro off lro off; for a veth, gso and tso at its other end)\n",
            device->name, len, device->name);
  }
}

int
device_receive(struct device *device, void *frame)
{
  struct pcap_pkthdr *header;
  const u_char *data;
  int got;

  while ((got = pcap_next_ex(device->handle, &header, &data)) == 1) {
    if (header->len <= header->caplen) {
      memcpy(frame, data, header->caplen);
      return (int)header->caplen;
    }
    complain(device, header->len);
  }
  if (got < 0) {
    fprintf(stderr, "%s: %s\n", device->name, pcap_geterr(device->handle));
    return -1;
  }
  return 0;
}

void
device_join(struct device *device, const u8_t group[DEVICE_MAC_LEN])
{
  if (n_groups == GROUPS_MAX) {
    all_groups = 1;
  } else {
    memcpy(groups[n_groups++], group, DEVICE_MAC_LEN);
  }
  if (!set_filter(device)) {
    fprintf(stderr, "%s: %s\n", device->name, pcap_geterr(device->handle));
  }
}

void
device_close(struct device *device)
{
  if (device->handle != NULL) {
    pcap_close(device->handle);
    device->handle = NULL;
    device->fd = -1;
  }
}
