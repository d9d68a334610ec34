# SPDX-License-Identifier: BSD-3-Clause
"""Which lwIP releases are pinned, and how a source tree tells its version."""

import re
from pathlib import Path
from typing import NamedTuple

from .errors import TreeError


class Release(NamedTuple):
    """A pinned release: Debian's orig tarball of it, and the suite that carries it."""

    version: str
    suite: str
    tarball: str
    sha256: str


RELEASES = {
    r.version: r
    for r in (
        Release("2.2.1", "trixie", "lwip_2.2.1+dfsg1.orig.tar.xz",
                "83729c274c499d3348e9fbbe043a3113f3fa8953e7efddc7c21c7fcbb1f2b7b1"),
        Release("2.1.3", "bookworm", "lwip_2.1.3+dfsg1.orig.tar.xz",
                "0a8276d09fc4e97bbba2f953d74af2388fc2195ea156be9d7589e297a68fde24"),
    )
}
DEFAULT_VERSION = "2.2.1"

_RC_NAMES = {"LWIP_RC_RELEASE": 255, "LWIP_RC_DEVELOPMENT": 0}


def pinned(version):
    """The pinned release of this version, or an error that names those there are."""
    if version not in RELEASES:
        raise TreeError(
            f"unknown lwIP version '{version}': the pinned versions are "
            f"{', '.join(RELEASES)}; for any other pass its sources with --lwip-dir DIR")
    return RELEASES[version]


def detect(root):
    """The version of an unpacked tree, such as '2.2.1', '2.2.2-dev' or '2.2.1-rc1'."""
    header = Path(root) / "src/include/lwip/init.h"
    if not header.is_file():
        raise TreeError(f"{root} is not an lwIP source tree: it has no src/include/lwip/init.h")
    text = header.read_text(encoding="latin-1")
    parts = [_number(text, part, header) for part in ("MAJOR", "MINOR", "REVISION")]
    version = ".".join(str(p) for p in parts)
    candidate = _number(text, "RC", header)
    if candidate == _RC_NAMES["LWIP_RC_RELEASE"]:
        return version
    return f"{version}-dev" if candidate == 0 else f"{version}-rc{candidate}"


def _number(text, part, header):
    match = re.search(rf"^[ \t]*#[ \t]*define[ \t]+LWIP_VERSION_{part}[ \t]+\(?(\w+)", text, re.M)
    if not match:
        raise TreeError(f"{header} does not define LWIP_VERSION_{part}")
    word = match.group(1)
    if word in _RC_NAMES:
        return _RC_NAMES[word]
    try:
        return int(word.rstrip("uU"), 0)
    except ValueError:
        raise TreeError(f"{header}: LWIP_VERSION_{part} is '{word}', not a number") from None
