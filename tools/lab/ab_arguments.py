# SPDX-License-Identifier: BSD-3-Clause
"""The command line of tools/ab."""

import argparse
import re

from ab_catalogue import UsageError

DESCRIPTION = """\
What would the other TCP do for my device, on my network?

Runs the same transfers over lwIP's legacy TCP and over alt, and compares. Both are the whole of
lwIP with the same options and the same applications, in a simulated network with virtual time:
figures do not depend on this machine, and the same seed gives the same packets. The first run
installs what is missing, obtains lwIP and builds."""

EPILOG = """\
examples:
  tools/ab                                       the whole library, briefly
  tools/ab --all                                 the whole library, every cell
  tools/ab bulk-loss rr-1k                       some of it
  tools/ab bulk-loss --grid loss=0,1,2,5 rtt=20,100
  tools/ab my.sim --lwipopts path/to/lwipopts.h  your device, in a network of yours
  tools/ab bulk-loss --backend alt@HEAD~1,alt    two revisions of alt
  tools/ab bulk-loss --backend legacy:2.1.3,legacy
  tools/ab bulk-loss --backend legacy:../sdk/lwip,alt:../sdk/lwip     your vendor's lwIP
  tools/ab bulk-loss --host b=legacy             whatever sends, legacy receives
  tools/ab bulk-clean --cpu 8M:a                 the sender does 8 million instructions a second
  tools/ab --real                                the same TCPs, and Linux's, in real time
  tools/ab --real bulk-to-linux --grid loss=1,2 --set cc=bbr
  tools/ab --json ab.json --report report        for machines, and for people

docs/lab.md says how to write a scenario and how to read the table.
exit: 0 all runs were right, 1 a run failed, 2 usage, 130 interrupted (what is finished is shown)"""


def pair(text):
    """NAME=VALUE, both not empty."""
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise argparse.ArgumentTypeError(f"not NAME=VALUE: '{text}'")
    return name, value


def cpu_rate(text):
    """RATE[:HOST]"""
    if not re.fullmatch(r"(?=[\d.]*[1-9])\d+(\.\d+)?[kMG]?(:.+)?", text):
        raise argparse.ArgumentTypeError(f"not instructions per second (8M, 8M:HOST): '{text}'")
    return text


def number_from(least):
    def number(text):
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"not a number from {least} on: '{text}'")
        return int(text)
    return number


def build_parser():
    parser = argparse.ArgumentParser(prog="tools/ab", description=DESCRIPTION, epilog=EPILOG,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="*",
                        help="names of the library (see --list) or paths of your own files")
    what = parser.add_argument_group("what runs")
    what.add_argument("--list", action="store_true", help="says what there is")
    what.add_argument("--all", action="store_true", help="the whole library, every cell")
    what.add_argument("--quick", action="store_true",
                      help="the few cells and seeds that a scenario calls quick (the default "
                           "without a scenario)")
    what.add_argument("--grid", nargs="+", default=[], metavar="VAR=VALUE,...",
                      help="values of variables, in place of the scenario's own grid")
    what.add_argument("--set", action="append", default=[], type=pair, metavar="VAR=VALUE",
                      help="sets a variable of the scenarios")
    what.add_argument("--seeds", type=number_from(1), metavar="N", help="runs per cell")
    what.add_argument("--seed", type=number_from(0), default=1, metavar="S",
                      help="the first seed (default 1)")
    what.add_argument("--jobs", type=number_from(1), metavar="N",
                      help="runs at a time (default: processors)")
    hosts = parser.add_argument_group("the hosts")
    hosts.add_argument("--backend", metavar="A,B[,C]",
                       help="what is compared with the first: legacy, alt, alt@REVISION, and "
                            "either :VERSION of lwIP, or :FOLDER of its sources (default legacy,alt; with --real and linux)")
    hosts.add_argument("--host", action="append", default=[], type=pair, metavar="NAME=BACKEND",
                       help="this host has that backend, whatever is compared")
    hosts.add_argument("--lwipopts", action="append", default=[], metavar="[HOST=]FILE",
                       help="your own lwipopts.h, for all hosts or for one")
    hosts.add_argument("--cpu", action="append", default=[], type=cpu_rate, metavar="RATE[:HOST]",
                       help="instructions per second (8M) of all hosts, or of one")
    out = parser.add_argument_group("what comes out")
    out.add_argument("--json", metavar="FILE", help="also writes everything as JSON")
    out.add_argument("--report", metavar="DIR",
                     help="also writes DIR/index.html, with captures and traces beside it")
    out.add_argument("--keep-pcap", metavar="DIR",
                     help="captures of each cell's first seed, DIR/SCENARIO/CELL/BACKEND/HOST.pcap")
    out.add_argument("--golden", choices=["check", "update"],
                     help="compares with the recorded figures, or records them")
    parser.add_argument("--real", action="store_true",
                        help="real time instead: lwIP on a TAP device against Linux's TCP, and Linux "
                             "against itself, over the same link (needs root; --real --list)")
    return parser


def read_grid(words):
    """{variable: [values]} of words like loss=0,1%."""
    grid = {}
    for word in words:
        variable, equals, values = word.partition("=")
        values = values.split(",")
        if not equals or not variable or "" in values:
            raise UsageError(f"--grid wants VAR=VALUE,VALUE..., not '{word}'")
        if variable in grid:
            raise UsageError(f"--grid: '{variable}' twice")
        grid[variable] = values
    return grid


def parse(words=None):
    """The arguments; `grid` is {variable: [values]}, `backends` a list of labels."""
    parser = build_parser()
    arguments = parser.parse_args(words)
    # A scenario may follow --grid: it is the word without an equals sign.
    arguments.scenario += [word for word in arguments.grid if "=" not in word]
    arguments.grid = read_grid([word for word in arguments.grid if "=" in word])
    arguments.set = dict(arguments.set)
    arguments.host = dict(arguments.host)
    arguments.backend = arguments.backend or ("legacy,alt,linux" if arguments.real else "legacy,alt")
    arguments.backends = arguments.backend.split(",")
    if len(set(arguments.backends)) != len(arguments.backends) or "" in arguments.backends:
        parser.error(f"--backend wants different names: '{arguments.backend}'")
    if arguments.all and (arguments.scenario or arguments.quick):
        parser.error("--all goes with neither scenarios nor --quick")
    if not arguments.scenario and not arguments.all and not arguments.real:
        arguments.quick = True
    return arguments
