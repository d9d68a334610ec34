#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""tools/lwip-tree as a user meets it: what it fetches, writes, and says when it cannot.

usage: command_test.py [--fast] PRISTINE-2.2.1 PRISTINE-2.1.3
The two unpacked releases come from the cache; apt is pointed at archives made here.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tap import REPOSITORY, check, run

TOOL = REPOSITORY / "tools/lwip-tree"
FAST = "--fast" in sys.argv
PRISTINE = dict(zip(("2.2.1", "2.1.3"), map(Path, sys.argv[-2:])))
TARBALL = "lwip_2.2.1+dfsg1.orig.tar.xz"
REAL_TARBALL = PRISTINE["2.2.1"].parent / TARBALL
work = Path()  # a fresh folder for each test


def tool(*arguments, prefix=(), **env):
    command = [*prefix, *((sys.executable,) if not prefix else ("/usr/bin/python3",)), str(TOOL)]
    return subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True,
                          check=False, env={**os.environ, **env})


def fails(result, *words):
    """The command failed with exit code 1, a message with these words, and no traceback."""
    check(result.returncode == 1, f"exit code {result.returncode}: {result.stderr}{result.stdout}")
    check("Traceback" not in result.stderr, result.stderr)
    for word in words:
        check(word in result.stderr, f"'{word}' not in: {result.stderr}")


def succeeds(result):
    check(result.returncode == 0, f"exit code {result.returncode}: {result.stderr}")


def nothing_left(*expected):
    found = sorted(p.name for p in work.iterdir())
    check(found == sorted(expected), f"left behind: {found}")


def tree_copy(version="2.2.1"):
    return Path(shutil.copytree(PRISTINE[version], work / "lwip"))


def edit(path, old, new):
    text = path.read_bytes().decode("latin-1")
    check(old in text, f"'{old}' not in {path}")
    path.write_bytes(text.replace(old, new).encode("latin-1"))


# An archive of our own, as apt would meet it on a mirror.

def archive(tarball=REAL_TARBALL, revision="-1+deb13u1", suite="trixie"):
    root = work / "archive"
    pool = root / "pool"
    pool.mkdir(parents=True)
    shutil.copyfile(tarball, pool / TARBALL)
    data = (pool / TARBALL).read_bytes()
    version = f"2.2.1+dfsg1{revision}"
    (pool / f"lwip_{version}.dsc").write_text("none\n")
    dsc = hashlib.sha256(b"none\n").hexdigest()
    sources = (f"Package: lwip\nBinary: liblwip0\nVersion: {version}\nMaintainer: nobody <n@b>\n"
               f"Architecture: any\nFormat: 3.0 (quilt)\nDirectory: pool\n"
               f"Checksums-Sha256:\n {dsc} 5 lwip_{version}.dsc\n"
               f" {hashlib.sha256(data).hexdigest()} {len(data)} {TARBALL}\n\n")
    folder = root / "dists" / suite / "main/source"
    folder.mkdir(parents=True)
    (folder / "Sources").write_text(sources)
    digest = hashlib.sha256(sources.encode()).hexdigest()
    (root / "dists" / suite / "Release").write_text(
        f"Origin: Debian\nSuite: {suite}\nCodename: {suite}\nComponents: main\n"
        f"Architectures: amd64 arm64\nDate: Thu, 01 Jan 2026 00:00:00 UTC\n"
        f"SHA256:\n {digest} {len(sources)} main/source/Sources\n")
    return root


def machine(one_line="", deb822=""):
    """An apt configuration that stands for a machine's: returns the environment that selects it."""
    folder = work / "etc"
    (folder / "parts").mkdir(parents=True)
    (folder / "sources.list").write_text(one_line)
    if deb822:
        (folder / "parts/debian.sources").write_text(deb822)
    (folder / "apt.conf").write_text(
        f'Dir::Etc::SourceList "{folder}/sources.list";\n'
        f'Dir::Etc::SourceParts "{folder}/parts";\n')
    return {"APT_CONFIG": str(folder / "apt.conf")}


