# SPDX-License-Identifier: BSD-3-Clause
"""The tests of one column of the table, inside a network namespace that is already ours.

words: BINARY COLUMN NAME... One line per test on stdout, as tests/net/lan.py says it."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "net"))
from lan import HERE, HOST, HOST6, LIMIT, Failure, Host, Program, command, make_network, same, say
import peers
from catalogue import APPLICATIONS, COLUMNS

KEY = b"a key of both sides"
SECRET = "sixteen letters!"


class Skipped(Exception):
    """Why a test cannot be made here."""


class Bench:
    """What the tests of one host program share: files to transfer, certificates, the host itself."""

    def __init__(self, binary, column, folder):
        self.binary = binary
        self.is_old = column.version.startswith("2.1.")
        self.is_alt = column.backend == "alt"
        self.folder = folder
        self.big = self._file("big.bin", (4 << 20) + 4099)  # no multiple of a segment
        self.small = self._file("small.bin", 100_003)
        self.tls = self._certificate("ours")
        self.other_tls = self._certificate("other")

    def _file(self, name, size):
        path = self.folder / name
        path.write_bytes(os.urandom(size))
        return path

    def _certificate(self, name):
        """A self-signed certificate for both ends of the TAP, and its key, which no repository needs."""
        cert, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        command("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-subj", f"/CN={name}", "-addext", f"subjectAltName=IP:{HOST},IP:{HERE}", "-days", "2",
                "-keyout", str(key), "-out", str(cert))
        return str(cert), str(key)

    def new(self, name):
        """A path where nothing is yet."""
        path = self.folder / f"new-{name}"
        path.unlink(missing_ok=True)
        return path

    @contextlib.contextmanager
    def host(self, *apps, options=(), **environment):
        """lwIP with these applications; when all went well it ends, and everything must be back in its pool."""
        with Host(self.binary, "--drain", "15000", *options, *(f"--app={app}" for app in apps), **environment) as host:
            yield host
            host.stop()
            for pool in ("tcp_pcb", "tcp_seg", "pbuf", "pbuf_pool"):
                used = int(host.wait_for(rf"pool {pool} used=(\d+)").group(1))
                if used:
                    raise Failure(f"{used} of pool {pool} still in use")
            start, used = map(int, host.wait_for(r"heap start=(\d+) used=(\d+)").groups())
            if used > start:
                raise Failure(f"{used} bytes of lwIP's heap in use at the end, {start} at the start")
            wrong = [line for line in host.lines if "runtime error" in line]
            if wrong:
                raise Failure(wrong[0])


def curl(*words):
    return command("curl", "-sS", "-g", "--max-time", str(LIMIT), *map(str, words))


def expect(what, seen, expected):
    if seen != expected:
        raise Failure(f"{what}: {seen!r} instead of {expected!r}")


def echoed(sock, data):
    """Send it all while it comes back; both sides finish."""
    sender = threading.Thread(target=lambda: (sock.sendall(data), sock.shutdown(socket.SHUT_WR)))
    sender.start()
    back = peers.reading(sock)
    sender.join()
    if back != data:
        raise Failure(f"{len(back)} of {len(data)} bytes came back, or others")


# ---- altcp ----

def altcp_server(bench):
    with bench.host("altcp-echo") as host:
        for address in (HOST, HOST6):
            with peers.connected(7001, address) as sock:
                echoed(sock, bench.big.read_bytes())
                port = sock.getsockname()[1]
            host.wait_for(rf"altcp local={address}:7001 remote=\S+:{port} ".replace("fd77", "(?i:fd77)"))


def altcp_client(bench):
    back = bench.new("back.bin")
    with peers.Server(peers.Echo, 8001):
        with bench.host(f"altcp-copy={HERE},8001,{bench.big},{back}") as host:
            host.wait_for(rf"altcp local={HOST}:\d+ remote={HERE}:8001 ")
            host.wait_for("altcp copy done")
            same(bench.big, back)


# ---- HTTP ----

def httpd_files(bench):
    with bench.host(f"httpd={bench.big}", f"httpd={bench.small}"):
        got, got2 = bench.new("1.bin"), bench.new("2.bin")
        connections = curl("-w", "%{num_connects}", "-o", got, f"http://{HOST}/{bench.small.name}",
                           "-o", got2, f"http://[{HOST6}]/{bench.big.name}")
        same(bench.small, got)
        same(bench.big, got2)
        expect("connections", connections, "11")
        connections = curl("-H", "Connection: keep-alive", "-w", "%{num_connects}",
                           "-o", got, f"http://{HOST}/{bench.small.name}",
                           "-o", got2, f"http://{HOST}/{bench.big.name}")
        expect("connections of two requests with keep-alive", connections, "10")
        same(bench.big, got2)
        expect("status", curl("-o", got, "-w", "%{http_code}", f"http://{HOST}/absent"), "404")


def _page(bench):
    """A page with so many includes that they do not fit into the send buffer at once."""
    page = bench.folder / "page.shtml"
    page.write_text("<p>asked: <!--#asked--></p>\n" + "<p><!--#long--></p>\n" * 400)
    return page


def _shown(page, asked):
    return page.read_text().replace("<!--#asked-->", f"<!--#asked-->{asked}").replace(
        "<!--#long-->", "<!--#long-->" + "x" * 192)  # LWIP_HTTPD_MAX_TAG_INSERT_LEN


def httpd_ssi(bench):
    page = _page(bench)
    with bench.host(f"httpd={page}", f"pages={bench.new('post')}"):
        expect("page", curl(f"http://{HOST}/page.shtml"), _shown(page, ""))


def httpd_cgi(bench):
    page = _page(bench)
    with bench.host(f"httpd={page}", f"pages={bench.new('post')}"):
        expect("page", curl(f"http://{HOST}/ask.cgi?a=1&b=two"), _shown(page, "a=1;b=two;"))


def httpd_post(bench):
    page, body = _page(bench), bench.new("post")
    with bench.host(f"httpd={page}", f"pages={body}") as host:
        answer = curl("-H", "Expect:", "--data-binary", f"@{bench.big}", f"http://{HOST}/post")
        expect("page", answer, _shown(page, f"{bench.big.stat().st_size} bytes"))
        host.wait_for(rf"post begins, {bench.big.stat().st_size} bytes")
        same(bench.big, body)


def http_client(bench):
    with peers.Server(peers.Files, 8000, folder=bench.folder):
        got = bench.new("got.bin")
        with bench.host(f"http-get={HERE},8000,/{bench.big.name},{got}") as host:
            host.wait_for(rf"get result=0 bytes={bench.big.stat().st_size} status=200 err=0$")
            same(bench.big, got)
        with bench.host(f"http-get={HERE},8000,/absent,{got}") as host:
            host.wait_for(r"get result=0 bytes=\d+ status=404 ")


# ---- TLS ----

def https_server(bench):
    cert, key = bench.tls
    with bench.host(f"httpd={bench.big}", f"https={cert},{key}"):
        got = bench.new("got.bin")
        for _ in range(2):
            curl("--cacert", cert, "-o", got, f"https://{HOST}/{bench.big.name}")
            same(bench.big, got)


def https_client(bench):
    with peers.Server(peers.Files, 8443, tls=bench.tls, folder=bench.folder):
        got = bench.new("got.bin")
        with bench.host(f"https-get={bench.tls[0]},{HERE},8443,/{bench.big.name},{got}") as host:
            host.wait_for(rf"get result=0 bytes={bench.big.stat().st_size} status=200 err=0$")
            same(bench.big, got)
        if bench.is_old:
            return  # it trusts every certificate
        with bench.host(f"https-get={bench.other_tls[0]},{HERE},8443,/{bench.big.name},{got}") as host:
            host.wait_for(r"get result=[1-9]")


# ---- mail ----

def _send_mail(bench, app, tls):
    body = bench.new("body.txt")
    body.write_bytes(b"".join(b"line %d of the mail\r\n" % n for n in range(2000)))
    with peers.Server(peers.Mail, 8025, tls=tls, mails=[]) as server:
        with bench.host(f"{app},{HERE},8025,{body}".replace("=,", "=")) as host:
            host.wait_for("mail result=0 server=0 err=0$")
        expect("number of mails", len(server.mails), 1)
        login, sender, recipient, text = server.mails[0]
        expect("login", login, peers.MAIL_USER)
        expect("sender and recipient", (sender, recipient), (b"FROM: <lwip@example.org>", b"TO: <peer@example.org>"))
        expect("body", text.partition(b"\r\n\r\n")[2], body.read_bytes() + b"\r\n")


def smtp(bench):
    _send_mail(bench, "mail=", None)


def smtp_tls(bench):
    _send_mail(bench, f"mail-tls={bench.tls[0]}", bench.tls)


# ---- MQTT ----

@contextlib.contextmanager
def _broker(bench):
    settings = bench.folder / "mosquitto.conf"
    cert, key = bench.tls
    settings.write_text(f"user root\npersistence false\nallow_anonymous true\nlog_dest stderr\nlog_type all\n"
                        f"listener 1883 {HERE}\nlistener 8883 {HERE}\ncertfile {cert}\nkeyfile {key}\n")
    with Program("mosquitto", "-c", str(settings)) as broker:
        broker.wait_for(".* running$")
        yield broker


@contextlib.contextmanager
def _watcher(broker):
    """A client of the broker that prints what comes from lwIP."""
    with Program("mosquitto_sub", "-h", HERE, "-i", "watcher", "-t", "from/#", "-q", "2",
                 "-F", "%t %q %p") as watcher:
        broker.wait_for(".*Sending SUBACK to watcher")
        yield watcher


def _exchange(watcher, host, qos, text):
    """One message to lwIP and, as it echoes, one from it."""
    command("mosquitto_pub", "-h", HERE, "-t", f"to/{qos}", "-q", str(qos), "-m", text)
    host.wait_for(rf"mqtt message qos={qos} bytes={len(text)} ")
    watcher.wait_for(rf"from/{qos} {qos} {text}$")


def _sum(data):
    """As host/mqtt_echo.c sums a message up."""
    total = 0
    for byte in data:
        total = (total * 31 + byte) & 0xffffffff
    return total


def mqtt(bench):
    with _broker(bench) as broker, bench.host(f"mqtt={HERE},1883") as host:
        host.wait_for("mqtt subscribed err=0$")
        with _watcher(broker) as watcher:
            for qos in (0, 1, 2):
                _exchange(watcher, host, qos, f"short-{qos}")
                _exchange(watcher, host, qos, f"long-{qos}-" * 200)
            if not bench.is_old:  # its client loses count in a message of many segments
                command("mosquitto_pub", "-h", HERE, "-t", "to/1", "-q", "1", "-f", str(bench.small))
                data = bench.small.read_bytes()
                host.wait_for(rf"mqtt message qos=1 bytes={len(data)} sum={_sum(data)}$")
            broker.wait_for(".*Received PINGREQ from lwip")
            broker.wait_for(".*Sending PINGRESP to lwip")
        broker.stop()
        host.wait_for("mqtt status=256$")


def mqtt_tls(bench):
    with _broker(bench) as broker, bench.host(f"mqtt-tls={bench.tls[0]},{HERE},8883") as host:
        host.wait_for("mqtt subscribed err=0$")
        with _watcher(broker) as watcher:
            _exchange(watcher, host, 2, "long-" * 300)
        broker.stop()
        host.wait_for("mqtt status=256$")


# ---- the rest of lwIP's own ----

def lwiperf(bench):
    size = 4 << 20
    with bench.host("iperf") as host:
        back = [] if bench.is_old else ["-r"]  # iperf 2.1 is too new for it to see the request
        report = command("iperf", "-c", HOST, "-n", str(size), *back, "-f", "B")
        taken = int(host.wait_for(r"iperf server done bytes=(\d+)").group(1))
        if not size - 100 <= taken <= size:  # lwiperf does not count its settings header
            raise Failure(f"lwiperf counted {taken} of {size} bytes")
        if not back:
            return
        sent = int(host.wait_for(r"iperf client done bytes=(\d+)").group(1))
        if sent < size or sent not in [int(n) for n in re.findall(r"sec\s+(\d+) Bytes", report)]:
            raise Failure(f"lwiperf sent {sent} bytes, iperf reports {report[-200:]}")


def tftp(bench):
    with bench.host(f"tftp={bench.folder}"):
        got = bench.new("got.bin")
        curl("-o", got, f"tftp://{HOST}/{bench.small.name}")
        same(bench.small, got)
        put = bench.new("put.bin")
        curl("-T", bench.small, f"tftp://{HOST}/{put.name}")
        same(bench.small, put)


class Agent:
    """lwIP's MIB2, by way of Debian's snmp tools."""

    TCP = "1.3.6.1.2.1.6"

    def __init__(self, folder):
        (folder / "cert_indexes").mkdir(exist_ok=True)  # or the tools make it, and say so where we read
        self.settings = {**os.environ, "SNMP_PERSISTENT_DIR": str(folder), "SNMPCONFPATH": str(folder), "MIBS": ""}

    def _ask(self, tool, *words):
        return command(tool, "-v2c", "-c", "public", "-t", "10", *words, env=self.settings)

    def walk(self, branch):
        """{the numbers behind the branch: value}"""
        root = f".{self.TCP}.{branch}."
        text = self._ask("snmpwalk", "-On", "-Oq", HOST, root[:-1])
        rows = [line.partition(" ") for line in text.splitlines()]
        if any(not name.startswith(root) for name, _, _ in rows):
            raise Failure(f"no row below {root}: {text[:200]}")
        return {tuple(map(int, name[len(root):].split("."))): int(value) for name, _, value in rows}

    def number(self, leaf):
        return int(self._ask("snmpget", "-Oqv", HOST, f"{self.TCP}.{leaf}.0"))

    def state(self, index):
        return int(self._ask("snmpget", "-Oqv", HOST, f"{self.TCP}.13.1.1." + ".".join(map(str, index))))


LISTEN, ESTABLISHED, FIN_WAIT_2, CLOSE_WAIT, TIME_WAIT = 2, 5, 7, 8, 11  # RFC 4022


def _index(sock):
    """The row of a connection, as tcpConnTable and as tcpConnectionTable name it."""
    ends = [sock.getpeername(), sock.getsockname()]
    octets = [tuple(socket.inet_pton(sock.family, end[0])) for end in ends]
    if sock.family == socket.AF_INET6:  # lwIP's agent has the bytes of each word the wrong way round
        octets = [tuple(part[n ^ 3] for n in range(16)) for part in octets]
    old = tuple(n for part, end in zip(octets, ends) for n in (*part, end[1]))
    kind = 1 if sock.family == socket.AF_INET else 2  # InetAddressType
    new = tuple(n for part, end in zip(octets, ends) for n in (kind, len(part), *part, end[1]))
    return old, new


def snmp(bench):
    agent = Agent(bench.folder)
    with socket.create_server((HERE, 8001)) as server, \
         bench.host("snmp", "held", f"http-get={HERE},8001,/,{bench.new('got')}"), \
         contextlib.ExitStack() as stack:
        active = server.accept()[0]  # lwIP's HTTP client waits for an answer
        idle, finished, closed, gone = [peers.connected(7002) for _ in range(4)]
        idle6 = peers.connected(7002, HOST6)
        for sock in (active, idle, idle6, finished, closed):
            stack.callback(peers.reset, sock)
        finished.shutdown(socket.SHUT_WR)
        for sock in (closed, gone):
            sock.sendall(b"c")
            expect("end of a closed connection", sock.recv(1), b"")
        states = {active: ESTABLISHED, idle: ESTABLISHED, idle6: ESTABLISHED, finished: CLOSE_WAIT, closed: FIN_WAIT_2,
                  gone: FIN_WAIT_2}
        _soon("connections", lambda: agent.walk("19.1.7"), {_index(sock)[1]: state for sock, state in states.items()})
        listeners = {(0, 0, 7002), (1, 4, 0, 0, 0, 0, 7004)}
        expect("listeners", {index for index in agent.walk("20.1.4")}, listeners)
        rows = {_index(sock)[0]: state for sock, state in states.items() if sock is not idle6}
        rows[0, 0, 0, 0, 7004, 0, 0, 0, 0, 0] = LISTEN
        expect("connections and listeners", agent.walk("13.1.1"), rows)
        expect("active opens, passive opens, established", [agent.number(leaf) for leaf in (5, 6, 9)], [1, 5, 4])
        last = _index(gone)[0]
        gone.close()
        _soon("state of a connection that is over", lambda: agent.state(last), TIME_WAIT)


def _soon(what, look, expected):
    """lwIP takes the last segment a moment after our kernel has sent it."""
    deadline = time.monotonic() + 10
    while (seen := look()) != expected and time.monotonic() < deadline:
        time.sleep(0.02)
    expect(what, seen, expected)


# ---- ours ----

def _rows(text):
    """{(state, end, other end or nothing): the lines of that row} of what app_status says."""
    rows = {}
    for line in text.split("\r\n")[:-1]:
        if line.startswith("  "):
            rows[key].append(line.strip())  # noqa: F821, the first line has no blanks
        else:
            state, _, ends = line.partition(" ")
            key = (state, *ends.strip().upper().split(" - "))
            if key in rows:
                raise Failure(f"twice: {line}")
            rows[key] = []
    return rows


def _ask_status(address=HOST):
    """The rows of all but the connection that asks."""
    with peers.connected(15, address) as sock:
        rows = _rows(peers.reading(sock).decode())
        own = _row("ESTABLISHED", sock)
    if rows.pop(own, None) is None:
        raise Failure(f"{own} is not among {list(rows)}")
    return {row: lines for row, lines in rows.items() if row[0] != "TIME_WAIT"}  # those that have asked


def _row(state, sock):
    ends = (sock.getpeername(), sock.getsockname())
    return state, *(f"[{end[0]}]:{end[1]}".upper() if ":" in end[0] else f"{end[0]}:{end[1]}" for end in ends)


def _figure(lines, pattern):
    found = next(filter(None, (re.search(pattern, line) for line in lines)), None)
    if not found:
        raise Failure(f"no {pattern!r} in {lines}")
    return found.group(1)


def _queues(lines):
    return [_figure(lines, rf"\b{queue}: (yes|no)") for queue in ("unsent", "unacknowledged", "out of order")]


def _check_status(states):
    """The rows are these sockets' and the listeners', whichever way one asks."""
    rows = {_row(state, sock) for sock, state in states.items()}
    rows |= {("LISTEN", f"*:{port}") for port in (15, 80, 7002, 7004)}
    for address in (HOST, HOST6):
        _soon("rows", lambda to=address: set(_ask_status(to)), rows)


def _bytes(lines):
    """What alt says was sent, again, acknowledged, received; and why it sends no more."""
    names = "sent", "again", "acknowledged", "received"
    return {**{name: int(_figure(lines, rf"bytes: .*\b{name} (\d+)")) for name in names},
            "stopped": _figure(lines, "sending stopped: (.*)")}


def _check_figures(sock, **figures):
    """Exactly these; what was acknowledged and not received is in this socket's buffer."""
    row = _row("ESTABLISHED", sock)

    def look():
        told = _bytes(_ask_status()[row])
        told["acknowledged"] -= peers.unread(sock)
        return {name: told[name] for name in figures}
    _soon(f"figures of {row}", look, figures)


