"""Serve a web application on an address of this machine."""

import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from pullquote.index.errors import PullquoteError
from pullquote.ui.limits import LARGEST_BODY


class AddressError(PullquoteError):
    """The address cannot be listened on; the text names the host, the port and `--port`."""


class Server(uvicorn.Server):
    """A server that says its address when it has begun to listen."""

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        listener: socket.socket,
        announce: Callable[[str], None],
        root_path: str = "",
    ) -> None:
        """`announce` is called once with the address, such as "http://127.0.0.1:7860/".

        `root_path` is what a proxy has taken off the paths of requests.
        """
        config = uvicorn.Config(
            app,
            log_config=None,  # uvicorn's records go where those of the product go
            log_level="warning",
            access_log=False,
            server_header=False,
            root_path=root_path,
            # Browsers keep a stream open per page; waiting for them would keep Ctrl+C from working.
            timeout_graceful_shutdown=1,
            # The longest search, in a query that writes every byte as three.
            h11_max_incomplete_event_size=LARGEST_BODY,
        )
        super().__init__(config)
        self._listener = listener
        self._announce = announce
        name = f"[{host}]" if ":" in host else host
        self._address = f"http://{name}:{listener.getsockname()[1]}/"

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self._announce(self._address)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until it is told to stop."""
        super().run(sockets or [self._listener])


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on a host's port; port 0 is a free one.

    Raises:
        AddressError: another program uses the port, or the host is not this machine's.
    """
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
