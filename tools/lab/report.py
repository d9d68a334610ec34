#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes DIR/index.html, one file that needs no network, from the results and captures of `tools/ab --report DIR`.

examples:
  tools/ab --report out              runs everything, ends with this program
  python3 tools/lab/report.py out    makes the page again from what is in out

exit: 0 done, 1 no results there, 2 usage
"""

import argparse
import concurrent.futures
import os
import sys

import debian

debian.need_packages("python3-dpkt", "python3-matplotlib")

# pylint: disable=wrong-import-position
import reportdata as data
import reporthtml as page
import reporttext as words

# Plots of one axis per scenario; more combinations of the other axes are in the table.
PANELS = 4
# So many scenarios are seen at a glance.
FEW = 14
# Tables of more rows are folded.
LONG = 16
THINNED = ("What is closer together than 1/400 of a plot's width is drawn as one; the captures and traces beside "
           "this page have everything.")


# ---- one scenario ---------------------------------------------------------------------------------------

class Section:
    """The part of the page about one scenario. Plots are imported late: matplotlib is slow to start."""

    def __init__(self, folder, results, number):
        import plotstyle
        import reportplots
        self.draw, self.style = reportplots, plotstyle
        self.folder, self.results = folder, results
        self.backends = results["backends"]
        self.scenario = results["scenarios"][number]
        self.prefix = f"s{number}"
        self.count = 0

    def svg(self, plot, label):
        self.count += 1
        return self.style.svg(plot, f"{self.prefix}p{self.count}", f"{self.scenario['name']}: {label}")

    # -- tables -------------------------------------------------------------------------------------------

    def table(self):
        heads = [("cell", False)] * bool(self.scenario["axes"]) + [("figure", False)] + \
            [(backend, True) for backend in self.backends] + [("better", False), ("captures and traces", False)]
        rows = []
        for cell in self.scenario["cells"]:
            if not cell["figures"]:
                rows.append([page.text(data.cell_name(self.scenario, cell))] * bool(self.scenario["axes"]) +
                            [page.element("span", "a run failed", "bad"), "", "", "", self._files(cell)])
            for number, figure in enumerate(cell["figures"]):
                row = [page.text(data.cell_name(self.scenario, cell)) if number == 0 else ""] * bool(self.scenario["axes"])
                row += [page.text(f"{figure['name']}, {figure['unit']}")]
                row += [self._value(figure, backend) for backend in self.backends]
                row += [self._verdict(cell, figure), self._files(cell) if number == 0 else ""]
                rows.append(row)
        made = page.table(heads, rows) + page.paragraph("Medians over the seeds, ± half the distance of the quartiles.", "key")
        return page.fold(f"all figures of {len(self.scenario['cells'])} cells", made) if len(rows) > LONG else made

    @staticmethod
    def _value(figure, backend):
        spread = figure["spread"].get(backend)
        shown = words.number_text(figure["median"].get(backend))
        return shown + (f" <span class=even>± {words.number_text(spread)}</span>" if spread else "")

    def _verdict(self, cell, figure):
        compared = data.Comparison(self.backends, self.scenario, cell, figure)
        if compared.factor is None:
            return page.element("span", "a run failed", "bad")
        who, how_much = words.advantage(compared.factor, self.backends)
        if compared.winner is None:
            return page.colored(None, "equal" if who is None or compared.verdict == "same"
                                else f"{how_much}, within the noise")
        return page.colored(compared.winner, f"{self.backends[compared.winner]} {how_much}")

    def _files(self, cell):
        kept = [(backend, data.files(self.folder, cell, backend)) for backend in self.backends]
        return "; ".join(f"{page.text(backend)} " + " ".join(page.file_link(name, os.path.basename(name)) for name in names)
                         for backend, names in kept if names) or "not kept"

    def commands(self):
        parts = []
        for cell in self.scenario["cells"]:
            name = data.cell_name(self.scenario, cell)
            parts.append(page.element("h3", page.text(name)) if name else "")
            parts += [page.command(cell["runs"][backend][0]["command"])
                      for backend in self.backends if cell["runs"].get(backend)]
        return page.fold("the commands that reproduce these runs (first seed; --pcap DIR adds captures)", "".join(parts))

    # -- plots --------------------------------------------------------------------------------------------

    def figures(self, *more):
        """The first figure over its axis, or seed by seed; and `more` plots."""
        cells = [cell for cell in self.scenario["cells"] if cell["figures"]]
        if not cells:
            return ""
        figure = cells[0]["figures"][0]
        axis = self._main_axis()
        if axis is None:
            return page.plots(page.plot(self.svg(self.draw.strips(self.backends, figure), figure["name"])), *more)
        panels = self._panels(cells, axis)
        drawn = [self._panel(axis, rest, cells, figure["name"]) for rest, cells in panels[:PANELS]]
        rest = page.paragraph(f"The other {len(panels) - PANELS} combinations are in the table.", "key")
        return page.plots(*drawn, *more) + (rest if len(panels) > PANELS else "")

    def _main_axis(self):
        """The axis to plot over: loss, if there is one, else the one with the most values."""
        sizes = {axis: len({cell["variables"][axis] for cell in self.scenario["cells"]}) for axis in self.scenario["axes"]}
        several = [axis for axis, size in sizes.items() if size > 1]
        return "loss" if "loss" in several else max(several, key=sizes.get, default=None)

    def _panels(self, cells, axis):
        """[(values of the other axes, cells)]."""
        panels = {}
        for cell in cells:
            rest = ", ".join(f"{other}={cell['variables'][other]}" for other in self.scenario["axes"] if other != axis)
            panels.setdefault(rest, []).append(cell)
        return list(panels.items())

    def _panel(self, axis, rest, cells, name):
        run = next((run for run in (data.read_run(self.folder, cells[0], backend) for backend in self.backends) if run), None)
        bounds = self.draw.Bounds(run, cells[0]["variables"]) if run else None
        drawn = self.draw.over_axis(self.backends, axis, cells, name, bounds)
        return page.plot(self.svg(drawn, f"{name} over {axis} {rest}"), page.text(rest))

    def latencies(self, cell):
        latencies = cell.get("latencies_ms") or {}
        if not any(latencies.get(backend) for backend in self.backends):
            return ""
        label = f"latencies {data.cell_name(self.scenario, cell)}"
        count = max(len(latencies.get(backend, ())) for backend in self.backends)
        return page.plot(self.svg(self.draw.latency_cdf(self.backends, latencies), label),
                         f"{count} requests over all seeds" + (f", {page.text(data.cell_name(self.scenario, cell))}"
                                                               if self.scenario["axes"] else ""))

    def closer(self):
        """The cell in which the two differ most: over time, and packet by packet."""
        cell = data.telling_cell(self.results, self.scenario)
        if cell is None:
            return ""
        second = data.read_run(self.folder, cell, self.backends[1])
        first = second and data.read_run(self.folder, cell, self.backends[0], data.host_of(second.capture))
        if first is None or second is None:
            return ""
        runs = [first, second]
        name = data.cell_name(self.scenario, cell)
        most = ", where the two differ most" if len(self.scenario["cells"]) > 1 else ""
        head = page.element("h3", "A closer look" + (f" at {page.text(name)}{most}" if name else ""))
        return head + self._flows(cell) + self._time(runs) + self._sequences(runs, cell)

    def _flows(self, cell):
        """Transfers beside each other, where a share is what is measured."""
        if not any(figure["unit"] == "share" for figure in cell["figures"]):
            return ""
        both = [data.read_flows(self.folder, cell, backend) for backend in self.backends]
        if min(map(len, both)) < 2:
            return ""
        end, top = (max(steps[-1][axis] for flows in both for _, steps in flows) for axis in (0, 1))
        return page.plots(*[page.plot(self.svg(self.draw.flows(flows, end, top), f"{backend}: each flow"),
                                      f"{page.colored(index, backend)}: bytes of each flow, by the host that sends it")
                            for index, (backend, flows) in enumerate(zip(self.backends, both))])

    def _time(self, runs):
        if not all(run.rows for run in runs):
            return ""
        limits = self.draw.time_limits(runs)
        return page.plots(*[page.plot(self.svg(self.draw.over_time(run, *limits), f"{backend} over time"),
                                      f"{page.colored(index, backend)}: the sender, host {page.text(data.host_of(run.capture))}, over time")
                            for index, (backend, run) in enumerate(zip(self.backends, runs))])

    def _sequences(self, runs, cell):
        end, top = max(run.connection.end() for run in runs), max(run.stream.highest for run in runs) * 1.05
        drawn, need = [], set()
        for index, (backend, run) in enumerate(zip(self.backends, runs)):
            plot, more = self.draw.sequence(run, end, top)
            need |= more
            drawn.append(page.plot(self.svg(plot, f"{backend}, time and sequence"),
                                   f"{page.colored(index, backend)}: {page.file_link(run.capture, run.capture)}"
                                   + page.command(cell["runs"][backend][0]["command"])))
        for find, same_height, what, nothing in (
                (self.draw.first_loss, True, "the first loss, repaired after", "nothing was sent again"),
                (self.draw.longest_silence, False, "the longest silence with data unacknowledged,", "never so silent")):
            for backend, view in enumerate(self.draw.zoom_views(runs, find, same_height)):
                figure, more = self._zoom(backend, view, what, nothing)
                drawn.append(figure)
                need |= more
        return self.key(need) + page.plots(*drawn)

    def _zoom(self, backend, view, what, nothing):
        name = page.colored(backend, self.backends[backend])
        if view is None:
            return page.plot("", f"{name}: {nothing}"), set()
        *piece, seconds = view
        plot, need = self.draw.zoom(*piece)
        return page.plot(self.svg(plot, f"{self.backends[backend]}, {what}"), f"{name}: {what} {words.duration_text(seconds)}"
                         + (" (the same span of time)" if backend else "")), need

    def key(self, need):
        from seqdraw import LEGEND
        names = self.style.VARIABLES
        entries = [f'<span><i style="border-color:var(--{names[entry.get_color()]})"></i>{page.text(entry.get_label())}</span>'
                   for name, entry in LEGEND.items() if name in need]
        return page.element("div", "".join(entries), "key")

    def html(self):
        cell = data.telling_cell(self.results, self.scenario) or (self.scenario["cells"] or [None])[0]
        parts = [page.element("h2", page.text(self.scenario["name"]), id=page.slug(self.scenario["name"])),
                 page.paragraph(page.text(self.scenario["about"]))]
        if cell is not None:
            parts += [self.figures(self.latencies(cell)), self.table(), self.closer(), self.commands()]
        return "\n".join(part for part in parts if part)


def section(folder, results, number):
    return Section(folder, results, number).html()


# ---- the first screen -----------------------------------------------------------------------------------

def answer(results, compared):
    backends = results["backends"]
    parts = [page.element("h1", f"Which TCP is better where: {page.text(backends[0])} and {page.text(backends[1])} "
                                f"on lwIP {page.text(results['lwip'])}, same applications, same network"),
             page.element("p", page.text(words.headline(compared, backends)), "answer", id="answer")]
    cards = [page.element("div", f"{page.text(kind)}<b class={'even' if who is None else page.CLASSES[who]}>"
                                 f"{page.text(how_much)}{page.text(' ' + backends[who]) if who is not None else ''}</b>"
                                 f"<span>{page.text(note)}</span>", "card")
             for kind, who, how_much, note in words.cards(compared, backends)]
    return "\n".join([*parts, page.element("div", "".join(cards), "cards")])


def extremes(results, compared):
    """Where each of the two wins by most, in words."""
    parts = []
    for index in (1, 0):
        most, count = words.extremes(compared, index)
        name = page.colored(index, results["backends"][index])
        if not most:
            parts.append(page.paragraph(f"{name} is nowhere better beyond the noise."))
            continue
        listed = ", ".join(f"{page.link('#' + page.slug(each.scenario['name']), words.place_text(each))} "
                           f"{words.advantage(each.factor, results['backends'])[1]}" for each in most)
        parts.append(page.paragraph(f"{name} wins {count}, by most: {listed}."))
    return "".join(parts)


def family(name):
    """What bulk-loss and its like have in common, in words."""
    first = name.partition("-")[0]
    return words.FAMILIES.get(first, first)


def overviews(results, compared):
    """[plots]: with a row per scenario; of many, before that one with a row per family of scenarios."""
    scenarios = {scenario["name"]: [] for scenario in results["scenarios"]}
    for each in compared:
        scenarios[each.scenario["name"]].append(each)
    families = {}
    for name, group in scenarios.items():
        families.setdefault(family(name), []).extend(group)
    every = overview(results, scenarios, "each scenario's first figure; a point per cell of its grid")
    if len(scenarios) <= FEW or len(families) > len(scenarios) / 2:
        return [every]
    return [overview(results, families, "all scenarios of a family; a point per cell"), every]


def overview(results, groups, what):
    import plotstyle
    import reportplots
    plot = reportplots.overview(list(groups.items()), results["backends"])
    caption = (f"How many times better: {what}. Filled: beyond the noise of the seeds; hollow grey: not. An arrow: off "
               "the scale.")
    return page.element("figure", plotstyle.svg(plot, f"overview{len(groups)}", "overview: factor by which one backend is better")
                        + page.element("figcaption", caption), "overview")


def failed_runs(results):
    failed = data.failures(results)
    if not failed:
        return ""
    listed = "".join(page.element("li", f"{page.text(scenario['name'])}, {page.text(backend)}, seed {run['seed']}: "
                                        f"{page.text(run['failure'])} {page.command(run['command'])}")
                     for scenario, _, backend, run in failed[:20])
    return page.element("p", f"{len(failed)} runs failed; their cells are not compared.", "bad") + \
        page.fold("which, and why", page.element("ul", listed))


def contents(results):
    return page.element("nav", "".join(page.link("#" + page.slug(scenario["name"]), scenario["name"])
                                       for scenario in results["scenarios"]))


def first_screen(results, compared):
    """The overview, and beside it who wins where; below it, of many scenarios, all of them."""
    drawn = overviews(results, compared)
    aside = [extremes(results, compared) + failed_runs(results), page.element("h3", "Scenarios") + contents(results)]
    if len(drawn) == 1:
        aside = ["".join(aside)]
    return "".join(page.element("div", plot + page.element("div", beside), "top") for plot, beside in zip(drawn, aside))


def left_out(results):
    names = page.text(", ".join(results["left_out"]))
    return f" Of more than two backends the first two are compared here; results.json has {names}, too." if names else ""


def make(folder):
    """Writes index.html; returns its path."""
    results = data.load(folder)
    compared = data.comparisons(results)
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count() or 1) as pool:
        sections = [pool.submit(section, folder, results, number) for number in range(len(results["scenarios"]))]
        first = [answer(results, compared), first_screen(results, compared),
                 page.fold("how this was made", page.command(results["command"]) + page.paragraph(
                     f"A simulated network in virtual time, seeds from {results['first_seed']}: every run can be repeated "
                     f"packet by packet by its command.{left_out(results)} “Noise” is what the seeds alone make of a figure. {THINNED}"))]
        body = "\n".join([part for part in first if part] + [each.result() for each in sections])
    path = os.path.join(folder, "index.html")
    with open(path, "w", encoding="utf-8") as out:
        out.write(page.page(f"{' and '.join(results['backends'])}: A/B report", body))
    return path


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="tools/lab/report.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="DIR")
    try:
        print(make(parser.parse_args(arguments).folder))
    except data.ResultsError as error:
        print(f"report: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