def status(bench):
    with bench.host("status", "held", f"httpd={bench.big}"), contextlib.ExitStack() as stack:
        idle, idle6, finished, closed = [peers.connected(7002, address) for address in (HOST, HOST6, HOST, HOST)]
        stalled = peers.connected(80)  # asks for 4 MB, and reads none
        states = {idle: "ESTABLISHED", idle6: "ESTABLISHED", finished: "CLOSE_WAIT", closed: "FIN_WAIT_2",
                  stalled: "ESTABLISHED"}
        for sock in states:
            stack.callback(peers.reset, sock)
        idle.sendall(b"i" * 12345)
        finished.shutdown(socket.SHUT_WR)
        closed.sendall(b"c")
        expect("end of a closed connection", closed.recv(1), b"")
        request = f"GET /{bench.big.name} HTTP/1.0\r\n\r\n".encode()
        stalled.sendall(request)
        _check_status(states)
        _soon("queues of a connection that is not read",
              lambda: _queues(_ask_status()[_row("ESTABLISHED", stalled)])[0], "yes")
        expect("queues of an idle one", _queues(_ask_status()[_row("ESTABLISHED", idle)]), ["no", "no", "no"])
        if bench.is_alt:
            _check_figures(idle, sent=0, again=0, acknowledged=0, received=12345, stopped="nothing to send")
            _check_figures(stalled, acknowledged=0, received=len(request), stopped="peer's window")


