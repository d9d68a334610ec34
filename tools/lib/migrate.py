# SPDX-License-Identifier: BSD-3-Clause
"""tools/migrate: accesses of an application to a PCB's members become accessors."""

import argparse
import difflib
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import migrate_mask
import migrate_rules
from migrate_rules import CALLBACKS, KEPT, MEMBERS

from lwiptree import cdecl, rewrite
from lwiptree.ctokens import tokenize

DESCRIPTION = """\
Rewrites an application's accesses to members of a TCP PCB (pcb->remote_port, pcb->flags |= ...) to functions
and macros that both backends have: lwip/tcp_access.h, and those lwIP always had. Shows the changes as a
diff; --write makes them. What no accessor can stand for is left alone and listed. Strings, comments and layout
stay; files with CRLF keep it. Of PATH, all *.c and *.h are read; folders with them."""

EXAMPLES = """\
examples:
  tools/migrate src                          what would change, as a diff, and what is left to do
  tools/migrate -I lwip/src/include src      the same where code goes through lwIP's structures
  tools/migrate --write src/net.c            change a file
  tools/migrate --check src                  for CI: 1 if something is still to be rewritten
  tools/migrate --json src                   the same for programs

exit codes:
  0  nothing is left to be done by hand (and, with --check, nothing to be rewritten)
  1  something is left, which is listed; or with --check would change; or it failed
  2  wrong usage"""

# The reader's words for it; what Coccinelle's rules keep has no accessor under its name.
WHY = {"no accessor": "no accessor for it, or not for this use"}
TIMEOUT = 300  # s for one file
# Names that hardly anything but a PCB has; the others would be said of every structure.
TELLING = {"local_port", "remote_port", "local_ip", "remote_ip", "callback_arg", "so_options", "keep_idle",
           "keep_intvl", "keep_cnt", "snd_buf", "snd_queuelen", "pollinterval", "unsent", "unacked", "ooseq"}
_ASIDE = re.compile(r'/\*.*?\*/|//(?:\\\n|[^\n])*|"(?:\\.|[^"\\\n])*"|' r"'(?:\\.|[^'\\\n])*'", re.S)
_ACCESS = re.compile(r"(?:->|\.)\s*(?:%s)\b" % "|".join([*MEMBERS, *CALLBACKS, "accept"]))
_NAMED = re.compile(_ACCESS.pattern + r"|\bip_addr_t\b")
_CAST = re.compile(r"(\([\w ]+[ *]*\)) (%s)\(" % "|".join(sorted({a.getter for a in MEMBERS.values()})))
_ACCESSORS = {name for access in MEMBERS.values() for name in access[:2] if name}
_ACCESSORS |= {*CALLBACKS.values(), *(name for pair in migrate_rules.BITS.values() for name in pair),
               "tcp_accept"}


class Outcome(NamedTuple):
    """What became of one file."""

    path: Path
    before: str
    after: str
    accesses: int  # that were rewritten
    left: list     # (line, member, why)
    failed: str    # Coccinelle's complaint, or ""


def arguments(argv):
    """The command line."""
    parser = argparse.ArgumentParser(prog="migrate", description=DESCRIPTION, epilog=EXAMPLES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a file, or a folder with all below it")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--write", action="store_true", help="change the files")
    action.add_argument("--check", action="store_true", help="exit 1 if something would change; show nothing of it")
    parser.add_argument("--json", action="store_true", help="the result as JSON on standard output")
    parser.add_argument("-I", dest="include", metavar="DIR", action="append", type=Path, default=[],
                        help="where headers are whose structures hold PCBs")
    parser.add_argument("--mask", metavar="NAME", action="append", default=[],
                        help="a macro that stands for a piece of C no parser knows, such as an attribute")
    args = parser.parse_args(argv)
    for path in args.paths:
        if not path.exists():
            parser.error(f"{path}: no such file or folder")
    for path in args.include:
        if not path.is_dir():
            parser.error(f"-I {path}: no such folder")
    return args


def sources(paths):
    """All C files, each once."""
    found = {}
    for path in paths:
        for file in [path] if path.is_file() else sorted(path.rglob("*.[ch]")):
            if file.is_file():
                found[file.resolve()] = file
    return list(found.values())


def read(path):
    """Its text; any byte stands for itself."""
    return path.read_bytes().decode("latin-1")


