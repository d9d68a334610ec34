# SPDX-License-Identifier: BSD-3-Clause
"""What a report is made of: the results of tools/ab, and the traces and captures beside them."""

import csv
import json
import math
import os
import re
import statistics

import seqcap
import seqflow

VERSION = 1
# More in flight than this at once: a bulk transfer.
BULK = 5000
UNITS = {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 1024, "Mi": 1048576, "Gi": 1073741824,
         "%": 0.01, "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "min": 60}


class ResultsError(Exception):
    """The results cannot be read; says why."""


def load(folder):
    """The results in a folder, with what a report needs checked to be there."""
    path = os.path.join(folder, "results.json")
    try:
        with open(path, encoding="utf-8") as file:
            results = json.load(file)
    except OSError as error:
        raise ResultsError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise ResultsError(f"{path}: {error}") from error
    if not isinstance(results, dict) or results.get("version") != VERSION:
        raise ResultsError(f"{path}: not results of version {VERSION}")
    if len(results.get("backends", ())) < 2:
        raise ResultsError(f"{path}: a report compares two backends, not {results.get('backends')}")
    results["left_out"], results["backends"] = results["backends"][2:], results["backends"][:2]
    return results


def quantity(text):
    """10M, 20ms, 2 % as a number in bit/s, seconds, or a share; None if it is none."""
    match = re.fullmatch(r"([0-9.]+(?:e-?[0-9]+)?)\s*([A-Za-z%]*)", str(text).strip())
    if not match or match[2] not in UNITS:
        return None
    try:
        return float(match[1]) * UNITS[match[2]]
    except ValueError:
        return None


# ---- verdicts -------------------------------------------------------------------------------------------

class Comparison:
    """One figure of one cell: how much better the second backend is than the first.

    `factor` is above 1 where the second is better, whichever way the figure counts; infinite or 0 where one
    of the two is 0, None where a run failed."""

    def __init__(self, backends, scenario, cell, figure):
        self.scenario, self.cell, self.figure = scenario, cell, figure
        self.medians = [figure["median"].get(backend) for backend in backends]
        self.spreads = [figure["spread"].get(backend) for backend in backends]
        self.verdict = figure["verdict"]
        self.winner = backends.index(self.verdict) if self.verdict in backends else None
        self.factor = _factor(self.medians, figure["better"])


def _factor(medians, better):
    if None in medians:
        return None
    good, bad = medians if better == "lower" else medians[::-1]
    if good == bad:
        return 1.0
    return good / bad if bad else math.inf


def comparisons(results, primary_only=True):
    """All comparisons, in the results' order; with `primary_only` each cell's first figure."""
    return [Comparison(results["backends"], scenario, cell, figure)
            for scenario in results["scenarios"] for cell in scenario["cells"]
            for figure in cell["figures"][:1 if primary_only else None]]


def failures(results):
    """(scenario, cell, backend, run) of every run that was not right."""
    return [(scenario, cell, backend, run) for scenario in results["scenarios"] for cell in scenario["cells"]
            for backend in results["backends"] for run in cell["runs"].get(backend, ()) if not run["ok"]]


def middle(values):
    """The median of factors, infinite ones included (their logarithms' would be the same)."""
    ordered = sorted(value for value in values if value is not None)
    return statistics.median_low(ordered) if ordered and math.inf in ordered else \
        statistics.median(ordered) if ordered else None


def cell_name(scenario, cell):
    """loss=2 %, rtt=20ms: what tells this cell from its siblings; empty if there are none."""
    return ", ".join(f"{axis}={cell['variables'].get(axis)}" for axis in scenario["axes"])


def telling_cell(results, scenario):
    """The cell with artefacts of both backends in which they differ most; None if there is none."""
    def distance(cell):
        factor = Comparison(results["backends"], scenario, cell, cell["figures"][0]).factor
        return abs(math.log(factor)) if factor and math.isfinite(factor) else 0 if factor is None else 99
    candidates = [cell for cell in scenario["cells"] if cell["figures"]
                  and all(cell.get("artefacts", {}).get(backend) for backend in results["backends"])]
    return max(candidates, key=distance, default=None)


# ---- artefacts ------------------------------------------------------------------------------------------

def host_of(name):
    """a of .../a.pcap."""
    return os.path.splitext(os.path.basename(name))[0]


def files(folder, cell, backend):
    """Names (relative to the report) of the captures and traces of a cell."""
    relative = cell.get("artefacts", {}).get(backend)
    if not relative or not os.path.isdir(os.path.join(folder, relative)):
        return []
    names = sorted(os.listdir(os.path.join(folder, relative)))
    return [os.path.join(relative, name) for name in names if name.endswith((".pcap", ".csv"))]


class Run:
    """The connection with the most data in the artefacts of one run, as its sender saw it."""

    def __init__(self, stream, connection, rows, capture):
        self.stream = stream
        self.connection = connection
        self.rows = rows            # of the sender's trace: [(t, {column: number or None})]
        self.capture = capture

    def window(self):
        """The largest window the peer told."""
        return max((event.window for event in self.stream.peer.events if event.ack is not None), default=None)

    def mss(self):
        return max((event.length for event in self.stream.events), default=None) or None

    def round_trip(self):
        return seqflow.handshake(self.connection) or seqflow.round_trip(self.stream)


def _sender_rows(path, begin_ns, stream):
    """The rows of a trace that are of the stream's connection, if this host is its source."""
    remote, port = seqflow.address(stream.peer.source).rpartition(":")[::2]
    remote, begin = remote.strip("[]"), begin_ns / 1e9
    rows = []
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["local_port"] == str(stream.source[1]) and row["remote_port"] == port and row["remote"] == remote
                    and float(row["t_s"]) >= begin - 1e-9):
                rows.append((float(row["t_s"]) - begin, row))
    return rows