# ---- contrib ----

def tcpecho(bench, app="tcpecho"):
    with bench.host(app):
        for address in (HOST, HOST6):
            with peers.connected(7, address) as sock:
                echoed(sock, bench.big.read_bytes())


def tcpecho_raw(bench):
    tcpecho(bench, "tcpecho-raw")


def netio(bench):
    with bench.host("netio"), peers.connected(18767) as sock:
        sock.sendall(bench.big.read_bytes())
        _soon("bytes that netio has not taken", lambda: peers.unacknowledged(sock), 0)
        # A FIN makes netio free a pbuf that is not there, which an assertion of lwIP's ends.
        peers.reset(sock)


def chargen(bench):
    ring = bytes(range(0x21, 0x7f))
    lines = [(ring + ring)[n % len(ring):][:59] + b"\n\r" for n in range(5000)]
    with bench.host("chargen"), peers.connected(19) as sock:
        text = peers.exactly(sock, sum(map(len, lines)))
        expect("characters", text == b"".join(lines), True)


def _shell_says(sock, line, *answers):
    """A command, and what its answer must have before the next prompt."""
    sock.sendall(line.encode() + b"\r\n")
    text = b""
    while not text.endswith(b"> "):
        text += peers.exactly(sock, 1)
    for answer in answers:
        if answer not in text.decode(errors="replace"):
            raise Failure(f"shell: {line!r} is answered with {text!r}")


