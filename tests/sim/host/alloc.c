/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Counts what lwIP allocates, and lets chosen allocations fail. The linker puts these functions in
 * front of lwIP's (--wrap); pbuf_alloc() and tcp_seg come from them, too.
 */
#include "host.h"

#include <string.h>

#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/timeouts.h"

void *__real_memp_malloc(memp_t type);
void __real_memp_free(memp_t type, void *element);
void *__real_mem_malloc(mem_size_t size);
void *__real_mem_calloc(mem_size_t count, mem_size_t size);
void *__wrap_memp_malloc(memp_t type);
void __wrap_memp_free(memp_t type, void *element);
void *__wrap_mem_malloc(mem_size_t size);
void *__wrap_mem_calloc(mem_size_t count, mem_size_t size);
void __real_sys_timeout(u32_t ms, sys_timeout_handler handler, void *arg);
void __wrap_sys_timeout(u32_t ms, sys_timeout_handler handler, void *arg);

static uint32_t first, last; /* that fail; 0: none */
static uint32_t number, failed, pcbs_failed;
static int no_timeout;       /* a timeout was refused, lwIP is about to assert */
static int spared;           /* within an allocation that was counted already, or is not to be */
static int timeout_free;     /* a timeout came back, and none was taken since: the next cannot fail */

void
allocations_begin(uint32_t fail_first, uint32_t fail_count)
{
  first = fail_first;
  last = fail_first + fail_count - 1;
  number = 0;
}

void
allocations_count(struct simhost_counters *out)
{
  out->allocations = number;
  out->allocations_failed = failed;
  out->pcbs_failed = pcbs_failed;
}

/* lwIP asserts when its pool of timeouts is empty; without assertions, as on most devices, it goes on. */
int
allocations_excuse(const char *assertion)
{
  int excused = no_timeout && strstr(assertion, "MEMP_SYS_TIMEOUT is empty") != NULL;

  no_timeout = 0;
  return excused;
}

static int
fails(void)
{
  number++;
  if (first == 0 || number < first || number > last) {
    return 0;
  }
  failed++;
  return 1;
}

void *
__wrap_memp_malloc(memp_t type)
{
  int counts = !spared && !(type == MEMP_SYS_TIMEOUT && timeout_free);
  int was = spared;
  void *element;

  if (counts && fails()) {
    pcbs_failed += type == MEMP_TCP_PCB;
    no_timeout = type == MEMP_SYS_TIMEOUT;
    return NULL;
  }
  if (type == MEMP_SYS_TIMEOUT) {
    timeout_free = 0;
  }
  spared = 1; /* pools may be on the heap */
  element = __real_memp_malloc(type);
  spared = was;
  return element;
}

void
__wrap_memp_free(memp_t type, void *element)
{
  if (type == MEMP_SYS_TIMEOUT) {
    timeout_free = 1;
  }
  __real_memp_free(type, element);
}

void *
__wrap_mem_malloc(mem_size_t size)
{
  return !spared && fails() ? NULL : __real_mem_malloc(size);
}

void *
__wrap_mem_calloc(mem_size_t count, mem_size_t size)
{
  return !spared && fails() ? NULL : __real_mem_calloc(count, size);
}

/* TCP's own timeout has no argument, those of the applications here do. */
void
__wrap_sys_timeout(u32_t ms, sys_timeout_handler handler, void *arg)
{
  spared = arg != NULL;
  __real_sys_timeout(ms, handler, arg);
  spared = 0;
}

/* What the applications here call in place of mem_malloc(): that their own memory fails shows nothing of TCP. */
void *application_malloc(mem_size_t size);

void *
application_malloc(mem_size_t size)
{
  return __real_mem_malloc(size);
}
