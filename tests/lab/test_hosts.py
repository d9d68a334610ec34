# SPDX-License-Identifier: BSD-3-Clause
"""tools/ab: which hosts run what, a user's lwipopts.h, other revisions, processors."""

import os
import re
import shutil
import subprocess
import tempfile

import harness
import simlib
from harness import ab, ab_json, check, test

# A device's options in the style of lwIP's own examples: sockets, an RTOS, small pools.
DEVICE = """
#define NO_SYS 0
#define LWIP_SOCKET 1
#define LWIP_NETCONN 1
#define LWIP_DHCP 1
#define TCP_MSS 536
#define TCP_WND (4 * TCP_MSS)
#define TCP_SND_BUF (4 * TCP_MSS)
#define MEM_SIZE 16000
#define MEMP_NUM_TCP_SEG 16
#define MEMP_NUM_TCP_PCB 8
#define PBUF_POOL_SIZE 16
#define CHECKSUM_GEN_TCP 0
#define TCPIP_THREAD_STACKSIZE 1024
#define LWIP_RAND() ((u32_t)rand())
"""


def runs(results, label, cell=0):
    return results["scenarios"][0]["cells"][cell]["runs"][label]


@test(slow=True)
def hosts_may_run_something_else():
    for words, wanted in ((["--host", "b=legacy"], {"legacy": "legacy", "alt": "alt,legacy"}),
                          (["--set", "peer=alt"], {"legacy": "legacy,alt", "alt": "alt"})):
        results, _ = ab_json("bulk-loss", "--quick", "--grid", "loss=1%", "--seeds", "1", *words)
        for label, backends in wanted.items():
            command = runs(results, label)[0]["command"]
            check(f"--backend {backends} " in command, f"{words}, {label}: {command}")


@test(slow=True)
def rtt_is_two_delays():
    results, _ = ab_json("bulk-loss", "--quick", "--grid", "rtt=20ms,5ms", "--seeds", "1")
    delays = [cell["variables"]["delay"] for cell in results["scenarios"][0]["cells"]]
    check(delays == ["10ms", "2.5ms"], f"delays {delays}")


@test(slow=True)
def another_revision_is_built_from_its_sources():
    results, _ = ab_json("bulk-loss", "--quick", "--grid", "loss=2%", "--seeds", "2", "--backend",
                         "alt@HEAD,alt")
    hashes = [[run["hash"] for run in runs(results, label)] for label in ("alt@HEAD", "alt")]
    changed = subprocess.run(["git", "-C", simlib.REPO, "diff", "--quiet", "HEAD", "--", "tcp_alt",
                              "lwip", "tools/lwip-tree"], check=False).returncode
    check(changed or hashes[0] == hashes[1], f"alt@HEAD and alt: {hashes}")
    check("alt@" in runs(results, "alt@HEAD")[0]["command"], "alt@HEAD ran as something else")


@test(slow=True)
def a_users_lwipopts_is_taken():
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        path = harness.scenario_file(folder, DEVICE, name="lwipopts.h")
        words = ["bulk-loss", "--quick", "--grid", "loss=0", "--seeds", "1", "--set", "bytes=200k"]
        mine, _ = ab_json(*words, "--lwipopts", path)
        figures = mine["scenarios"][0]["cells"][0]["figures"][0]["median"]
        # Four segments of 536 bytes and one round trip of 20 ms: 0.86 Mbit/s.
        for label, value in figures.items():
            check(0.8 < value < 0.87, f"{label}: {value} Mbit/s through 2144 bytes of window")
        said = ab(*words, "--lwipopts", path).stderr
        for change in ("NO_SYS 0 -> 1", "LWIP_SOCKET 1 -> 0", "CHECKSUM_GEN_TCP 0 -> 1"):
            check(change in said, f"not said: {change}: {said}")
        check("TCP_WND" not in said and "LWIP_IPV4" not in said, f"too much said: {said}")


@test(slow=True)
def a_bad_lwipopts_is_explained():
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        path = harness.scenario_file(folder, '#include "FreeRTOSConfig.h"', name="bad.h")
        done = ab("bulk-loss", "--quick", "--lwipopts", path, code=2)
        check("FreeRTOSConfig.h" in done.stderr and "looked for beside it" in done.stderr, done.stderr)
        path = harness.scenario_file(folder, "#define TCP_WND 100", name="bad.h")
        done = ab("bulk-loss", "--quick", "--lwipopts", f"b={path}", code=1)
        check("TCP_WND is smaller than MSS" in done.stderr and "bad.h does not build" in done.stderr,
              done.stderr)


