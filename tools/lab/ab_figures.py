# SPDX-License-Identifier: BSD-3-Clause
"""Figures from runs: what the kinds of a scenario's `measure` statements mean.

A kind is a function of one run's results and of the statement's keys. Those in POOLED give a list
of samples instead; their figure is a percentile of the samples of all seeds together.
"""

import re

import ab_statistics

UNITS = {"bit/s": 1, "kbit/s": 1e3, "Mbit/s": 1e6, "ms": 1e-3, "s": 1, "share": 1, "%": 0.01}


class MeasureError(Exception):
    """A measure statement that means nothing; says where."""


def seconds(text):
    """A time as scenarios write it, in seconds."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ns|us|ms|s|min)", text)
    if not match:
        raise ValueError(f"not a time (5ms, 2s): '{text}'")
    factor = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "min": 60}[match.group(2)]
    return float(match.group(1)) * factor


def chosen(apps, selector):
    """The applications that ROLE[@HOST][#N] names; N counts from 1 among those that fit."""
    match = re.fullmatch(r"([^@#]+)(?:@([^#]+))?(?:#(\d+))?", selector)
    if not match:
        raise ValueError(f"not ROLE[@HOST][#N]: '{selector}'")
    role, host, number = match.groups()
    found = [app for app in apps
             if app["role"] == role and host in (None, app["host"])]
    if number:
        found = found[int(number) - 1:int(number)]
    if not found:
        raise ValueError(f"no application '{selector}'")
    return found


def link_named(links, selector):
    start, _, end = selector.partition(">")
    for link in links:
        if (link["from"], link["to"]) == (start, end):
            return link
    raise ValueError(f"no link '{selector}' (it is FROM>TO)")


def host_named(hosts, name):
    for host in hosts:
        if host["name"] == name:
            return host
    raise ValueError(f"no host '{name}'")


# ---- the kinds ---------------------------------------------------------------------------------

def goodput(run, keys):
    """Application bytes per second of connection, of all that are named together."""
    return sum(app["goodput_bps"] for app in chosen(run["apps"], keys["app"]))


def latency(run, keys):
    """Every response's time. p= says which percentile, minus=pNN what to take off it."""
    return [us / 1e6 for app in chosen(run["apps"], keys["app"])
            for us in app.get("latency_us", [])]


def connect(run, keys):
    """From the call to the open connection; of several the longest."""
    return max(app["connected_s"] - app["started_s"] for app in chosen(run["apps"], keys["app"]))


def wakeups(run, keys):
    """Timer wake-ups per second in the marked time."""
    host = host_named(run["hosts"], keys["host"])
    return host["marked_wakeups"] / run["marked_s"] if run["marked_s"] else 0.0


def received(run, keys):
    return [app["rx_bytes"] for app in chosen(run["apps"], keys["app"])]


def fairness(run, keys):
    """Jain's index over the bytes that each application received."""
    amounts = received(run, keys)
    squares = sum(amount * amount for amount in amounts)
    return sum(amounts) ** 2 / (len(amounts) * squares) if squares else 0.0


def least(run, keys):
    """What the worst served got, as a share of the mean."""
    amounts = received(run, keys)
    return min(amounts) * len(amounts) / sum(amounts) if sum(amounts) else 0.0


def share(run, keys):
    """What `app` received of what `of` did."""
    whole = sum(received(run, {"app": keys["of"]}))
    return sum(received(run, keys)) / whole if whole else 0.0


def utilisation(run, keys):
    """The share of the time that a link was sending, while applications were at it."""
    begin = min(app["started_s"] for app in run["apps"])
    end = max(app["last_rx_s"] for app in run["apps"])
    return link_named(run["links"], keys["link"])["busy_s"] / (end - begin) if end > begin else 0.0


def duration(run, keys):
    """From start to end; of several the longest. minus= takes off what is no fault of TCP's."""
    spans = [app["finished_s"] - app["started_s"] for app in chosen(run["apps"], keys["app"])
             if app["finished"]]
    return max(spans) - seconds(keys.get("minus", "0s")) if spans else None


def silence(run, keys):
    """The longest time without received data on an open connection; minus= as above. None if it
    was the last: a connection that did not end as it should."""
    apps = chosen(run["apps"], keys["app"])
    if any(app["closed"] < app["opened"] for app in apps):
        return None
    return max(app["silence_s"] for app in apps) - seconds(keys.get("minus", "0s"))


def answered(run, keys):
    """Responses of requests."""
    apps = chosen(run["apps"], keys["app"])
    requests = sum(app["requests"] for app in apps)
    return sum(app["responses"] for app in apps) / requests if requests else 0.0


def aborted(run, keys):
    """Connections that ended with an error."""
    return sum(app["aborted"] for app in chosen(run["apps"], keys["app"]))


def packets(run, keys):
    """Packets that a host sent."""
    return host_named(run["hosts"], keys["host"])["frames_out"]


def retransmissions(run, keys):
    """Packets of a host whose data it had sent before."""
    return host_named(run["hosts"], keys["host"])["retransmissions"]


def per_second(run, keys):
    """Responses per second of the whole run of the application."""
    apps = chosen(run["apps"], keys["app"])
    return sum(app["responses"] / (app["finished_s"] - app["started_s"]) for app in apps
               if app["finished"])


class Kind:
    def __init__(self, function, needs, may=()):
        self.function = function
        self.needs = set(needs)
        self.may = self.needs | set(may)


KINDS = {
    "goodput": Kind(goodput, ["app"]),
    "latency": Kind(latency, ["app", "p"], ["minus"]),
    "connect": Kind(connect, ["app"]),
    "wakeups": Kind(wakeups, ["host"]),
    "fairness": Kind(fairness, ["app"]),
    "least": Kind(least, ["app"]),
    "share": Kind(share, ["app", "of"]),
    "utilisation": Kind(utilisation, ["link"]),
    "duration": Kind(duration, ["app"], ["minus"]),
    "silence": Kind(silence, ["app"], ["minus"]),
    "answered": Kind(answered, ["app"]),
    "aborted": Kind(aborted, ["app"]),
    "packets": Kind(packets, ["host"]),
    "retransmissions": Kind(retransmissions, ["host"]),
    "rate": Kind(per_second, ["app"]),
}
POOLED = {"latency"}


def percentile_share(text):
    """50, 99, 99.9 or max, as a share."""
    if text == "max":
        return 1.0
    value = float(text)
    if not 0 <= value <= 100:
        raise ValueError(f"not a percentile: '{text}'")
    return value / 100


def check(measure, description):
    """Raises MeasureError unless the statement can be evaluated in its scenario."""
    kind = KINDS.get(measure["kind"])
    keys = measure["keys"]
    try:
        if kind is None:
            raise ValueError(f"no kind of measure '{measure['kind']}' (there are "
                             f"{', '.join(sorted(KINDS))})")
        for key in sorted(kind.needs - set(keys)):
            raise ValueError(f"'{measure['kind']}' wants {key}=")
        for key in sorted(set(keys) - kind.may):
            raise ValueError(f"'{measure['kind']}' knows no {key}=")
        for key in ("app", "of"):
            if key in keys:
                chosen(description["apps"], keys[key])
        if "host" in keys:
            host_named(description["hosts"], keys["host"])
        if "link" in keys:
            link_named(description["links"], keys["link"])
        if measure["kind"] == "wakeups" and not description["marked"]:
            raise ValueError("'wakeups' are counted in the time that a 'mark FROM TO' marks: there is none")
        check_values(measure["kind"], keys)
    except ValueError as why:
        raise MeasureError(f"{measure['where']}: {why}") from None


def check_values(kind, keys):
    if kind == "latency":
        percentile_share(keys["p"])
        percentile_share(keys.get("minus", "p50").removeprefix("p"))
    elif "minus" in keys:
        seconds(keys["minus"])


def of_samples(keys, samples):
    """The percentile of a pooled kind."""
    value = ab_statistics.percentile(samples, percentile_share(keys["p"]))
    if value is not None and "minus" in keys:
        value -= ab_statistics.percentile(samples, percentile_share(keys["minus"].removeprefix("p")))
    return value


def samples(measure, run):
    """The samples of a run, in the measure's unit; None if its kind has none."""
    if measure["kind"] not in POOLED:
        return None
    unit = UNITS.get(measure["unit"], 1)
    return [value / unit for value in KINDS[measure["kind"]].function(run, measure["keys"])]


def of_run(measure, run):
    """The figure of one run, or None if there is none."""
    if measure["kind"] in POOLED:
        return of_samples(measure["keys"], samples(measure, run))
    value = KINDS[measure["kind"]].function(run, measure["keys"])
    return None if value is None else value / UNITS.get(measure["unit"], 1)


def of_cell(measure, runs):
    """The figure of all seeds: the median, or the percentile of all samples together."""
    if measure["kind"] in POOLED:
        pooled = [value for run in runs for value in samples(measure, run)]
        return of_samples(measure["keys"], pooled)
    values = [value for value in (of_run(measure, run) for run in runs) if value is not None]
    return ab_statistics.median(values)
