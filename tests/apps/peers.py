# SPDX-License-Identifier: BSD-3-Clause
"""The peers of lwIP's applications that Debian has no program for: small servers in threads of this process."""

import base64
import fcntl
import hashlib
import http.server
import socket
import socketserver
import ssl
import struct
import termios
import threading
import time

from lan import HERE, HERE6, HOST, LIMIT, Failure

MAIL_USER = b"\0user\0secret"  # what host/mail.c logs in with, as AUTH PLAIN has it


def reading(sock):
    """Everything until the peer has finished."""
    return b"".join(iter(lambda: sock.recv(65536), b""))


def exactly(sock, size):
    """This many bytes."""
    got = bytearray()
    while len(got) < size:
        more = sock.recv(size - len(got))
        if not more:
            raise Failure(f"the connection ended after {len(got)} of {size} bytes")
        got += more
    return bytes(got)


def connected(port, address=HOST, source_port=0):
    """A connection to lwIP; its servers that run in a thread may start a moment late."""
    deadline = time.monotonic() + LIMIT
    while True:
        try:
            return socket.create_connection((address, port), timeout=LIMIT, source_address=("", source_port))
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def unacknowledged(sock):
    """How many bytes the peer has not acknowledged."""
    return struct.unpack("=i", fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)))[0]


def unread(sock):
    """How many bytes have come and were not received."""
    return struct.unpack("=i", fcntl.ioctl(sock, termios.FIONREAD, bytes(4)))[0]


def reset(sock):
    """End a connection with a RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("=ii", 1, 0))
    sock.close()


class _Threads(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 16
    context = None  # TLS

    def get_request(self):
        sock, address = super().get_request()
        if self.context:
            sock = self.context.wrap_socket(sock, server_side=True)
        return sock, address

    def handle_error(self, request, client_address):
        pass  # a client that went away


class _Threads6(_Threads):
    address_family = socket.AF_INET6


class Server:
    """A server on our side of the TAP, within `with`."""

    def __init__(self, handler, port, tls=None, family=_Threads, **facts):
        self.server = family((HERE6 if family is _Threads6 else HERE, port), handler)
        for name, value in facts.items():
            setattr(self.server, name, value)
        if tls:
            self.server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.server.context.load_cert_chain(*tls)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self.server

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Echo(socketserver.BaseRequestHandler):
    """Sends everything back as it comes."""

    def handle(self):
        for data in iter(lambda: self.request.recv(65536), b""):
            self.request.sendall(data)


class Files(http.server.SimpleHTTPRequestHandler):
    """The files of server.folder."""

    protocol_version = "HTTP/1.1"

    def __init__(self, request, address, server):
        super().__init__(request, address, server, directory=str(server.folder))

    def log_message(self, *_):
        pass


class Patient(socketserver.BaseRequestHandler):
    """An HTTP server as contrib's socket_examples want it: silent until the request is complete."""

    def handle(self):
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            more = self.request.recv(1024)
            if not more:
                return
            request += more
        self.request.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello")


Patient.family = _Threads6


class Mail(socketserver.StreamRequestHandler):
    """A mail server that keeps what it gets: server.mails has (login, from, to, text) of each."""

    def _answer(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def _text(self):
        lines = []
        for line in iter(self.rfile.readline, b".\r\n"):
            if not line:
                raise ConnectionError
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def handle(self):
        login = sender = recipient = None
        self._answer("220 peer")
        for line in self.rfile:
            verb, _, rest = line.strip().partition(b" ")
            verb = verb.upper()
            if verb == b"EHLO":
                self._answer("250-peer")
                self._answer("250 AUTH PLAIN")
            elif verb == b"AUTH":
                login = base64.b64decode(rest.split()[-1])
                self._answer("235 welcome")
            elif verb == b"MAIL":
                sender = rest
                self._answer("250 ok")
            elif verb == b"RCPT":
                recipient = rest
                self._answer("250 ok")
            elif verb == b"DATA":
                self._answer("354 go ahead")
                self.server.mails.append((login, sender, recipient, self._text()))
                self._answer("250 taken")
            elif verb == b"QUIT":
                self._answer("221 bye")
                return
            else:
                self._answer("502 what?")


# ---- what a kernel can tell about segments ----

class Sniffer:
    """The TCP segments that lwIP sends, as (source port, destination port, sequence number, flags)."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
        self.sock.bind(("tap0", 0))
        self.sock.settimeout(LIMIT)

    def close(self):
        self.sock.close()

    def syn_ack(self, local_port, remote_port):
        """The sequence number of the SYN,ACK from lwIP's port to ours."""
        while True:
            frame = self.sock.recv(2048)
            tcp = 14 + 4 * (frame[14] & 15)
            if frame[23] != 6 or frame[26:30] != socket.inet_aton(HOST):
                continue
            source, destination, seq, _, flags = struct.unpack_from("!HHIIxB", frame, tcp)
            if (source, destination, flags & 0x12) == (local_port, remote_port, 0x12):
                return seq


def isn_by_rfc1948(secret, boot_time, local_port, remote_port):
    """What contrib's tcp_isn adds to its clock of 4 us: MD5 over addresses (as IPv6), ports and secret."""
    mapped = b"\0" * 10 + b"\xff\xff"
    text = (mapped + socket.inet_aton(HOST) + mapped + socket.inet_aton(HERE)
            + struct.pack("!HH", local_port, remote_port) + secret).ljust(64, b"\0")
    return struct.unpack("=I", hashlib.md5(text).digest()[:4])[0] + boot_time * 250000


TCP_MD5SIG = 14


def sign(sock, address, key, port=0):
    """Linux's TCP_MD5SIG; an OSError where the kernel has none."""
    peer = struct.pack("=HH4s", socket.AF_INET, socket.htons(port), socket.inet_aton(address)).ljust(128, b"\0")
    sock.setsockopt(socket.IPPROTO_TCP, TCP_MD5SIG, peer + struct.pack("=xxHI", len(key), 0) + key.ljust(80, b"\0"))
