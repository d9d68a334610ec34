/* SPDX-License-Identifier: BSD-3-Clause */
/* A small device's window, and alt's ready profile for it. */
#define TCP_ALT_PROFILE TCP_ALT_TINY

#include "../MCU/lwipopts.h"
