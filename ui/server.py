"""Put the chat on an address of this machine, and say where it is once it can be opened."""

import logging
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from pullquote.ui.accounts import Accounts
from pullquote.ui.guard import admitted
from pullquote.ui.headers import OwnHost, SecureHeaders
from pullquote.ui.limits import LARGEST_BODY, LimitedBody
from pullquote.ui.listening import AddressError, Server, listen
from pullquote.ui.logs import RequestLog
from pullquote.ui.metrics import MEDIA_TYPE, Metrics
from pullquote.ui.offline import gr
from pullquote.ui.problems import refused
from pullquote.ui.sessions import Sessions
from pullquote.ui.theme import FAVICON, STYLE, UPLOADS_STYLE, newspaper

HOST = "127.0.0.1"
PORT = 7860
SIGN_IN = "Sign in to ask the articles."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """How the chat is served: who may come in, what is counted, where it seems to stand.

    `root_path` is where a proxy puts it, such as "/news", which the proxy takes away again.
    `own_names` refuses requests under a name that is not this machine's own.
    `largest_upload` is in bytes, of all files that are uploaded at once; 0 refuses all.
    """

    accounts: Accounts | None = None
    metrics: Metrics | None = None
    root_path: str = ""
    largest_upload: int = 0
    own_names: bool = False


OPEN_HOUSE = House()


def serve(
    app_blocks: gr.Blocks,
    host: str = HOST,
    port: int = PORT,
    open_browser: bool = False,
    api: FastAPI | None = None,
    house: House = OPEN_HOUSE,
) -> None:
    """Serve the chat until it is interrupted; prints one line, its address, once it is up.

    `api` answers programs under /api, beside the chat.

    Raises:
        AddressError: another program uses the port, or the host is not this machine's.
    """

    def announce(address: str) -> None:
        print(f"Pullquote is at {address} (Ctrl+C stops it)", flush=True)
        if open_browser:
            webbrowser.open(address)

    listener = listen(host, port)
    try:
        app = web_app(app_blocks, api, house)
        Server(app, host, listener, announce, house.root_path).run()
    except KeyboardInterrupt:
        logger.info("Stopped.")
    finally:
        listener.close()


@contextmanager
def background(
    app_blocks: gr.Blocks,
    host: str = HOST,
    port: int = 0,
    api: FastAPI | None = None,
    house: House = OPEN_HOUSE,
) -> Iterator[str]:
    """Serve the chat from a thread while the block runs; gives its address. Port 0 is a free one.

    Raises:
        AddressError: as for `serve`.
    """
    up = threading.Event()
    addresses: list[str] = []

    def announce(address: str) -> None:
        addresses.append(address)
        up.set()

    app = web_app(app_blocks, api, house)
    server = Server(app, host, listen(host, port), announce, house.root_path)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        if not up.wait(timeout=60):
            raise AddressError(f"The chat did not start on {host} within a minute.")
        yield addresses[0]
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def web_app(
    app_blocks: gr.Blocks, api: FastAPI | None = None, house: House = OPEN_HOUSE
) -> FastAPI:
    """The chat as a web application, for a server of one's own; with `api` under /api."""
    # FastAPI's own documentation pages load their scripts from the network.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.get("/healthz")(_health)
    if house.metrics:
        app.get("/metrics")(_metrics(house.metrics, house.accounts))
    if not house.largest_upload:  # gradio's own route cannot be turned off
        app.post("/gradio_api/upload")(_no_uploads)
    if api:
        app.mount("/api", api)  # before the chat, which takes every path that is left
        app.exception_handler(HTTPException)(refused)  # a path with a line break is in neither
    gr.mount_gradio_app(
        app,
        app_blocks,
        path="/",
        footer_links=[],
        run_history=False,
        favicon_path=str(FAVICON),
        show_error=False,
        max_file_size=house.largest_upload or 1,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=newspaper(),
        css_paths=[STYLE, UPLOADS_STYLE],
        root_path=house.root_path or None,
        auth=house.accounts.admits if house.accounts else None,
        auth_message=SIGN_IN,
    )
    if house.accounts:
        chat: Any = app.routes[-1]
        app.add_middleware(Sessions, accounts=house.accounts, tokens=chat.app.tokens)
    app.add_middleware(LimitedBody, at_most=max(LARGEST_BODY, 2 * house.largest_upload))
    if house.own_names:
        app.add_middleware(OwnHost)
    app.add_middleware(SecureHeaders)
    app.add_middleware(RequestLog)
    return app


async def _health() -> dict[str, str]:
    # The models were loaded before the address was listened on.
    return {"status": "ok"}


def _metrics(metrics: Metrics, accounts: Accounts | None) -> Callable[[Request], Response]:
    def tell(request: Request) -> Response:
        if accounts:
            admitted(request.headers.get("authorization"), accounts)
        return Response(metrics.text(), media_type=MEDIA_TYPE)

    return tell


async def _no_uploads() -> None:
    raise HTTPException(403, "Nothing can be uploaded here.")