def fetch_one_line():
    env = machine(f"deb [trusted=yes] file:{archive()} bookworm main contrib\n"
                  f"deb [trusted=yes] file:{work}/none bookworm-security main\n")
    succeeds(tool("--cache", work / "cache", work / "out", **env))
    check((work / "cache" / TARBALL).read_bytes() == REAL_TARBALL.read_bytes(), "another tarball")
    check((work / "out/src/core/tcp.c").is_file(), "no tree")


def fetch_deb822():
    env = machine(deb822=f"Types: deb\nURIs: file:{archive()}\nSuites: bookworm bookworm-updates\n"
                         "Components: main\nTrusted: yes\n")
    succeeds(tool("--cache", work / "cache", work / "out", **env))


def fetch_any_revision():
    env = machine(f"deb file:{archive(revision='-7ubuntu3')} bookworm main\n")
    succeeds(tool("--cache", work / "cache", work / "out", **env))


def fetch_once():
    env = machine(f"deb file:{archive()} bookworm main\n")
    succeeds(tool("--cache", work / "cache", "--fetch-only", "2.2.1", **env))
    shutil.rmtree(work / "archive")
    shutil.rmtree(work / "cache/lwip-2.2.1")
    succeeds(tool("--cache", work / "cache", work / "out", **env))


def fetch_as_user():
    if os.geteuid() != 0:
        return fetch_one_line()
    env = machine(f"deb [trusted=yes] file:{archive()} bookworm main\n")
    for folder in (work, work / "etc"):
        folder.chmod(0o777)
    plain = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    return succeeds(tool("--cache", work / "cache", work / "out", prefix=plain, HOME="/", **env))


def system_configuration_untouched():
    def state():
        roots = [Path(p) for p in ("/etc/apt", "/var/lib/apt/lists")]
        return {str(p): p.stat().st_mtime_ns for r in roots if r.is_dir() for p in r.iterdir()}
    before = state()
    env = machine(f"deb file:{archive()} bookworm main\n")
    succeeds(tool("--cache", work / "cache", work / "out", **env))
    check(state() == before, "a file of the system's apt changed")


def wrong_download():
    bad = work / "bad.tar.xz"
    bad.write_bytes(REAL_TARBALL.read_bytes()[:-9] + b"tampered!")
    env = machine(f"deb file:{archive(bad)} bookworm main\n")
    bad.unlink()
    fails(tool("--cache", work / "cache", work / "out", **env), "wrong checksum", "expected")
    nothing_left("archive", "cache", "etc")
    check(not (work / "cache" / TARBALL).exists(), "the wrong tarball was kept")


def wrong_cached_file():
    (work / "cache").mkdir()
    (work / "cache" / TARBALL).write_bytes(b"not a tarball")
    fails(tool("--cache", work / "cache", work / "out"), "wrong checksum", TARBALL)
    nothing_left("cache")


def no_repository():
    fails(tool("--cache", work / "cache", work / "out", **machine()), "cannot obtain", "--lwip-dir")
    nothing_left("cache", "etc")


def unreachable_repository():
    env = machine(f"deb file:{work}/none bookworm main\n")
    fails(tool("--cache", work / "cache", work / "out", **env), "cannot obtain", "--lwip-dir")


def no_apt():
    fails(tool("--cache", work / "cache", work / "out", PATH=str(work)), "apt-get", "--lwip-dir")


def unknown_version():
    fails(tool("--version", "2.0.0", work / "out"), "2.0.0", "2.2.1", "2.1.3", "--lwip-dir")
    nothing_left()


def not_lwip():
    fails(tool("--lwip-dir", work, work / "out"), "not an lwIP source tree")
    nothing_left()


def tree_of_a_tree():
    succeeds(tool("--lwip-dir", PRISTINE["2.2.1"], work / "first"))
    fails(tool("--lwip-dir", work / "first", work / "second"), "carries both backends already")
    nothing_left("first")


def incomplete_lwip():
    (tree_copy() / "src/core/memp.c").unlink()
    fails(tool("--lwip-dir", work / "lwip", work / "out"), "memp.c")
    nothing_left("lwip")


