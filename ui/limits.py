"""How much work the API takes on: bytes of a request, questions at once and questions waiting."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pullquote.index.errors import PullquoteError

T = TypeVar("T")

# As many as the chat; more would only make each of them slower.
ASKED_AT_ONCE = 4
WAITING_AT_MOST = 64
# A question and its history with every character written as two escapes of six bytes.
LARGEST_BODY = 640_000


class BusyError(PullquoteError):
    """Too many questions are waiting already."""


class LimitedBody:
    """Refuses a request with 413 as soon as more of its body has come than is allowed."""

    def __init__(self, app: ASGIApp, at_most: int) -> None:
        """`at_most` is in bytes."""
        self._app = app
        self._at_most = at_most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what comes of its body."""
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._at_most:
                raise HTTPException(413, f"A request may have {self._at_most:,} bytes at most.")
            return message

        await self._app(scope, counted, send)


class Queue:
    """Runs blocking work in threads, some at once; the rest waits, and too many are refused."""

    def __init__(self, at_once: int, waiting_at_most: int) -> None:
        self._limiter = CapacityLimiter(at_once)
        self._most = at_once + waiting_at_most
        self._inside = 0  # only the event loop's thread counts

    async def run(self, work: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """What the work returns, in its turn.

        Raises:
            BusyError: too many are waiting already.
        """
        if self._inside >= self._most:
            raise BusyError("Too many questions are waiting; ask again in a few seconds.")
        self._inside += 1
        try:
            call = partial(work, *arguments, **named)
            return await to_thread.run_sync(call, limiter=self._limiter)
        finally:
            self._inside -= 1
