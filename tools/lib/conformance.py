# SPDX-License-Identifier: BSD-3-Clause
"""tools/conformance: requirement by requirement, what does it and what shows it."""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

import requirements
from requirements import Broken

REPOSITORY = Path(__file__).resolve().parents[2]
SHOULDS = 0.9  # of those of RFC 9293 that speak to a TCP

DESCRIPTION = """\
Requirement by requirement of RFC 9293 and its companions: the function of tcp_alt that
does it, the tests that show it, and what each backend makes of those tests. Requirements
are in tests/conformance/requirements, in our words; a comment right before a test names
those it shows:

    /* RFC 9293 MUST-34, SHLD-15: a window that shrinks ... */

docs/conformance.md is made of both, and of the results of the last --update."""

EXAMPLES = """\
examples:
  tools/conformance                how many of each RFC are shown
  tools/conformance --check        exit 1 if a MUST has no passing test, a SHOULD is neither shown nor
                                   argued, a tag or a function does not exist, the document is stale
  tools/conformance --update       runs the tests that have tags, on both backends, and writes what is found
  tools/conformance --document     writes the document only, from the results recorded
  tools/conformance --json         all of it, as JSON

exit codes: 0 done, 1 --check found something or a suite did not run, 2 wrong usage"""


class Conformance:
    """The requirements of a repository, their tests and results."""

    def __init__(self, root):
        self.root = root
        self.rfcs = requirements.read_all(root / "tests/conformance/requirements")
        self.recorded_file = root / "tests/conformance/recorded.json"
        self.document_file = root / "docs/conformance.md"
        self.recorded = json.loads(self.recorded_file.read_text()) if self.recorded_file.exists() else {}
        self.wrong_tags = []
        for path, test, rfc, name in requirements.tagged_tests(root / "tests"):
            self._tag(path, test, rfc, name)

    def all(self):
        return [one for _, found in self.rfcs.values() for one in found]

    def _tag(self, path, test, rfc, name):
        found = self.rfcs.get(rfc, ("", []))[1]
        if requirements.ID.fullmatch(name):
            matching = [one for one in found if one.id == name]
        elif rfc == "RFC 9293":
            return  # it only tells where to read more
        else:  # a section that makes one statement will do
            matching = [one for one in found if one.section == name]
        if len(matching) == 1 and test not in matching[0].tests:
            matching[0].tests.append(test)
        if not matching and requirements.ID.fullmatch(name):
            self.wrong_tags.append(f"{path}: {test} is for {rfc} {name}, which is no requirement")

    def tests(self):
        """Each tagged test once."""
        return sorted({test for one in self.all() for test in one.tests})

    def result(self, backend, tests):
        """yes, no, part or - of these tests together, as far as there are results; a test counts with all its turns and
        configurations."""
        recorded = self.recorded.get(backend, {})
        counts = [recorded[test] for test in tests if test in recorded]
        if not counts:
            return "-"
        passed, failed = (sum(part) for part in zip(*counts))
        return "yes" if not failed else "part" if passed else "no"

    # ---- what is wrong ----

    def problems(self):
        """Yield a sentence for each."""
        yield from self.wrong_tags
        known = requirements.functions(self.root / "tcp_alt")
        for one in self.all():
            yield from (f"{one.name}: there is no function {name}" for name in one.functions if name not in known)
            yield from self._unshown(one)
            if not one.functions and not one.excused:
                yield f"{one.name}: which function does it?"
        share = self.share_of_shoulds()
        if share < SHOULDS:
            yield f"only {share:.0%} of RFC 9293's SHOULDs are done"
        if not self.document_file.exists() or self.document_file.read_text() != self.document():
            yield f"{self.document_file.relative_to(self.root)} is stale: tools/conformance --document"

    def _unshown(self, one):
        result = self.result("alt", one.tests)
        if one.tests and result == "-":
            yield f"{one.name}: no result of {', '.join(one.tests)}: tools/conformance --update"
        elif one.excused in ("waiver", "miss") and one.tests:
            yield f"{one.name}: has a {one.excused}, and tests"
        elif one.excused == "open" and result == "yes":
            yield f"{one.name}: is marked as open, but its tests pass"
        elif one.excused == "miss" and one.level == "MUST":
            yield f"{one.name}: a MUST cannot be missed"
        elif not one.excused and not one.tests:
            yield f"{one.name}: no test, and no word why"
        elif not one.excused and result != "yes":
            yield f"{one.name}: fails: {', '.join(one.tests)}"

    def share_of_shoulds(self):
        mine = [one for one in self.rfcs.get("RFC 9293", ("", []))[1]
                if one.level == "SHOULD" and one.excused != "waiver"]
        return sum(self.verdict(one) == "yes" for one in mine) / len(mine) if mine else 1.0

    # ---- the document ----

    def counts(self, found):
        """{level: (done, in scope)}"""
        table = {}
        for level in ("MUST", "SHOULD", "MAY"):
            mine = [one for one in found if one.level == level and one.excused != "waiver"]
            table[level] = sum(self.verdict(one) == "yes" for one in mine), len(mine)
        return table

    def verdict(self, one):
        return one.excused or self.result("alt", one.tests)

    def document(self):
        lines = [HEAD, "| RFC | MUST | SHOULD | MAY | waived |", "|---|---|---|---|---|"]
        for rfc, (title, found) in self.rfcs.items():
            counts = " | ".join(f"{done} of {all_}" if all_ else "-" for done, all_ in self.counts(found).values())
            waived = sum(one.excused == "waiver" for one in found)
            lines.append(f"| [{rfc}](#{anchor(rfc, title)}) {title} | {counts} | {waived or '-'} |")
        for rfc, (title, found) in self.rfcs.items():
            lines += ["", f"## {rfc}: {title}", "", TABLE_HEAD]
            lines += [self._row(one) for one in found]
        return "\n".join(lines) + "\n"

    def _row(self, one):
        remarks = "".join(f"<br>*{kind}:* {text}" for kind, text in one.remarks.items())
        code = ", ".join(f"`{name}`" for name in one.functions) or "-"
        tests = ", ".join(f"`{test}`" for test in one.tests) or "-"
        name = one.id if one.rfc == "RFC 9293" and not one.id[0].isdigit() else f"{one.id} {one.level}"
        return (f"| {name} | {one.section} | {one.text}{remarks} | {code} | {tests} | {self.verdict(one)} | "
                f"{self.result('legacy', one.tests)} |")

    # ---- results ----

    def update(self, suites, tell):
        """Runs the suites that have tagged tests, those given or all; False if one did not run."""
        fine = True
        wanted = self.tests()
        for suite in sorted({test.split("/")[0] for test in wanted}):
            if suites and suite not in suites:
                continue
            for backend in ("alt", "legacy"):
                names = [test.partition("/")[2] for test in wanted if test.startswith(f"{suite}/")]
                results = run_suite(self.root, suite, backend, names, tell)
                mine = {test: results[test] for test in wanted if test in results}
                fine &= results is not None and (bool(mine) or backend == "legacy")
                old = self.recorded.get(backend, {})
                kept = {test: old[test] for test in old if test in wanted and not test.startswith(f"{suite}/")}
                self.recorded[backend] = dict(sorted({**kept, **mine}.items()))
            self.recorded_file.write_text(as_recorded(self.recorded))
        return fine


