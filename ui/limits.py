"""How much work is taken on: bytes of a request, questions at once and questions waiting."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from anyio import CapacityLimiter, Event, to_thread
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pullquote.index.errors import PullquoteError

T = TypeVar("T")

# More would only make each of them slower.
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


class Place:
    """A place in a queue, held for as long as its block runs."""

    def __init__(self, queue: "Queue") -> None:
        self._queue = queue
        self._moved = Event()
        self.has_turn = False

    async def ahead(self) -> AsyncIterator[int]:
        """How many wait before this one, whenever that changes; ends when it has its turn."""
        said = -1
        # Taken before looking: the queue may move while whoever listens takes their time.
        while True:
            moved = self._moved
            if self.has_turn:
                return
            if (ahead := self._queue.ahead_of(self)) != said:
                yield ahead
                said = ahead
            await moved.wait()

    async def run(self, work: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """What the work returns, in its turn, from a thread."""
        async for _ in self.ahead():
            pass
        call = partial(work, *arguments, **named)
        return await to_thread.run_sync(call, limiter=self._queue.threads)

    def move(self, has_turn: bool) -> None:
        """The queue has moved."""
        self.has_turn = has_turn
        moved, self._moved = self._moved, Event()
        moved.set()


class Queue:
    """Runs blocking work in threads, some at once; the rest waits, and too many are refused.

    To be used from one event loop; only its counts may be read from elsewhere.
    """

    def __init__(
        self, at_once: int = ASKED_AT_ONCE, waiting_at_most: int = WAITING_AT_MOST
    ) -> None:
        self.at_once = at_once
        self.waiting_at_most = waiting_at_most
        self.running = 0
        self.refused = 0  # since the start
        self._line: list[Place] = []
        # Beyond the limit only while a thread still works for somebody who has left.
        self.threads = CapacityLimiter(at_once)

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._line)

    def ahead_of(self, place: Place) -> int:
        """How many wait before a place that waits."""
        return self._line.index(place)

    @contextmanager
    def place(self) -> Iterator[Place]:
        """A place at the end of the queue, given up when the block ends.

        Raises:
            BusyError: too many are waiting already.
        """
        place = Place(self)
        if self.running < self.at_once:
            self.running += 1
            place.has_turn = True
        elif self.waiting >= self.waiting_at_most:
            self.refused += 1
            raise BusyError("Too many questions are waiting; ask again in a few seconds.")
        else:
            self._line.append(place)
        try:
            yield place
        finally:
            self._leave(place)

    async def run(self, work: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """What the work returns, in its turn.

        Raises:
            BusyError: too many are waiting already.
        """
        with self.place() as place:
            return await place.run(work, *arguments, **named)

    def _leave(self, place: Place) -> None:
        if place.has_turn:
            self.running -= 1
        else:
            self._line.remove(place)
        while self._line and self.running < self.at_once:
            self.running += 1
            self._line.pop(0).move(has_turn=True)
        for waiting in self._line:
            waiting.move(has_turn=False)
