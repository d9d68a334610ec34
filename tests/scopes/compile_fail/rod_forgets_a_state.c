/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: rod; reason: switch */
/* Each switch over an enum names every value. */
int handler(enum tcp_alt_rod_state state);

int
handler(enum tcp_alt_rod_state state)
{
  switch (state) {
    case TCP_ALT_ROD_OPEN:
      return 0;
    WITHOUT_ATTEMPT(case TCP_ALT_ROD_RTO:)
    case TCP_ALT_ROD_RECOVERY:
    default:
      return 1;
  }
}
