# SPDX-License-Identifier: BSD-3-Clause
"""A user's own lwipopts.h as a profile of the simulator.

The file is taken as it is; tests/sim/profiles/forced.h follows it with what a simulated host needs.
"""

import hashlib
import os
import re
import subprocess

import simlib
from ab_catalogue import UsageError

LAB = os.path.join(simlib.REPO, "build", "lab")
PORT = os.path.join(simlib.HERE, "arch", "arch", "cc.h")
FORCED = os.path.join(simlib.HERE, "profiles", "forced.h")


def macros(path):
    """{name: text} of what a header defines, as the compiler sees it."""
    common = ["gcc", "-E", "-dM", "-I", os.path.dirname(path)]
    done = subprocess.run([*common, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False)
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if "error" in line]
        raise UsageError(f"--lwipopts: {path} cannot be read by the compiler:\n  "
                         + "\n  ".join(lines[:3] or [done.stderr.strip()])
                         + "\nIt must stand alone, as lwIP includes it; what it includes is "
                         "looked for beside it: an empty file of that name there "
                         "is enough, if it has nothing that the options need.")
    return dict(re.findall(r"^#define (\w+)(?:\([^)]*\))?(?: (.*))?$", done.stdout, re.MULTILINE))


def names_in(path, directive):
    """The names of all lines like `#undef NAME`, but for guards."""
    with open(path, encoding="utf-8") as file:
        names = re.findall(rf"^#{directive} (\w+)", file.read(), re.MULTILINE)
    return [name for name in names if not name.endswith("_H")]


class UserOptions:
    """A profile made of a user's lwipopts.h."""

    def __init__(self, file):
        if not os.path.isfile(file):
            raise UsageError(f"--lwipopts: no file '{file}'")
        self.file = file
        self.path = os.path.abspath(file)
        self.profile = "user_" + hashlib.sha256(self.path.encode()).hexdigest()[:12]
        self.folder = os.path.join(LAB, "profiles")
        self.own = macros(self.path)
        self.write()

    def write(self):
        target = os.path.join(self.folder, self.profile, "lwipopts.h")
        # arch/cc.h may come first; what it says of the port is said again by forced.h.
        port = "".join(f"#undef {name}\n" for name in names_in(PORT, "define"))
        text = ("#ifndef SIM_USER_OPTIONS\n#define SIM_USER_OPTIONS\n" + port
                + f'#include "{self.path}"\n#include "forced.h"\n#endif\n')
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if not os.path.isfile(target) or open(target, encoding="utf-8").read() != text:
            with open(target, "w", encoding="utf-8") as out:
                out.write(text)

    def overruled(self):
        """What the file sets and forced.h sets otherwise: texts like `NO_SYS 0 -> 1`."""
        needed = macros(FORCED)
        changes = []
        for name in names_in(FORCED, "undef"):
            if name in self.own and self.own[name].strip() != needed.get(name, "").strip():
                changes.append(f"{name} {self.own[name]} -> {needed.get(name, 'not defined')}")
        return changes
