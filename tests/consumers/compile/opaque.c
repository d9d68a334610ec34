/* SPDX-License-Identifier: BSD-3-Clause
 * Touches one member of a structure, named by the build: legacy's is complete, alt's is not. */
#include "lwip/tcp.h"
#include "lwip/priv/tcp_priv.h"

#if defined TOUCH_pcb_snd_buf
unsigned touch(struct tcp_pcb *pcb) { return pcb->snd_buf; }
#elif defined TOUCH_pcb_remote_port
unsigned touch(struct tcp_pcb *pcb) { return pcb->remote_port; }
#elif defined TOUCH_pcb_cwnd
unsigned touch(struct tcp_pcb *pcb) { return pcb->cwnd; }
#elif defined TOUCH_pcb_unsent
int touch(struct tcp_pcb *pcb) { return pcb->unsent != NULL; }
#elif defined TOUCH_pcb_snd_lbb
u32_t touch(struct tcp_pcb *pcb) { return pcb->snd_lbb; }
#elif defined TOUCH_pcb_size
unsigned touch(void) { return sizeof(struct tcp_pcb); }
#elif defined TOUCH_listener_local_port
unsigned touch(struct tcp_pcb_listen *pcb) { return pcb->local_port; }
#elif defined TOUCH_listener_size
unsigned touch(void) { return sizeof(struct tcp_pcb_listen); }
#elif defined TOUCH_segment_len
unsigned touch(struct tcp_seg *seg) { return seg->len; }
#else
#error "nothing to touch"
#endif
