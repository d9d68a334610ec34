# SPDX-License-Identifier: BSD-3-Clause
"""tools/migrate on shapes of code that are hard to get right, on its command line, and on lwIP's applications."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPO / "tools" / "lib"))
import tapsuite  # noqa: E402

MIGRATE = REPO / "tools/migrate"
BUILD = REPO / "build" / "compat" / "shapes"
CONFIG = REPO / "tests/tree/config"
P = "struct tcp_pcb *p"

# (name, code with <<before=>after>>, what is left alone). All of it compiles with legacy before and after, and
# with alt afterwards unless something is left alone.
SHAPES = [
    ("read", f"int f({P}) {{ return <<p->state=>tcp_state_get(p)>> == ESTABLISHED; }}", []),
    ("member_chain", "struct s { struct tcp_pcb *pcb; };\nu16_t f(struct s *s) { return "
                     "<<s->pcb->remote_port=>tcp_remote_port_get(s->pcb)>>; }", []),
    ("typedef", "typedef struct tcp_pcb conn, *conn_p;\nint f(conn *a, conn_p b) { return "
                "<<a->ttl=>tcp_ttl_get(a)>> + <<b->tos=>tcp_tos_get(b)>>; }", []),
    ("cast", "int f(void *a) { return <<((struct tcp_pcb *)a)->prio=>tcp_prio_get(((struct tcp_pcb *)a))>>; }", []),
    ("deref", f"int f({P}) {{ return <<(*p).local_port=>tcp_local_port_get(p)>>; }}", []),
    ("pair", f"int f({P}, struct tcp_pcb *q) {{ return <<p->snd_buf=>tcp_sndbuf(p)>> > "
             "<<q->mss=>tcp_mss(q)>> && <<p->snd_queuelen=>tcp_sndqueuelen(p)>> < 4; }", []),
    ("others", "#include \"lwip/udp.h\"\nint f(struct udp_pcb *p) { return p->local_port + p->ttl + (p->next != NULL); }", []),
    ("address", f"const ip_addr_t *f({P}) {{ return <<&p->remote_ip=>tcp_remote_ip_get(p)>>; }}", []),
    ("address_kept", f"int f({P}) {{ <<=>const >>ip_addr_t *a = <<&p->local_ip=>tcp_local_ip_get(p)>>; "
                     "return ip_addr_isany(a); }", []),
    ("address_value", f"void f({P}, ip_addr_t *to) {{ *to = <<p->remote_ip=>(*tcp_remote_ip_get(p))>>; }}", []),
    ("queues", f"int f({P}) {{ if (<<p->unsent != NULL=>tcp_has_unsent(p)>> || <<p->unacked=>tcp_has_unacked(p)>>) "
               "return 1; return <<p->ooseq == NULL=>!tcp_has_ooseq(p)>>; }", []),
    ("walk", f"int f({P}) {{ int n = 0; for (; p != NULL; p = <<p->next=>tcp_next_get(p)>>) n++; return n; }}", []),
    ("listener", "struct tcp_pcb_listen *f(struct tcp_pcb_listen *l) { return <<l->local_port=>"
                 "tcp_local_port_get((struct tcp_pcb *)l)>> ? <<l->next=>((struct tcp_pcb_listen *)"
                 "tcp_next_get((const struct tcp_pcb *)l))>> : l; }", []),
    ("set", f"void f({P}) {{ <<p->keep_idle = 5=>tcp_keep_idle_set(p, 5)>>; <<p->tos = 0x20=>tcp_tos_set(p, 0x20)>>; "
            "<<p->prio = TCP_PRIO_MIN=>tcp_setprio(p, TCP_PRIO_MIN)>>; <<p->callback_arg = NULL=>tcp_arg(p, NULL)>>; }",
     []),
    ("set_from", f"void f({P}, struct tcp_pcb *q) {{ <<p->ttl = q->ttl=>tcp_ttl_set(p, tcp_ttl_get(q))>>; }}", []),
    ("set_computed", f"void f({P}) {{ <<p->keep_idle *= 2=>tcp_keep_idle_set(p, tcp_keep_idle_get(p) * (2))>>; "
                     "<<p->keep_idle += 1 + 1=>tcp_keep_idle_set(p, tcp_keep_idle_get(p) + (1 + 1))>>; }", []),
    ("set_branches", f"void f({P}, int a) {{\n  if (a)\n    <<p->ttl = 1=>tcp_ttl_set(p, 1)>>;\n  else\n"
                     "    <<p->ttl = 2=>tcp_ttl_set(p, 2)>>;\n}", []),
    ("flags", f"void f({P}) {{ <<p->flags |= TF_NODELAY=>tcp_set_flags(p, TF_NODELAY)>>; "
              "<<p->flags &= ~TF_NODELAY=>tcp_clear_flags(p, TF_NODELAY)>>; "
              "<<p->flags &= (tcpflags_t)~TF_ACK_NOW=>tcp_clear_flags(p, TF_ACK_NOW)>>; "
              "<<p->flags = (tcpflags_t)(p->flags | TF_ACK_NOW)=>tcp_set_flags(p, TF_ACK_NOW)>>; }", []),
    ("options", f"void f({P}) {{ <<p->so_options |= SOF_KEEPALIVE=>ip_set_option(p, SOF_KEEPALIVE)>>; "
                "<<p->so_options &= (u8_t)~SOF_KEEPALIVE=>ip_reset_option(p, SOF_KEEPALIVE)>>; "
                "if (<<p->so_options=>tcp_so_options_get(p)>> & SOF_REUSEADDR) return; }", []),
    ("layout", f"void f({P}, int a)   /* p->state */\n{{\n\tif ( a )   {{ <<p->ttl=1=>tcp_ttl_set(p, 1)>>; }} // p->ttl\n"
               "\twhile(a--)a  +=  <<p->tos=>tcp_tos_get(p)>>;\t/* \"p->tos\" */\n}", []),
    ("strings", f"const char *f({P}) {{ (void)p; return \"p->state = \\\"p->ttl\\\"\"; }}", []),
    ("conditional_expression", f"int f({P}, int a) {{\n  return a\n#if LWIP_TCP_KEEPALIVE\n    && <<p->keep_cnt=>"
                               "tcp_keep_cnt_get(p)>>\n#endif\n    ;\n}", []),
    ("unbalanced", f"int f({P}, int a) {{\n#if LWIP_IPV6\n  if (a) {{\n    a += <<p->ttl=>tcp_ttl_get(p)>>;\n#else\n"
                   "  if (!a) {\n    a += <<p->tos=>tcp_tos_get(p)>>;\n#endif\n    return <<p->state=>"
                   "tcp_state_get(p)>>;\n  }\n  return <<p->prio=>tcp_prio_get(p)>>;\n}", []),
    ("parameter_piece", f"#define WRITE_DELAYED_PARAM , int delayed\nint f({P} WRITE_DELAYED_PARAM) {{ return "
                        "delayed + <<p->prio=>tcp_prio_get(p)>>; }", []),
    ("macro_body", "#define STATE(x) (<<((struct tcp_pcb *)(x))->state=>tcp_state_get(((struct tcp_pcb *)(x)))>>)\n"
                   "int f(void *p) { return STATE(p); }", []),
    ("test_macros", "#define START_TEST(name) static void name(int i)\n#define END_TEST\nvoid g(void);\n"
                    f"START_TEST(one)\n{{\n  struct tcp_pcb *p = tcp_new();\n  if (i) i = <<p->state=>tcp_state_get(p)>>;\n}}\n"
                    "END_TEST\nvoid g(void) { one(1); }", []),
    ("left_write", f"void f({P}) {{ p->remote_port = <<p->local_port=>tcp_local_port_get(p)>>; }}", ["remote_port"]),
    ("left_value_used", f"int f({P}) {{ int a = (p->ttl = 3); return a; }}", ["ttl"]),
    ("left_increment", f"void f({P}) {{ p->ttl++; --p->tos; }}", ["tos", "ttl"]),
    ("left_address", f"u8_t *f({P}) {{ return &p->ttl; }}", ["ttl"]),
    ("left_address_written", f"void f({P}, const ip_addr_t *a) {{ ip_addr_copy(p->remote_ip, *a); }}", ["remote_ip"]),
    ("left_twice", "struct tcp_pcb *g(void);\nvoid f(void) { g()->flags |= TF_NODELAY; }", ["flags"]),
    ("left_untyped", "#define PORT(c) ((c)->remote_port)\n"
                     f"u16_t f({P}) {{ return PORT(p); }}", ["remote_port"]),
]
_PAIR = re.compile(r"<<(.*?)=>(.*?)>>", re.S)


def _texts(code):
    """(before, after) of a shape."""
    text = f"#include \"lwip/tcp.h\"\n{code}\n"
    return _PAIR.sub(r"\1", text), _PAIR.sub(r"\2", text)


def migrate(*words):
    """(exit code, standard output, standard error)."""
    done = subprocess.run([MIGRATE, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          check=False)
    return done.returncode, done.stdout, done.stderr


def compiles(tree, alt, path, *options):
    """What the compiler complains of, or ''."""
    done = subprocess.run(
        ["gcc", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", f"-DLWIP_TCP_ALT={alt}",
         "-DTCP_ALT_INSECURE_RAND=1", "-D_GNU_SOURCE", f"-I{CONFIG}", f"-I{CONFIG}/rich", f"-I{tree}/src/include", *options, path],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.stdout if done.returncode else ""


def shapes(tree):
    """Every shape, migrated in one run; each with LF and with CRLF."""
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    for name, code, _ in SHAPES:
        before = _texts(code)[0]
        (BUILD / f"{name}.c").write_bytes(before.encode())
        if name in ("layout", "unbalanced"):
            (BUILD / f"{name}_crlf.c").write_bytes(before.replace("\n", "\r\n").encode())
    legacy_before = {name: compiles(tree, 0, BUILD / f"{name}.c") for name, _, _ in SHAPES}
    code, out, err = migrate("--write", "--json", BUILD)
    yield "migrate/exit_code_left", None if code == 1 else f"exit code {code}: {err}"
    result = json.loads(out)
    for name, code, left in SHAPES:
        wanted = _texts(code)[1]
        found = (BUILD / f"{name}.c").read_bytes().decode()
        stays = sorted({row["member"] for row in result["left"] if Path(row["file"]).stem == name})
        yield f"migrate/{name}", _judged(tree, BUILD / f"{name}.c", wanted, found, left, stays, legacy_before[name])
    for name in ("layout", "unbalanced"):
        wanted = (BUILD / f"{name}.c").read_bytes().replace(b"\n", b"\r\n")
        same = wanted == (BUILD / f"{name}_crlf.c").read_bytes()
        yield f"migrate/{name}_crlf", None if same else "differs from what becomes of it with LF"


def _judged(tree, path, wanted, found, left, stays, before):
    """Why a shape did not become what it should, or None."""
    if before:
        return f"the shape itself does not compile: {before[:300]!r}"
    if found != wanted:
        return f"became {found!r}"
    if stays != left:
        return f"left alone is {stays}, not {left}"
    complaint = compiles(tree, 0, path)
    if complaint:
        return f"legacy: {complaint[:300]!r}"
    complaint = compiles(tree, 1, path)
    if bool(complaint) != bool(left):
        return f"alt: {complaint[:300]!r}" if complaint else "alt takes what was left alone"
    return None


def command_line():
    """What the options do."""
    folder = BUILD / "command"
    folder.mkdir()
    file = folder / "one.c"
    text = "#include \"lwip/tcp.h\"\nint f(struct tcp_pcb *p) { return p->state; }\n"
    file.write_text(text)
    code, out, _ = migrate(folder)
    yield "migrate/shows_a_diff", None if code == 0 and "+int f(struct tcp_pcb *p) { return tcp_state_get(p); }" in out \
        and file.read_text() == text else f"exit code {code}: {out}"
    code, out, _ = migrate("--check", folder)
    yield "migrate/check_fails", None if code == 1 and "1 accesses to rewrite" in out and file.read_text() == text \
        else f"exit code {code}: {out}"
    code, out, _ = migrate("--write", folder)
    yield "migrate/writes", None if code == 0 and "tcp_state_get(p)" in file.read_text() else f"exit code {code}: {out}"
    code, out, _ = migrate("--check", folder)
    yield "migrate/check_passes", None if code == 0 else f"exit code {code}: {out}"
    file.write_text(text.replace("return", "return p->ttl++ +"))
    code, _, err = migrate(folder)
    yield "migrate/says_where", None if code == 1 and f"{file}:2: left alone: ttl" in err else f"exit code {code}: {err}"
    for words in ([], [folder / "none.c"], ["--check", "--write", folder], ["-I", file, folder]):
        code, _, _ = migrate(*words)
        if code != 2:
            yield "migrate/usage", f"exit code {code} of {words}"
            return
    yield "migrate/usage", None
    code, out, _ = migrate("--help")
    yield "migrate/help", None if code == 0 and "examples:" in out else f"exit code {code}"


def lwip_applications(tree):
    """lwIP's own: as many accesses as the tree's rewriter knows, and they compile with either backend."""
    folder = BUILD / "lwip"
    pristine = Path(tapsuite.common("pristine_tree", "2.2.1"))
    shutil.copytree(pristine / "src/apps", folder / "src/apps")
    shutil.copytree(pristine / "contrib", folder / "contrib")
    code, out, err = migrate("--write", "--json", "-I", pristine / "src/include", folder)
    result = json.loads(out) if out else {"changed": []}
    found = {str(Path(row["file"]).relative_to(folder)): row["accesses"] for row in result["changed"]}
    known = {}
    for row in (REPO / "lwip/sites/2.2.1.txt").read_text().splitlines():
        path = row.split(":")[0]
        if path.startswith(("src/apps/", "contrib/")):
            known[path] = known.get(path, 0) + 1
    yield "migrate/lwip_applications", None if code == 0 and found == known else f"{found}, not {known}: {err[-300:]}"
    for path in found:
        for alt in (0, 1):
            complaint = compiles(tree, alt, folder / path, "-DLWIP_SNMP=1", "-DSNMP_USE_NETCONN=0", "-DMIB2_STATS=1",
                                 "-DLWIP_STATS=1", f"-I{folder}/contrib/addons/tcp_md5")
            yield f"migrate/{Path(path).name}/{('legacy', 'alt')[alt]}", complaint[:300].replace("\n", "; ") or None


def tests(fast):
    """Yield (name, why it failed or None)."""
    tree = tapsuite.common("neutral_tree", "2.2.1")
    yield from shapes(tree)
    if not fast:
        yield from command_line()
        yield from lwip_applications(tree)
