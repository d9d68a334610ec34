#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The rewriter on shapes of code that are hard to get right.

usage: torture_test.py PRISTINE NEUTRAL
Each shape is either rewritten or left to a compile error, never silently wrong:
 - what is expected of the text is written beside each shape;
 - with legacy, the shape and its rewritten form give the same object file;
 - with alt, the rewritten form compiles if and only if it is said to be rewritten.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tap import REPOSITORY, check, run

sys.path.insert(0, str(REPOSITORY / "lwip"))
from lwiptree import cdecl, rewrite  # noqa: E402
from lwiptree.ctokens import tokenize  # noqa: E402

PRISTINE, NEUTRAL = Path(sys.argv[1]), Path(sys.argv[2])
CONFIG = REPOSITORY / "tests/tree/config"
ALT_READY = (NEUTRAL / "src/include/lwip/tcp_alt_api.h").exists()

REWRITTEN, REFUSED = "rewritten", "refused"

# (name, code, what the accesses become, fate with alt). In code, <<x|y>> is x before and y after.
SHAPES = [
    ("plain", "int f(struct tcp_pcb *p) { return <<p->state|tcp_state_get(p)>>; }", REWRITTEN),
    ("parenthesised", "int f(struct tcp_pcb *p) { return <<((p))->prio|tcp_prio_get(((p)))>>; }",
     REWRITTEN),
    ("deref_dot", "int f(struct tcp_pcb *p) { return <<(*p).prio|tcp_prio_get(&(*p))>>; }",
     REWRITTEN),
    ("cast", "int f(void *a) { return <<((struct tcp_pcb *)a)->state|"
             "tcp_state_get(((struct tcp_pcb *)a))>>; }", REWRITTEN),
    ("const_cast", "int f(const void *a) { return <<((const struct tcp_pcb *)a)->ttl|"
                   "tcp_ttl_get(((const struct tcp_pcb *)a))>>; }", REWRITTEN),
    ("cast_of_the_member", "u8_t f(struct tcp_pcb *p) { return (u8_t)<<p->state|"
                           "tcp_state_get(p)>>; }", REWRITTEN),
    ("file_scope", "static struct tcp_pcb *g;\nint f(void) { return <<g->state|"
                   "tcp_state_get(g)>>; }\nvoid h(struct tcp_pcb *p) { g = p; }", REWRITTEN),
    ("shadowed", "static struct tcp_pcb *g;\nstruct o { int state; };\n"
                 "int f(struct o *g) { return g->state; }\n"
                 "int h(void) { { struct o g; g.state = 1; if (g.state) return 1; }"
                 " return <<g->state|tcp_state_get(g)>>; }\nvoid i(struct tcp_pcb *p) { g = p; }",
     REWRITTEN),
    ("typedef_pointer", "typedef struct tcp_pcb *conn_t;\nint f(conn_t p) { return "
                        "<<p->state|tcp_state_get(p)>>; }", REWRITTEN),
    ("typedef_struct", "typedef struct tcp_pcb pcb_t, *pcbs_t[2];\nint f(pcb_t *p, pcbs_t q) "
                       "{ return <<p->state|tcp_state_get(p)>> + "
                       "<<q[1]->state|tcp_state_get(q[1])>>; }", REWRITTEN),
    ("one_line_struct", "struct b { struct tcp_pcb *pcb; int state; };\nint f(struct b *b) "
                        "{ return <<b->pcb->state|tcp_state_get(b->pcb)>> + b->state; }", REWRITTEN),
    ("inner_union", "struct b { union { struct tcp_pcb *t; int n; }; struct { struct tcp_pcb *u[2]; }"
                    " in; };\nint f(struct b *b) { return <<b->t->ttl|tcp_ttl_get(b->t)>> + "
                    "<<b->in.u[1]->tos|tcp_tos_get(b->in.u[1])>>; }", REWRITTEN),
    ("pointer_to_pointer", "int f(struct tcp_pcb **p) { return <<(*p)->state|tcp_state_get((*p))>> + "
                           "<<p[1]->ttl|tcp_ttl_get(p[1])>> + "
                           "<<(**p).tos|tcp_tos_get(&(**p))>>; }", REWRITTEN),
    ("ternary", "int f(int a, struct tcp_pcb *p, struct tcp_pcb *q) { return "
                "<<(a ? p : q)->state|tcp_state_get((a ? p : q))>>; }", REWRITTEN),
    ("assigned", "struct tcp_pcb *h(void);\nint f(struct tcp_pcb *p) { return "
                 "<<(p = h())->state|tcp_state_get((p = h()))>>; }", REWRITTEN),
    ("call_result", "static struct tcp_pcb *h(int);\nint f(void) { return "
                    "<<h(1)->state|tcp_state_get(h(1))>>; }\nextern struct tcp_pcb *x;\n"
                    "static struct tcp_pcb *h(int n) { return n ? x : 0; }", REWRITTEN),
    ("chain", "int f(struct tcp_pcb *p) { return <<p->next->next->state|"
              "tcp_state_get(tcp_next_get(tcp_next_get(p)))>>; }", REWRITTEN),
    ("nested_index", "int f(int *a, struct tcp_pcb *p, struct tcp_pcb **q) { return "
                     "a[<<q[p->prio]->prio|tcp_prio_get(q[tcp_prio_get(p)])>>]; }", REWRITTEN),
    ("for_declares", "int f(struct tcp_pcb *h) { int n = 0; for (struct tcp_pcb *p = h; p; "
                     "p = <<p->next|tcp_next_get(p)>>) n++; return n; }", REWRITTEN),
    ("several_declarators", "int f(struct tcp_pcb *a) { struct tcp_pcb *b = <<a->next|"
                            "tcp_next_get(a)>>, **c = &b, d; (void)sizeof(d); return "
                            "<<(*c)->state|tcp_state_get((*c))>>; }", REFUSED),
    ("initialiser", "int f(struct tcp_pcb *p) { int a[] = { <<p->state|tcp_state_get(p)>>, 1 }; "
                    "return a[0]; }", REWRITTEN),
    ("across_lines", "int f(struct tcp_pcb *p) { return <<p /* a */\n  -> /* b\n c */ state|"
                     "tcp_state_get(p /* a */\n  )\n>>; }", REWRITTEN),
    ("crlf", "int f(struct tcp_pcb *p)\r\n{\r\n  return <<p->\r\n state|tcp_state_get(p)\r\n>>;\r\n}",
     REWRITTEN),
    ("no_code", "/* p->state */\nconst char *f(struct tcp_pcb *p) { (void)p; // p->state \\\n"
                " p->prio\n  return \"p->state\"; }", REWRITTEN),
    ("binary_and", "int f(struct tcp_pcb *p, int m) { return m & <<p->flags|tcp_flags_get(p)>>; }",
     REWRITTEN),
    ("sizeof", "int f(struct tcp_pcb *p) { return sizeof(<<p->local_port|tcp_local_port_get(p)>>); }",
     REWRITTEN),
    ("listener", "struct tcp_pcb_listen *f(struct tcp_pcb_listen *l) { return <<l->local_port|"
                 "tcp_local_port_get((const struct tcp_pcb *)l)>> ? <<l->next|"
                 "((struct tcp_pcb_listen *)tcp_next_get((const struct tcp_pcb *)l))>> : l; }",
     REWRITTEN),
    ("list_union", "#include \"lwip/priv/tcp_priv.h\"\nint f(void) { return "
                   "<<tcp_listen_pcbs.listen_pcbs->state|tcp_state_get((const struct tcp_pcb *)"
                   "tcp_listen_pcbs.listen_pcbs)>>; }", REWRITTEN),
    ("other_types", "#include \"lwip/udp.h\"\nint f(struct udp_pcb *pcb, struct ip_pcb *ip) "
                    "{ return pcb->local_port + ip->ttl + (pcb->next != NULL); }", REWRITTEN),
    ("unbalanced_branches", "int f(struct tcp_pcb *p, int a) {\n#if 1\n  if (a) {\n#else\n"
                            "  if (!a) {\n    int p = 0; (void)p;\n#endif\n    return <<p->state|"
                            "tcp_state_get(p)>>;\n  }\n  return <<p->prio|tcp_prio_get(p)>>;\n}\n"
                            "struct o { int state; };\nint g(struct o *p) { return p->state; }",
     REWRITTEN),
    ("delayed_parameter", "#define DELAYED , int apiflags\nint f(struct tcp_pcb *p DELAYED) { return "
                          "<<p->state|tcp_state_get(p)>> + apiflags; }", REWRITTEN),
    ("macro_with_cast", "#define ST(x) (<<((struct tcp_pcb *)(x))->state|"
                        "tcp_state_get(((struct tcp_pcb *)(x)))>>)\n"
                        "int f(void *p) { return ST(p); }", REWRITTEN),
    ("macro_on_global", "extern struct tcp_pcb *g;\n#define ST (<<g->state|tcp_state_get(g)>> \\\n"
                        "  + <<g-> \\\n prio|tcp_prio_get(g)\\\n>>)\nint f(void) { return ST; }",
     REWRITTEN),
    ("macro_sets", "#define IDLE(x, ms) do { struct tcp_pcb *q_ = (x); (void)q_; "
                   "<<((struct tcp_pcb *)(x))->keep_idle = (ms)|"
                   "tcp_keep_idle_set(((struct tcp_pcb *)(x)), (ms))>>; } while (0)\n"
                   "void f(void *p) { IDLE(p, 5); }", REWRITTEN),
    ("macro_argument", "#define TWICE(x) ((x) * 2)\nint f(struct tcp_pcb *p) { return "
                       "TWICE(<<p->prio|tcp_prio_get(p)>>); }", REWRITTEN),
    ("macro_untyped", "#define ST(x) ((x)->state)\nint f(struct tcp_pcb *p) { return ST(p); }",
     REFUSED),
    ("macro_type", "#define PCB struct tcp_pcb *\nint f(PCB p) { return p->state; }", REFUSED),
    ("macro_member", "#define ST ->state\nint f(struct tcp_pcb *p) { return p ST; }", REFUSED),
    ("function_pointer", "int f(struct tcp_pcb *(*get)(void)) { return get()->state; }", REFUSED),
    ("typeof", "int f(struct tcp_pcb *p) { __typeof__(p) q = p; return q->state; }", REFUSED),
    ("unknown_member", "u32_t f(struct tcp_pcb *p) { return p->snd_nxt + p->cwnd; }", REFUSED),
    # Writes
    ("set", "void f(struct tcp_pcb *p) { <<p->keep_idle = |tcp_keep_idle_set(p, >>1<<|)>>; }",
     REWRITTEN),
    ("set_from_get", "void f(struct tcp_pcb *p, struct tcp_pcb *q) { <<p->keep_idle = |"
                     "tcp_keep_idle_set(p, >><<q->keep_idle|tcp_keep_idle_get(q)>> * 2<<|)>>; }",
     REWRITTEN),
    ("set_compound", "void f(struct tcp_pcb *p) { <<p->keep_idle *= |tcp_keep_idle_set(p, "
                     "tcp_keep_idle_get(p) * (>>1 + 2<<|))>>; }", REWRITTEN),
    ("set_branches", "void f(struct tcp_pcb *p, int a) { if (a) <<p->ttl = |tcp_ttl_set(p, >>1<<|)>>;"
                     " else <<p->tos = |tcp_tos_set(p, >>2<<|)>>; }", REWRITTEN),
    ("set_loops", "void f(struct tcp_pcb *p, int a) { while (a--) <<p->ttl = |tcp_ttl_set(p, >>1<<|)>>;"
                  " do <<p->tos = |tcp_tos_set(p, >>2<<|)>>; while (++a < 2); }", REWRITTEN),
    ("set_labels", "void f(struct tcp_pcb *p, int a) { switch (a) { case 1: <<p->ttl = |"
                   "tcp_ttl_set(p, >>1<<|)>>; break; default: <<p->tos = |tcp_tos_set(p, >>2<<|)>>; }"
                   " if (a > 5) goto out; a++; out: <<p->ttl = |tcp_ttl_set(p, >>3<<|)>>; }", REWRITTEN),
    ("set_call_args", "int h(int, int);\nvoid f(struct tcp_pcb *p) { <<p->ttl = |tcp_ttl_set(p, >>"
                      "h(1, 2)<<|)>>; }", REWRITTEN),
    ("set_chained", "void f(struct tcp_pcb *p, struct tcp_pcb *q) "
                    "{ <<p->keep_idle = |tcp_keep_idle_set(p, >>q->keep_idle = 1<<|)>>; }", REFUSED),
    ("set_used", "u32_t f(struct tcp_pcb *p) { return p->keep_idle = 1; }", REFUSED),
    ("set_in_for", "void f(struct tcp_pcb *p) { for (p->ttl = 1; ; ) ; }", REFUSED),
    ("set_comma", "void f(struct tcp_pcb *p, int a) { p->ttl = 1, a++; }", REFUSED),
    ("set_twice_evaluated", "struct tcp_pcb *h(void);\nvoid f(void) { h()->ttl += 1; }", REFUSED),
    ("set_branching_right_side", "void f(struct tcp_pcb *p) { p->ttl =\n#if 1\n 1;\n#else\n 2;\n"
                                 "#endif\n}", REFUSED),
    ("set_unsettable", "void f(struct tcp_pcb *p) { p->flags |= TF_NODELAY; p->state = CLOSED; }",
     REFUSED),
    ("set_next", "void f(struct tcp_pcb *p, struct tcp_pcb *q) { p->next = q; }", REFUSED),
    ("increments", "void f(struct tcp_pcb *p) { p->keep_idle++; --p->ttl; }", REFUSED),
    ("address_of_scalar", "u32_t *f(struct tcp_pcb *p) { return &p->keep_idle; }", REFUSED),
    # Addresses
    ("address", "void h(const ip_addr_t *);\nvoid f(struct tcp_pcb *p) { h(<<&p->local_ip|"
                "tcp_local_ip_get(p)>>); }", REWRITTEN),
    ("address_value", "ip_addr_t f(struct tcp_pcb *p) { return <<p->remote_ip|"
                      "(*tcp_remote_ip_get(p))>>; }", REWRITTEN),
    ("address_returned", "ip_addr_t *f(struct tcp_pcb *p) { return <<&p->local_ip|"
                         "tcp_access_unconst(tcp_local_ip_get(p))>>; }", REWRITTEN),
    ("address_member", "u32_t f(struct tcp_pcb *p) { return <<p->local_ip.addr|"
                       "(*tcp_local_ip_get(p)).addr>> + *<<&p->local_ip.addr|"
                       "&(*tcp_local_ip_get(p)).addr>>; }".replace("*<<", "*(<<").replace(
                           ".addr>>; }", ".addr>>); }"), REWRITTEN),
    ("address_cast", "const void *f(struct tcp_pcb *p) { return (const void *)&<<p->local_ip|"
                     "(*tcp_local_ip_get(p))>>; }", REWRITTEN),
    ("address_written", "void f(struct tcp_pcb *p, const ip_addr_t *a) { p->local_ip = *a; }", REFUSED),
    ("address_copied_into", "void f(struct tcp_pcb *p, const ip_addr_t *a) "
                            "{ ip_addr_copy(<<p->local_ip|(*tcp_local_ip_get(p))>>, *a); }", REFUSED),
    # Queues: only whether there is something
    ("queue_null", "int f(struct tcp_pcb *p) { return <<p->unsent == NULL|(!tcp_has_unsent(p))>> || "
                   "<<NULL != p->unacked|tcp_has_unacked(p)>> || <<0 == p->ooseq|(!tcp_has_ooseq(p))>>; }",
     REWRITTEN),
    ("queue_truth", "int f(struct tcp_pcb *p) { if (<<p->unsent|tcp_has_unsent(p)>>) return 1; "
                    "while (!<<p->unacked|tcp_has_unacked(p)>>) { } "
                    "return (<<p->unsent|tcp_has_unsent(p)>> && <<p->unacked|tcp_has_unacked(p)>>); }",
     REWRITTEN),
    ("queue_pointer", "void *f(struct tcp_pcb *p) { return p->unsent; }", REFUSED),
    ("queue_argument", "void h(void *);\nvoid f(struct tcp_pcb *p) { h(p->unsent); }", REFUSED),
    ("queue_inside", "#include \"lwip/priv/tcp_priv.h\"\nint f(struct tcp_pcb *p) "
                     "{ return p->unsent->len; }", REFUSED),
]


