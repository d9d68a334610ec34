/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: rod; reason: read-only */
/* What came in is not changed by who reads it. */
void handler(const struct tcp_alt_segment *seg);

void
handler(const struct tcp_alt_segment *seg)
{
  LWIP_UNUSED_ARG(seg);
  FORBIDDEN(seg->seq++;)
}