def counted(backend):
    """data_out, data_in, ack_in, timer of the recorded table."""
    path = os.path.join(simlib.HERE, "core", "cpu_costs.h")
    with open(path, encoding="utf-8") as file:
        row = re.search(rf'{{"{backend}", "MCU", (\d+), (\d+), (\d+), (\d+)}}', file.read())
    return [int(number) for number in row.groups()]


@test(slow=True)
def a_processor_is_the_bound():
    """Sender: a segment and every second acknowledgement, 4 instructions a byte; nothing is faster."""
    values = ["bulk-clean", "--set", "profile=MCU", "--set", "rate=100M", "--set", "delay=1ms",
              "--set", "bytes=2M"]
    free, _ = ab_json(*values)
    for million in (2, 4, 8, 16, 100):
        results, _ = ab_json(*values, "--cpu", f"{million}M:a")
        for label, value in results["scenarios"][0]["cells"][0]["figures"][0]["median"].items():
            data_out, _, ack_in, _ = counted(label)
            segment = data_out + 4 * 1500 + (ack_in + 4 * 40) / 2
            bound = million / segment * 1460 * 8
            unbound = free["scenarios"][0]["cells"][0]["figures"][0]["median"][label]
            check(value <= unbound, f"{label}, {million}M: {value}, without a bound {unbound}")
            if bound < 0.5 * unbound:
                check(abs(value / bound - 1) < 0.04, f"{label}, {million}M: {value}, bound {bound}")


@test(slow=True)
def a_processor_slows_the_receiver_too():
    values = ["bulk-clean", "--set", "profile=MCU", "--set", "rate=100M", "--set", "delay=1ms",
              "--set", "bytes=2M", "--cpu", "4M:b"]
    results, _ = ab_json(*values)
    for label, value in results["scenarios"][0]["cells"][0]["figures"][0]["median"].items():
        _, data_in, _, _ = counted(label)
        bound = 4 / (data_in + 4 * 1500 + 4 * 40 / 2) * 1460 * 8
        check(abs(value / bound - 1) < 0.04, f"{label}: {value}, bound {bound}")
    done = ab("bulk-clean", "--quick", "--cpu", "fast", code=2)
    check("not instructions per second" in done.stderr, done.stderr)


@test()
def the_same_hash_under_load():
    """The same run many times at once, more than there are processors."""
    build = simlib.build("plain", ("legacy", "alt"), ("MCU",))
    jobs = [((backend, number), build.command("campaign_short", 7, [backend]))
            for backend in ("legacy", "alt") for number in range(3 * (os.cpu_count() or 1) + 1)]
    outcomes = simlib.run_all(jobs, workers=len(jobs))
    for backend in ("legacy", "alt"):
        seen = {o.data["hash"] for (name, _), o in outcomes.items() if name == backend}
        check(len(seen) == 1, f"{backend}: {seen}")


@test(slow=True)
def somebody_elses_lwip_is_what_runs():
    """A folder of lwIP's sources: the same as the release if it is, and what is changed there counts."""
    words = ["bulk-loss", "--quick", "--grid", "loss=2%", "--seeds", "1", "--set", "bytes=200k"]
    lwip = os.path.join(simlib.REPO, "build", "lab", "an lwip")  # always the same: its builds stay
    shutil.rmtree(lwip, ignore_errors=True)
    shutil.copytree(simlib.common("pristine_tree", simlib.LWIP_VERSION), lwip)
    results, _ = ab_json(*words, "--backend", f"legacy,legacy:{lwip},alt,alt:{lwip}")
    runs = results["scenarios"][0]["cells"][0]["runs"]
    for name in ("legacy", "alt"):
        check(runs[name][0]["hash"] == runs[f"{name}:{lwip}"][0]["hash"], f"{name}: other packets")
        check("lwip-" in runs[f"{name}:{lwip}"][0]["command"], runs[f"{name}:{lwip}"][0]["command"])
    with open(os.path.join(lwip, "src", "core", "tcp.c"), "a", encoding="utf-8") as file:
        file.write("#error changed\n")
    done = ab(*words, "--backend", f"legacy:{lwip},legacy", code=1)
    check("#error changed" in done.stderr, done.stderr)


@test()
def a_release_that_there_is_not_is_no_tree():
    try:
        simlib.common("neutral_tree", "0.0.0")
        check(False, "a tree of lwIP 0.0.0")
    except simlib.BuildError:
        pass
