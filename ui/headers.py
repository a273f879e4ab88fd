"""What a browser may do with what is served: headers on every response, and who may send requests.

Gradio builds functions out of strings, so `unsafe-eval` cannot be left out; scripts that stand in a
page are allowed by their hashes, so that one which comes in any other way does not run.
"""

import base64
import hashlib
import re
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Gradio refuses requests without an origin, which "no-referrer" would take away.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'{hashes}; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_FOREIGN = (
    "This server answers only under this machine's own names. Behind a proxy, start it with "
    "--root-path / or with --auth-file."
)
_SAFE = ("GET", "HEAD", "OPTIONS")


class SecureHeaders:
    """Puts the headers on every response, and refuses what another site's page sends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and hold a page back until its scripts are known."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        guarded = _Response(send)
        site = Headers(scope=scope).get("sec-fetch-site", "none")
        if scope["method"] not in _SAFE and site not in ("same-origin", "none"):
            refusal = PlainTextResponse("Another site may not send requests here.", 403)
            await refusal(scope, receive, guarded.send)
            return
        await self._app(_readable(scope), receive, guarded.send)


class OwnHost:
    """Refuses requests under a name, for a server that only its own machine reaches.

    A page from elsewhere whose name is made to lead to this machine (DNS rebinding) is of the same
    origin to the browser, but it says that name.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on that names this machine or an IP address."""
        if scope["type"] == "http" and not is_own_name(Headers(scope=scope).get("host", "")):
            refusal = PlainTextResponse(_FOREIGN, 421)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def is_own_name(host: str) -> bool:
    """Whether a Host header is an IP address or "localhost", which no name elsewhere can be."""
    bracketed = re.fullmatch(r"\[([^]]*)\](?::[0-9]*)?", host)
    name = bracketed[1] if bracketed else host.rpartition(":")[0] or host
    try:
        ip_address(name)
    except ValueError:
        return name.lower() == "localhost" or name.lower().endswith(".localhost")
    return True


class _Response:
    """One response on its way out."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None  # of a page that is held back
        self._page = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in [name for name in headers if name.startswith("access-control-")]:
                del headers[name]  # gradio lets every site read
            for name, value in _FIXED.items():
                headers[name] = value
            if headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
            headers["Content-Security-Policy"] = _policy(b"")
        elif self._start and message["type"] == "http.response.body":
            self._page += message.get("body", b"")
            if message.get("more_body"):
                return
            MutableHeaders(scope=self._start)["Content-Security-Policy"] = _policy(self._page)
            await self._send(self._start)
            message = {"type": "http.response.body", "body": self._page}
        await self._send(message)


def _policy(page: bytes) -> str:
    digests = (hashlib.sha256(script[1]).digest() for script in _INLINE.finditer(page))
    hashes = "".join(f" 'sha256-{base64.b64encode(one).decode()}'" for one in digests)
    return _POLICY.format(hashes=hashes)


def _readable(scope: Scope) -> Scope:
    """The request of a page such that it is not answered compressed."""
    if b"text/html" not in dict(scope["headers"]).get(b"accept", b""):
        return scope
    headers = [one for one in scope["headers"] if one[0] != b"accept-encoding"]
    return {**scope, "headers": headers}