def shell(bench):
    with bench.host("shell"), socket.create_server((HERE, 8001)) as server, peers.connected(23) as sock:
        _shell_says(sock, "help", "Available commands", "quit")
        _shell_says(sock, "stat", "TCP", "high water mark")
        _shell_says(sock, "nonsense", "Syntax error")
        _shell_says(sock, f"open {HERE} 8001", "identifier is 0")
        with server.accept()[0] as other:
            _shell_says(sock, "send 0 words", "enqueued")
            expect("what the shell sent", peers.exactly(other, 8), b"words\r\n\0")
            other.sendall(b"answer")
            _shell_says(sock, "recv 0", "answer")
            other.shutdown(socket.SHUT_WR)
            _shell_says(sock, "recv 0", "EOF")
            _shell_says(sock, "clos 0", "Connection closed")
            expect("end of the shell's connection", other.recv(1), b"")
        _shell_says(sock, "lstn 9000", "identifier is 0")
        with peers.connected(9000) as other:
            _shell_says(sock, "acpt 0", "new connection is 1")
            _shell_says(sock, "send 1 hello", "enqueued")
            expect("what the shell sent", peers.exactly(other, 8), b"hello\r\n\0")
        _shell_says(sock, "clos 1", "Connection closed")  # a listener cannot be closed, with LWIP_NETCONN_FULLDUPLEX
        sock.sendall(b"quit\r\n")
        expect("last words", peers.reading(sock).decode().strip(), "## Connection closed")


