/* SPDX-License-Identifier: BSD-3-Clause
 * Many connections, random segments around what is plausible, and an application that does anything it may, at any
 * moment, with allocations and the driver failing now and then. Nothing is expected but that bytes are right in
 * both directions, that no freed memory is touched, and that in the end everything is free. */
#ifndef TCP_ALT_TESTS_RFC_MONKEY_H
#define TCP_ALT_TESTS_RFC_MONKEY_H

#include "rfc.h"

/** Goes on while more() says so. dice(n) gives a number below n; `flavour` varies where sequence numbers begin. */
void monkey_run(u32_t (*dice)(u32_t n), int (*more)(void), unsigned int flavour);

#endif
