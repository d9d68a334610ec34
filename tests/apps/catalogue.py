# SPDX-License-Identifier: BSD-3-Clause
"""The applications, in the order of docs/applications.md; inside.py has a test of each one's name."""

import typing

class Column(typing.NamedTuple):
    """One build of lwIP."""

    backend: str
    version: str
    bare: bool = False  # NO_SYS=1 and LWIP_ALTCP=0, else threads and altcp

    @property
    def name(self):
        return f"{self.backend}/{self.version}" + ("-bare" if self.bare else "")

    def lacks(self, needs):
        """None, or the first of these that it has not."""
        missing = {"contrib"} if self.version == "2.1.3" else set()  # Debian's package comes without
        if self.bare:
            missing |= {"threads", "altcp"}
        return next((need for need in needs if need in missing), None)


COLUMNS = [Column(backend, version, bare) for version, bare in (("2.1.3", False), ("2.2.1", True), ("2.2.1", False))
           for backend in ("legacy", "alt")]


class Application(typing.NamedTuple):
    """One row of the table."""

    name: str
    what: str  # which application, for readers
    test: str  # with whom it does what
    needs: tuple = ()  # of "contrib", "threads", "altcp"
    slow: bool = False  # takes seconds, not for --fast
    flaws: dict = {}  # {column's name: why it cannot work there}; it must fail


DESTROYED = "extension arguments are destroyed by tcp_listen()"

APPLICATIONS = [
    Application("altcp-server", "altcp over TCP, as a server", "echoes 4 MB, IPv4 and IPv6", needs=("altcp",)),
    Application("altcp-client", "altcp over TCP, as a client",
                "sends 4 MB to an echo server, half-closes, gets them back", needs=("altcp",)),
    Application("httpd-files", "httpd", "curl: 4 MB, keep-alive, 404, IPv4 and IPv6"),
    Application("httpd-ssi", "httpd with server-side includes", "curl: a page longer than the send buffer"),
    Application("httpd-cgi", "httpd with CGI", "curl: parameters, shown by an include"),
    Application("httpd-post", "httpd with POST", "curl: a body of 4 MB, the window opened by the application"),
    Application("http-client", "HTTP client", "Python's http.server: 4 MB, 404"),
    Application("https-server", "altcp_tls over mbedTLS: httpd", "curl checks the certificate, gets 4 MB twice",
                needs=("altcp",)),
    Application("https-client", "altcp_tls over mbedTLS: HTTP client",
                "Python's ssl: 4 MB; a certificate that is not trusted (2.1.3 trusts all)", needs=("altcp",)),
    Application("smtp", "SMTP client", "a mail server: login, one mail of 40 kB"),
    Application("smtp-tls", "SMTP client over altcp_tls", "the same over TLS", needs=("altcp",)),
    Application("mqtt", "MQTT client",
                "mosquitto: QoS 0 to 2 both ways, 100 kB (not 2.1.3, it loses count), keep-alive, broker gone",
                slow=True),
    Application("mqtt-tls", "MQTT client over altcp_tls", "mosquitto: QoS 2 both ways over TLS", needs=("altcp",)),
    Application("lwiperf", "lwiperf",
                "iperf 2: 4 MB in, then 4 MB out (not 2.1.3, for which iperf 2.1 is too new)", slow=True),
    Application("tftp", "TFTP server (UDP, untouched)", "curl: 100 kB in, 100 kB out"),
    Application("snmp", "SNMP agent, MIB2's TCP tables",
                "snmpwalk, snmpget: rows and states as the sockets at the other end have them"),
    Application("status", "ours: app_status (raw API)",
                "its rows, queues and, on alt, figures as the sockets at the other end have them"),
    Application("tcpecho", "contrib: tcpecho (netconn)", "echoes 4 MB, IPv4 and IPv6", needs=("contrib", "threads")),
    Application("tcpecho-raw", "contrib: tcpecho_raw (raw API)", "echoes 4 MB, IPv4 and IPv6", needs=("contrib",)),
    Application("netio", "contrib: netio (raw API)", "takes 4 MB", needs=("contrib",)),
    Application("chargen", "contrib: chargen (sockets)", "300 kB in lines of 61 bytes, then a reset",
                needs=("contrib", "threads")),
    Application("shell", "contrib: shell (netconn)",
                "help, stat, open, send, recv, lstn, acpt, clos, quit", needs=("contrib", "threads")),
    Application("httpserver", "contrib: httpserver (netconn)", "curl, IPv4 and IPv6", needs=("contrib", "threads")),
    Application("socket-examples", "contrib: socket_examples (sockets)",
                "their own assertions: blocking and nonblocking connect, timeouts, select in two threads",
                needs=("contrib", "threads"), slow=True),
    Application("tcp-isn", "addon: tcp_isn", "initial sequence numbers on the wire, computed a second time",
                needs=("contrib", "threads")),
    Application("tcp-md5-client", "addon: tcp_md5, as a client", "Linux's TCP_MD5SIG: echoes 4 MB",
                needs=("contrib", "threads")),
    Application("tcp-md5-self", "addon: tcp_md5, both ends", "lwIP with itself, 256 kB each way",
                needs=("contrib", "threads"), flaws={"legacy/2.2.1": DESTROYED}),
    Application("tcp-md5-server", "addon: tcp_md5, as a server",
                "Linux's TCP_MD5SIG: echoes 4 MB; wrong and missing signatures get no answer",
                needs=("contrib", "threads"), slow=True,
                flaws={"legacy/2.2.1": DESTROYED}),
]
