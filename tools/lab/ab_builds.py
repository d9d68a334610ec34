# SPDX-License-Identifier: BSD-3-Clause
"""What is compared: labels like `alt`, `alt@REVISION`, `legacy:2.1.3`, `legacy:path/to/lwip` or `both-alt`, and the
builds behind them.

simrun takes hosts' shared objects <kind>-<profile>.so from one folder. A kind that is built
elsewhere (another revision, another lwIP) has a link there.
"""

import hashlib
import os
import re
import shutil
import subprocess

import simlib
from ab_catalogue import UsageError
from ab_lwipopts import LAB

LABEL = re.compile(r"(?P<backend>(?:both-)?(?:legacy|alt))(?:@(?P<revision>[^:]+))?(?::(?P<version>.+))?")


def git(*words):
    return subprocess.run(["git", "-C", simlib.REPO, *words], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)


def commit_of(revision):
    done = git("rev-parse", "--verify", "--quiet", revision + "^{commit}")
    if done.returncode != 0:
        raise UsageError(f"no revision '{revision}' in this repository")
    return done.stdout.strip()


def is_folder(version):
    """A version is a release's number, or the folder of somebody's own sources."""
    return os.sep in version


def known_as(version):
    """A short name; raises UsageError if there is nothing of lwIP."""
    if not is_folder(version):
        return version
    folder = os.path.realpath(version)
    if not os.path.isfile(os.path.join(folder, "src", "core", "tcp.c")):
        raise UsageError(f"no lwIP in '{version}' (there would be src/core/tcp.c)")
    return "lwip-" + hashlib.sha256(folder.encode()).hexdigest()[:8]  # simrun takes 31 characters of a kind


class Backend:
    """What a label means."""

    def __init__(self, label):
        match = LABEL.fullmatch(label)
        if not match:
            raise UsageError(f"no backend '{label}': it is legacy or alt, alt@REVISION, and "
                             "perhaps :VERSION of lwIP, or :FOLDER of its sources; or both-legacy, both-alt, where both are linked in")
        self.label = label
        self.name = match["backend"]
        self.version = match["version"] or simlib.LWIP_VERSION
        self.commit = None
        if self.name.startswith("both") and label != self.name:
            raise UsageError(f"'{label}': where both are linked in there is one revision and version")
        if match["revision"]:
            if self.name != "alt":
                raise UsageError(f"'{label}': lwIP's own TCP has no revisions here, its versions "
                                 "are legacy:2.1.3 and so on")
            self.commit = commit_of(match["revision"])
        self.kind = self.name
        if self.commit:
            self.kind += "@" + self.commit[:12]
        if self.version != simlib.LWIP_VERSION:
            self.kind += ":" + known_as(self.version)

    def is_plain(self):
        return self.kind == self.name


def checkout(commit):
    """The sources of a revision below build/lab; made once."""
    folder = os.path.join(LAB, "revisions", commit[:12])
    if not os.path.isdir(folder):
        unfinished = f"{folder}.{os.getpid()}"
        os.makedirs(unfinished, exist_ok=True)
        archive = subprocess.Popen(["git", "-C", simlib.REPO, "archive", commit],
                                   stdout=subprocess.PIPE)
        done = subprocess.run(["tar", "-x", "-C", unfinished], stdin=archive.stdout, check=False)
        if archive.wait() != 0 or done.returncode != 0:
            shutil.rmtree(unfinished)
            raise simlib.BuildError(f"cannot unpack revision {commit[:12]}")
        cache = os.path.join(simlib.REPO, ".cache")
        os.makedirs(cache, exist_ok=True)
        os.symlink(cache, os.path.join(unfinished, ".cache"))
        os.rename(unfinished, folder)
    return folder


def write_tree(repository, version, tree, *options):
    """A neutral tree by a repository's own tool."""
    os.makedirs(os.path.dirname(tree), exist_ok=True)
    origin = ["--lwip-dir", os.path.realpath(version)] if is_folder(version) else ["--version", version]
    done = subprocess.run([os.path.join(repository, "tools", "lwip-tree"), *origin, "--link-alt", *options, tree],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise simlib.BuildError(f"no tree of lwIP {version}: {done.stdout.strip()[-800:]}")
    return tree


def tree_of(backend):
    """The neutral tree of what is built elsewhere; None for releases with today's TCP, which simlib knows."""
    if backend.commit:
        sources = checkout(backend.commit)
        tree = os.path.join(sources, "build", known_as(backend.version) if is_folder(backend.version)
                            else f"lwip-{backend.version}")
        return tree if os.path.isdir(tree) else write_tree(sources, backend.version, tree)
    if is_folder(backend.version):
        tree = os.path.join(LAB, "trees", known_as(backend.version))
        return write_tree(simlib.REPO, backend.version, tree, "--refresh")
    return None


def first_errors(text, count=3):
    """The compiler's first errors, from all that make said."""
    lines = [line for line in text.splitlines() if re.search(r"error:|No such file|undefined", line)]
    return "\n  ".join(lines[:count] or text.splitlines()[-count:])


def need_profile(profile):
    folder = os.path.join(simlib.HERE, "profiles")
    if not os.path.isfile(os.path.join(folder, profile, "lwipopts.h")):
        known = [name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name))]
        raise UsageError(f"no profile '{profile}' (there are {', '.join(sorted(known))}; your own "
                         "lwipopts.h: --lwipopts)")


