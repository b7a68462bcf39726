"""The guard on outgoing requests: posts to and reads from public addresses over https, and nowhere else.

The name is resolved here, each address that it has is checked, and the socket is opened to the checked address itself,
so that a name cannot point elsewhere between the check and the connection. Redirects are not followed. Size and time
have limits. Hosts that an operator names may lie inside the company's network.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

CONNECT_TIMEOUT_S = 5.0
TOTAL_TIMEOUT_S = 10.0
MAX_ANSWER_BYTES = 65_536
READ_TIMEOUT_S = 30.0
MAX_READ_BYTES = 33_554_432
MAX_ADDRESS_LETTERS = 2000

Place = tuple[int, tuple[Any, ...]]  # family and socket address
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Answers secrets to machines of one cloud from a public address.
_METADATA = frozenset({ipaddress.ip_address("168.63.129.16")})
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class Refused(Exception):
    """An address that no message may go to; says why in a sentence."""


class Unreachable(Exception):
    """The other side could not be asked, or gave no answer; `was_sent` says whether it may have read the message."""

    def __init__(self, sentence: str, *, was_sent: bool = False):
        super().__init__(sentence)
        self.was_sent = was_sent


@dataclass(frozen=True)
class Answer:
    """What the other side said; the names of headers in small letters."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Request:
    """One request: how it is made, and how much of an answer is waited for."""

    method: str
    body: bytes | None
    headers: dict[str, str]
    total_s: float
    most_bytes: int


