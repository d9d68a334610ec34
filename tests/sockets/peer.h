/* SPDX-License-Identifier: BSD-3-Clause
 * The other end of a connection, through the raw API: it does exactly what it is told, and remembers what it saw. */
#ifndef TCP_ALT_TESTS_SOCKETS_PEER_H
#define TCP_ALT_TESTS_SOCKETS_PEER_H

#include <stddef.h>

/** `peer NAME WORD...`: does it and writes what came of it. */
void peer_call(int argc, char **argv, char *result, size_t size);

/** Ends every peer, and forgets its name. */
void peer_end_all(void);

#endif
