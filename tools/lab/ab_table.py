# SPDX-License-Identifier: BSD-3-Clause
"""The table on the terminal."""

import ab_statistics

WINNER = {ab_statistics.ALIKE: "same", ab_statistics.NOISE: "noise"}


def number(value):
    """Four digits that mean something."""
    if value is None:
        return "-"
    if value != 0 and abs(value) < 0.001:
        return f"{value:.1e}"
    return f"{value:.4g}" if abs(value) < 10000 else f"{value:.0f}"


def figure_cells(figure, backends):
    """The texts of one row after its variables."""
    row = [figure["name"]]
    for label in backends:
        flag = "*" if figure["noted"].get(label) else ""
        row += [number(figure["median"].get(label)) + flag,
                "±" + number(figure["spread"].get(label))]
    row.append(figure["unit"])
    for label in backends[1:]:
        against = figure["against"][label]
        row.append("-" if against["ratio"] is None else f"{against['ratio']:.2f}")
        row.append(against["verdict"])
    return row


def header_cells(axes, backends):
    row = [*axes, "figure"]
    for label in backends:
        row += [label, ""]
    row.append("")
    for label in backends[1:]:
        row += [f"{label}/{backends[0]}", "better"]
    return row


def print_rows(rows, left):
    """Aligned; the first `left` columns and the last one to the left, the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        texts = [text.ljust(width) if i < left or i == len(row) - 1 else text.rjust(width)
                 for i, (text, width) in enumerate(zip(row, widths))]
        print(("  " + "  ".join(texts)).rstrip())


def print_scenario(scenario, backends):
    print(f"\n{scenario['name']}: {scenario['about']}")
    axes = scenario["axes"]
    rows = [header_cells(axes, backends)]
    for cell in scenario["cells"]:
        values = [cell["variables"][axis] for axis in axes]
        for figure in cell["figures"]:
            rows.append([*values, *figure_cells(figure, backends)])
            values = [""] * len(axes)
    print_rows(rows, len(axes) + 1)


def print_legend(results):
    figures = [f for s in results["scenarios"] for c in s["cells"] for f in c["figures"]]
    print("\n± is half the distance between the quartiles of the seeds. 'better' is who is, beyond "
          "chance (Mann-Whitney,\n5 %); 'same' within half a percent, 'noise' if the seeds cannot "
          "tell.")
    if any(against["verdict"] == ab_statistics.NOISE and len(figure["values"][label]) < 4
           for figure in figures for label, against in figure["against"].items()):
        print("Fewer than four seeds never tell: --seeds 9 does.")
    if any(f["noted"].get(label) for f in figures for label in results["backends"]):
        print("* not all went well in these runs (connections that ended early or never): see "
              "--json, \"notes\".")


def print_summary(results):
    backends = results["backends"]
    figures = [f for s in results["scenarios"] for c in s["cells"] for f in c["figures"]]
    for label in backends[1:] if figures else []:
        verdicts = [f["against"][label]["verdict"] for f in figures]
        print(f"{label} beside {backends[0]}, {len(verdicts)} figures: better in "
              f"{verdicts.count(label)}, worse in {verdicts.count(backends[0])}, the same in "
              f"{verdicts.count('same')}, not to be told in {verdicts.count('noise')}.")


def print_results(results):
    shown = [s for s in results["scenarios"] if any(cell["figures"] for cell in s["cells"])]
    for scenario in shown:
        print_scenario(scenario, results["backends"])
    if shown:
        print_legend(results)
        print_summary(results)
