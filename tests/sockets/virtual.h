/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP's operating system layer with real threads and a clock of its own: time passes only while every thread waits,
 * and then at once, to the next deadline. A busy machine changes nothing, and a minute costs nothing. */
#ifndef TCP_ALT_TESTS_SOCKETS_VIRTUAL_H
#define TCP_ALT_TESTS_SOCKETS_VIRTUAL_H

#include "lwip/sys.h"

/** A thread of the tests, which the clock waits for like for lwIP's. */
struct virtual_thread {
  lwip_thread_fn fn;
  void *arg;
  sys_sem_t done;
  int waits; /* for anything */
  int ended;
};

/** Starts it; the structure must live until it has been joined. */
void virtual_thread_start(struct virtual_thread *thread);

/** Waits until the thread has ended or waits for something itself; whether it waits. */
int virtual_thread_waits(struct virtual_thread *thread);

/** Waits for its end. */
void virtual_thread_join(struct virtual_thread *thread);

#endif
