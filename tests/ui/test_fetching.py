"""Articles from the web, from a real server: what is fetched, and above all what is not."""

import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.ui.fetching import Fetched, FetchError, fetch, is_public

PAGE = "<html><title>The pier</title><p>The pier reopened on Friday.</html>"


class Handler(BaseHTTPRequestHandler):
    """Answers by the path."""

    def do_GET(self) -> None:
        port = self.headers["Host"].rpartition(":")[2]
        answers: dict[str, tuple[int, dict[str, str], bytes]] = {
            "/page": (200, {"Content-Type": "text/html; charset=utf-8"}, PAGE.encode()),
            "/pdf": (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4"),
            "/image": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
            "/nothing": (200, {}, b"?"),
            "/moved": (302, {"Location": "page"}, b""),
            "/loop": (302, {"Location": "/loop"}, b""),
            "/inside": (302, {"Location": f"http://127.0.0.2:{port}/page"}, b""),
            "/name": (302, {"Location": f"http://localhost:{port}/page"}, b""),
            "/file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/large": (200, {"Content-Type": "text/plain"}, b"x" * 1001),
            "/packed": (
                200,
                {"Content-Type": "text/html", "Content-Encoding": "gzip"},
                gzip.compress(PAGE.encode()),
            ),
            "/bomb": (
                200,
                {"Content-Type": "text/html", "Content-Encoding": "gzip"},
                gzip.compress(b"x" * 100_000),
            ),
            "/damaged": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, b"?"),
            "/odd": (200, {"Content-Type": "text/html", "Content-Encoding": "br"}, b"?"),
            "/%C3%A4?b=1": (200, {"Content-Type": "text/plain"}, b"an umlaut"),
        }
        if self.path == "/slow":
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            try:
                for _ in range(200):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                pass
            return
        status, headers, body = answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def only_this_one(address: str) -> bool:
    """As if the server of the test were the only public address."""
    return address == "127.0.0.1"


def got(url: str, **limits: Any) -> Fetched:
    return fetch(url, permitted=only_this_one, **limits)


def test_a_page(site: str) -> None:
    assert got(f"{site}/page") == Fetched(f"{site}/page", ".html", PAGE.encode())
    assert got(f" {site}/page#top ").url == f"{site}/page"
    assert got(f"{site}/pdf").kind == ".pdf"
    assert got(f"{site}/ä?b=1").data == b"an umlaut"


def test_a_redirect_is_followed_to_its_end(site: str) -> None:
    assert got(f"{site}/moved").url == f"{site}/page"
    with pytest.raises(FetchError, match="redirects more than"):
        got(f"{site}/loop")


def test_a_page_that_comes_packed(site: str) -> None:
    assert got(f"{site}/packed").data == PAGE.encode()
    with pytest.raises(FetchError, match="larger than"):
        got(f"{site}/bomb", at_most=1000)
    for path in ("/damaged", "/odd"):
        with pytest.raises(FetchError):
            got(site + path)


@pytest.mark.parametrize("path", ["/page", "/moved"])
def test_nothing_comes_from_a_private_address(site: str, path: str) -> None:
    port = site.rpartition(":")[2]
    # However it is written, and whatever name leads there.
    for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "0"):
        with pytest.raises(FetchError, match=r"private network"):
            fetch(f"http://{host}:{port}{path}")


def test_a_redirect_into_a_private_network_is_not_followed(site: str) -> None:
    with pytest.raises(FetchError, match="private network"):
        got(f"{site}/inside")


def test_a_name_is_looked_at_by_all_of_its_addresses(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(site.rpartition(":")[2])
    asked: list[str] = []

    def resolve(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        # First as it should be, then elsewhere: what DNS rebinding does.
        found = ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.1", "127.0.0.2"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert got(f"http://news.example:{port}/page").data == PAGE.encode()
    assert asked[0] == "news.example"
    with pytest.raises(FetchError, match="private network"):
        got(f"http://news.example:{port}/page")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "page",
        "ftp://example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http://[",
        "http://example.com:99999/",
        "http://ann:secret@example.com/",
        "http://" + "x" * 300 + ".example/",
    ],
)
def test_what_is_no_address_or_none_to_be_fetched(url: str) -> None:
    with pytest.raises(FetchError):
        fetch(url)


def test_a_redirect_to_a_file_is_not_followed(site: str) -> None:
    with pytest.raises(FetchError, match="web address"):
        got(f"{site}/file")


@pytest.mark.parametrize("path", ["/image", "/nothing", "/missing"])
def test_what_is_no_article(site: str, path: str) -> None:
    with pytest.raises(FetchError):
        got(site + path)


def test_limits_of_size_and_time(site: str) -> None:
    with pytest.raises(FetchError, match="larger than"):
        got(f"{site}/large", at_most=1000)
    assert len(got(f"{site}/large", at_most=1001).data) == 1001
    with pytest.raises(FetchError, match="longer than"):
        got(f"{site}/slow", longest=0.3)


def test_a_site_that_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as quiet:
        address = f"http://127.0.0.1:{quiet.getsockname()[1]}/"
        with pytest.raises(FetchError, match="longer than"):
            got(address, longest=0.3)
    with pytest.raises(FetchError, match="cannot be reached"):
        got(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1", "240.0.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111"])
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_as_public_as_the_one_inside(ip: ipaddress.IPv4Address) -> None:
    for written in (f"::ffff:{ip}", f"64:ff9b::{int(ip) >> 16:x}:{int(ip) & 0xFFFF:x}"):
        assert is_public(written) <= is_public(str(ip))
