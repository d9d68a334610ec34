# SPDX-License-Identifier: BSD-3-Clause
"""The page that `tools/ab --report` makes: its words by hand-made results, the whole of it in a browser."""

import contextlib
import json
import os
import re
import tempfile
import urllib.parse

import browser as chrome
import reportdata
import reporttext
from harness import ab, check, command, scenario_file, test

LARGEST = 10 * 1000 * 1000
HOSTS = ["host a", "host b", "link a b rate=10M delay=10ms loss=${loss}"]
SCENARIOS = {
    "bulk": ["about a transfer of 300 KB, 20 ms RTT", "let loss 0", *HOSTS, "app b serve rx=300k",
             "app a stream to=b tx=300k", "measure goodput Mbit/s higher goodput app=serve", "grid loss 0 2%", "seeds 3"],
    "requests": ["about 100 requests", "let loss 3%", *HOSTS, "app b rrserve", "app a rr to=b requests=100",
                 "measure p99 ms lower latency app=rr p=99", "seeds 2"],
    "shares": ["about two transfers at once", "let loss 1%", *HOSTS, "app b serve rx=100k", "app a stream to=b tx=100k",
               "app a stream to=b tx=100k", "measure jain share higher fairness app=serve", "seeds 2"],
}


# ---- words --------------------------------------------------------------------------------------------------

def figure(legacy, alt, better, verdict, unit="Mbit/s"):
    return {"name": "x", "unit": unit, "better": better, "verdict": verdict,
            "median": {"legacy": legacy, "alt": alt}, "spread": {"legacy": 0, "alt": 0}}


def results(*figures):
    """Results of one scenario with a cell per figure; None is a cell without figures."""
    cells = [{"variables": {"loss": str(number)}, "figures": [each] if each else [],
              "runs": {name: [{"seed": 1, "command": "c", "ok": each is not None, "failure": "why"}] for name in ("legacy", "alt")}}
             for number, each in enumerate(figures)]
    return {"version": 1, "command": "c", "lwip": "2.2.1", "first_seed": 1, "backends": ["legacy", "alt"],
            "scenarios": [{"name": "s", "about": "a", "file": "f", "axes": ["loss"], "cells": cells}]}


@test()
def factors_are_above_one_where_the_second_is_better():
    for legacy, alt, better, factor in ((2, 3, "higher", 1.5), (3, 2, "lower", 1.5), (3, 2, "higher", 2 / 3), (0, 0, "lower", 1),
                                        (4, 0, "lower", float("inf")), (0, 4, "lower", 0), (None, 4, "lower", None)):
        compared = reportdata.comparisons(results(figure(legacy, alt, better, "noise")))
        check(compared[0].factor == factor, f"{legacy}, {alt}, {better}: {compared[0].factor}")


@test()
def the_answer_counts_and_names():
    names = ["legacy", "alt"]
    compared = reportdata.comparisons(results(figure(1, 4, "higher", "alt"), figure(9, 3, "lower", "alt", "ms"),
                                              figure(3, 2, "higher", "legacy"), figure(3, 2.9, "higher", "noise"), None))
    told = reporttext.headline(compared, names)
    check(told == "alt is better in 2 of 4 comparisons, legacy in 1; 1 show no difference beyond the noise.", told)
    cards = {kind: (who, how_much) for kind, who, how_much, _ in reporttext.cards(compared, names)}
    check(cards == {"throughput": (0, "1.03×"), "latency": (1, "3.00×")}, f"{cards}")
    best, count = reporttext.extremes(compared, 1)
    check(count == 2 and reporttext.place_text(best[0]) == "s (loss=0)", f"{count}, {best}")
    check(len(reportdata.failures(results(None))) == 2, "failed runs")
    none = reporttext.headline(reportdata.comparisons(results(figure(1, 1, "higher", "same"))), names)
    check(none.startswith("Neither is better"), none)


@test()
def quantities_have_units():
    for text, value in (("10M", 1e7), ("20ms", 0.02), ("2%", 0.02), ("0.001", 0.001), ("64Ki", 65536), ("3min", 180)):
        check(abs(reportdata.quantity(text) - value) < 1e-12, f"{text}: {reportdata.quantity(text)}")
    for text in ("MCU", "10X", "", "1.2.3"):
        check(reportdata.quantity(text) is None, f"{text} is a quantity")


@test(slow=True)
def report_refuses_nonsense():
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        path = os.path.join(folder, "results.json")
        for content, why in ((None, "No such file"), ("{", "results.json"), ("[]", "version 1"), ('{"version": 2}', "version 1"),
                             ('{"version": 1, "backends": ["alt"]}', "two backends")):
            if content is not None:
                with open(path, "w", encoding="utf-8") as out:
                    out.write(content)
            done = command("tools/lab/report.py", folder, code=1)
            check(why in done.stderr, f"{content}: {done.stderr}")
        command("tools/lab/report.py", code=2)


# ---- the page -----------------------------------------------------------------------------------------------

@contextlib.contextmanager
def a_report():
    """The folder of a report of a few short runs."""
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        files = [scenario_file(folder, *lines, name=f"{name}.sim") for name, lines in SCENARIOS.items()]
        out = os.path.join(folder, "report")
        ab(*files, "--report", out)
        yield out