def out_not_empty():
    (work / "out").mkdir()
    (work / "out/mine").write_text("precious")
    fails(tool("--lwip-dir", PRISTINE["2.2.1"], work / "out"), "not empty")
    check((work / "out/mine").read_text() == "precious", "touched")


def out_empty():
    (work / "out").mkdir()
    succeeds(tool("--lwip-dir", PRISTINE["2.2.1"], work / "out"))
    nothing_left("out")


def surplus_site():
    edit(tree_copy() / "src/core/pbuf.c", "pbuf_free_ooseq(void)\n{",
         "pbuf_free_ooseq(void)\n{ if (tcp_active_pcbs->state == LISTEN) return;")
    result = tool("--lwip-dir", work / "lwip", work / "out")
    fails(result, "has 109 accesses", "known are 108 accesses", "surplus: src/core/pbuf.c:", " state get")
    check("missing" not in result.stderr, result.stderr)
    nothing_left("lwip")


def missing_site():
    edit(tree_copy() / "src/core/pbuf.c", "NULL != pcb; pcb = pcb->next", "0; ")
    fails(tool("--lwip-dir", work / "lwip", work / "out"), "missing: src/core/pbuf.c:133 next get")
    nothing_left("lwip")


def missing_call():
    """Without it no ICMP error would reach TCP, and no compiler says so."""
    edit(tree_copy() / "src/core/ipv4/ip4.c", "icmp_input(p, inp)", "vendor_icmp_input(p, inp)")
    fails(tool("--lwip-dir", work / "lwip", work / "out"), "missing: src/core/ipv4/ip4.c:749 icmp_input call",
          "not changed: src/core/ipv4/ip4.c:0 icmp_input no such call")


def unrewritable_site():
    edit(tree_copy() / "src/core/pbuf.c", "NULL != pcb; pcb = pcb->next",
         "NULL != pcb; pcb->cwnd++, pcb = pcb->next")
    fails(tool("--lwip-dir", work / "lwip", work / "out"),
          "not changed: src/core/pbuf.c:133 cwnd no accessor")


def without_contrib():
    shutil.rmtree(tree_copy() / "contrib")
    succeeds(tool("--lwip-dir", work / "lwip", work / "out"))


def unknown_fork():
    edit(tree_copy() / "src/include/lwip/init.h", "LWIP_VERSION_REVISION   1",
         "LWIP_VERSION_REVISION   77")
    edit(work / "lwip/src/core/pbuf.c", "NULL != pcb; pcb = pcb->next",
         "NULL != pcb && pcb->state; pcb = pcb->next")
    result = tool("--lwip-dir", work / "lwip", work / "out")
    succeeds(result)
    check("2.2.77 has no table of known sites" in result.stderr, result.stderr)
    check("109 accesses" in result.stdout, result.stdout)


def fork_without_a_macro():
    """A fork may lack a name we guard: said, and left to the compiler. A known release may not."""
    edit(tree_copy() / "src/include/lwip/priv/tcp_priv.h", "tcp_eff_send_mss_netif", "vendor_mss")
    said = "priv/tcp_priv.h: no declaration of tcp_eff_send_mss_netif"
    fails(tool("--lwip-dir", work / "lwip", work / "out"), said)
    edit(work / "lwip/src/include/lwip/init.h", "LWIP_VERSION_REVISION   1",
         "LWIP_VERSION_REVISION   77")
    result = tool("--lwip-dir", work / "lwip", work / "out")
    succeeds(result)
    check(said in result.stderr, result.stderr)


def development_version():
    edit(tree_copy() / "src/include/lwip/init.h",
         "LWIP_VERSION_RC         LWIP_RC_RELEASE", "LWIP_VERSION_RC LWIP_RC_DEVELOPMENT")
    result = tool("--lwip-dir", work / "lwip", work / "out")
    succeeds(result)
    check("2.2.1-dev" in result.stdout, result.stdout)


