"""Work that may go wrong, in a process of its own: it tells how far it is, and can be stopped."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any, Protocol

from pullquote.index.errors import PullquoteError

Tell = Callable[[Any], None]
"""Sends a message to whoever waits for the work; may be called from several threads."""

LONGEST_START = 120.0  # seconds until the work begins; to import what it needs takes some
NICENESS = 10  # the processor is for questions first


class Run(Protocol):
    """Runs work and gives what it tells, as `told` does."""

    def __call__(
        self, work: Callable[..., None], *arguments: Any, silent_at_most: float
    ) -> Iterator[Any]:
        """The messages; raises PullquoteError and WorkerError."""
        ...


class WorkerError(Exception):
    """The process died, or said nothing for too long and was stopped."""


def told(work: Callable[..., None], *arguments: Any, silent_at_most: float) -> Iterator[Any]:
    """What `work(tell, *arguments)` tells, as it comes.

    The process ends with the work, or as soon as nobody listens to it.

    Args:
        work: a function of a module, which another process can import.
        arguments: what can be pickled.
        silent_at_most: seconds between two messages, of which none may be None.

    Raises:
        PullquoteError: the work raised it.
        WorkerError: it died of something else, or was silent for too long.
    """
    # Not "fork": a copy of a process with threads and models inherits locks that nobody opens.
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sender, work, arguments), daemon=True)
    process.start()
    sender.close()
    try:
        patience = LONGEST_START
        while True:
            if not receiver.poll(patience):
                raise WorkerError(f"It said nothing for {patience:.0f} seconds.")
            try:
                message = receiver.recv()
            except EOFError:
                break
            patience = silent_at_most
            if isinstance(message, PullquoteError):
                raise message
            if message is not None:
                yield message
        process.join()
        if process.exitcode:
            raise WorkerError(f"It ended with {process.exitcode}.")
    finally:
        process.kill()
        process.join()
        process.close()
        receiver.close()


def _run(sender: Connection, work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it stops it
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    one_at_a_time = Lock()

    def tell(message: Any) -> None:
        with one_at_a_time:
            sender.send(message)

    try:
        tell(None)  # it begins
        work(tell, *arguments)
    except PullquoteError as error:
        tell(error)
