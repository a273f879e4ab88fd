"""Put the chat on an address of this machine, and say where it is once it can be opened."""

import logging
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI

from pullquote.ui.listening import AddressError, Server, listen
from pullquote.ui.offline import gr
from pullquote.ui.theme import FAVICON, STYLE, newspaper

HOST = "127.0.0.1"
PORT = 7860
# Nobody uploads anything here, but gradio's upload route cannot be turned off.
LARGEST_UPLOAD = "1kb"

logger = logging.getLogger(__name__)


def serve(
    app_blocks: gr.Blocks,
    host: str = HOST,
    port: int = PORT,
    open_browser: bool = False,
    api: FastAPI | None = None,
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
        Server(web_app(app_blocks, api), host, listener, announce).run()
    except KeyboardInterrupt:
        logger.info("Stopped.")
    finally:
        listener.close()


@contextmanager
def background(
    app_blocks: gr.Blocks, host: str = HOST, port: int = 0, api: FastAPI | None = None
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

    server = Server(web_app(app_blocks, api), host, listen(host, port), announce)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        if not up.wait(timeout=60):
            raise AddressError(f"The chat did not start on {host} within a minute.")
        yield addresses[0]
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def web_app(app_blocks: gr.Blocks, api: FastAPI | None = None) -> FastAPI:
    """The chat as a web application, for a server of one's own; with `api` under /api."""
    # FastAPI's own documentation pages load their scripts from the network.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.get("/healthz")(_health)
    if api:
        app.mount("/api", api)  # before the chat, which takes every path that is left
    gr.mount_gradio_app(
        app,
        app_blocks,
        path="/",
        footer_links=[],
        run_history=False,
        favicon_path=str(FAVICON),
        show_error=False,
        max_file_size=LARGEST_UPLOAD,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=newspaper(),
        css_paths=[STYLE],
    )
    return app


async def _health() -> dict[str, str]:
    # The models were loaded before the address was listened on.
    return {"status": "ok"}
