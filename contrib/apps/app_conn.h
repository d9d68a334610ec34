/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * One TCP connection in an application's hands, on lwIP's raw API.
 *
 * The rules that every raw-API application has to keep are kept here once:
 * - tcp_write(), tcp_close() and tcp_shutdown() may fail for want of memory:
 *   the application is called again (`ready`) from sent and from a poll that
 *   is armed only as long as something waits, so an idle connection wakes nobody;
 * - the PCB is gone when the err callback runs, and after tcp_close();
 * - a callback returns ERR_ABRT if, and only if, it called tcp_abort();
 * - an object may be released inside its own callback.
 *
 * An application embeds struct app_conn as the first member of a structure
 * made with app_conn_alloc(); it is freed when the connection ends.
 */
#ifndef APP_CONN_H
#define APP_CONN_H

#include "lwip/tcp.h"
#include "app_events.h"

#ifdef __cplusplus
extern "C" {
#endif

struct app_conn;

/** What an application does with its connection. Each may close or abort it. */
struct app_conn_ops {
  /** The connection is open. */
  void (*connected)(struct app_conn *conn);
  /** Something may be possible again: write on. */
  void (*ready)(struct app_conn *conn);
  /** Data: ERR_OK takes the pbuf, ERR_MEM leaves it with TCP, to be offered again. */
  err_t (*received)(struct app_conn *conn, struct pbuf *p);
  /** The peer has closed its half. */
  void (*peer_closed)(struct app_conn *conn);
  /** `len` bytes were acknowledged (may be null). */
  void (*acked)(struct app_conn *conn, u16_t len);
  /** Last call: the connection is over, the memory goes afterwards (may be null). */
  void (*released)(struct app_conn *conn);
};

struct app_conn {
  struct app_conn *next;             /* in the list of all live ones */
  struct tcp_pcb *pcb;               /* NULL once it is no longer ours */
  const struct app_conn_ops *ops;
  struct app_observer observer;
  u8_t is_client;
  u8_t peer_closed;                  /* the peer's FIN was delivered */
  u8_t shut;                         /* our FIN is on its way */
  u8_t want_shut, want_close;        /* asked for, refused for want of memory */
  u8_t depth;                        /* callbacks of ours under way */
  u8_t aborted;                      /* tcp_abort() was called in one of them */
  u8_t over;
};

/** Waits for connections; `make` returns a new object or NULL (refused). */
struct app_listener {
  struct tcp_pcb *pcb;
  struct app_conn *(*make)(struct app_listener *listener);
  struct app_observer observer;
};

/** `size` zeroed bytes from lwIP's heap, or NULL. */
struct app_conn *app_conn_alloc(size_t size, const struct app_conn_ops *ops,
                                const struct app_observer *observer);

/** Connects; on any error the object is freed. `connected` follows. */
err_t app_conn_connect(struct app_conn *conn, const ip_addr_t *addr, u16_t port);

/** Listens on a port of any address of type `iptype`. */
err_t app_listen(struct app_listener *listener, u8_t iptype, u16_t port);
void app_listen_stop(struct app_listener *listener);

/** No more data from us; retried until there is memory. */
void app_conn_shutdown(struct app_conn *conn);
/** Gives the connection up in an orderly way; retried until there is memory. */
void app_conn_close(struct app_conn *conn);
void app_conn_abort(struct app_conn *conn);
/** Asks for `ready` within a second, because memory was short. */
void app_conn_call_later(struct app_conn *conn);

/** Whether the connection is still the application's. */
int app_conn_alive(const struct app_conn *conn);

/** The port at the client's end, by which both ends know the connection. */
u16_t app_conn_client_port(const struct app_conn *conn);

/** Number of live connections of this program; aborts all of them. */
unsigned app_conn_count(void);
void app_conn_abort_all(void);

#ifdef __cplusplus
}
#endif

#endif /* APP_CONN_H */
