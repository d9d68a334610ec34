/* SPDX-License-Identifier: BSD-3-Clause
 * Where options that do not go together are refused. */
#include "lwip/priv/tcp_priv.h"
