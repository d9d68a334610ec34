/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Debug builds (TCP_ALT_SCOPE_CHECK): around every handler that doors, way out and assembly call, the
 * four other components of its control block must not change. Included by tcp_alt_pcb.h, so no
 * component's file sees these macros; without the option nothing of this exists.
 */
#ifndef LWIP_HDR_TCP_ALT_SCOPE_H
#define LWIP_HDR_TCP_ALT_SCOPE_H

#if !defined(__GNUC__)
#error "TCP_ALT_SCOPE_CHECK needs statement expressions, which GCC and Clang have."
#endif
#ifdef LWIP_NOASSERT
#error "TCP_ALT_SCOPE_CHECK asserts: it needs a build without LWIP_NOASSERT."
#endif

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The five components, as indices. */
enum tcp_alt_part {
  TCP_ALT_PART_conn,
  TCP_ALT_PART_rod,
  TCP_ALT_PART_flow,
  TCP_ALT_PART_cong,
  TCP_ALT_PART_demux
};
#define TCP_ALT_PARTS 5

/** A handler of component `writer` begins; `cb` NULL: it is not about a control block. */
void tcp_alt_scope_enter(const struct tcp_alt_cb *cb, enum tcp_alt_part writer, const char *handler);

/** A handler that gets the face begins; a listener's is in no control block. */
void tcp_alt_scope_enter_face(const struct tcp_pcb *pcb, enum tcp_alt_part writer, const char *handler);

/** It has ended: asserts that it wrote its own component only. */
void tcp_alt_scope_leave(void);

#ifdef __cplusplus
}
#endif

/* Whose block? From the component that is the first argument. */
#define TCP_ALT_SCOPE_1ST(first, ...) (first)
#define TCP_ALT_SCOPE_CB(part, first) \
  ((const struct tcp_alt_cb *)(const void *)((const u8_t *)(first) - offsetof(struct tcp_alt_cb, part)))

/* A handler that returns nothing, and one that returns a value. */
#define TCP_ALT_SCOPED(part, handler, ...)                                                \
  (tcp_alt_scope_enter(TCP_ALT_SCOPE_CB(part, TCP_ALT_SCOPE_1ST(__VA_ARGS__, 0)),         \
                       TCP_ALT_PART_##part, #handler),                                    \
   handler(__VA_ARGS__), tcp_alt_scope_leave())
#define TCP_ALT_SCOPED_VALUE(part, handler, ...)                                          \
  __extension__({                                                                         \
    __typeof__(handler(__VA_ARGS__)) tcp_alt_scope_value;                                 \
    tcp_alt_scope_enter(TCP_ALT_SCOPE_CB(part, TCP_ALT_SCOPE_1ST(__VA_ARGS__, 0)),        \
                        TCP_ALT_PART_##part, #handler);                                   \
    tcp_alt_scope_value = handler(__VA_ARGS__);                                           \
    tcp_alt_scope_leave();                                                                \
    tcp_alt_scope_value;                                                                  \
  })
/* One that gets the face, which may be a listener's. */
#define TCP_ALT_SCOPED_FACE(part, pcb, handler, ...)                                      \
  (tcp_alt_scope_enter_face(pcb, TCP_ALT_PART_##part, #handler),                          \
   handler(__VA_ARGS__), tcp_alt_scope_leave())

/* With the hash a block's own links are its demux; without it there is only `next` in the face, and a
 * listener has neither. */
#if TCP_ALT_HASH
#define tcp_alt_demux_add(d, list, pcb) \
  TCP_ALT_SCOPED_FACE(demux, pcb, tcp_alt_demux_add, d, list, pcb)
#define tcp_alt_demux_remove(d, list, pcb) \
  TCP_ALT_SCOPED_FACE(demux, pcb, tcp_alt_demux_remove, d, list, pcb)
#else
#define tcp_alt_demux_list_add(list, pcb) \
  TCP_ALT_SCOPED_FACE(demux, pcb, tcp_alt_demux_list_add, list, pcb)
#define tcp_alt_demux_list_remove(list, pcb) \
  TCP_ALT_SCOPED_FACE(demux, pcb, tcp_alt_demux_list_remove, list, pcb)
#endif

#include "lwip/priv/tcp_alt_scope_list.h"

#endif /* LWIP_HDR_TCP_ALT_SCOPE_H */
