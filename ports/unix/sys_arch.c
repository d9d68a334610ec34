/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP's operating system layer on POSIX: a clock, a random source and, with NO_SYS=0,
 * threads, semaphores, mutexes and mailboxes. */
#include "lwip/opt.h"
#include "lwip/sys.h"
#include "lwip/def.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* Tests may let lwIP's time pass faster than the world's: by this factor, a divisor of a million. */
#ifndef UNIX_CLOCK_SPEED
#define UNIX_CLOCK_SPEED 1U
#endif

static u64_t
monotonic_ms(void)
{
  struct timespec ts;

  clock_gettime(CLOCK_MONOTONIC, &ts);
  return (u64_t)ts.tv_sec * (1000U * UNIX_CLOCK_SPEED) +
         (u64_t)ts.tv_nsec / (1000000U / UNIX_CLOCK_SPEED);
}

u32_t
sys_now(void)
{
  return (u32_t)monotonic_ms();
}

u32_t
sys_jiffies(void)
{
  return sys_now();
}

unsigned int
unix_port_rand(void)
{
  unsigned int value;

  if (getrandom(&value, sizeof(value), 0) != (ssize_t)sizeof(value)) {
    perror("getrandom");
    abort();
  }
  return value;
}

void
sys_init(void)
{
}

#if !NO_SYS

#include "lwip/tcpip.h"

/* A condition with its lock; every wait is on the monotonic clock, so that a
 * step of the wall clock moves no deadline. */
struct monitor {
  pthread_mutex_t lock;
  pthread_cond_t changed;
};

struct unix_sem {
  struct monitor mon;
  unsigned int count;
};

struct unix_mutex {
  pthread_mutex_t lock;
};

struct unix_mbox {
  struct monitor mon;
  unsigned int size;
  unsigned int head; /* next to fetch */
  unsigned int used;
  void *slots[];
};

static void *
checked_alloc(size_t size)
{
  void *p = calloc(1, size);

  if (p == NULL) {
    perror("sys_arch: out of memory");
    abort();
  }
  return p;
}

static void
monitor_init(struct monitor *mon)
{
  pthread_condattr_t attr;

  pthread_mutex_init(&mon->lock, NULL);
  pthread_condattr_init(&attr);
  pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
  pthread_cond_init(&mon->changed, &attr);
  pthread_condattr_destroy(&attr);
}

static void
monitor_destroy(struct monitor *mon)
{
  pthread_cond_destroy(&mon->changed);
  pthread_mutex_destroy(&mon->lock);
}

static struct timespec
deadline_after(u32_t ms)
{
  struct timespec ts;

  clock_gettime(CLOCK_MONOTONIC, &ts);
  ts.tv_sec += (time_t)(ms / (1000U * UNIX_CLOCK_SPEED));
  ts.tv_nsec += (long)(ms % (1000U * UNIX_CLOCK_SPEED)) * (long)(1000000U / UNIX_CLOCK_SPEED);
  if (ts.tv_nsec >= 1000000000L) {
    ts.tv_nsec -= 1000000000L;
    ts.tv_sec++;
  }
  return ts;
}

/* Wait for a change; 0 without a deadline means for ever. False on timeout. */
static int
monitor_wait(struct monitor *mon, const struct timespec *deadline)
{
  if (deadline == NULL) {
    pthread_cond_wait(&mon->changed, &mon->lock);
    return 1;
  }
  return pthread_cond_timedwait(&mon->changed, &mon->lock, deadline) != ETIMEDOUT;
}

/* ---- semaphores ---- */

err_t
sys_sem_new(sys_sem_t *sem, u8_t count)
{
  *sem = (struct unix_sem *)checked_alloc(sizeof(struct unix_sem));
  monitor_init(&(*sem)->mon);
  (*sem)->count = count;
  return ERR_OK;
}

void
sys_sem_free(sys_sem_t *sem)
{
  monitor_destroy(&(*sem)->mon);
  free(*sem);
  *sem = NULL;
}

void
sys_sem_signal(sys_sem_t *sem)
{
  pthread_mutex_lock(&(*sem)->mon.lock);
  (*sem)->count++;
  pthread_cond_signal(&(*sem)->mon.changed);
  pthread_mutex_unlock(&(*sem)->mon.lock);
}

