# SPDX-License-Identifier: BSD-3-Clause
"""Each kind of measure, on results made up so that the figure is known."""

import ab_figures
from harness import check, test

APP = {"host": "b", "role": "serve", "finished": True, "started_s": 1.0, "connected_s": 1.5,
       "last_rx_s": 9.0, "silence_s": 3.0, "finished_s": 11.0, "rx_bytes": 3000000,
       "goodput_bps": 3200000, "opened": 2, "closed": 2, "aborted": 1, "requests": 0, "responses": 0}
OTHER = {**APP, "host": "d", "rx_bytes": 1000000, "goodput_bps": 800000, "silence_s": 1.0}
RR = {**APP, "role": "rr", "requests": 5, "responses": 4, "latency_us": [10000, 20000, 30000, 500000]}
RUN = {"apps": [APP, OTHER, RR], "marked_s": 20.0,
       "hosts": [{"name": "b", "marked_wakeups": 50, "frames_out": 77, "retransmissions": 6}],
       "links": [{"from": "a", "to": "b", "busy_s": 6.0}]}


def figure(kind, unit="s", run=None, **keys):
    return ab_figures.of_run({"kind": kind, "unit": unit, "keys": keys}, run or RUN)


@test()
def every_kind_gives_its_figure():
    expected = {
        "goodput": (figure("goodput", "Mbit/s", app="serve"), 4.0),
        "goodput of one host": (figure("goodput", "kbit/s", app="serve@d"), 800),
        "goodput of the second": (figure("goodput", "Mbit/s", app="serve#2"), 0.8),
        "latency p50": (figure("latency", "ms", app="rr", p="50"), 20),
        "latency max": (figure("latency", "ms", app="rr", p="max"), 500),
        "latency beyond": (figure("latency", "ms", app="rr", p="max", minus="p50"), 480),
        "connect": (figure("connect", "ms", app="serve"), 500),
        "wakeups": (figure("wakeups", "per_s", host="b"), 2.5),
        "fairness": (figure("fairness", "share", app="serve"), 0.8),
        "least": (figure("least", "share", app="serve"), 0.5),
        "share": (figure("share", "share", app="serve@b", of="serve"), 0.75),
        "utilisation": (figure("utilisation", "share", link="a>b"), 0.75),
        "duration": (figure("duration", app="serve", minus="4s"), 6),
        "silence": (figure("silence", app="serve", minus="500ms"), 2.5),
        "answered": (figure("answered", "share", app="rr"), 0.8),
        "aborted": (figure("aborted", "connections", app="serve"), 2),
        "packets": (figure("packets", "packets", host="b"), 77),
        "retransmissions": (figure("retransmissions", "packets", host="b"), 6),
        "rate": (figure("rate", "per_s", app="rr"), 0.4),
    }
    for name, (got, wanted) in expected.items():
        check(got is not None and abs(got - wanted) < 1e-9, f"{name}: {got}, not {wanted}")
    kinds = {name.split()[0] for name in expected}
    check(kinds == set(ab_figures.KINDS), f"not tested: {set(ab_figures.KINDS) - kinds}")


@test()
def what_did_not_end_has_no_figure():
    endless = {**RUN, "apps": [{**APP, "finished": False, "closed": 1}]}
    for kind in ("duration", "silence"):
        check(figure(kind, run=endless, app="serve") is None, f"{kind} of what did not end")


@test()
def latencies_are_pooled():
    measure = {"kind": "latency", "unit": "ms", "keys": {"app": "rr", "p": "99"}}
    slow = {**RUN, "apps": [{**RR, "latency_us": [1000] * 99 + [70000]}]}
    fast = {**RUN, "apps": [{**RR, "latency_us": [1000] * 100}]}
    check(ab_figures.of_cell(measure, [slow, fast]) == 1, "p99 of 200, one of them slow")
    check(ab_figures.of_cell(measure, [slow, slow, {**slow, "apps": [{**RR, "latency_us": [60000]}]}])
          == 60, "p99 of 201, three of them slow")
