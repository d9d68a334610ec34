/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: demux; reason: incomplete */
/* conn is nothing to demux: its structure is unknown. */
struct tcp_alt_conn;
void handler(struct tcp_alt_conn *conn);

void
handler(struct tcp_alt_conn *conn)
{
  LWIP_UNUSED_ARG(conn);
  FORBIDDEN(conn->mss = 0;)
}
