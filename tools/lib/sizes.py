# SPDX-License-Identifier: BSD-3-Clause
"""tools/sizes: what TCP costs on a Cortex-M3, legacy beside alt."""

import argparse
import json
import signal
import sys

import footprint
import weigh

RECORDED = weigh.CONFIGS / "recorded.json"

DESCRIPTION = """\
Compiles lwIP's legacy TCP and ours for Cortex-M3 (-Os, no asserts) in the profiles of
tests/sizes (minimal, recovery, full), and prints their sizes side by side:
text, data and bss of the objects, the elements of the pools, stack frames."""

EXAMPLES = """\
examples:
  tools/sizes                      the table
  tools/sizes --profile minimal    one profile
  tools/sizes --files              with each file of ours
  tools/sizes --json               everything, each function too, as JSON
  tools/sizes --check              exit 1 unless all is as recorded and within the bars
  tools/sizes --update             records what is, and writes docs/footprint.md

exit codes: 0 done, 1 it does not build or --check found a difference, 2 wrong usage"""

# The promises. Minimal: text at most 1.15 times legacy's reference, and so on. Recovery: 20 KB.
LEGACY_TEXT = 11800
BARS = {"minimal": {"text": LEGACY_TEXT * 115 // 100, "pcb": 168, "frame": 104},
        "recovery": {"text": 20 * 1024}}


def summary(result):
    """The part of a result that is recorded: all but single functions."""
    return {key: value for key, value in result.items() if key != "functions"}


def rows(result):
    """(label, number) of the table's lines."""
    sizes = result["structures"]
    lines = [(part, result[part]) for part in ("text", "data", "bss")]
    lines += [("PCB", sizes["pcb"]), ("listener", sizes["listener"]), ("segment", sizes["segment"])]
    lines += [("largest frame", result["frame"]["bytes"]), ("deepest chain", result["chain"]["bytes"])]
    return lines


def show(results, files):
    """Prints the tables."""
    for profile, pair in results.items():
        legacy, alt = pair["legacy"], pair["alt"]
        print(f"{profile:<16} {'legacy':>8} {'alt':>8} {'ratio':>7}")
        for (label, old), (_, new) in zip(rows(legacy), rows(alt)):
            ratio = f"{new / old:7.3f}" if old else ""
            print(f"  {label:<14} {old:8} {new:8} {ratio}")
        for backend, result in pair.items():
            print(f"  frame of {backend}: {result['frame']['function']}; "
                  f"chain: {' > '.join(result['chain']['path'])}")
        if files:
            for name, entry in sorted(alt["objects"].items()):
                print(f"  {name:<22} {entry['text']:6} {entry['data']:5} {entry['bss']:5}")
        print()


def differences(old, new, path=""):
    """Lines that say where two records differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        found = []
        for key in sorted(old.keys() | new.keys()):
            found += differences(old.get(key), new.get(key), f"{path}.{key}".lstrip("."))
        return found
    return [] if old == new else [f"{path}: recorded {old}, now {new}"]


def bars(profile, alt):
    """What exceeds a profile's promises."""
    now = {"text": alt["text"], "pcb": alt["structures"]["pcb"], "frame": alt["frame"]["bytes"]}
    return [f"{name}: {now[name]}, at most {bar}" for name, bar in BARS[profile].items() if now[name] > bar]


def check(results):
    """Prints a line for each promise and each record; True if all hold."""
    good = True

    def say(name, problems):
        nonlocal good
        good = good and not problems
        print(f"not ok {name}: {'; '.join(problems[:4])}" if problems else f"ok {name}")

    for profile in [name for name in results if name in BARS]:
        exceeded = bars(profile, results[profile]["alt"])
        for name in BARS[profile]:
            say(f"{profile}/{name}-within-bar", [line for line in exceeded if line.startswith(name)])
    recorded = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
    if recorded.get("compiler") != weigh.compiler():
        print(f"skipped recorded: sizes were recorded with {recorded.get('compiler')}")
        return good
    for profile, pair in results.items():
        for backend, result in pair.items():
            found = differences(recorded["profiles"][profile][backend], summary(result))
            hint = ["if it is meant: tools/sizes --update"] if found else []
            say(f"{profile}/{backend}-as-recorded", found[:3] + hint)
    if len(results) == len(weigh.PROFILES):
        same = footprint.FILE.exists() and footprint.FILE.read_text() == footprint.page(results)
        say("footprint-page", [] if same else ["docs/footprint.md is stale: tools/sizes --update"])
    return good


def update(results):
    """Records the results and writes the page."""
    record = {"compiler": weigh.compiler(), "flags": " ".join(weigh.FLAGS),
              "profiles": {profile: {backend: summary(result) for backend, result in pair.items()}
                           for profile, pair in results.items()}}
    RECORDED.write_text(json.dumps(record, indent=1) + "\n")
    footprint.FILE.write_text(footprint.page(results))


def main():
    """The command."""
    parser = argparse.ArgumentParser(
        prog="sizes", description=DESCRIPTION, epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", choices=weigh.PROFILES)
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--files", action="store_true", help="each file of ours too")
    action.add_argument("--json", action="store_true", help="as JSON on standard output")
    action.add_argument("--check", action="store_true", help="compare with record and bars")
    action.add_argument("--update", action="store_true", help="record, and write the page")
    arguments = parser.parse_args()
    if arguments.update and arguments.profile:
        parser.error("--update records every profile")
    profiles = [arguments.profile] if arguments.profile else weigh.PROFILES
    try:
        results = {profile: {backend: weigh.weigh(profile, backend) for backend in weigh.BACKENDS}
                   for profile in profiles}
    except weigh.WeighError as error:
        print(f"sizes: {error}", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps(results, indent=1))
    elif arguments.check:
        return 0 if check(results) else 1
    elif arguments.update:
        update(results)
    else:
        show(results, arguments.files)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
