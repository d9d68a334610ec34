/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef ARCH_SYS_ARCH_H
#define ARCH_SYS_ARCH_H

typedef void *sys_sem_t;
typedef void *sys_mutex_t;
typedef void *sys_mbox_t;
typedef void *sys_thread_t;

#define sys_sem_valid(sem)             (*(sem) != 0)
#define sys_sem_set_invalid(sem)       (*(sem) = 0)
#define sys_mutex_valid(mutex)         (*(mutex) != 0)
#define sys_mutex_set_invalid(mutex)   (*(mutex) = 0)
#define sys_mbox_valid(mbox)           (*(mbox) != 0)
#define sys_mbox_set_invalid(mbox)     (*(mbox) = 0)

#endif /* ARCH_SYS_ARCH_H */