# What a page says of itself: one object.
LOOK = """
const box = e => e.getBoundingClientRect();
return {
  answer: document.querySelector('#answer').textContent,
  answerBottom: box(document.querySelector('#answer')).bottom,
  overviewBottom: box(document.querySelector('.overview svg')).bottom,
  height: innerHeight, width: innerWidth, scrollWidth: document.documentElement.scrollWidth,
  plots: [...document.querySelectorAll('svg')].map(e => ({label: e.getAttribute('aria-label'), width: box(e).width,
    height: box(e).height, paths: e.querySelectorAll('path, use').length, texts: e.querySelectorAll('text').length})),
  ids: [...document.querySelectorAll('[id]')].map(e => e.id),
  links: [...document.querySelectorAll('a')].map(e => e.getAttribute('href')),
  used: [...document.querySelectorAll('use')].map(e => (e.getAttribute('xlink:href') || e.getAttribute('href')).slice(1)),
  keys: [...document.querySelectorAll('.key')].map(e => [...e.querySelectorAll('i')].map(i =>
    getComputedStyle(i).borderTopColor + ' ' + box(i).width)).filter(colors => colors.length),
  commands: document.querySelectorAll('code.command').length,
  ink: getComputedStyle(document.querySelector('.overview svg text')).fill,
  paper: getComputedStyle(document.body).backgroundColor,
};"""


def brightness(color):
    return sum(int(number) for number in re.findall(r"\d+", color)[:3]) / 3


def check_page(seen, folder):
    """What holds on any screen."""
    check("alt" in seen["answer"] and "comparisons" in seen["answer"], seen["answer"])
    check(seen["scrollWidth"] <= seen["width"], f"{seen['scrollWidth']} px on a screen of {seen['width']}")
    for plot in seen["plots"]:
        check(plot["width"] > 150 and plot["height"] > 40, f"too small: {plot}")
        check(plot["paths"] >= 5 and plot["texts"] >= 4, f"empty: {plot}")
    labels = " ".join(plot["label"] for plot in seen["plots"])
    for wanted in ("overview", "bulk: goodput over loss", "requests: p99", "requests: latencies", "bulk: legacy over time",
                   "bulk: alt over time", "bulk: legacy, time and sequence", "bulk: alt, the first loss", "shares: legacy: each flow"):
        check(wanted in labels, f"no plot '{wanted}' among: {labels}")
    check(len(seen["ids"]) == len(set(seen["ids"])), "an id is there twice")
    check(set(seen["used"]) <= set(seen["ids"]), "a plot uses what is not there")
    for link in seen["links"]:
        if link.startswith("#"):
            check(link[1:] in seen["ids"], f"nothing behind {link}")
        else:
            check(os.path.isfile(os.path.join(folder, urllib.parse.unquote(link))), f"no file behind {link}")
    check(sum(link.endswith(".pcap") for link in seen["links"]) >= 12, f"captures missing: {seen['links']}")
    for colors in seen["keys"]:
        check(len(set(colors)) >= 4, f"a key without colours: {colors}")
    check(len(seen["keys"]) == len(SCENARIOS), f"{len(seen['keys'])} keys")
    check(seen["commands"] >= 7, f"{seen['commands']} commands")


@test(slow=True)
def report_in_a_browser():
    """Loads from a file without any error or request, shows the answer first, on paper, dark and on a phone."""
    with a_report() as folder, chrome.chromium() as browser:
        path = os.path.join(folder, "index.html")
        check(os.path.getsize(path) < LARGEST, f"{os.path.getsize(path)} bytes")
        chrome.screen(browser, 1280, 800)
        wrong = chrome.load(browser, path)
        check(not wrong, f"{wrong}")
        seen = browser.execute_script(LOOK)
        check_page(seen, folder)
        check(max(seen["answerBottom"], seen["overviewBottom"]) < seen["height"], "the answer is below the first screen")
        check(brightness(seen["ink"]) < 80 and brightness(seen["paper"]) > 200, f"{seen['ink']} on {seen['paper']}")
        for name in SCENARIOS:
            browser.execute_script(f"document.querySelector('nav a[href=\"#{name}\"]').click()")
            top = browser.execute_script(f"return document.getElementById('{name}').getBoundingClientRect().top")
            check(-2 <= top < 400, f"the link to {name} ends {top} px from it")
        chrome.screen(browser, 360, 700, phone=True, dark=True)
        wrong = chrome.load(browser, path)
        check(not wrong, f"{wrong}")
        seen = browser.execute_script(LOOK)
        check_page(seen, folder)
        check(seen["answerBottom"] < seen["height"], "the answer is below the first screen of a phone")
        check(brightness(seen["ink"]) > 180 and brightness(seen["paper"]) < 60, f"{seen['ink']} on {seen['paper']}")


@test(slow=True)
def the_browser_tells_mistakes():
    """What the test before looks for would be found."""
    with tempfile.TemporaryDirectory(prefix="lab-") as folder, chrome.chromium() as browser:
        for content, why in (("<script>nonsense()</script>", "nonsense is not defined"), ("<img src=nowhere.png>", "failed"),
                             ("<img src='http://127.0.0.1:9/x.png'>", "request to http:"), ("fine", None)):
            path = os.path.join(folder, "x.html")
            with open(path, "w", encoding="utf-8") as out:
                out.write("<!doctype html><link rel=icon href='data:,'>" + content)
            wrong = " ".join(chrome.load(browser, path))
            check(why in wrong if why else not wrong, f"{content}: {wrong}")


@test()
def failed_runs_are_shown_not_compared():
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        made = results(figure(1, 4, "higher", "alt") | {"values": {"legacy": [1], "alt": [4]}}, None)
        made["backends"].append("alt@1a2b3c4")
        with open(os.path.join(folder, "results.json"), "w", encoding="utf-8") as out:
            json.dump(made, out)
        command("tools/lab/report.py", folder, code=0)
        with open(os.path.join(folder, "index.html"), encoding="utf-8") as file:
            page = file.read()
        for wanted in ("results.json has alt@1a2b3c4, too", "alt is better in 1 of 1 comparisons", "2 runs failed", "<span class='bad'>a run failed</span>"):
            check(wanted in page, f"the page lacks: {wanted}")