class Migration:
    """One run over all files, in a folder of its own."""

    def __init__(self, args, folder):
        self.folder = folder
        self.pieces = (*migrate_mask.PIECES, *args.mask)
        self.rules = folder / "rules.cocci"
        self.rules.write_text(migrate_rules.semantic_patch(), encoding="ascii")
        self.files = sources(args.paths)
        self.shared = cdecl.Names()
        headers = [file for folder in args.include for file in sorted(folder.rglob("*.h"))]
        for file in headers + [file for file in self.files if file.suffix == ".h"]:
            cdecl.collect(tokenize(read(file)), self.shared)
        # Coccinelle reads our files' headers as it reads them: masked.
        self.inner = {}
        for number, file in enumerate(self.files):
            parent = "/".join(file.resolve().parent.parts[1:])
            self.inner[file] = folder / "files" / parent / file.name
            self.inner[file].parent.mkdir(parents=True, exist_ok=True)
            self._hide(file, read(file).replace("\r\n", "\n"), 0)
        folders = sorted({path.parent for path in self.inner.values()})
        self.include = [option for folder in [*folders, *args.include] for option in ("-I", str(folder))]

    def _hide(self, file, text, turn):
        self.inner[file].write_text(migrate_mask.mask(text, turn, self.pieces), encoding="latin-1", newline="")

    def spatch(self, file):
        """Lets Coccinelle change the masked copy; what it complained of, or ''."""
        command = ["spatch", "--sp-file", str(self.rules), "--in-place", "--very-quiet", "--no-show-diff",
                   "--max-width", "1000", "--smpl-spacing", "--recursive-includes", "--include-headers-for-types",
                   "--timeout", str(TIMEOUT), *self.include, str(self.inner[file])]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                              errors="replace")
        return done.stdout.strip().splitlines()[-1] if done.returncode and done.stdout.strip() else (
            f"spatch ended with code {done.returncode}" if done.returncode else "")

    def by_coccinelle(self, file, text):
        """(the text as Coccinelle leaves it, its complaint)."""
        failed = ""
        for turn in range(migrate_mask.turns(text)):
            self._hide(file, text, turn)
            failed = self.spatch(file) or failed
            changed = migrate_mask.unmask(self.inner[file].read_text(encoding="latin-1"))
            text = layout_kept(text, changed) if not failed else text
        return text, failed

    def concerns(self, text):
        """Can there be an access to a PCB? Coccinelle takes a second for each file."""
        if not _ACCESS.search(text):
            return False
        result = rewrite.rewrite(text, self.shared, MEMBERS)
        return result.sites or result.left or (result.unknown and re.search("pcb|lwip/.*tcp", text))

    def file(self, file):
        """Migrates one file, without writing it."""
        before = read(file)
        plain = before.replace("\r\n", "\n")
        failed = ""
        text = plain
        if self.concerns(plain):
            text, failed = self.by_coccinelle(file, plain)
        # What Coccinelle could not parse: macros' bodies, branches of an #if within an expression.
        text = rewrite.rewrite(text, self.shared, MEMBERS).text
        result = rewrite.rewrite(text, self.shared, MEMBERS)
        text = text.replace(KEPT, "")
        left = [(site.line, site.member.removeprefix(KEPT), WHY.get(site.mode, site.mode)) for site in result.left]
        left += [(site.line, site.member, site.mode) for site in result.unknown if site.member in TELLING]
        after = migrate_mask.Ends(before).restore(text) if text != plain else before
        return Outcome(file, before, after, accessors(text) - accessors(plain), sorted(left), failed)


def accessors(text):
    """How many accessors a text uses."""
    count = Counter(token.text for token in tokenize(text, directives=False) if token.kind == "id")
    return sum(count[name] for name in _ACCESSORS)


def layout_kept(before, after):
    """What Coccinelle made of a text, but for lines that it only laid out anew. If it has lost a comment or
    changed a string, nothing of it is taken."""
    if _ASIDE.findall(before) != _ASIDE.findall(after):
        return before
    old, new = before.split("\n"), after.split("\n")
    if len(old) != len(new):
        return after
    return "\n".join(_line_kept(a, b) for a, b in zip(old, new))


def _line_kept(old, new):
    if old.split() == new.split() or not _NAMED.search(old):
        return old
    # Coccinelle puts a blank behind a cast.
    return _CAST.sub(lambda cast: cast.group() if cast.group(1) + " " in old else cast.group(1) + cast.group(2) + "(",
                     new)


def diff(outcome):
    """A unified diff of one file."""
    name = str(outcome.path)
    return "".join(difflib.unified_diff(outcome.before.splitlines(keepends=True),
                                        outcome.after.splitlines(keepends=True), name, name))


def report(args, outcomes):
    """Prints what was found."""
    changed = [outcome for outcome in outcomes if outcome.after != outcome.before]
    left = [(outcome.path, *row) for outcome in outcomes for row in outcome.left]
    failed = [outcome for outcome in outcomes if outcome.failed]
    if args.json:
        print(json.dumps({
            "files": len(outcomes),
            "changed": [{"file": str(o.path), "accesses": o.accesses} for o in changed],
            "left": [{"file": str(path), "line": line, "member": member, "why": why}
                     for path, line, member, why in left],
            "failed": [{"file": str(o.path), "why": o.failed} for o in failed]}, indent=1))
        return
    if not args.check and not args.write:
        for outcome in changed:
            sys.stdout.write(diff(outcome))
        sys.stdout.flush()
    for outcome in changed:
        if args.check or args.write:
            print(f"{outcome.path}: {outcome.accesses} accesses {'rewritten' if args.write else 'to rewrite'}")
    for path, line, member, why in left:
        print(f"{path}:{line}: left alone: {member} ({why})", file=sys.stderr)
    for outcome in failed:
        print(f"{outcome.path}: Coccinelle: {outcome.failed}", file=sys.stderr)
    print(f"{len(outcomes)} files, {sum(o.accesses for o in changed)} accesses in {len(changed)} of them, "
          f"{len(left)} left alone", file=sys.stderr)


def main(argv=None):
    """The command."""
    args = arguments(argv)
    with tempfile.TemporaryDirectory(prefix="tcp-migrate-") as folder:
        migration = Migration(args, Path(folder))
        with ThreadPoolExecutor(2) as pool:
            outcomes = []
            for outcome in pool.map(migration.file, migration.files):
                outcomes.append(outcome)
                if sys.stderr.isatty():
                    print(f"\r{len(outcomes)} of {len(migration.files)}", end="\r", file=sys.stderr)
    if args.write:
        for outcome in outcomes:
            if outcome.after != outcome.before:
                outcome.path.write_bytes(outcome.after.encode("latin-1"))
    report(args, outcomes)
    undone = any(outcome.left or outcome.failed for outcome in outcomes)
    return int(undone or (args.check and any(o.after != o.before for o in outcomes)))


if __name__ == "__main__":
    sys.exit(main())