def split(code):
    """The shape before and after."""
    before, after = "", ""
    while "<<" in code:
        head, _, rest = code.partition("<<")
        pair, _, code = rest.partition(">>")
        old, _, new = pair.partition("|")
        before, after = before + head + old, after + head + new
    return before + code, after + code


def headers():
    names = cdecl.Names()
    for path in sorted((PRISTINE / "src/include").rglob("*.h")):
        cdecl.collect(tokenize(path.read_bytes().decode("latin-1")), names)
    return names


def compiles(code, tree, folder, *flags):
    """(object file or None, messages) of a shape compiled against a tree."""
    source, target = folder / "shape.c", folder / "shape.o"
    text = '#include "lwip/tcp.h"\n#line 1\n' + code + "\n"
    source.write_bytes(text.encode("latin-1"))
    target.unlink(missing_ok=True)
    result = subprocess.run(
        ["gcc", "-std=gnu99", "-O2", "-w", "-Werror=implicit-function-declaration", *flags,
         f"-I{CONFIG / 'small'}", f"-I{CONFIG}", f"-I{tree / 'src/include'}", "-c", source, "-o", target],
        capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"})
    return (target.read_bytes() if target.exists() else None), result.stderr


def shape_test(shared, code, fate):
    before, after = split(code)

    def test():
        result = rewrite.rewrite(before, shared)
        check(result.text == after, f"became {result.text!r}")
        with tempfile.TemporaryDirectory(prefix="torture.") as name:
            folder = Path(name)
            pristine, why = compiles(before, PRISTINE, folder)
            check(pristine, f"bad shape: {why}")
            legacy, why = compiles(after, NEUTRAL, folder)
            check(legacy == pristine, f"another object with legacy: {why}")
            if ALT_READY:
                alt, why = compiles(after, NEUTRAL, folder, "-DLWIP_TCP_ALT=1")
                check(bool(alt) == (fate == REWRITTEN), f"with alt {fate} is wrong: {why}")
                check(alt or "error: " in why and "fatal" not in why, why)
    return test


if __name__ == "__main__":
    shared_names = headers()
    run([(f"torture_{n}", shape_test(shared_names, code, fate)) for n, code, fate in SHAPES])