u32_t
sys_arch_sem_wait(sys_sem_t *sem, u32_t timeout)
{
  struct unix_sem *s = *sem;
  struct timespec deadline = deadline_after(timeout);
  u64_t start = monotonic_ms();
  u32_t result = SYS_ARCH_TIMEOUT;
  int in_time = 1;

  pthread_mutex_lock(&s->mon.lock);
  while (s->count == 0 && in_time) {
    in_time = monitor_wait(&s->mon, timeout != 0 ? &deadline : NULL);
  }
  if (s->count > 0) {
    s->count--;
    result = (u32_t)(monotonic_ms() - start);
  }
  pthread_mutex_unlock(&s->mon.lock);
  return result;
}

/* ---- mutexes ---- */

err_t
sys_mutex_new(sys_mutex_t *mutex)
{
  *mutex = (struct unix_mutex *)checked_alloc(sizeof(struct unix_mutex));
  pthread_mutex_init(&(*mutex)->lock, NULL);
  return ERR_OK;
}

void
sys_mutex_free(sys_mutex_t *mutex)
{
  pthread_mutex_destroy(&(*mutex)->lock);
  free(*mutex);
  *mutex = NULL;
}

void
sys_mutex_lock(sys_mutex_t *mutex)
{
  pthread_mutex_lock(&(*mutex)->lock);
}

void
sys_mutex_unlock(sys_mutex_t *mutex)
{
  pthread_mutex_unlock(&(*mutex)->lock);
}

/* ---- mailboxes ---- */

err_t
sys_mbox_new(sys_mbox_t *mbox, int size)
{
  unsigned int slots = size > 0 ? (unsigned int)size : 64U;

  *mbox = (struct unix_mbox *)checked_alloc(sizeof(struct unix_mbox) + slots * sizeof(void *));
  monitor_init(&(*mbox)->mon);
  (*mbox)->size = slots;
  return ERR_OK;
}

void
sys_mbox_free(sys_mbox_t *mbox)
{
  monitor_destroy(&(*mbox)->mon);
  free(*mbox);
  *mbox = NULL;
}

/* The lock is held and a slot is free. */
static void
mbox_put(struct unix_mbox *mb, void *msg)
{
  mb->slots[(mb->head + mb->used) % mb->size] = msg;
  mb->used++;
  pthread_cond_broadcast(&mb->mon.changed);
}

void
sys_mbox_post(sys_mbox_t *mbox, void *msg)
{
  struct unix_mbox *mb = *mbox;

  pthread_mutex_lock(&mb->mon.lock);
  while (mb->used == mb->size) {
    monitor_wait(&mb->mon, NULL);
  }
  mbox_put(mb, msg);
  pthread_mutex_unlock(&mb->mon.lock);
}

err_t
sys_mbox_trypost(sys_mbox_t *mbox, void *msg)
{
  struct unix_mbox *mb = *mbox;
  err_t err = ERR_MEM;

  pthread_mutex_lock(&mb->mon.lock);
  if (mb->used < mb->size) {
    mbox_put(mb, msg);
    err = ERR_OK;
  }
  pthread_mutex_unlock(&mb->mon.lock);
  return err;
}

err_t
sys_mbox_trypost_fromisr(sys_mbox_t *mbox, void *msg)
{
  return sys_mbox_trypost(mbox, msg);
}

/* The lock is held. False when the mailbox is empty. */
static int
mbox_take(struct unix_mbox *mb, void **msg)
{
  if (mb->used == 0) {
    return 0;
  }
  if (msg != NULL) {
    *msg = mb->slots[mb->head];
  }
  mb->head = (mb->head + 1) % mb->size;
  mb->used--;
  pthread_cond_broadcast(&mb->mon.changed);
  return 1;
}

u32_t
sys_arch_mbox_tryfetch(sys_mbox_t *mbox, void **msg)
{
  struct unix_mbox *mb = *mbox;
  u32_t result;

  pthread_mutex_lock(&mb->mon.lock);
  result = mbox_take(mb, msg) ? 0 : SYS_MBOX_EMPTY;
  pthread_mutex_unlock(&mb->mon.lock);
  return result;
}