def httpserver(bench):
    with bench.host("httpserver"):
        for address in (HOST, f"[{HOST6}]"):
            page = curl(f"http://{address}/")
            if not (page.startswith("<html>") and page.endswith("httpserver-netconn.</body></html>")):
                raise Failure(f"page: {page!r}")


def socket_examples(bench):
    # A frame waits a little, so that a connection is not there before its nonblocking connect() returns. The
    # examples keep four semaphores of theirs.
    with peers.Server(peers.Patient, 80, family=peers.Patient.family), \
         bench.host("socket-examples", options=("--rx-delay", "20"), ASAN_OPTIONS="detect_leaks=0") as host:
        for line in ("closing socket in nonblocking connect succeeded", "sockex_nonblocking_connect finished",
                     "sockex_testrecv finished", "sockex_testtwoselects finished", "all tests done"):
            host.wait_for(line)


# ---- addons ----

def tcp_isn(bench):
    sniffer = peers.Sniffer()
    with bench.host("altcp-echo", f"isn={SECRET}"):
        for _ in range(3):
            before = time.monotonic()
            with peers.connected(7001) as sock:
                port = sock.getsockname()[1]
                seq = sniffer.syn_ack(7001, port)
                echoed(sock, b"hello")
            clock = (seq - peers.isn_by_rfc1948(SECRET.encode(), 1_000_000, 7001, port)) & 0xffffffff
            first, last = [int(t * 1000) * 250 & 0xffffffff for t in (before, time.monotonic())]
            if (clock - first & 0xffffffff) > (last - first & 0xffffffff):
                raise Failure(f"the sequence number's clock stands at {clock}, not in {first}..{last}")
    sniffer.close()


