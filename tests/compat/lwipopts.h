/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP for the applications from the field: that of the polling tests. */
#ifndef TCP_ALT_TESTS_COMPAT_LWIPOPTS_H
#define TCP_ALT_TESTS_COMPAT_LWIPOPTS_H

#include "../polling/lwipopts.h"

#endif