u32_t
sys_arch_mbox_fetch(sys_mbox_t *mbox, void **msg, u32_t timeout)
{
  struct unix_mbox *mb = *mbox;
  struct timespec deadline = deadline_after(timeout);
  u64_t start = monotonic_ms();
  u32_t result = SYS_ARCH_TIMEOUT;
  int in_time = 1;

  if (msg != NULL) {
    *msg = NULL;
  }
  pthread_mutex_lock(&mb->mon.lock);
  while (mb->used == 0 && in_time) {
    in_time = monitor_wait(&mb->mon, timeout != 0 ? &deadline : NULL);
  }
  if (mbox_take(mb, msg)) {
    result = (u32_t)(monotonic_ms() - start);
  }
  pthread_mutex_unlock(&mb->mon.lock);
  return result;
}

/* ---- threads ---- */

struct thread_start {
  lwip_thread_fn fn;
  void *arg;
};

static void *
thread_main(void *arg)
{
  struct thread_start start = *(struct thread_start *)arg;

  free(arg);
  start.fn(start.arg);
  return NULL;
}

sys_thread_t
sys_thread_new(const char *name, lwip_thread_fn fn, void *arg, int stacksize, int prio)
{
  struct thread_start *start = (struct thread_start *)checked_alloc(sizeof(*start));
  pthread_t thread;

  LWIP_UNUSED_ARG(name);
  LWIP_UNUSED_ARG(stacksize);
  LWIP_UNUSED_ARG(prio);
  start->fn = fn;
  start->arg = arg;
  if (pthread_create(&thread, NULL, thread_main, start) != 0) {
    perror("pthread_create");
    abort();
  }
  pthread_detach(thread);
  return thread;
}

/* ---- critical sections: one recursive lock ---- */

static pthread_once_t protect_once = PTHREAD_ONCE_INIT;
static pthread_mutex_t protect_lock;

static void
protect_init(void)
{
  pthread_mutexattr_t attr;

  pthread_mutexattr_init(&attr);
  pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&protect_lock, &attr);
  pthread_mutexattr_destroy(&attr);
}

sys_prot_t
sys_arch_protect(void)
{
  pthread_once(&protect_once, protect_init);
  pthread_mutex_lock(&protect_lock);
  return 0;
}

void
sys_arch_unprotect(sys_prot_t pval)
{
  LWIP_UNUSED_ARG(pval);
  pthread_mutex_unlock(&protect_lock);
}

/* ---- one semaphore per thread for netconn ---- */

#if LWIP_NETCONN_SEM_PER_THREAD
static pthread_once_t sem_key_once = PTHREAD_ONCE_INIT;
static pthread_key_t sem_key;

static void
sem_key_destroy(void *sem)
{
  sys_sem_free((sys_sem_t *)sem);
  free(sem);
}

static void
sem_key_init(void)
{
  pthread_key_create(&sem_key, sem_key_destroy);
}

sys_sem_t *
unix_netconn_sem_get(void)
{
  sys_sem_t *sem;

  pthread_once(&sem_key_once, sem_key_init);
  sem = (sys_sem_t *)pthread_getspecific(sem_key);
  if (sem == NULL) {
    sem = (sys_sem_t *)checked_alloc(sizeof(*sem));
    sys_sem_new(sem, 0);
    pthread_setspecific(sem_key, sem);
  }
  return sem;
}
#endif /* LWIP_NETCONN_SEM_PER_THREAD */

/* ---- who holds the core ---- */

static pthread_t tcpip_thread;
static int tcpip_thread_known;

void
unix_mark_tcpip_thread(void)
{
  tcpip_thread = pthread_self();
  tcpip_thread_known = 1;
}

#if LWIP_TCPIP_CORE_LOCKING
static pthread_t core_owner;
static int core_owned;

void
unix_lock_tcpip_core(void)
{
  sys_mutex_lock(&lock_tcpip_core);
  core_owner = pthread_self();
  core_owned = 1;
}

void
unix_unlock_tcpip_core(void)
{
  core_owned = 0;
  sys_mutex_unlock(&lock_tcpip_core);
}
#endif

void
unix_check_core_locking(void)
{
  if (!tcpip_thread_known) {
    return; /* still single-threaded */
  }
#if LWIP_TCPIP_CORE_LOCKING
  LWIP_ASSERT("core used without its lock", core_owned && pthread_equal(core_owner, pthread_self()));
#else
  LWIP_ASSERT("core used outside its thread", pthread_equal(tcpip_thread, pthread_self()));
#endif
}

#endif /* !NO_SYS */
