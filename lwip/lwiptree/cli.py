# SPDX-License-Identifier: BSD-3-Clause
"""The command line of tools/lwip-tree."""

import argparse
import sys
from pathlib import Path

from . import fetch, releases, sites, tree
from .errors import TreeError

REPOSITORY = Path(__file__).resolve().parent.parent.parent

_DESCRIPTION = """\
Writes a complete lwIP source tree that carries both TCP backends, legacy and
alt, chosen by LWIP_TCP_ALT 0 (default) or 1. Any build system can use it as its
LWIP_DIR. lwIP itself comes from Debian's source package, pinned by checksum,
through apt; or from --lwip-dir."""

_EXAMPLES = """\
examples:
  tools/lwip-tree build/lwip                        lwIP 2.2.1
  tools/lwip-tree --version 2.1.3 build/lwip-2.1.3
  tools/lwip-tree --lwip-dir ~/src/lwip build/lwip  a release or checkout you have

exit codes: 0 written, 1 failed (nothing is left half-written), 2 wrong usage"""


def _arguments(argv):
    parser = argparse.ArgumentParser(
        prog="lwip-tree", description=_DESCRIPTION, epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--version", metavar="VERSION",
                        help=f"pinned release: {', '.join(releases.RELEASES)} "
                             f"(default {releases.DEFAULT_VERSION})")
    source.add_argument("--lwip-dir", metavar="DIR", type=Path,
                        help="sources of lwIP that are already there, 2.1.3 or later")
    parser.add_argument("out", metavar="OUT", type=Path, help="folder to write, new or empty")
    inner = parser.add_argument_group("for this repository's own builds")
    inner.add_argument("--cache", metavar="DIR", type=Path, default=REPOSITORY / ".cache",
                       help="where downloads are kept (default .cache of the repository)")
    inner.add_argument("--link-alt", action="store_true",
                       help="link to the repository's files instead of copying them")
    inner.add_argument("--refresh", action="store_true",
                       help="OUT is an earlier tree: change only what differs")
    inner.add_argument("--fetch-only", action="store_true",
                       help="fetch and unpack release OUT, print its folder, write no tree")
    inner.add_argument("--record-sites", action="store_true",
                       help="write lwip/sites/VERSION.txt instead of checking against it")
    return parser.parse_args(argv)


def _source(options):
    """(folder, version) of the lwIP to take."""
    if options.lwip_dir:
        return options.lwip_dir, releases.detect(options.lwip_dir)
    version = options.version or releases.DEFAULT_VERSION
    return fetch.unpacked(version, options.cache), version


def _run(options):
    if options.fetch_only:
        print(fetch.unpacked(str(options.out), options.cache))
        return
    if not options.refresh:
        tree.check_empty(options.out)
    lwip, version = _source(options)

    def build(folder):
        report = tree.build(lwip, version, REPOSITORY, folder, options.link_alt)
        if not options.record_sites:
            tree.check(report, folder)
        return report

    report = (tree.refresh if options.refresh else tree.write)(options.out, build)
    if options.record_sites:
        sites.record(version, report.found)
    _tell(report, options.out)


def _tell(report, out):
    if not report.known:
        print(f"lwip-tree: notice: lwIP {report.version} has no table of known sites: rewritten "
              "all the same, the compiler finds what was missed", file=sys.stderr)
    for row in report.left:
        print(f"lwip-tree: notice: not changed, left to the compiler: {row}", file=sys.stderr)
    print(f"lwIP {report.version}, rewritten {sites.counted(report.found)}: {out}")


def main(argv=None):
    options = _arguments(argv)
    try:
        _run(options)
    except TreeError as error:
        print(f"lwip-tree: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"lwip-tree: {error}", file=sys.stderr)
        return 1
    return 0