def line_ends():
    """Each file keeps its own; 2.1.3 comes with CRLF, and either may come with the other."""
    def changed(old, new):
        for path in (work / "lwip").rglob("*.[ch]"):
            path.write_bytes(path.read_bytes().replace(old, new))
    for version, ends in (("2.1.3", (b"\r\n", b"\n")), ("2.2.1", (b"\n", b"\r\n"))):
        straight, other = work / f"{version}-a", work / f"{version}-b"
        tree_copy(version)
        succeeds(tool("--lwip-dir", work / "lwip", straight))
        changed(*ends)
        succeeds(tool("--lwip-dir", work / "lwip", other))
        shutil.rmtree(work / "lwip")
        ours = {p.name for p in (REPOSITORY / "lwip/include").rglob("*.h")}
        ours |= {p.name for p in (REPOSITORY / "tcp_alt").rglob("*.[ch]")}
        for path in straight.rglob("*.[ch]"):
            if path.name in ours or path.name.startswith("tcp_both"):  # written for the tree
                continue
            twin = other / path.relative_to(straight)
            check(path.read_bytes().replace(*ends) == twin.read_bytes(), f"{version}: {path.name}")
            lines = twin.read_bytes().split(b"\n")[:-1]
            crlf = {line.endswith(b"\r") for line in lines}
            check(crlf <= {ends[1] == b"\r\n"}, f"{version}: mixed line ends in {path.name}")


def physical_lines():
    """In C files nothing moves at all: line for line the same but where a site is, and one blank line
    of IP's files that has our #include."""
    for version, root in PRISTINE.items():
        out = work / version
        succeeds(tool("--lwip-dir", root, out))
        table = (REPOSITORY / f"lwip/sites/{version}.txt").read_text().splitlines()
        sites = {tuple(r.split(" ")[0].split(":")) for r in table if not r.startswith("#")}
        # #include "lwip/opt.h" and #if LWIP_TCP; what memp.c includes for sizes
        wrapped = {"src/core/tcp.c": 2, "src/core/tcp_in.c": 2, "src/core/tcp_out.c": 2, "src/core/memp.c": 1}
        found = set()
        for path in sorted(root.rglob("*.c")):
            name = path.relative_to(root).as_posix()
            old = path.read_bytes().split(b"\n")
            new = (out / name).read_bytes().split(b"\n")
            check(len(old) == len(new), f"{name}: {len(old)} lines became {len(new)}")
            differ = [n for n, (a, b) in enumerate(zip(old, new), 1)
                      if a != b and (a.strip() or b.strip() != b'#include "lwip/priv/tcp_ip.h"')]
            if name in wrapped:
                check(len(differ) == wrapped[name], f"{name}: lines {differ} differ")
            else:
                found |= {(name, str(n)) for n in differ}
        check(found == sites, f"{version}: {sorted(found ^ sites)}")


