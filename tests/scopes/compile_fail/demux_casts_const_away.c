/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: demux; reason: poisoned */
/* lwIP's way to cast const away does not exist in components. */
void handler(const u32_t *number);

void
handler(const u32_t *number)
{
  LWIP_UNUSED_ARG(number);
#ifndef TWIN
  LWIP_CONST_CAST(number);
#endif
}
