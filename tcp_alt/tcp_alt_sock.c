/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The application door of sockets: options of this backend for getsockopt() and setsockopt(), by lwIP's hooks. Called
 * with the core lock, or in tcpip_thread.
 *
 * A netconn forgets its PCB when that ends; why it ended is kept here, by what tcp_arg() set, which is the netconn.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_SOCKET_OPTS

#include "lwip/api.h"
#include "lwip/errno.h"
#include "lwip/priv/sockets_priv.h"
#include "lwip/priv/tcp_alt_doors.h"

#include <string.h>

/* ---- why connections ended ---- */

static struct {
  const void *arg;
  enum tcp_err_reason reason;
} sock_reasons[TCP_SOCKET_REASONS];
static u16_t sock_oldest; /* the next to be overwritten */

void
tcp_alt_sock_forget(const void *arg)
{
  u16_t i;
  for (i = 0; i < TCP_SOCKET_REASONS; i++) {
    if (sock_reasons[i].arg == arg) {
      sock_reasons[i].arg = NULL;
    }
  }
}

void
tcp_alt_sock_note(const void *arg, enum tcp_err_reason reason)
{
  tcp_alt_sock_forget(arg);
  sock_reasons[sock_oldest].arg = arg;
  sock_reasons[sock_oldest].reason = reason;
  sock_oldest = (u16_t)((sock_oldest + 1) % TCP_SOCKET_REASONS);
}

static enum tcp_err_reason
sock_reason(const struct netconn *conn)
{
  u16_t i;
  for (i = 0; i < TCP_SOCKET_REASONS; i++) {
    if (conn->pcb.tcp == NULL && sock_reasons[i].arg == conn) {
      return sock_reasons[i].reason;
    }
  }
  return TCP_ERR_REASON_NONE;
}

/* ---- the hooks ---- */

static int
sock_is_ours(const struct lwip_sock *sock, int level, int optname)
{
  return level == IPPROTO_TCP && NETCONNTYPE_GROUP(netconn_type(sock->conn)) == NETCONN_TCP &&
         (optname == TCP_USER_TIMEOUT || optname == TCP_INFO || optname == TCP_CONGESTION ||
          optname == TCP_ERR_REASON);
}

/* TCP_CONGESTION as Linux has it: a string, padded with zeros to TCP_CA_NAME_MAX, or cut off to the room there is. */
#if LWIP_TCP_CC_PLUGGABLE
static int
sock_congestion_get(const struct tcp_pcb *pcb, void *optval, socklen_t *len)
{
  char name[TCP_CA_NAME_MAX];
  *len = LWIP_MIN(*len, (socklen_t)sizeof(name));
  strncpy(name, tcp_congestion_get(pcb), sizeof(name));
  MEMCPY(optval, name, *len);
  return 0;
}

static int
sock_congestion_set(struct tcp_pcb *pcb, const void *optval, u32_t optlen)
{
  char name[TCP_CA_NAME_MAX];
  const u32_t len = LWIP_MIN(optlen, (u32_t)sizeof(name) - 1);
  if (len == 0) {
    return EINVAL;
  }
  MEMCPY(name, optval, len);
  name[len] = '\0';
  return tcp_congestion_set(pcb, name) == ERR_OK ? 0 : ENOENT;
}
#else
#define sock_congestion_get(pcb, optval, len)    ENOPROTOOPT
#define sock_congestion_set(pcb, optval, optlen) ENOPROTOOPT
#endif

int
tcp_alt_sock_get(const struct lwip_sock *sock, int level, int optname, void *optval, void *optlen, int *err)
{
  const struct tcp_pcb *pcb;
  socklen_t *len = (socklen_t *)optlen, room = *len;
  int reason;

  if (!sock_is_ours(sock, level, optname)) {
    return 0;
  }
  pcb = sock->conn->pcb.tcp;
  *err = 0;
  if (optname == TCP_ERR_REASON) {
    *len = sizeof(reason);
    if (room < *len) {
      *err = EINVAL;
    } else {
      reason = (int)sock_reason(sock->conn);
      MEMCPY(optval, &reason, sizeof(reason));
    }
  } else if (pcb == NULL) {
    *err = ENOTCONN;
  } else if (optname == TCP_CONGESTION) {
    *err = sock_congestion_get(pcb, optval, len);
  } else if (optname == TCP_USER_TIMEOUT) {
#if LWIP_TCP_USER_TIMEOUT
    unsigned int ms = (unsigned int)tcp_user_timeout_get(pcb);
    *len = sizeof(ms);
    if (room < *len) {
      *err = EINVAL;
    } else {
      MEMCPY(optval, &ms, sizeof(ms));
    }
#else
    *err = ENOPROTOOPT;
#endif
  } else {
#if LWIP_TCP_INFO
    struct tcp_info info;
    if (room < sizeof(info) || tcp_info_get(pcb, &info) != ERR_OK) {
      *err = EINVAL;
    } else {
      *len = sizeof(info);
      MEMCPY(optval, &info, sizeof(info));
    }
#else
    *err = ENOPROTOOPT;
#endif
  }
  return 1;
}

int
tcp_alt_sock_set(const struct lwip_sock *sock, int level, int optname, const void *optval, u32_t optlen, int *err)
{
  if (!sock_is_ours(sock, level, optname)) {
    return 0;
  }
  *err = ENOPROTOOPT; /* get only */
  if (optname == TCP_CONGESTION) {
    *err = sock->conn->pcb.tcp != NULL ? sock_congestion_set(sock->conn->pcb.tcp, optval, optlen) : ENOTCONN;
    return 1;
  }
#if LWIP_TCP_USER_TIMEOUT
  if (optname == TCP_USER_TIMEOUT) {
    unsigned int ms;
    if (sock->conn->pcb.tcp == NULL) {
      *err = ENOTCONN;
    } else if (optlen < sizeof(ms) || sock->conn->state == NETCONN_LISTEN) {
      *err = EINVAL; /* a listener has none, and nobody inherits it */
    } else {
      MEMCPY(&ms, optval, sizeof(ms));
      tcp_user_timeout_set(sock->conn->pcb.tcp, (u32_t)ms);
      *err = 0;
    }
  }
#else
  LWIP_UNUSED_ARG(optval);
  LWIP_UNUSED_ARG(optlen);
#endif
  return 1;
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_SOCKET_OPTS */
