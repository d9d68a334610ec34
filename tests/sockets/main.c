/* SPDX-License-Identifier: BSD-3-Clause
 * Reads calls, one a line, makes them, and writes what came of each: the judgement is the reader's.
 *   case            from here on nothing is left of before; everything must be back in its pool
 *   start T CALL    makes the call in a thread
 *   blocked T       whether that call waits for something; `join T` is its result
 *   wait MS, link, exhaust, release, peer ...: see below and docs/sockets.md */
#include "calls.h"
#include "host.h"
#include "peer.h"
#include "virtual.h"

#include "lwip/sys.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLOTS    32
#define THREADS  4
#define ARGS     12
#define LINE     256
#define HANGS_S  60 /* of the world's time: it lasts no second */

/* ---- what the calls share ---- */

static struct slot slots[SLOTS];
static pthread_mutex_t slots_lock = PTHREAD_MUTEX_INITIALIZER;

struct slot *
slot_named(const char *name)
{
  struct slot *found = NULL;
  int i;

  pthread_mutex_lock(&slots_lock);
  for (i = 0; i < SLOTS && found == NULL; i++) {
    if (slots[i].name[0] == '\0') {
      snprintf(slots[i].name, sizeof(slots[i].name), "%s", name);
      slots[i].fd = -1;
    }
    if (strcmp(slots[i].name, name) == 0) {
      found = &slots[i];
    }
  }
  pthread_mutex_unlock(&slots_lock);
  return found;
}

int
call_has(const struct call *call, int from, const char *word)
{
  int i;

  for (i = from; i < call->argc; i++) {
    if (strcmp(call->argv[i], word) == 0) {
      return 1;
    }
  }
  return 0;
}

long
call_number(const struct call *call, int n)
{
  return n < call->argc ? strtol(call->argv[n], NULL, 0) : 0;
}

void
call_says(struct call *call, const char *format, ...)
{
  va_list args;

  va_start(args, format);
  vsnprintf(call->result, call->size, format, args);
  va_end(args);
}

int
call_numbers(const struct call *call, int n, unsigned int *numbers, int max)
{
  char *at = n < call->argc ? call->argv[n] : NULL;
  int found = 0;

  while (at != NULL && *at != '\0' && found < max) {
    numbers[found++] = (unsigned int)strtoul(at, &at, 10);
    at += *at == ',';
  }
  return found;
}

int
call_address(const struct call *call, int n, ip_addr_t *addr, u16_t *port)
{
  const char *words = n < call->argc ? call->argv[n] : "";
  const char *colon = strchr(words, ':');

  if (colon == NULL) {
    return 0;
  }
  *port = (u16_t)atoi(colon + 1);
  if (strncmp(words, "own:", 4) == 0) {
    *addr = host.own;
  } else if (strncmp(words, "peer:", 5) == 0) {
    *addr = host.peer;
  } else if (strncmp(words, "any:", 4) == 0) {
    *addr = host.ipv6 ? *IP6_ADDR_ANY : *IP4_ADDR_ANY;
  } else {
    ipaddr_aton(host.ipv6 ? "2001:db8::1" : "192.0.2.1", addr);
  }
  return 1;
}

void
address_words(char *words, size_t size, const ip_addr_t *addr, u16_t port, int local)
{
  const ip_addr_t *first = local ? &host.own : &host.peer;
  const ip_addr_t *second = local ? &host.peer : &host.own;
  const char *name = ip_addr_cmp(addr, first) ? (local ? "own" : "peer") :
                     ip_addr_cmp(addr, second) ? (local ? "peer" : "own") :
                     ip_addr_isany(addr) ? "any" : "other";

  if (port >= 0xc000) {
    snprintf(words, size, "%s:ephemeral", name);
  } else {
    snprintf(words, size, "%s:%u", name, (unsigned int)port);
  }
}

void
pattern_fill(void *bytes, size_t len, unsigned int from)
{
  u8_t *byte = (u8_t *)bytes;
  size_t i;

  for (i = 0; i < len; i++, from++) {
    byte[i] = (u8_t)(from * 7U + (from >> 8));
  }
}

int
pattern_matches(const void *bytes, size_t len, unsigned int from)
{
  const u8_t *byte = (const u8_t *)bytes;
  size_t i;

  for (i = 0; i < len; i++, from++) {
    if (byte[i] != (u8_t)(from * 7U + (from >> 8))) {
      return 0;
    }
  }
  return 1;
}

/* ---- calls in a thread ---- */

struct worker {
  char name[16];
  struct virtual_thread thread;
  char *argv[ARGS];
  int argc;
  char line[LINE], result[LINE];
};

static struct worker workers[THREADS];

static void make_call(int argc, char **argv, char *result, size_t size);

static void
work(void *arg)
{
  struct worker *worker = (struct worker *)arg;

  make_call(worker->argc, worker->argv, worker->result, sizeof(worker->result));
}

static struct worker *
worker_named(const char *name)
{
  int i;

  for (i = 0; i < THREADS; i++) {
    if (strcmp(workers[i].name, name) == 0) {
      return &workers[i];
    }
  }
  return NULL;
}

/* What it waits for may be on its way: then look again. */
static int
waits(struct worker *worker)
{
  int looks, blocked = 1;

  for (looks = 0; looks < 3 && blocked; looks++) {
    host_settle();
    blocked = virtual_thread_waits(&worker->thread);
  }
  return blocked;
}

