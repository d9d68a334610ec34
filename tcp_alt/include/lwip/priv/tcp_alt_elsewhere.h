/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Members of lwIP's PCB that the public face lacks: code that uses one does not compile, and the error
 * names what to use instead. Their types have no operators, which every compiler refuses; those that
 * know the attribute say it in a sentence. They lie in an unnamed union, so they cost nothing.
 */
#ifndef LWIP_HDR_TCP_ALT_ELSEWHERE_H
#define LWIP_HDR_TCP_ALT_ELSEWHERE_H

#include "lwip/arch.h"

#if !defined(TCP_ALT_UNAVAILABLE) && defined(__has_attribute)
#if __has_attribute(unavailable)
#define TCP_ALT_UNAVAILABLE(text) __attribute__((unavailable(text)))
#endif
#endif
#ifndef TCP_ALT_UNAVAILABLE
#define TCP_ALT_UNAVAILABLE(text)
#endif

#if defined(__GNUC__)
#define TCP_ALT_UNNAMED_UNION __extension__ union
#elif defined(__cplusplus) || (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L)
#define TCP_ALT_UNNAMED_UNION union
#endif

#ifdef TCP_ALT_UNNAMED_UNION

struct tcp_alt_use_tcp_info_get { u8_t nothing; };
struct tcp_alt_use_tcp_has_unsent { u8_t nothing; };
struct tcp_alt_use_tcp_has_unacked { u8_t nothing; };
struct tcp_alt_use_tcp_has_ooseq { u8_t nothing; };
struct tcp_alt_use_tcp_poll { u8_t nothing; };
struct tcp_alt_use_tcp_poll_fn_get { u8_t nothing; };
struct tcp_alt_use_tcp_poll_interval_get { u8_t nothing; };
struct tcp_alt_use_tcp_recv { u8_t nothing; };
struct tcp_alt_use_tcp_sent { u8_t nothing; };
struct tcp_alt_use_tcp_err { u8_t nothing; };
struct tcp_alt_use_tcp_connect { u8_t nothing; };

#define TCP_ALT_ELSEWHERE(member, function)                                                    \
  struct tcp_alt_use_##function member TCP_ALT_UNAVAILABLE("not in the PCB of this backend: use " \
                                                           #function "(); see docs/compat.md")

/** `declaration`, and what is not there at the same place. */
#define TCP_ALT_BESIDE_ELSEWHERE(declaration)             \
  TCP_ALT_UNNAMED_UNION {                                 \
    declaration;                                          \
    TCP_ALT_ELSEWHERE(cwnd, tcp_info_get);                \
    TCP_ALT_ELSEWHERE(ssthresh, tcp_info_get);            \
    TCP_ALT_ELSEWHERE(snd_wnd, tcp_info_get);             \
    TCP_ALT_ELSEWHERE(rcv_wnd, tcp_info_get);             \
    TCP_ALT_ELSEWHERE(rto, tcp_info_get);                 \
    TCP_ALT_ELSEWHERE(sa, tcp_info_get);                  \
    TCP_ALT_ELSEWHERE(sv, tcp_info_get);                  \
    TCP_ALT_ELSEWHERE(nrtx, tcp_info_get);                \
    TCP_ALT_ELSEWHERE(unsent, tcp_has_unsent);            \
    TCP_ALT_ELSEWHERE(unacked, tcp_has_unacked);          \
    TCP_ALT_ELSEWHERE(ooseq, tcp_has_ooseq);              \
    TCP_ALT_ELSEWHERE(polltmr, tcp_poll);                 \
    TCP_ALT_ELSEWHERE(poll, tcp_poll_fn_get);             \
    TCP_ALT_ELSEWHERE(pollinterval, tcp_poll_interval_get); \
    TCP_ALT_ELSEWHERE(recv, tcp_recv);                    \
    TCP_ALT_ELSEWHERE(sent, tcp_sent);                    \
    TCP_ALT_ELSEWHERE(errf, tcp_err);                     \
    TCP_ALT_ELSEWHERE(connected, tcp_connect);            \
  }

#else

#define TCP_ALT_BESIDE_ELSEWHERE(declaration) declaration

#endif /* TCP_ALT_UNNAMED_UNION */

#endif /* LWIP_HDR_TCP_ALT_ELSEWHERE_H */