def _signing(port, key):
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((HERE, port))
    try:
        if key:
            peers.sign(sock, HOST, key)
    except OSError as why:
        raise Skipped(f"this kernel has no TCP_MD5SIG: {why}") from None
    return sock


def tcp_md5_self(bench):
    with bench.host(f"md5-self={KEY.decode()}") as host:
        expect("turns that were right", host.wait_for(r"md5 self good=(\d+)").group(1), "64")


def tcp_md5_server(bench):
    with bench.host(f"md5={HERE},8003,{KEY.decode()}") as host:
        host.wait_for("md5 listens")
        for key in (None, b"another key"):
            with _signing(8003, key) as sock:
                sock.settimeout(1.5)  # it is not answered at all, however often it tries
                try:
                    sock.connect((HOST, 7003))
                    raise Failure(f"a peer that signs with {key} was let in")
                except TimeoutError:
                    pass
        with _signing(8003, KEY) as sock:
            sock.settimeout(10)
            sock.connect((HOST, 7003))
            echoed(sock, bench.big.read_bytes())
        host.wait_for(rf"md5 echoed bytes={bench.big.stat().st_size}$")


def tcp_md5_client(bench):
    with _signing(8004, KEY) as server:
        server.listen()
        with bench.host(f"md5-to={HERE},8004,{KEY.decode()}") as host:
            with server.accept()[0] as sock:
                echoed(sock, bench.big.read_bytes())
            host.wait_for(rf"md5 echoed bytes={bench.big.stat().st_size}$")


