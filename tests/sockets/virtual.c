/* SPDX-License-Identifier: BSD-3-Clause
 * See virtual.h. Everything is guarded by one lock; a thread that waits has a record in one list. */
#include "virtual.h"

#include "lwip/tcpip.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEVER       UINT64_MAX
#define EXIT_FROZEN 4

enum woken { NOT_WOKEN, BY_EVENT, BY_TIME };

/* A thread that waits for an event of an object, or for a time. */
struct waiter {
  struct waiter *next;
  const void *object;
  u64_t deadline;
  enum woken woken;
  pthread_cond_t wake;
};

struct unix_sem {
  unsigned int count;
};

struct unix_mutex {
  int locked;
};

struct unix_mbox {
  unsigned int size, head, used;
  void *slots[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t somebody_waits = PTHREAD_COND_INITIALIZER;
static struct waiter *waiters;
static unsigned int running = 1; /* threads that do not wait: the clock stands still */
static u64_t now_ms = 1000;
static pthread_key_t self_key;
static pthread_once_t self_once = PTHREAD_ONCE_INIT;

static void
self_init(void)
{
  pthread_key_create(&self_key, NULL);
}

static void *
checked_alloc(size_t size)
{
  void *p = calloc(1, size);

  if (p == NULL) {
    perror("virtual: out of memory");
    abort();
  }
  return p;
}

/* ---- waiting: all of this with the lock held ---- */

static void
wake(struct waiter *waiter, enum woken how)
{
  waiter->woken = how;
  running++;
  pthread_cond_signal(&waiter->wake);
}

static void
wake_waiters_for(const void *object, int all)
{
  struct waiter *waiter;

  for (waiter = waiters; waiter != NULL; waiter = waiter->next) {
    if (waiter->object == object && waiter->woken == NOT_WOKEN) {
      wake(waiter, BY_EVENT);
      if (!all) {
        return;
      }
    }
  }
}

/* Nobody can do anything any more but wait: on to the next deadline. */
static void
let_time_pass(void)
{
  struct waiter *waiter;
  u64_t next = NEVER;

  for (waiter = waiters; waiter != NULL; waiter = waiter->next) {
    next = LWIP_MIN(next, waiter->deadline);
  }
  if (next == NEVER) {
    fprintf(stderr, "ERROR: every thread waits for ever\n");
    exit(EXIT_FROZEN);
  }
  now_ms = LWIP_MAX(now_ms, next);
  for (waiter = waiters; waiter != NULL; waiter = waiter->next) {
    if (waiter->deadline <= now_ms && waiter->woken == NOT_WOKEN) {
      wake(waiter, BY_TIME);
    }
  }
}

static void
stops_running(void)
{
  if (--running == 0) {
    let_time_pass();
  }
}

static void
tell_that_i_wait(int waits)
{
  struct virtual_thread *self;

  pthread_once(&self_once, self_init);
  self = (struct virtual_thread *)pthread_getspecific(self_key);
  if (self != NULL) {
    self->waits = waits;
    pthread_cond_broadcast(&somebody_waits);
  }
}

/* False when the deadline came first. */
static int
wait_for(const void *object, u64_t deadline)
{
  struct waiter self = { NULL, object, deadline, NOT_WOKEN, PTHREAD_COND_INITIALIZER };
  struct waiter **last = &waiters;

  while (*last != NULL) {
    last = &(*last)->next;
  }
  *last = &self;
  tell_that_i_wait(1);
  stops_running();
  while (self.woken == NOT_WOKEN) {
    pthread_cond_wait(&self.wake, &lock);
  }
  tell_that_i_wait(0);
  for (last = &waiters; *last != &self; last = &(*last)->next) {
  }
  *last = self.next;
  pthread_cond_destroy(&self.wake);
  return self.woken == BY_EVENT;
}

static u64_t
deadline_after(u32_t ms)
{
  return ms == 0 ? NEVER : now_ms + ms;
}

/* ---- clock and chance ---- */

u32_t
sys_now(void)
{
  u32_t now;

  pthread_mutex_lock(&lock);
  now = (u32_t)now_ms;
  pthread_mutex_unlock(&lock);
  return now;
}

u32_t
sys_jiffies(void)
{
  return sys_now();
}

/* Always the same: xorshift32. */
unsigned int
unix_port_rand(void)
{
  static u32_t state = 2463534242U;
  u32_t value;

  pthread_mutex_lock(&lock);
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  value = state;
  pthread_mutex_unlock(&lock);
  return value;
}

void
sys_init(void)
{
}

/* ---- semaphores ---- */

err_t
sys_sem_new(sys_sem_t *sem, u8_t count)
{
  *sem = (struct unix_sem *)checked_alloc(sizeof(struct unix_sem));
  (*sem)->count = count;
  return ERR_OK;
}

void
sys_sem_free(sys_sem_t *sem)
{
  free(*sem);
  *sem = NULL;
}

void
sys_sem_signal(sys_sem_t *sem)
{
  pthread_mutex_lock(&lock);
  (*sem)->count++;
  wake_waiters_for(*sem, 0);
  pthread_mutex_unlock(&lock);
}

u32_t
sys_arch_sem_wait(sys_sem_t *sem, u32_t timeout)
{
  struct unix_sem *s = *sem;
  u64_t since, deadline;
  u32_t result = SYS_ARCH_TIMEOUT;
  int in_time = 1;

  pthread_mutex_lock(&lock);
  since = now_ms;
  deadline = deadline_after(timeout);
  while (s->count == 0 && in_time) {
    in_time = wait_for(s, deadline);
  }
  if (s->count > 0) {
    s->count--;
    result = (u32_t)(now_ms - since);
  }
  pthread_mutex_unlock(&lock);
  return result;
}

/* ---- mutexes ---- */

err_t
sys_mutex_new(sys_mutex_t *mutex)
{
  *mutex = (struct unix_mutex *)checked_alloc(sizeof(struct unix_mutex));
  return ERR_OK;
}

void
sys_mutex_free(sys_mutex_t *mutex)
{
  free(*mutex);
  *mutex = NULL;
}

void
sys_mutex_lock(sys_mutex_t *mutex)
{
  pthread_mutex_lock(&lock);
  while ((*mutex)->locked) {
    (void)wait_for(*mutex, NEVER);
  }
  (*mutex)->locked = 1;
  pthread_mutex_unlock(&lock);
}

void
sys_mutex_unlock(sys_mutex_t *mutex)
{
  pthread_mutex_lock(&lock);
  (*mutex)->locked = 0;
  wake_waiters_for(*mutex, 0);
  pthread_mutex_unlock(&lock);
}

/* ---- mailboxes ---- */

err_t
sys_mbox_new(sys_mbox_t *mbox, int size)
{
  unsigned int slots = size > 0 ? (unsigned int)size : 64U;

  *mbox = (struct unix_mbox *)checked_alloc(sizeof(struct unix_mbox) + slots * sizeof(void *));
  (*mbox)->size = slots;
  return ERR_OK;
}

void
sys_mbox_free(sys_mbox_t *mbox)
{
  free(*mbox);
  *mbox = NULL;
}

static void
mbox_put(struct unix_mbox *mb, void *msg)
{
  mb->slots[(mb->head + mb->used) % mb->size] = msg;
  mb->used++;
  wake_waiters_for(mb, 1);
}

void
sys_mbox_post(sys_mbox_t *mbox, void *msg)
{
  pthread_mutex_lock(&lock);
  while ((*mbox)->used == (*mbox)->size) {
    (void)wait_for(*mbox, NEVER);
  }
  mbox_put(*mbox, msg);
  pthread_mutex_unlock(&lock);
}

err_t
sys_mbox_trypost(sys_mbox_t *mbox, void *msg)
{
  err_t err = ERR_MEM;

  pthread_mutex_lock(&lock);
  if ((*mbox)->used < (*mbox)->size) {
    mbox_put(*mbox, msg);
    err = ERR_OK;
  }
  pthread_mutex_unlock(&lock);
  return err;
}

err_t
sys_mbox_trypost_fromisr(sys_mbox_t *mbox, void *msg)
{
  return sys_mbox_trypost(mbox, msg);
}

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
  wake_waiters_for(mb, 1);
  return 1;
}

u32_t
sys_arch_mbox_tryfetch(sys_mbox_t *mbox, void **msg)
{
  u32_t result;

  pthread_mutex_lock(&lock);
  result = mbox_take(*mbox, msg) ? 0 : SYS_MBOX_EMPTY;
  pthread_mutex_unlock(&lock);
  return result;
}

u32_t
sys_arch_mbox_fetch(sys_mbox_t *mbox, void **msg, u32_t timeout)
{
  struct unix_mbox *mb = *mbox;
  u64_t since, deadline;
  u32_t result = SYS_ARCH_TIMEOUT;
  int in_time = 1;

  if (msg != NULL) {
    *msg = NULL;
  }
  pthread_mutex_lock(&lock);
  since = now_ms;
  deadline = deadline_after(timeout);
  while (mb->used == 0 && in_time) {
    in_time = wait_for(mb, deadline);
  }
  if (mbox_take(mb, msg)) {
    result = (u32_t)(now_ms - since);
  }
  pthread_mutex_unlock(&lock);
  return result;
}

/* ---- threads ---- */

static void *
thread_main(void *arg)
{
  struct virtual_thread *thread = (struct virtual_thread *)arg;

  pthread_once(&self_once, self_init);
  pthread_setspecific(self_key, thread);
  thread->fn(thread->arg);
  sys_sem_signal(&thread->done);
  pthread_mutex_lock(&lock);
  thread->ended = 1;
  pthread_setspecific(self_key, NULL);
  pthread_cond_broadcast(&somebody_waits);
  stops_running();
  pthread_mutex_unlock(&lock);
  return NULL;
}

void
virtual_thread_start(struct virtual_thread *thread)
{
  pthread_t id;

  sys_sem_new(&thread->done, 0);
  thread->waits = thread->ended = 0;
  pthread_mutex_lock(&lock);
  running++;
  pthread_mutex_unlock(&lock);
  if (pthread_create(&id, NULL, thread_main, thread) != 0) {
    perror("pthread_create");
    abort();
  }
  pthread_detach(id);
}

int
virtual_thread_waits(struct virtual_thread *thread)
{
  int waits;

  pthread_mutex_lock(&lock);
  while (!thread->waits && !thread->ended) {
    pthread_cond_wait(&somebody_waits, &lock); /* the clock stands still meanwhile */
  }
  waits = thread->waits;
  pthread_mutex_unlock(&lock);
  return waits;
}

void
virtual_thread_join(struct virtual_thread *thread)
{
  sys_sem_wait(&thread->done);
  (void)virtual_thread_waits(thread);
  sys_sem_free(&thread->done);
}

sys_thread_t
sys_thread_new(const char *name, lwip_thread_fn fn, void *arg, int stacksize, int prio)
{
  struct virtual_thread *thread = (struct virtual_thread *)checked_alloc(sizeof(*thread));

  LWIP_UNUSED_ARG(name);
  LWIP_UNUSED_ARG(stacksize);
  LWIP_UNUSED_ARG(prio);
  thread->fn = fn;
  thread->arg = arg;
  virtual_thread_start(thread);
  return pthread_self(); /* nobody uses it */
}

/* ---- critical sections: one recursive lock, in which nobody waits ---- */

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

/* ---- who holds the core ---- */

static pthread_t tcpip_thread, core_owner;
static int tcpip_thread_known, core_owned;

void
unix_mark_tcpip_thread(void)
{
  tcpip_thread = pthread_self();
  tcpip_thread_known = 1;
}

#if LWIP_TCPIP_CORE_LOCKING
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
  if (tcpip_thread_known) {
    LWIP_ASSERT("core used by the wrong thread", LWIP_TCPIP_CORE_LOCKING ?
                core_owned && pthread_equal(core_owner, pthread_self()) :
                pthread_equal(tcpip_thread, pthread_self()));
  }
}
