/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Scripted faults: a chain of rules before a link. Each has conditions and a
 * verdict; the first one whose conditions hold decides about a frame.
 */
#ifndef SIM_RULES_H
#define SIM_RULES_H

#include "events.h"
#include "flows.h"
#include "rng.h"

enum verdict_kind {
  VERDICT_PASS,
  VERDICT_DROP,
  VERDICT_DELAY,
  VERDICT_MARK,
  VERDICT_DUPLICATE,
  VERDICT_CORRUPT,
  VERDICT_INJECT
};

enum injection {
  INJECT_RST,           /* from the frame's sender, exactly where its next byte would be */
  INJECT_SYN,           /* with the frame's addresses and ports */
  INJECT_FORGED_SYN,    /* from an address that nobody has, to the frame's port */
  INJECT_COPY           /* the frame again */
};

struct verdict {
  enum verdict_kind kind;
  uint64_t delay_ns;          /* of VERDICT_DELAY and VERDICT_INJECT */
  enum injection injection;
  uint32_t offset;            /* of INJECT_RST: so many bytes further */
};

#define RANGE_ALL {0, UINT64_MAX}
struct range {
  uint64_t from, to;          /* both included */
};

/** Bits of `struct rule.kinds`: all that are set must hold. */
#define RULE_SYN 0x0001u
#define RULE_SYNACK 0x0002u
#define RULE_FIN 0x0004u
#define RULE_RST 0x0008u
#define RULE_ACK 0x0010u        /* nothing but an ACK */
#define RULE_DATA 0x0020u
#define RULE_FIRST 0x0040u      /* sent for the first time */
#define RULE_AGAIN 0x0080u      /* sent before */
#define RULE_REOPENS 0x0100u    /* opens the window that the one before had closed */
#define RULE_TCP 0x0200u
#define RULE_OTHER 0x0400u      /* not TCP */
#define RULE_ECT 0x0800u
#define RULE_PSH 0x1000u

struct rule {
  unsigned kinds, not_kinds;
  struct range frame, time_ns, len, size, window, nth, flow, turn, segment;
  struct range byte, turn_byte;     /* a segment that carries any of them */
  unsigned port;                    /* either one; 0: any */
  double share;                     /* of those that meet the rest */
  uint64_t every;                   /* of those; 0: each */
  struct verdict verdict;
  uint64_t met, applied;
  struct rng rng;                   /* one draw for each frame of the link */
  char where[300], text[160];       /* file:line and the statement, for the report */
  struct rule *next;
};

/** The chain of a link, and what it has seen. */
struct rules {
  struct rule *first, *last;
  struct flows *flows;              /* shared with the other direction */
  unsigned side;                    /* which of the two this is: 0 or 1 */
  unsigned count;
};

/** Adds `CONDITION... VERDICT`; ends the program if it makes no sense. */
void rules_add(struct rules *rules, const char *where, const char *text, uint64_t seed);

/** What the chain says of a frame that enters the link. */
struct verdict rules_judge(struct rules *rules, const struct frame *frame, uint64_t now_ns);

/** Makes what INJECT says of a frame; `room` is that of `to`. Returns its length. */
size_t rules_inject(const struct verdict *verdict, const struct frame *frame, struct rng *rng,
                    uint8_t *to, size_t room);

void rules_free(struct rules *rules);

#endif /* SIM_RULES_H */
