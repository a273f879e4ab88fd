"""Put the chat on an address of this machine, and say where it is once it can be opened."""

import logging
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from pullquote.index.errors import PullquoteError
from pullquote.ui.offline import gr
from pullquote.ui.theme import FAVICON, STYLE, newspaper

HOST = "127.0.0.1"
PORT = 7860
# Nobody uploads anything here, but gradio's upload route cannot be turned off.
LARGEST_UPLOAD = "1kb"

logger = logging.getLogger(__name__)


class AddressError(PullquoteError):
    """The address cannot be listened on; the text names the host, the port and `--port`."""


def serve(
    app_blocks: gr.Blocks, host: str = HOST, port: int = PORT, open_browser: bool = False
) -> None:
    """Serve the chat until it is interrupted; prints one line, its address, once it is up.

    Raises:
        AddressError: another program uses the port, or the host is not this machine's.
    """

    def announce(address: str) -> None:
        print(f"Pullquote is at {address} (Ctrl+C stops it)", flush=True)
        if open_browser:
            webbrowser.open(address)

    listener = _listen(host, port)
    try:
        _Server(web_app(app_blocks), host, listener, announce).run()
    except KeyboardInterrupt:
        logger.info("Stopped.")
    finally:
        listener.close()


@contextmanager
def background(app_blocks: gr.Blocks, host: str = HOST, port: int = 0) -> Iterator[str]:
    """Serve the chat from a thread while the block runs; gives its address. Port 0 is a free one.

    Raises:
        AddressError: as for `serve`.
    """
    up = threading.Event()
    addresses: list[str] = []

    def announce(address: str) -> None:
        addresses.append(address)
        up.set()

    server = _Server(web_app(app_blocks), host, _listen(host, port), announce)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        if not up.wait(timeout=60):
            raise AddressError(f"The chat did not start on {host} within a minute.")
        yield addresses[0]
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def web_app(app_blocks: gr.Blocks) -> FastAPI:
    """The chat as a web application, for a server of one's own."""
    # FastAPI's own documentation pages load their scripts from the network.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
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


class _Server(uvicorn.Server):
    """A server that says its address when it has begun to listen."""

    def __init__(
        self, app: FastAPI, host: str, listener: socket.socket, announce: Callable[[str], None]
    ) -> None:
        # Browsers keep a stream open per page; waiting for them would keep Ctrl+C from working.
        super().__init__(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        self._listener = listener
        self._announce = announce
        name = f"[{host}]" if ":" in host else host
        self._address = f"http://{name}:{listener.getsockname()[1]}/"

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce(self._address)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        super().run(sockets or [self._listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    # Without this a port stays taken for a minute after the last server on it has stopped.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        raise AddressError(
            f"Port {port} on {host} cannot be used ({error}); choose another with --port."
        ) from error
    return listener
