/* SPDX-License-Identifier: BSD-3-Clause
 * Uses one function of TCP, named by the build, and nothing else of it. */
#include "lwip/sys.h"
#include "lwip/tcp.h"

u32_t sys_now(void) {
  return 0;
}

int main(void) {
#ifdef USE_tcp_new
  return tcp_new() == NULL;
#endif
#ifdef USE_tcp_new_ip_type
  return tcp_new_ip_type(IPADDR_TYPE_V4) == NULL;
#endif
#ifdef USE_tcp_arg
  tcp_arg(NULL, NULL);
  return 0;
#endif
#ifdef USE_tcp_accept
  tcp_accept(NULL, NULL);
  return 0;
#endif
#ifdef USE_tcp_listen_with_backlog
  return tcp_listen_with_backlog(NULL, 1) == NULL;
#endif
#ifdef USE_tcp_listen_with_backlog_and_err
  err_t err;
  return tcp_listen_with_backlog_and_err(NULL, 1, &err) == NULL;
#endif
}