def refresh():
    """A second run into a tree touches no file that did not change, and drops what is gone."""
    succeeds(tool("--link-alt", "--lwip-dir", PRISTINE["2.2.1"], work / "out"))
    before = {p: p.lstat().st_mtime_ns for p in (work / "out").rglob("*") if not p.is_dir()}
    (work / "out/src/core/tcp.c").write_text("damaged")
    (work / "out/src/stale").mkdir()
    (work / "out/src/stale/x.c").write_text("old")
    succeeds(tool("--link-alt", "--refresh", "--lwip-dir", PRISTINE["2.2.1"], work / "out"))
    after = {p: p.lstat().st_mtime_ns for p in (work / "out").rglob("*") if not p.is_dir()}
    changed = {p.name for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
    check(changed == {"tcp.c"}, f"changed: {sorted(changed)}")


def refresh_foreign_folder():
    (work / "out").mkdir()
    (work / "out/mine").write_text("precious")
    fails(tool("--refresh", "--lwip-dir", PRISTINE["2.2.1"], work / "out"), "not written by")
    check((work / "out/mine").read_text() == "precious", "touched")


def our_files_in_place():
    """Both lists of files name ours, and link mode gives the repository's own files."""
    for link in ((), ("--link-alt",)):
        out = work / ("link" if link else "copy")
        succeeds(tool(*link, "--lwip-dir", PRISTINE["2.2.1"], out))
        backend = REPOSITORY / "tcp_alt"
        for path in sorted(backend.rglob("*.[ch]")):
            inner = path.relative_to(backend)
            place = (out / "src" / inner if inner.parts[0] == "include" else
                     out / "src/tcp_alt" / inner)
            check(place.read_bytes() == path.read_bytes(), f"{inner} is not at {place}")
            check(place.is_symlink() == bool(link), f"{inner}: copy or link?")
            if inner.suffix == ".c":
                for name, prefix in (("src/Filelists.cmake", "${LWIP_DIR}/src/tcp_alt/"),
                                     ("src/Filelists.mk", "$(LWIPDIR)/tcp_alt/")):
                    words = (out / name).read_text().split()
                    check(words.count(f"{prefix}{inner}") == 1, f"{name} lacks {inner}")
        check((out / "src/include/lwip/tcp_access.h").is_file(), "no tcp_access.h")
        for name in ("tcp_both.c", "tcp_both_calls.c", "tcp_both_legacy.c", "tcp_both_alt.c"):
            check((out / "src/tcp_both" / name).is_file(), f"no {name}")
            for lists in ("src/Filelists.cmake", "src/Filelists.mk"):
                check((out / lists).read_text().count(f"/tcp_both/{name}") == 1, f"{lists} lacks {name}")
        for name, variable in (("Filelists.cmake", "${LWIP_TCP_ALT_DIR}/"),
                               ("Filelists.mk", "$(TCPALTDIR)/")):
            words = (out / "src/tcp_alt" / name).read_text().split()
            listed = [w.removeprefix(variable) for w in words
                      if w.startswith(variable) and w.endswith(".c")]
            there = {p.relative_to(out / "src/tcp_alt").as_posix()
                     for p in (out / "src/tcp_alt").rglob("*.c")}
            check(set(listed) == there, f"src/tcp_alt/{name}: {sorted(set(listed) ^ there)}")


def site_totals():
    """The figures of the contract: 48 in core and 51 in apps, 9 in contrib where it ships."""
    for version, contrib in (("2.2.1", 9), ("2.1.3", 0)):
        rows = (REPOSITORY / f"lwip/sites/{version}.txt").read_text().splitlines()
        rows = [r for r in rows if not r.startswith("#")]
        apps = sum(r.startswith("src/apps/") for r in rows)
        extra = sum(r.startswith("contrib/") for r in rows)
        calls = sum(r.endswith(" call") for r in rows)
        counts = (len(rows) - apps - extra - calls, apps, extra)
        check(counts == (48, 51, contrib), f"{version}: {counts}")
        result = tool("--lwip-dir", PRISTINE[version], work / version)
        succeeds(result)
        check(f"{len(rows) - calls} accesses to a PCB and {calls} calls" in result.stdout, result.stdout)


def usage():
    for arguments in ((), ("--nonsense", "x"), ("--version", "2.2.1", "--lwip-dir", ".", "x")):
        check(tool(*arguments).returncode == 2, f"{arguments}: not exit code 2")
    result = tool("--help")
    check(result.returncode == 0 and "examples:" in result.stdout, "no examples in --help")


def isolated(test):
    def wrapped():
        global work  # pylint: disable=global-statement
        with tempfile.TemporaryDirectory(prefix="lwip-tree-test.") as folder:
            work = Path(folder)
            test()
    return wrapped


TESTS = [usage, unknown_version, out_not_empty, surplus_site, site_totals,  # with --fast these
         not_lwip, tree_of_a_tree, incomplete_lwip, out_empty, fetch_one_line,
         fetch_deb822, fetch_any_revision, fetch_once, fetch_as_user,
         system_configuration_untouched, wrong_download, wrong_cached_file, no_repository,
         unreachable_repository, no_apt, missing_site, missing_call,
         unrewritable_site, without_contrib, unknown_fork, fork_without_a_macro,
         development_version, line_ends,
         physical_lines, refresh, refresh_foreign_folder, our_files_in_place]

if __name__ == "__main__":
    run([(t.__name__, isolated(t)) for t in (TESTS[:5] if FAST else TESTS)])
