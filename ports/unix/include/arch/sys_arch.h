/* SPDX-License-Identifier: BSD-3-Clause
 * Operating system types for lwIP with NO_SYS=0 on POSIX threads. */
#ifndef TCP_ALT_PORTS_UNIX_SYS_ARCH_H
#define TCP_ALT_PORTS_UNIX_SYS_ARCH_H

#include <pthread.h>

struct unix_sem;
struct unix_mutex;
struct unix_mbox;

/* Handles are pointers: NULL is the invalid handle for all three. */
typedef struct unix_sem *sys_sem_t;
typedef struct unix_mutex *sys_mutex_t;
typedef struct unix_mbox *sys_mbox_t;
typedef pthread_t sys_thread_t;

#define sys_sem_valid(sem)          (*(sem) != NULL)
#define sys_sem_valid_val(sem)      ((sem) != NULL)
#define sys_sem_set_invalid(sem)    (*(sem) = NULL)
#define sys_sem_set_invalid_val(sem) ((sem) = NULL)
#define sys_mutex_valid(mu)         (*(mu) != NULL)
#define sys_mutex_set_invalid(mu)   (*(mu) = NULL)
#define sys_mbox_valid(mb)          (*(mb) != NULL)
#define sys_mbox_valid_val(mb)      ((mb) != NULL)
#define sys_mbox_set_invalid(mb)    (*(mb) = NULL)
#define sys_mbox_set_invalid_val(mb) ((mb) = NULL)

sys_sem_t *unix_netconn_sem_get(void);
#define LWIP_NETCONN_THREAD_SEM_GET()   unix_netconn_sem_get()
#define LWIP_NETCONN_THREAD_SEM_ALLOC() ((void)unix_netconn_sem_get())
#define LWIP_NETCONN_THREAD_SEM_FREE()  /* freed with its thread */

#endif
