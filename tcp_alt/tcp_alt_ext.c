/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The application door: extension arguments (LWIP_TCP_PCB_NUM_EXT_ARGS).
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_PCB_NUM_EXT_ARGS

#include "lwip/priv/tcp_alt_doors.h"

static u8_t ext_next_id;

/** A new index into each PCB's extension arguments. */
u8_t
tcp_ext_arg_alloc_id(void)
{
  u8_t id = ext_next_id;
  LWIP_ASSERT("LWIP_TCP_PCB_NUM_EXT_ARGS is too small", id < LWIP_TCP_PCB_NUM_EXT_ARGS);
  ext_next_id++;
  return id;
}

/** Callbacks for an argument; they must stay in memory. */
void
tcp_ext_arg_set_callbacks(struct tcp_pcb *pcb, u8_t id, const struct tcp_ext_arg_callbacks *const callbacks)
{
  TCP_ALT_LIVE("tcp_ext_arg_set_callbacks", pcb);
  LWIP_ASSERT("no PCB", pcb != NULL);
  LWIP_ASSERT("no such extension argument", id < LWIP_TCP_PCB_NUM_EXT_ARGS);
  LWIP_ASSERT("no callbacks", callbacks != NULL);
  LWIP_ASSERT_CORE_LOCKED();
  tcp_alt_conn_set_ext(pcb, id, callbacks, pcb->ext_args[id].data);
}

/** Sets an argument. */
void
tcp_ext_arg_set(struct tcp_pcb *pcb, u8_t id, void *arg)
{
  TCP_ALT_LIVE("tcp_ext_arg_set", pcb);
  LWIP_ASSERT("no PCB", pcb != NULL);
  LWIP_ASSERT("no such extension argument", id < LWIP_TCP_PCB_NUM_EXT_ARGS);
  LWIP_ASSERT_CORE_LOCKED();
  tcp_alt_conn_set_ext(pcb, id, pcb->ext_args[id].callbacks, arg);
}

/** Gets an argument. */
void *
tcp_ext_arg_get(const struct tcp_pcb *pcb, u8_t id)
{
  TCP_ALT_LIVE("tcp_ext_arg_get", pcb);
  LWIP_ASSERT("no PCB", pcb != NULL);
  LWIP_ASSERT("no such extension argument", id < LWIP_TCP_PCB_NUM_EXT_ARGS);
  LWIP_ASSERT_CORE_LOCKED();
  return pcb->ext_args[id].data;
}

err_t
tcp_alt_ext_passive_open(struct tcp_pcb_listen *lpcb, struct tcp_pcb *pcb)
{
  const struct tcp_alt_cb *cb = TCP_ALT_CB(pcb);
  u8_t i;
  for (i = 0; i < LWIP_TCP_PCB_NUM_EXT_ARGS; i++) {
    const struct tcp_ext_arg_callbacks *callbacks = lpcb->ext_args[i].callbacks;
    if (callbacks != NULL && callbacks->passive_open != NULL) {
      err_t err = callbacks->passive_open(i, lpcb, pcb);
      if (err != ERR_OK) {
        return err;
      }
      if (!tcp_alt_held(cb)) {
        return ERR_ABRT; /* it ended the child, perhaps with the listener */
      }
    }
  }
  return ERR_OK;
}

void
tcp_alt_ext_destroy(const struct tcp_pcb_ext_args *args)
{
  u8_t i;
  for (i = 0; i < LWIP_TCP_PCB_NUM_EXT_ARGS; i++) {
    if (args[i].callbacks != NULL && args[i].callbacks->destroy != NULL) {
      args[i].callbacks->destroy(i, args[i].data);
    }
  }
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_PCB_NUM_EXT_ARGS */
