"""The log of a server: JSON lines on standard error, without what people ask."""

import logging
import sys
import time
from urllib.parse import quote

from pythonjsonlogger.json import JsonFormatter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

# Assets, heartbeats and the like; of these only what fails is told.
_TOLD = ("/api/", "/login", "/logout", "/metrics")


def log_json() -> None:
    """Write this process's log to standard error, one JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            ["asctime", "levelname", "name", "message"],
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            datefmt="%Y-%m-%dT%H:%M:%S%z",
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("pullquote").setLevel(logging.INFO)


class RequestLog:
    """Logs requests of programs and whatever fails: the path, never the query."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and log how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        try:
            await self._app(scope, receive, noted)
        finally:
            if path.startswith(_TOLD) or status >= 500:
                logger.info(
                    "A request was answered.",
                    extra={
                        "event": "request",
                        "method": scope["method"],
                        "path": quote(path),
                        "status": status,
                        "seconds": round(time.perf_counter() - started, 3),
                    },
                )
