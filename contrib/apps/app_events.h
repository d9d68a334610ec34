/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * What an application tells its owner (a simulator, a port, a test).
 *
 * The applications read no clock and print nothing: whoever wants times or
 * counts stamps and sums these events.
 */
#ifndef APP_EVENTS_H
#define APP_EVENTS_H

#include "lwip/arch.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What happened; the comment says what `value` holds. */
enum app_event {
  APP_CONNECTED,   /**< a connection is open: 0 */
  APP_RECEIVED,    /**< verified data arrived: bytes */
  APP_ACKED,       /**< the peer acknowledged our data: bytes */
  APP_REQUEST,     /**< a request (or the connect for it) was issued: its number */
  APP_RESPONSE,    /**< the response is complete and right: its number */
  APP_CLOSED,      /**< closed in an orderly way: 0 */
  APP_ABORTED,     /**< the connection was lost or refused: minus the err_t */
  APP_CORRUPT,     /**< a byte is not the one that was sent: its position */
  APP_SHORT,       /**< the peer closed early: bytes that had arrived */
  APP_EXCESS,      /**< more bytes than the peer had to send: bytes */
  APP_FINISHED     /**< a client has done all it was asked for: 0 */
};

/** Who hears of it. A null `notify` is allowed. */
struct app_observer {
  void (*notify)(void *arg, enum app_event event, u32_t value);
  void *arg;
};

static inline void
app_notify(const struct app_observer *observer, enum app_event event, u32_t value)
{
  if (observer->notify != NULL) {
    observer->notify(observer->arg, event, value);
  }
}

#ifdef __cplusplus
}
#endif

#endif /* APP_EVENTS_H */
