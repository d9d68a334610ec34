/* SPDX-License-Identifier: BSD-3-Clause
 * A host's device: Linux' TAP. */
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

const struct device_words device_words = { "tap", "an existing TAP device", "An lwIP host on a TAP device." };

int
device_open(struct device *device)
{
  /* Locally administered; one lwIP host per device, so it need not be unique. */
  static const u8_t own[DEVICE_MAC_LEN] = { 0x02, 0x61, 0x6c, 0x74, 0x00, 0x01 };
  static const u8_t none[DEVICE_MAC_LEN];
  struct ifreq req;

  device->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device->fd < 0) {
    perror("/dev/net/tun");
    return 0;
  }
  memset(&req, 0, sizeof(req));
  req.ifr_flags = IFF_TAP | IFF_NO_PI;
  strncpy(req.ifr_name, device->name, IFNAMSIZ - 1);
  if (ioctl(device->fd, TUNSETIFF, &req) < 0) {
    perror(device->name);
    device_close(device);
    return 0;
  }
  if (memcmp(device->mac, none, sizeof(none)) == 0) {
    memcpy(device->mac, own, sizeof(own));
  }
  device->mtu = DEVICE_MTU;
  return 1;
}

enum device_sent
device_send(struct device *device, const void *frame, size_t len)
{
  if (write(device->fd, frame, len) == (ssize_t)len) {
    return DEVICE_SENT;
  }
  return errno == EAGAIN || errno == ENOBUFS ? DEVICE_BUSY : DEVICE_FAILED;
}

int
device_receive(struct device *device, void *frame)
{
  ssize_t len = read(device->fd, frame, DEVICE_FRAME);

  if (len < 0) {
    return errno == EAGAIN || errno == EINTR ? 0 : -1;
  }
  return (int)len;
}

void
device_join(struct device *device, const u8_t group[DEVICE_MAC_LEN])
{
  LWIP_UNUSED_ARG(device); /* every frame comes */
  LWIP_UNUSED_ARG(group);
}

void
device_close(struct device *device)
{
  if (device->fd >= 0) {
    close(device->fd);
    device->fd = -1;
  }
}