HEAD = """\
<!-- SPDX-License-Identifier: BSD-3-Clause -->
<!-- Made by tools/conformance --update; do not edit. -->
# Conformance

Requirement by requirement: which function does it, which test shows it, and what alt and legacy make of that test. A
test counts with all its turns and configurations: *part* means that some of them pass. Requirements are in our words, so
read the RFC before you rely on one; the section is the RFC's. [packet-tests.md](packet-tests.md) tells how such a test is
read, run and written.

A *waiver* says why a requirement does not concern this TCP, a *miss* why something optional is not done, *open* what is
yet to be built. Counted is what is done and shown by tests that pass, of what is not waived.
"""
TABLE_HEAD = """\
| Requirement | § | What | Function | Test | alt | legacy |
|---|---|---|---|---|---|---|"""
RESULT = re.compile(r"(ok|not ok) (\S+?)(?:#\d+)?(?::| |$)(.*)")


def as_recorded(recorded):
    """JSON, a line for each test."""
    text = json.dumps(recorded, indent=1)
    return re.sub(r"\[\s+(\d+),\s+(\d+)\s+\]", r"[\1, \2]", text) + "\n"


def anchor(rfc, title):
    return re.sub(r"[^\w -]", "", f"{rfc}: {title}".lower()).replace(" ", "-")


def run_suite(root, suite, backend, names, tell):
    """{"suite/test": [passed, failed]} of a suite on a backend, of these tests at least; {} where it cannot choose one."""
    command = [root / "tests" / suite / "run"]
    text = subprocess.run(command + ["--help"], stdout=subprocess.PIPE, text=True, check=False).stdout
    if "--backend" in text:
        command += ["--backend", backend]
    elif backend == "legacy":
        return {}
    if "--only" in text:
        command += [word for name in names for word in ("--only", name)]
    tell(f"{suite} on {backend} ...")
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    found = {}
    for line in done.stdout.splitlines():
        match = RESULT.fullmatch(line)
        if match:
            verdict, name, rest = match.groups()
            counts = found.setdefault(f"{suite}/{name.split('/')[-1]}", [0, 0])
            counts[verdict != "ok" or "known to fail" in rest] += 1
    tell(f"{suite} on {backend}: {done.stdout.splitlines()[-1] if done.stdout else 'did not run'}")
    return found


def arguments():
    parser = argparse.ArgumentParser(prog="tools/conformance", description=DESCRIPTION, epilog=EXAMPLES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="is everything shown, and the document up to date?")
    what.add_argument("--update", action="store_true", help="run the tagged tests on both backends, record, write")
    what.add_argument("--document", action="store_true", help="write the document from what is recorded")
    what.add_argument("--json", action="store_true", help="print all of it")
    parser.add_argument("--suite", action="append", help="with --update: only this suite")
    args = parser.parse_args()
    if args.suite and not args.update:
        parser.error("--suite is for --update")
    return args


def as_json(state):
    return json.dumps([{"rfc": one.rfc, "id": one.id, "section": one.section, "level": one.level, "text": one.text,
                        "functions": one.functions, "tests": one.tests, "remarks": one.remarks,
                        "alt": state.verdict(one), "legacy": state.result("legacy", one.tests)}
                       for one in state.all()], indent=1)


def main():
    args = arguments()
    try:
        state = Conformance(REPOSITORY)
        fine = True
        if args.update:
            fine = state.update(args.suite, lambda text: print(text, file=sys.stderr, flush=True))
        if args.update or args.document:
            state.document_file.write_text(state.document())
    except (Broken, OSError) as error:
        print(f"tools/conformance: {error}", file=sys.stderr)
        return 1
    if args.json:
        print(as_json(state))
    elif args.check:
        problems = list(state.problems())
        print("\n".join(problems) if problems else f"{len(state.all())} requirements, {len(state.tests())} tests: fine")
        return 1 if problems else 0
    else:
        for rfc, (title, found) in state.rfcs.items():
            counts = ", ".join(f"{level} {done} of {all_}" for level, (done, all_) in state.counts(found).items() if all_)
            print(f"{rfc:<9} {title:<42} {counts}")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
