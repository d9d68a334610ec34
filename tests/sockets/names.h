/* SPDX-License-Identifier: BSD-3-Clause
 * err_t and errno by name. */
#ifndef TCP_ALT_TESTS_SOCKETS_NAMES_H
#define TCP_ALT_TESTS_SOCKETS_NAMES_H

#include "lwip/err.h"

const char *err_name(err_t err);
const char *errno_name(int value);

#endif