def link(target, name):
    """Makes `name` a link to `target`, whatever it was."""
    if not os.path.islink(name) or os.readlink(name) != target:
        scratch = f"{name}.{os.getpid()}"
        os.symlink(target, scratch)
        os.replace(scratch, name)


class Bench:
    """Everything built that a plan needs, and the command of each run."""

    def __init__(self, arguments, user_profiles=None):
        self.arguments = arguments
        self.labels = {name: Backend(name)
                       for name in {*arguments.backends, *arguments.host.values()}}
        self.user_profiles = user_profiles or {}   # host's name, or None for all: UserOptions
        self.main = None

    def build_simrun(self):
        """simrun alone, which tells what scenarios need."""
        self.main = simlib.build("plain", (), ())
        return self.main.simrun

    def hosts(self, cell, label):
        """(kind, profile) of each host of a cell, in order."""
        names = {host["name"] for host in cell.said["hosts"]}
        slowed = [cpu.partition(":")[2] for cpu in self.arguments.cpu]
        for name in filter(None, [*self.arguments.host, *self.user_profiles, *slowed]):
            if name not in names:
                raise UsageError(f"{cell.scenario.name} has no host '{name}' (it has "
                                 f"{', '.join(sorted(names))})")
        for host in cell.said["hosts"]:
            fixed = None if host["backend"] == "self" else host["backend"]
            chosen = self.arguments.host.get(host["name"], fixed or label)
            backend = self.labels.setdefault(chosen, None) or Backend(chosen)
            self.labels[chosen] = backend
            user = self.user_profiles.get(host["name"], self.user_profiles.get(None))
            yield backend, user.profile if user else host["profile"]

    def build(self, plan):
        """Builds every kind of host that the plan's cells have."""
        wanted = {}
        for cell in plan.cells:
            for label in self.arguments.backends:
                for backend, profile in self.hosts(cell, label):
                    wanted.setdefault(backend.kind, (backend, set()))[1].add(profile)
        users = {user.profile: user for user in self.user_profiles.values()}
        plain = {}
        for backend, profiles in wanted.values():
            for profile in sorted(profiles):
                if profile not in users:
                    need_profile(profile)
                if backend.is_plain() and profile not in users:
                    plain.setdefault(backend.name, set()).add(profile)
                else:
                    self.build_special(backend, profile, users.get(profile))
        for profiles in {frozenset(p) for p in plain.values()}:
            backends = [name for name in sorted(plain) if plain[name] == profiles]
            simlib.build("plain", backends, sorted(profiles))

    def build_special(self, backend, profile, user):
        how = {"profiles_at": user.folder} if user else {}
        folder = self.main.folder
        if not backend.is_plain():
            folder = os.path.join(LAB, "hosts", backend.kind.replace(":", "-"))
        how["tree"] = tree_of(backend)
        if backend.commit:
            how["alt"] = os.path.join(checkout(backend.commit), "tcp_alt")
        try:
            simlib.build("plain", (backend.name,), (profile,), backend.version, folder=folder, **how)
        except simlib.BuildError as why:
            raise simlib.BuildError(
                f"{backend.label} with "
                f"{user.file if user else 'profile ' + profile} does not build:\n  "
                f"{first_errors(str(why))}"
                + ("\nToday's applications are built with that revision's TCP, which must have what "
                   "they call." if backend.commit else "")) from None
        if folder != self.main.folder:
            link(os.path.join(folder, f"{backend.name}-{profile}.so"),
                 os.path.join(self.main.folder, f"{backend.kind}-{profile}.so"))

    def command(self, cell, label, seed, options):
        hosts = list(self.hosts(cell, label))
        kinds = [backend.kind for backend, _ in hosts]
        kinds = kinds[:1] if len(set(kinds)) == 1 else kinds
        if self.user_profiles:
            options = [*options, "--profile", ",".join(profile for _, profile in hosts)]
        for cpu in self.arguments.cpu:
            options = [*options, "--cpu", cpu]
        return self.main.command(cell.scenario.file, seed, kinds, cell.variables, options)
