# SPDX-License-Identifier: BSD-3-Clause
"""A pinned release's source tarball, through the machine's own apt client.

apt runs with a source list and a state of our own below the cache folder, the
list made from the mirrors the machine is set up with. The system's apt
configuration is read and never written, and root is not needed.
"""

import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

from .errors import TreeError
from .releases import pinned

_OVERLAY_SUITES = ("-security", "-updates", "-backports", "/updates", "-proposed")


def unpacked(version, cache):
    """The folder of the pinned release, fetched and unpacked if it is not there yet."""
    pinned(version)
    folder = Path(cache) / f"lwip-{version}"
    if folder.is_dir():
        return folder
    archive = tarball(version, cache)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=cache))
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                _extract(tar, member, staging)
        tops = [entry for entry in staging.iterdir() if (entry / "src").is_dir()]
        if len(tops) != 1:
            raise TreeError(f"{archive} does not hold one lwIP source tree")
        os.rename(tops[0], folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return folder


def _extract(tar, member, folder):
    """Writes one plain file; folders come by themselves, and nothing leaves the folder."""
    inner = PurePosixPath(member.name)
    if not member.isfile():
        return
    if inner.is_absolute() or ".." in inner.parts:
        raise TreeError(f"{tar.name} holds the unsafe path {member.name}")
    target = folder / inner
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(tar.extractfile(member).read())
    if member.mode & 0o100:
        target.chmod(0o755)


def tarball(version, cache):
    """The pinned release's tarball with the right checksum, from the cache or from apt."""
    release = pinned(version)
    cache = Path(cache)
    cache.mkdir(parents=True, exist_ok=True)
    kept = cache / release.tarball
    if not kept.is_file():
        with tempfile.TemporaryDirectory(prefix=".fetch.", dir=cache) as work:
            fetched = _fetch(release, Path(work), cache / "apt")
            _check(fetched, release)
            own = Path(work) / "own"  # apt only links to what lies on a file: mirror
            shutil.copyfile(fetched, own)
            os.replace(own, kept)
    _check(kept, release)
    return kept


def _check(archive, release):
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != release.sha256:
        raise TreeError(
            f"wrong checksum: {archive} is not the pinned lwIP {release.version}\n"
            f"  expected SHA-256 {release.sha256}\n"
            f"  found            {digest}\n"
            "remove the file to fetch it again")


def _fetch(release, work, private):
    if not shutil.which("apt-get"):
        raise _unobtainable(release, "this machine has no apt-get")
    repositories = _repositories()
    if not repositories:
        raise _unobtainable(release, "apt has no repository with a component 'main'")
    log = []
    for number, repository in enumerate(repositories):
        apt = _Apt(private / f"{release.suite}-{number}", repository, release.suite, log)
        package = apt.package_with(release.tarball)
        if package and apt.download(package, work):
            archive = work / release.tarball
            if archive.is_file():
                return archive
            log.append(f"apt-get source did not leave {release.tarball}")
    raise _unobtainable(release, "\n".join(line for line in log if line.strip()))


def _unobtainable(release, why):
    return TreeError(
        f"cannot obtain lwIP {release.version} (the source package 'lwip' of Debian's suite "
        f"'{release.suite}'):\n  " + why.replace("\n", "\n  ") + "\n"
        "if you have its sources (a release or a checkout), pass them: "
        "tools/lwip-tree --lwip-dir DIR OUT")


def _repositories():
    """The archives apt is set up with, Debian's before others, overlays left out.

    apt itself reads the one-line and the deb822 form for us.
    """
    run = subprocess.run(
        ["apt-get", "indextargets", "--no-release-info",  # also before any `apt-get update`
         "--format", "$(COMPONENT)|$(RELEASE)|$(REPO_URI)"],
        capture_output=True, text=True, check=False)
    found = []
    for line in run.stdout.splitlines():
        component, suite, uri = line.split("|", 2)
        if component == "main" and not suite.endswith(_OVERLAY_SUITES) and uri not in found:
            found.append(uri)
    return sorted(found, key=lambda uri: "debian" not in uri)


class _Apt:
    """apt with a source list and a state of its own, for one suite of one archive."""

    def __init__(self, root, repository, suite, log):
        self._log = log
        root = root.resolve()
        for folder in ("state/lists/partial", "cache/archives/partial"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        # What is trusted is the pinned SHA-256 of the tarball, not the archive's key,
        # so that a keyring older than the suite is no obstacle.
        (root / "sources.list").write_text(f"deb-src [trusted=yes] {repository} {suite} main\n")
        self._config = root / "apt.conf"
        self._config.write_text(
            f'Dir::State "{root}/state";\n'
            f'Dir::Cache "{root}/cache";\n'
            f'Dir::Etc::SourceList "{root}/sources.list";\n'
            'Dir::Etc::SourceParts "/dev/null";\n'
            'APT::Sandbox::User "root";\n'
            'Acquire::Languages "none";\n'
            "#clear APT::Update::Pre-Invoke;\n"
            "#clear APT::Update::Post-Invoke;\n"
            "#clear APT::Update::Post-Invoke-Success;\n")

    def package_with(self, tarball):
        """The full version of the source package that has this tarball, or None."""
        if self._run("apt-get", "update") is None:
            return None
        listing = self._run("apt-cache", "showsrc", "--only-source", "lwip") or ""
        for stanza in listing.split("\n\n"):
            lines = stanza.splitlines()
            if any(line.split()[-1:] == [tarball] for line in lines):
                return next(line[9:] for line in lines if line.startswith("Version: "))
        self._log.append(f"no source package of 'lwip' there has {tarball}")
        return None

    def download(self, version, folder):
        """Downloads the tarball alone into the folder; False if apt could not."""
        return self._run("apt-get", "source", "--download-only", "--tar-only",
                         f"lwip={version}", cwd=folder) is not None

    def _run(self, tool, *arguments, cwd=None):
        command = [tool, "-c", str(self._config), *arguments]
        run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd,
                             env={**os.environ, "LC_ALL": "C"})
        if run.returncode == 0:
            return run.stdout
        self._log.append(f"{tool} {' '.join(arguments)} failed:")
        self._log.extend(run.stderr.strip().splitlines()[-4:])
        return None