def check_url(url: str) -> SplitResult:
    """Return an address in its parts, or refuse it by how it is written."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise Refused("This is no address. Use one such as https://hooks.example.com/services/…") from None
    schemes = {"https", "http"} if settings.WEBHOOK_ALLOW_HTTP else {"https"}
    if parts.scheme not in schemes:
        raise Refused(f"Addresses begin with {' or '.join(sorted(f'{one}://' for one in schemes))}.")
    if not parts.hostname or any(not 32 < ord(letter) < 127 for letter in url.strip()):
        raise Refused("This is no address. Use one such as https://hooks.example.com/services/…")
    if parts.username is not None or parts.password is not None:
        raise Refused("An address holds no user name and no password here. Use one with a secret path.")
    if len(url) > MAX_ADDRESS_LETTERS:
        raise Refused(f"An address has at most {MAX_ADDRESS_LETTERS:,} characters.")
    if port == 0:
        raise Refused("Port 0 is no port.")
    return parts


def _inner(place: Address) -> list[Address]:
    """Return an address and the IPv4 addresses that it carries: mapped, compatible, 6to4, Teredo, NAT64."""
    if isinstance(place, ipaddress.IPv4Address):
        return [place]
    found: list[Address] = [place]
    if place.ipv4_mapped:
        return [place.ipv4_mapped]
    if place.sixtofour:
        found.append(place.sixtofour)
    if place.teredo:
        found += place.teredo
    if any(place in network for network in _NAT64) or int(place) >> 32 == 0:
        found.append(ipaddress.IPv4Address(int(place) & 0xFFFFFFFF))
    return found


def is_allowed(place: Address, *, may_be_internal: bool = False) -> bool:
    """Say whether a message may go to a network address; `may_be_internal` for hosts that the operator named.

    >>> is_allowed(ipaddress.ip_address("::ffff:127.0.0.1")), is_allowed(ipaddress.ip_address("169.254.169.254"))
    (False, False)
    """
    for one in _inner(place):
        is_site_local = isinstance(one, ipaddress.IPv6Address) and one.is_site_local
        is_never = one.is_link_local or one.is_multicast or one.is_unspecified or one in _METADATA
        if is_never or (not may_be_internal and (not one.is_global or one.is_reserved or is_site_local)):
            return False
    return True


def places_of(parts: SplitResult) -> list[Place]:
    """Return the checked addresses of a host as (family, socket address); refuse it if any of them is not allowed."""
    host = str(parts.hostname).lower().rstrip(".")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    allowed = {name.lower() for name in settings.WEBHOOK_ALLOWED_HOSTS}
    may_be_internal = host in allowed or f"{host}:{port}" in allowed
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        raise Unreachable(f"There is no host named {host}.") from None
    places: list[Place] = [(family, address) for family, _, _, _, address in found]
    for _, address in places:
        # A zone ("fe80::1%eth0") only links have; ip_address would take it as part of the address.
        place = ipaddress.ip_address(str(address[0]).partition("%")[0])
        if not is_allowed(place, may_be_internal=may_be_internal):
            raise Refused(f"{host} lies inside a network, where messages may not go. Ask ops to allow this host.")
    if not places:
        raise Unreachable(f"There is no host named {host}.")
    return places


def _connect(places: list[Place], end: float) -> socket.socket:
    last: OSError = OSError("no address")
    for family, address in places[:4]:
        opened = socket.socket(family, socket.SOCK_STREAM)
        opened.settimeout(max(0.1, min(CONNECT_TIMEOUT_S, end - time.monotonic())))
        try:
            opened.connect(address)
            return opened
        except OSError as error:
            opened.close()
            last = error
    raise Unreachable("It cannot be reached: " + ("it did not answer in time." if _is_late(last) else "no connection."))


def _is_late(error: BaseException) -> bool:
    return isinstance(error, TimeoutError)


def post(url: str, body: bytes, headers: dict[str, str], *, tls: ssl.SSLContext | None = None) -> Answer:
    """Post a body and return what was answered, whatever its status; raise Refused or Unreachable.

    `tls` replaces the system's certificates, for a company's own.
    """
    return _ask(url, _Request("POST", body, headers, TOTAL_TIMEOUT_S, MAX_ANSWER_BYTES), tls)


def fetch(
    url: str,
    headers: dict[str, str],
    *,
    total_s: float = READ_TIMEOUT_S,
    most_bytes: int = MAX_READ_BYTES,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """Read an address and return what was answered, whatever its status; raise Refused or Unreachable.

    An answer larger than `most_bytes` is Unreachable: half of it would only look like one.
    """
    answer = _ask(url, _Request("GET", None, headers, total_s, most_bytes + 1), tls)
    if len(answer.body) > most_bytes:
        raise Unreachable(f"Its answer is larger than {most_bytes // 1_048_576} MiB.", was_sent=True)
    return answer


def _ask(url: str, asked: _Request, tls: ssl.SSLContext | None) -> Answer:
    parts = check_url(url)
    end = time.monotonic() + asked.total_s
    opened = _connect(places_of(parts), end)
    # A drip of one byte at a time would never run into the socket's own timeout.
    held = [opened]
    watch = threading.Timer(max(0.1, end - time.monotonic()), _cut, [held])
    watch.daemon = True
    watch.start()
    try:
        if parts.scheme == "https":
            context = tls or ssl.create_default_context()
            wrapped = context.wrap_socket(opened, server_hostname=parts.hostname, do_handshake_on_connect=False)
            held[0] = wrapped
            wrapped.do_handshake()
        return _exchange(held[0], parts, asked, end)
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(f"Its certificate is not valid: {error.verify_message}.") from None
    except OSError as error:
        raise _fault(error, end, asked) from None
    finally:
        watch.cancel()
        held[0].close()


def _exchange(opened: socket.socket, parts: SplitResult, asked: _Request, end: float) -> Answer:
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port)
    connection.sock = opened
    opened.settimeout(max(0.1, end - time.monotonic()))
    path = parts.path or "/"
    try:
        target = f"{path}?{parts.query}" if parts.query else path
        connection.request(asked.method, target, asked.body, asked.headers)
        response = connection.getresponse()
        heads = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(response.status, response.read(asked.most_bytes), heads)
        if time.monotonic() >= end:  # cut off: what came until then only looks like an answer
            raise TimeoutError
        return answer
    except (OSError, http.client.HTTPException) as error:
        raise _fault(error, end, asked, was_sent=True) from None


def _fault(error: BaseException, end: float, asked: _Request, *, was_sent: bool = False) -> Unreachable:
    if _is_late(error) or time.monotonic() >= end:
        return Unreachable(f"It did not answer within {asked.total_s:.0f} s.", was_sent=was_sent)
    if isinstance(error, ssl.SSLError):
        return Unreachable("The encrypted connection failed.", was_sent=was_sent)
    return Unreachable("It broke the connection off.", was_sent=was_sent)


def _cut(held: list[socket.socket]) -> None:
    try:
        socket.socket.shutdown(held[0], socket.SHUT_RDWR)
    except OSError:
        return  # closed already
