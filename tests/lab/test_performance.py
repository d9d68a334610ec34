# SPDX-License-Identifier: BSD-3-Clause
"""tools/performance: a couple of its rows, what it says of them, and whether the page is up to date."""

import json
import os
import tempfile

import ab_catalogue
import performance_bench
import performance_models
import performance_page as page
import performance_reasons
import performance_rows as rows_of
from harness import check, command, test


def performance(*words, code=0):
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        path = os.path.join(folder, "figures.json")
        done = command("tools/performance", *words, "--json", path, code=code)
        with open(path, encoding="utf-8") as file:
            return {row["row"]: row for row in json.load(file)}, done.stdout


@test()
def rows_are_of_the_library_and_have_names_of_their_own():
    rows = rows_of.rows()
    check(len(rows) > 150, f"{len(rows)} rows")
    ids = [row.id for row in rows]
    twice = {name for name in ids if ids.count(name) > 1}
    check(not twice, f"twice: {sorted(twice)}")
    for row in rows:
        check(sum(map(bool, (row.scenario, row.source, row.real and not row.scenario))) == 1, f"{row.id}: how is it measured?")
        check(not row.scenario or row.scenario in ab_catalogue.library(), f"{row.id}: no scenario {row.scenario}")
        check(not row.source or row.source in performance_bench.SOURCES, f"{row.id}: nothing tells {row.source}")
        check(row.sense in (rows_of.LEAST, rows_of.MOST) and row.bar >= 0, f"{row.id}: no bar")
        if row.unit == "ms" and row.scenario.startswith("rr-") and row.measure == "p99":
            check(row.seeds * 1000 >= 9000, f"{row.id}: too few requests")


@test()
def performance_measures_rows():
    told, text = performance("--only", "opening", "--quick")
    syn = told["Opening, SYN lost once, RTT 40 ms"]
    check(1000 < syn["figures"]["alt"] <= syn["bar"] and syn["verdict"] == "met", f"{syn}")
    check(syn["figures"]["legacy"] > 2000, f"{syn}")
    check(syn["command"] == "tools/ab connect-syn --set delay=20ms --set lost=1 --seeds 9", syn["command"])
    check("SYN lost once, RTT 40 ms" in text and "met" in text, text)
    told, _ = performance("--only", "order kept", "256 KB, SACK, 300 ms", "--quick")
    spike = told["A delay spike, order kept, RTT 40 ms: time lost, 256 KB, SACK, 300 ms"]["figures"]
    check(0 < spike["alt"] < 300 and 0 < spike["legacy"], f"time lost: {spike}")


@test()
def performance_tells_a_miss():
    row = rows_of.Row("t", "n", 5, rows_of.LEAST, "x")
    check(row.met(5) and not row.met(4.99) and not row.met(None), "at least")
    most = rows_of.Row("t", "n", 5, rows_of.MOST, "x")
    check(most.met(5) and not most.met(5.01), "at most")
    reason = performance_reasons.Reason(("t", "n"), 4.0, "because")
    check(reason.concerns(row) and reason.covers(row, 3.95) and not reason.covers(row, 3.8), "what a reason covers")
    check(not performance_reasons.Reason(("t", "m"), 4.0, "because").concerns(row), "another row's reason")


@test()
def performance_refuses_nonsense():
    for words, why in ((("--only", "nosuchrow"), "no row has nosuchrow"), (("--update", "--quick"), "whole measurement")):
        done = command("tools/performance", *words, code=2)
        check(why in done.stderr, done.stderr)


@test()
def the_model_of_lost_acks_is_plausible():
    clean = performance_models.ack_loss(0)
    window = 8 * 1460 * 8 / 0.020 / 1e6
    check(0.85 * window < clean < window, f"clean: {clean}")
    check(1 > performance_models.ack_loss_share(0.2) > performance_models.ack_loss_share(0.5) > 0.3, "more loss is no better")


@test()
def a_trace_tells_of_timeouts_and_windows():
    def trace(*windows):
        return [{"t_s": str(n / 2), "state": "ESTABLISHED", "cwnd": str(w)} for n, w in enumerate(windows)]

    check(performance_bench.traced(trace(4380, 5840, 7300, 7300)) == {"timeouts": 0, "kept": 1.0}, "no timeout")
    check(performance_bench.traced(trace(7300, 7300, 1460, 2920, 1460, 3650)) == {"timeouts": 2, "kept": 0.5}, "two")
    check(performance_bench.traced([{"t_s": "0", "state": "SYN_SENT", "cwnd": "1"}]) == {}, "never open")


@test()
def the_page_is_what_was_recorded():
    check(not page.stale(), "; ".join(page.stale()))