def _number(text):
    return float(text) if text else None


NUMBERS = ("cwnd", "ssthresh", "srtt_ms", "rto_ms", "in_flight", "snd_wnd", "rcv_wnd", "snd_buf_used", "retransmissions")


def _bulk_senders(path):
    """{(local port, remote address, remote port)} of a trace's connections that had more than a few segments in
    flight."""
    with open(path, encoding="utf-8", newline="") as file:
        return {(row["local_port"], row["remote"], row["remote_port"]) for row in csv.DictReader(file)
                if row["in_flight"] and int(row["in_flight"]) > BULK}


def read_flows(folder, cell, backend):
    """[(host, [(s, bytes acknowledged)])] of each bulk transfer in a cell's artefacts, as its sender saw it."""
    flows = []
    for name in files(folder, cell, backend):
        trace = os.path.join(folder, name[:-len(".pcap")] + ".csv")
        senders = _bulk_senders(trace) if name.endswith(".pcap") and os.path.exists(trace) else ()
        if not senders:
            continue
        capture = seqcap.read(os.path.join(folder, name))
        for connection in seqflow.connections(capture.segments):
            for stream in connection.streams():
                remote, port = seqflow.address(stream.peer.source).rpartition(":")[::2]
                if (str(stream.source[1]), remote.strip("[]"), port) in senders:
                    flows.append((host_of(name), _acknowledged(connection, stream)))
    return flows


def _acknowledged(connection, stream):
    """The staircase of acknowledged bytes in the time of the run."""
    steps, highest, begin = [(connection.begin_ns / 1e9, 0)], 0, connection.begin_ns / 1e9
    for event in stream.peer.events:
        if event.ack is not None and event.ack > highest:
            highest = event.ack
            steps.append((begin + event.time, highest))
    return steps


def read_run(folder, cell, backend, prefer=None):
    """The Run of a cell's artefacts, of the host `prefer` if that sends; None if they hold no connection."""
    names = files(folder, cell, backend)
    captures = sorted((name for name in names if name.endswith(".pcap")),
                      key=lambda name: (host_of(name) != prefer, -os.path.getsize(os.path.join(folder, name))))
    best = None
    for name in captures:
        capture = seqcap.read(os.path.join(folder, name))
        found = seqflow.connections(capture.segments)
        connection = max(found, key=lambda each: each.sender().seen.total(), default=None)
        if connection is None:
            continue
        stream = connection.sender()
        trace = os.path.join(folder, name[:-len(".pcap")] + ".csv")
        rows = _sender_rows(trace, connection.begin_ns, stream) if os.path.exists(trace) else []
        if rows:
            # A sender's own capture begins with its SYN; the receiver's trace has no such row.
            numbers = [(t, {key: _number(row[key]) for key in NUMBERS}) for t, row in rows]
            return Run(stream, connection, numbers, name)
        best = best or Run(stream, connection, [], name)
    return best
