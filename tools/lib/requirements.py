# SPDX-License-Identifier: BSD-3-Clause
"""What tools/conformance reads: requirements, the tests' tags, the functions of tcp_alt."""

import re
from dataclasses import dataclass, field

LEVELS = {"MUST": "MUST", "SHLD": "SHOULD", "SHOULD": "SHOULD", "MAY": "MAY", "REC": "SHOULD"}
REMARKS = ("note", "waiver", "miss", "open")
ID = re.compile(r"(?:MUST|SHLD|MAY|REC)-\d+|\d+(?:\.\d+)*-\d+")
SECTION = re.compile(r"\d+(?:\.\d+)*")
NAME = f"{ID.pattern}|{SECTION.pattern}"
TAGS = re.compile(f"RFC \\d+ (?:{NAME})(?:[,;] (?:RFC \\d+ )?(?:{NAME}))*(?=:|$)")
# of check, and of cmocka
COMMENTED_TEST = re.compile(r"/\*((?:(?!\*/).)*)\*/\s*(?:START_TEST\((\w+)\)|static void\s+(\w+)\(void \*\*state\))",
                            re.DOTALL)
# Their builds are long, and what they show of the RFCs tests/rfc shows as well: tags there are only words.
REPEATS = ("lwip_unit", "contract")
FUNCTION = re.compile(r"^(?:[a-z]\w*[ *]+(?:\w+[ *]+)*)?([a-z]\w*)\((?!.*;$)|^\s*#\s*define\s+([A-Za-z]\w*)\(", re.MULTILINE)


class Broken(Exception):
    """A file that cannot be read as it is meant."""


@dataclass
class Requirement:
    rfc: str  # "RFC 9293"
    id: str
    section: str
    level: str  # MUST, SHOULD or MAY
    text: str
    functions: list
    remarks: dict = field(default_factory=dict)
    tests: list = field(default_factory=list)  # "suite/test", in the order of their files

    @property
    def name(self):
        return f"{self.rfc} {self.id}"

    @property
    def excused(self):
        """Why it needs no test, or "": a waiver, a miss or something that is being built."""
        return next((kind for kind in ("waiver", "miss", "open") if kind in self.remarks), "")


def requirement(rfc, line, where):
    """One line of a requirements file: its fields are divided by bars."""
    fields = [part.strip() for part in line.split("|")]
    if len(fields) == 4:  # RFC 9293: its own IDs, and events that it gives none
        name, section, text, functions = fields
        level = LEVELS.get(name.split("-")[0], "MUST")
    elif len(fields) == 3:
        head, text, functions = fields
        name, _, level = head.partition(" ")
        section = name.rpartition("-")[0]
        level = LEVELS.get(level)
    else:
        raise Broken(f"{where}: {len(fields)} fields")
    if not ID.fullmatch(name) or not SECTION.fullmatch(section) or not level or not text:
        raise Broken(f"{where}: not an ID, a section, a level and a sentence: {line}")
    return Requirement(rfc, name, section, level, text, [] if functions == "-" else functions.split())


def read_rfc(path):
    """(title, requirements) of one file."""
    lines = path.read_text().splitlines()
    match = re.fullmatch(r"(RFC \d+): (.+)", lines[0]) if lines else None
    if not match:
        raise Broken(f"{path.name}: does not begin with the RFC and its title")
    found = []
    for number, line in enumerate(lines[1:], 2):
        where = f"{path.name}:{number}"
        remark = re.fullmatch(r"\s+(\w+): (.+)", line)
        if not line.strip() or line.startswith("#"):
            continue
        if not remark:
            found.append(requirement(match[1], line, where))
        elif not found or remark[1] not in REMARKS:
            raise Broken(f"{where}: a remark is one of {', '.join(REMARKS)}")
        else:
            found[-1].remarks[remark[1]] = remark[2]
    return match[2], found


def read_all(folder):
    """{RFC: (title, requirements)}, RFC 9293 first, then by number."""
    paths = sorted(folder.glob("rfc*.txt"), key=lambda path: int(path.stem[3:]))
    paths.sort(key=lambda path: path.stem != "rfc9293")
    rfcs = {}
    for path in paths:
        title, found = read_rfc(path)
        names = [one.id for one in found]
        double = {name for name in names if names.count(name) > 1}
        if double:
            raise Broken(f"{path.name}: twice: {', '.join(sorted(double))}")
        rfcs[found[0].rfc] = title, found
    return rfcs


def tags(comment):
    """Yield (RFC, ID or section) of each requirement that a comment before a test names: in lists that a colon or the
    comment's end follows."""
    for names in TAGS.finditer(" ".join(comment.replace("\n *", " ").split())):
        rfc = None
        for match in re.finditer(f"(?:(RFC \\d+) )?({NAME})", names[0]):
            rfc = match[1] or rfc
            yield rfc, match[2]


def tagged_tests(folder):
    """(file, "suite/test", RFC, ID) of each tag below tests/."""
    for path in sorted(folder.glob("*/**/*.c")):
        suite = path.relative_to(folder).parts[0]
        if suite in REPEATS:
            continue
        for comment, *names in COMMENTED_TEST.findall(path.read_text(errors="replace")):
            test = "".join(names)
            for rfc, name in tags(comment):
                yield path.relative_to(folder.parent), f"{suite}/{test}", rfc, name


def functions(folder):
    """Names that are defined below tcp_alt/, but for those of tests."""
    names = set()
    for path in folder.rglob("*.[ch]"):
        if "test" not in path.relative_to(folder).parts:
            names.update(name for match in FUNCTION.findall(path.read_text()) for name in match if name)
    return names
