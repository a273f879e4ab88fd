"""Fetch an article from the web: from public addresses only, of limited size, in limited time."""

import socket
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from ssl import SSLContext
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore

from pullquote.index.articles import LARGEST
from pullquote.index.errors import PullquoteError

LONGEST = 30.0  # seconds for everything, redirects included
REDIRECTS = 5
_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
}
_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS: dict[str | bytes, str | bytes] = {
    "User-Agent": "Pullquote",
    "Accept": "text/html, application/pdf, text/plain",
    "Accept-Encoding": "gzip, identity",
}
_NAT64 = IPv6Network("64:ff9b::/96")
_SLOW = f"It took longer than {LONGEST:.0f} seconds; save the page and upload it instead."


class FetchError(PullquoteError):
    """An address cannot be fetched, or may not be."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave; `kind` is the ending that a file of it would have."""

    url: str  # after redirects
    kind: str
    data: bytes


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    An IPv6 address that stands for an IPv4 address is as public as that one.
    """
    ip = ip_address(address.partition("%")[0])
    return all(one.is_global and not one.is_multicast for one in (ip, *_inside(ip)))


def _inside(ip: IPv4Address | IPv6Address) -> Iterable[IPv4Address]:
    if isinstance(ip, IPv4Address):
        return ()
    last = IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
    teredo = ip.teredo[1] if ip.teredo else None
    return (one for one in (ip.ipv4_mapped, ip.sixtofour, teredo, last) if one)


def fetch(
    url: str,
    permitted: Callable[[str], bool] = is_public,
    at_most: int = LARGEST,
    longest: float = LONGEST,
) -> Fetched:
    """Get what is at an address, following redirects.

    Each connection goes to an IP address that was looked at first, so it does not matter what a
    name resolves to later, or where a redirect leads.

    Args:
        url: http:// or https://.
        permitted: whether an IP address may be connected to.
        at_most: bytes of what is got, packed or unpacked.
        longest: seconds for everything.

    Raises:
        FetchError: it may not be fetched, or cannot be, or is no article.
    """
    deadline = time.monotonic() + longest
    backend = _Guarded(permitted, deadline)
    try:
        with httpcore.ConnectionPool(network_backend=backend) as pool:
            for _ in range(REDIRECTS + 1):
                found = _get(pool, _checked(url), at_most, deadline)
                if isinstance(found, Fetched):
                    return found
                url = urljoin(url, found)
    except (httpcore.TimeoutException, TimeoutError) as error:
        raise FetchError(_SLOW) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError) as error:
        raise FetchError("It cannot be reached; check the address.") from error
    raise FetchError(f"It redirects more than {REDIRECTS} times.")


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise FetchError("It is no web address; give one that begins with http:// or https://.")
    if parts.username is not None or parts.password is not None:
        raise FetchError("It has a user name in it; give the address without.")
    host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    path = urlsplit(url.strip())._replace(scheme="", netloc="", fragment="").geturl() or "/"
    quoted = "".join(c if "!" <= c <= "~" else _percent(c) for c in path)
    return f"{parts.scheme}://{host}{port}{quoted if quoted.startswith('/') else '/' + quoted}"


def _percent(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode(errors="replace"))


def _get(pool: httpcore.ConnectionPool, url: str, at_most: int, deadline: float) -> Fetched | str:
    """What is at the address, or where it redirects to."""
    with pool.stream("GET", url, headers=_HEADERS) as response:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in response.headers
        }
        if response.status in _REDIRECTS and "location" in headers:
            return headers["location"]
        if response.status != 200:
            raise FetchError(f"The site answers with status {response.status}.")
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in _KINDS:
            raise FetchError("It is neither a web page nor a PDF nor a text.")
        data = bytearray()
        for block in response.iter_stream():
            data += block
            if len(data) > at_most:
                raise FetchError(f"It is larger than {at_most / 1e6:.0f} MB.")
            if time.monotonic() > deadline:
                raise TimeoutError
    unpacked = _unpacked(bytes(data), headers.get("content-encoding", ""), at_most)
    return Fetched(url, _KINDS[media_type], unpacked)


def _unpacked(data: bytes, encoding: str, at_most: int) -> bytes:
    if encoding.strip().lower() in ("", "identity"):
        return data
    if encoding.strip().lower() != "gzip":
        raise FetchError("The site packs it in a way that was not asked for.")
    unpacking = zlib.decompressobj(31)
    try:
        unpacked = unpacking.decompress(data, at_most + 1)
    except zlib.error as error:
        raise FetchError("What the site sends is damaged.") from error
    if len(unpacked) > at_most:
        raise FetchError(f"It is larger than {at_most / 1e6:.0f} MB.")
    if not unpacking.eof:
        raise FetchError("What the site sends is cut short.")
    return unpacked


class _Guarded(httpcore.SyncBackend):
    """Connects to permitted addresses only, and until a deadline."""

    def __init__(self, permitted: Callable[[str], bool], deadline: float) -> None:
        self._permitted = permitted
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise httpcore.ConnectError(str(error)) from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        if not all(map(self._permitted, addresses)):
            raise FetchError("It leads into a private network, from which nothing is fetched.")
        for number, address in enumerate(addresses, start=1):
            try:
                left = _left(self._deadline, timeout)
                stream = super().connect_tcp(address, port, left, local_address, socket_options)
                return _Timed(stream, self._deadline)
            except httpcore.ConnectError:
                if number == len(addresses):
                    raise
        raise httpcore.ConnectError("The name has no address.")


class _Timed(httpcore.NetworkStream):
    """A connection on which nothing waits beyond a deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline, timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left if timeout is None else min(left, timeout)
