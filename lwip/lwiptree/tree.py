# SPDX-License-Identifier: BSD-3-Clause
"""The whole tree: lwIP rewritten and guarded, with our backend beside its own."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from . import both, calls, cdecl, filelists, guards, rewrite, sites
from .ctokens import tokenize
from .errors import TreeError

_SKIPPED = {".git", ".svn", ".hg", "CVS"}
_REWRITTEN = ("src/", "contrib/")
NOTE = "lwip-tree.txt"


class Report(NamedTuple):
    version: str
    known: bool
    found: list  # rows of the site table
    left: list  # what was not changed: with alt the compiler refuses its use


def copy(lwip, folder):
    """Copies lwIP as it is, without a version control system's folders."""
    shutil.copytree(lwip, folder, symlinks=True, ignore=lambda _, names: _SKIPPED & set(names))


def build(lwip, version, ours, folder, link):
    """Writes the tree of `lwip` into the new folder `folder` and reports its sites."""
    if (Path(lwip) / NOTE).is_file():
        raise TreeError(f"{lwip} carries both backends already: it was written by lwip-tree")
    copy(lwip, folder)
    headers = [_text(folder / path) for path in guards.TCP_HEADERS]  # as lwIP has them
    known = sites.table(version) is not None
    found, left = _rewrite_all(folder)
    for path in guards.GUARDED:
        left += _edit(folder / path, lambda text, path=path: guards.apply(path, text))
    _add_both(folder, ours / "lwip/both", headers, link)
    _add_ours(folder, ours, link)
    report = Report(version, known, found, left)
    (folder / NOTE).write_text(_note(report), encoding="ascii")
    return report


def check(report, folder):
    """A known release must have exactly the sites of its table."""
    if report.known:
        files = {str(p.relative_to(folder)) for top in _REWRITTEN
                 for p in (folder / top).rglob("*.[ch]")}
        sites.check(report.version, report.found, files, report.left)


def _note(report):
    return (f"lwIP {report.version} with both TCP backends, written by tools/lwip-tree.\n"
            f"LWIP_TCP_ALT 0 (default), 1 or 2 (both) chooses the backend, the same for every file.\n"
            f"Changed outside TCP: {sites.counted(report.found)}.\n")


def _text(path):
    if not path.is_file():
        raise TreeError(f"{path.name} is missing: not a complete lwIP source tree")
    return path.read_bytes().decode("latin-1")  # keeps bytes that are no text


def _edit(path, change):
    """Rewrites a file if its text changes; gives what `change` reports beside the text."""
    before = _text(path)
    after, remarks = change(before)
    if after != before:
        path.write_bytes(after.encode("latin-1"))
    return remarks


def _rewrite_all(folder):
    shared = cdecl.Names()
    files = sorted(p for top in _REWRITTEN for p in (folder / top).rglob("*.[ch]"))
    for path in files:
        if path.suffix == ".h":
            cdecl.collect(tokenize(path.read_bytes().decode("latin-1")), shared)
    found, left = [], []
    for path in files:
        name = path.relative_to(folder).as_posix()
        if name in guards.TCP_SOURCES or name in guards.TCP_HEADERS:
            continue
        text = path.read_bytes().decode("latin-1")
        result = rewrite.rewrite(text, shared)
        changed, called, absent = calls.rewrite(name, result.text)
        if changed != text:
            path.write_bytes(changed.encode("latin-1"))
        found += [sites.row(name, site) for site in result.sites + called]
        left += [sites.row(name, site) for site in result.left + absent]
    return found, left


def _add_both(folder, ours, headers, link):
    """The files for both backends in one program: ours, and those made from the list and from lwIP's headers."""
    entries = both.read((ours / "interface.txt").read_text(encoding="ascii"))
    include, sources = folder / "src/include/lwip", folder / "src/tcp_both"
    written = {include / "priv/tcp_both_names.h": both.names(entries),
               include / "priv/tcp_both_table.h": both.table(entries),
               include / "priv/tcp_both_sizes.h": both.sizes(*headers),
               sources / "tcp_both_calls.c": both.calls(entries),
               sources / "tcp_both_legacy.c": both.legacy(entries),
               sources / "tcp_both_alt.c": both.alt(entries)}
    sources.mkdir()
    for path in sorted(ours.glob("*.c")):
        _place(path, sources / path.name, link)
    for path, text in written.items():
        path.write_bytes(text.encode("latin-1"))


def _add_ours(folder, ours, link):
    """Our sources below src/tcp_alt, our headers below src/include/lwip."""
    backend = ours / "tcp_alt"
    headers = [(p, p.relative_to(root)) for root in (ours / "lwip/include", backend / "include")
               for p in sorted(root.rglob("*.h"))]
    sources = [(p, p.relative_to(backend)) for p in sorted(backend.rglob("*.[ch]"))
               if not p.is_relative_to(backend / "include")]
    for path, inner in headers:
        _place(path, folder / "src/include" / inner, link)
    lists = [(p, Path(p.name)) for p in sorted(backend.glob("Filelists.*"))]
    for path, inner in sources + lists:
        _place(path, folder / "src/tcp_alt" / inner, link)
    compiled = [f"tcp_alt/{inner.as_posix()}" for _, inner in sources if inner.suffix == ".c"]
    compiled += sorted(f"tcp_both/{path.name}" for path in (folder / "src/tcp_both").glob("*.c"))
    for path in filelists.LISTS:
        if (folder / path).is_file():
            _edit(folder / path, lambda text, path=path: (filelists.extend(path, text, compiled), []))


def _place(source, target, link):
    if target.exists():
        raise TreeError(f"lwIP has a file of this name already: {target.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    if link:
        target.symlink_to(source)
    else:
        shutil.copyfile(source, target)


def check_empty(out):
    """An existing folder is never written into, so nothing of the user's is ever lost."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise TreeError(f"{out} is not empty: name a folder that does not exist yet")


def write(out, build_into):
    """Runs build_into(folder) on a sibling of `out`, and names it `out` when it succeeded."""
    check_empty(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        report = build_into(staging / "tree")
        if out.exists():
            out.rmdir()
        os.rename(staging / "tree", out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return report


def refresh(out, build_into):
    """Like write, into a tree written before: only what differs is touched, for make's sake."""
    if out.exists() and not (out / NOTE).is_file():
        raise TreeError(f"{out} was not written by lwip-tree")
    if not out.exists():
        return write(out, build_into)
    staging = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        report = build_into(staging / "tree")
        synchronise(staging / "tree", out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return report


def synchronise(fresh, out):
    """Makes `out` equal to `fresh` and touches only what differs."""
    wanted = {p.relative_to(fresh) for p in fresh.rglob("*")}
    for path in sorted(out.rglob("*"), reverse=True):
        if path.relative_to(out) not in wanted:
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    for inner in sorted(wanted):
        source, target = fresh / inner, out / inner
        if source.is_dir() and not source.is_symlink():
            target.mkdir(exist_ok=True)
        elif not _same(source, target):
            os.replace(source, target)


def _same(a, b):
    if a.is_symlink() or b.is_symlink():
        return a.is_symlink() and b.is_symlink() and os.readlink(a) == os.readlink(b)
    return b.is_file() and a.read_bytes() == b.read_bytes()
