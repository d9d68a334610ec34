/* SPDX-License-Identifier: BSD-3-Clause
 * See names.h. */
#include "names.h"

#include "lwip/def.h"
#include "lwip/errno.h"

#include <stdio.h>

#define NAME(value) { value, #value }

struct name {
  int value;
  const char *name;
};

static const char *
look_up(const struct name *names, size_t n, int value)
{
  static char unknown[16];
  size_t i;

  for (i = 0; i < n; i++) {
    if (names[i].value == value) {
      return names[i].name;
    }
  }
  snprintf(unknown, sizeof(unknown), "%d", value);
  return unknown;
}

const char *
err_name(err_t err)
{
  static const struct name names[] = {
    NAME(ERR_OK),  NAME(ERR_MEM),        NAME(ERR_BUF), NAME(ERR_TIMEOUT), NAME(ERR_RTE),    NAME(ERR_INPROGRESS),
    NAME(ERR_VAL), NAME(ERR_WOULDBLOCK), NAME(ERR_USE), NAME(ERR_ALREADY), NAME(ERR_ISCONN), NAME(ERR_CONN),
    NAME(ERR_IF),  NAME(ERR_ABRT),       NAME(ERR_RST), NAME(ERR_CLSD),    NAME(ERR_ARG)
  };

  return look_up(names, LWIP_ARRAYSIZE(names), err);
}

const char *
errno_name(int value)
{
  static const struct name names[] = {
    { 0, "0" },         NAME(EIO),          NAME(EBADF),        NAME(ENOMEM),     NAME(EINVAL),      NAME(ENFILE),
    NAME(EWOULDBLOCK),  NAME(EMSGSIZE),     NAME(ENOPROTOOPT),  NAME(EOPNOTSUPP), NAME(EADDRINUSE),  NAME(EADDRNOTAVAIL),
    NAME(ENETDOWN),     NAME(ECONNABORTED), NAME(ECONNRESET),   NAME(ENOBUFS),    NAME(EISCONN),     NAME(ENOTCONN),
    NAME(ETIMEDOUT),    NAME(ECONNREFUSED), NAME(EHOSTUNREACH), NAME(EALREADY),   NAME(EINPROGRESS), NAME(ENOSYS),
    NAME(EAFNOSUPPORT), NAME(EPIPE),        NAME(ENODEV)
  };

  return look_up(names, LWIP_ARRAYSIZE(names), value);
}