static int
split(char *line, char **words)
{
  char *rest = NULL, *word = strtok_r(line, " \n", &rest);
  int n = 0;

  for (; word != NULL && n < ARGS; word = strtok_r(NULL, " \n", &rest)) {
    words[n++] = word;
  }
  return n;
}

static void
start(struct call *call)
{
  struct worker *worker = worker_named("");
  int i;

  if (worker == NULL) {
    call_says(call, "too many threads");
    return;
  }
  memset(worker, 0, sizeof(*worker));
  snprintf(worker->name, sizeof(worker->name), "%s", call->argv[1]);
  for (i = 2; i < call->argc; i++) {
    size_t used = strlen(worker->line);

    snprintf(worker->line + used, sizeof(worker->line) - used, "%s ", call->argv[i]);
  }
  worker->argc = split(worker->line, worker->argv);
  worker->thread.fn = work;
  worker->thread.arg = worker;
  virtual_thread_start(&worker->thread);
  waits(worker);
  call_says(call, "ok");
}

static void
blocked(struct call *call)
{
  struct worker *worker = worker_named(call->argv[1]);

  call_says(call, "%s", worker == NULL ? "no such thread" : waits(worker) ? "blocked" : "done");
}

static void
join(struct call *call)
{
  struct worker *worker = worker_named(call->argv[1]);

  if (worker == NULL) {
    call_says(call, "no such thread");
    return;
  }
  virtual_thread_join(&worker->thread);
  call_says(call, "%s", worker->result);
  worker->name[0] = '\0';
}

/* ---- calls that are not lwIP's ---- */

static void
wait_ms(struct call *call)
{
  sys_msleep((u32_t)call_number(call, 1));
  call_says(call, "ok");
}

static void
link_calls(struct call *call)
{
  unsigned int every = call_has(call, 1, "cut") ? 1U : call_has(call, 1, "lose") ? (unsigned int)call_number(call, 2) : 0U;

  host_link_lose(every);
  call_says(call, "ok");
}

static void
exhaust(struct call *call)
{
  call_says(call, host_exhaust(call->argv[1]) ? "ok" : "no such pool");
}

static void
release(struct call *call)
{
  host_release();
  call_says(call, "ok");
}

static void
do_peer(struct call *call)
{
  peer_call(call->argc, call->argv, call->result, call->size);
}

static void
end_case(struct call *call)
{
  const char *leak;
  int i;

  for (i = 0; i < THREADS; i++) {
    if (workers[i].name[0] != '\0') {
      call_says(call, "thread %s was not joined", workers[i].name);
      return;
    }
  }
  host_release();
  host_link_lose(0);
  for (i = 0; i < SLOTS; i++) {
    if (slots[i].open) {
      (slots[i].conn != NULL ? netconn_slot_close : socket_slot_close)(&slots[i]);
    }
    memset(&slots[i], 0, sizeof(slots[i]));
  }
  peer_end_all();
  leak = host_leak();
  call_says(call, "%s", leak != NULL ? leak : "clean");
}

static const struct call_entry own_calls[] = {
  { "wait", 2, wait_ms },     { "link", 2, link_calls },   { "exhaust", 2, exhaust }, { "release", 1, release },
  { "peer", 3, do_peer },     { "start", 3, start },       { "blocked", 2, blocked }, { "join", 2, join },
  { "case", 1, end_case },    { NULL, 0, NULL }
};

static const struct call_entry *
find_in(const struct call_entry *entries, const char *name)
{
  for (; entries->name != NULL; entries++) {
    if (strcmp(entries->name, name) == 0) {
      return entries;
    }
  }
  return NULL;
}

static void
make_call(int argc, char **argv, char *result, size_t size)
{
  struct call call = { 0, NULL, NULL, NULL, 0 };
  const struct call_entry *entry = find_in(own_calls, argv[0]);
  int is_lwip = entry == NULL;

  call.argc = argc;
  call.argv = argv;
  call.result = result;
  call.size = size;
  if (is_lwip) {
    entry = find_in(socket_calls, argv[0]);
    entry = entry != NULL ? entry : find_in(netconn_calls, argv[0]);
  }
  if (entry == NULL || argc < entry->min_argc) {
    call_says(&call, "%s: no such call, or not enough arguments", argv[0]);
  } else if (is_lwip && (call.slot = slot_named(argv[1])) == NULL) {
    call_says(&call, "too many names");
  } else {
    entry->fn(&call);
  }
}

int
main(int argc, char **argv)
{
  char line[LINE], result[LINE];
  char *words[ARGS];
  FILE *results;

  if (argc != 3) {
    fprintf(stderr, "usage: %s ipv4|ipv6 link|loop <CALLS\n", argv[0]);
    return 2;
  }
  /* lwIP's own messages must not look like results. */
  results = fdopen(dup(STDOUT_FILENO), "w");
  dup2(STDERR_FILENO, STDOUT_FILENO);
  host_start(strcmp(argv[1], "ipv6") == 0, strcmp(argv[2], "loop") == 0);
  while (fgets(line, sizeof(line), stdin) != NULL) {
    int n = split(line, words);

    if (n > 0) {
      alarm(HANGS_S);
      host_settle();
      result[0] = '\0';
      make_call(n, words, result, sizeof(result));
      fprintf(results, "%s\n", result);
      fflush(results);
    }
  }
  return 0;
}
