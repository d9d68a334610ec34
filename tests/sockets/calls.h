/* SPDX-License-Identifier: BSD-3-Clause
 * The calls a script can make. Each writes what came of it, in words: what was returned, and errno or err_t by name. */
#ifndef TCP_ALT_TESTS_SOCKETS_CALLS_H
#define TCP_ALT_TESTS_SOCKETS_CALLS_H

#include "lwip/api.h"

#include <stddef.h>

/** What a name in a script stands for: a socket (conn is NULL) or a netconn. */
struct slot {
  char name[16];
  int fd;
  struct netconn *conn;
  int open;
  unsigned int sent, received; /**< bytes of the two streams */
};

/** A line of a script: argv[0] is the call, argv[1] the slot's name. */
struct call {
  int argc;
  char **argv;
  struct slot *slot;
  char *result;
  size_t size;
};

/** An entry of a table of calls. */
struct call_entry {
  const char *name;
  int min_argc;
  void (*fn)(struct call *call);
};

extern const struct call_entry socket_calls[], netconn_calls[];

/** The slot of that name, a new one if there is none; NULL if there are too many. */
struct slot *slot_named(const char *name);

/** Is the word among the arguments behind the first `from`? */
int call_has(const struct call *call, int from, const char *word);

/** The n-th argument as a number, 0 if it is missing. */
long call_number(const struct call *call, int n);

/** Writes the result. */
void call_says(struct call *call, const char *format, ...);

/** Numbers separated by commas; returns how many. */
int call_numbers(const struct call *call, int n, unsigned int *numbers, int max);

/** ADDRESS:PORT, where ADDRESS is own, peer, any or nowhere; 0 if it is no such thing. */
int call_address(const struct call *call, int n, ip_addr_t *addr, u16_t *port);

/** The reverse; `local` says which of the two it is when both ends have one address. */
void address_words(char *words, size_t size, const ip_addr_t *addr, u16_t port, int local);

/** Closes what a slot stands for. */
void socket_slot_close(struct slot *slot);
void netconn_slot_close(struct slot *slot);

/** The bytes of every stream: a function of their place in it. */
void pattern_fill(void *bytes, size_t len, unsigned int from);
int pattern_matches(const void *bytes, size_t len, unsigned int from);

#endif