def outcome(bench, application):
    """None, or why the test failed."""
    test = globals()[application.name.replace("-", "_")]
    try:
        test(bench)
    except (Failure, OSError, subprocess.TimeoutExpired) as why:
        return str(why) or type(why).__name__
    return None


def run(bench, application, column):
    began = time.monotonic()
    try:
        why = outcome(bench, application)
    except Skipped as reason:
        print(f"skipped {column.name}/{application.name}: {reason}", flush=True)
        return
    if column.name in application.flaws:
        why = None if why else "it works, but the catalogue says why it cannot"
    say(f"{column.name}/{application.name}", why)
    if "APPS_TIMES" in os.environ:
        print(f"# {time.monotonic() - began:.1f} s {application.name}", flush=True)


def main(words):
    binary, name, *names = words
    column = next(column for column in COLUMNS if column.name == name)
    make_network()
    socket.setdefaulttimeout(LIMIT)  # also for accept()
    # In memory, and of our namespace alone: it is gone with us, keys and all.
    folder = Path(binary).with_name("work")
    folder.mkdir(exist_ok=True)
    command("mount", "-t", "tmpfs", "tmpfs", str(folder))
    bench = Bench(binary, column, folder)
    for application in APPLICATIONS:
        if application.name in names:
            run(bench, application, column)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
