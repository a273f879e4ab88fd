"""The queue of questions: who is asked when, and what those who wait are told."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.ui.limits import BusyError, Queue


class Gate:
    """Work that goes on until it is let through, in the order in which it was begun."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self._open = threading.Event()

    def work(self, number: int) -> int:
        self.begun.append(number)
        assert self._open.wait(timeout=30)
        return number

    def open(self) -> None:
        self._open.set()


async def until(fact: Callable[[], bool]) -> None:
    for _ in range(3000):
        if fact():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to that")


def test_who_waits_is_told_how_many_are_before() -> None:
    async def scenario() -> None:
        queue, gate = Queue(at_once=1, waiting_at_most=2), Gate()
        told: dict[int, list[int]] = {1: [], 2: []}

        async def wait(number: int) -> int:
            with queue.place() as place:
                async for ahead in place.ahead():
                    told[number].append(ahead)
                return await place.run(gate.work, number)

        first = asyncio.create_task(queue.run(gate.work, 0))
        await until(lambda: gate.begun == [0])
        others = [asyncio.create_task(wait(1)), asyncio.create_task(wait(2))]
        await until(lambda: queue.waiting == 2)
        with pytest.raises(BusyError):
            await queue.run(gate.work, 3)
        assert (queue.running, queue.waiting, queue.refused) == (1, 2, 1)
        gate.open()
        assert [await one for one in (first, *others)] == [0, 1, 2]
        assert told == {1: [0], 2: [1, 0]}
        assert gate.begun == [0, 1, 2]
        assert (queue.running, queue.waiting) == (0, 0)

    asyncio.run(scenario())


def test_who_leaves_the_queue_makes_room() -> None:
    async def scenario() -> None:
        queue, gate = Queue(at_once=1, waiting_at_most=1), Gate()
        first = asyncio.create_task(queue.run(gate.work, 0))
        await until(lambda: gate.begun == [0])
        second = asyncio.create_task(queue.run(gate.work, 1))
        await until(lambda: queue.waiting == 1)
        second.cancel()
        await until(lambda: queue.waiting == 0)
        third = asyncio.create_task(queue.run(gate.work, 2))
        await until(lambda: queue.waiting == 1)
        gate.open()
        assert (await first, await third) == (0, 2)
        assert gate.begun == [0, 2]

    asyncio.run(scenario())


def test_who_is_slow_to_listen_misses_no_turn() -> None:
    async def scenario() -> None:
        queue = Queue(at_once=1, waiting_at_most=1)
        with queue.place() as first:
            assert first.has_turn
            second = queue.place()
            waiting = second.__enter__()
            places = waiting.ahead()
            assert await anext(places) == 0
        # The queue has moved while the last place was still being told.
        assert [ahead async for ahead in places] == []
        second.__exit__(None, None, None)

    asyncio.run(asyncio.wait_for(scenario(), timeout=30))


def test_a_fault_makes_room_too() -> None:
    async def scenario() -> None:
        queue = Queue(at_once=1, waiting_at_most=1)
        with pytest.raises(ZeroDivisionError):
            await queue.run(lambda: 1 // 0)
        assert await queue.run(lambda: 7) == 7

    asyncio.run(scenario())


@given(
    at_once=st.integers(1, 4),
    waiting=st.integers(0, 5),
    steps=st.lists(st.tuples(st.booleans(), st.integers(0, 9)), max_size=40),
)
def test_never_too_many_and_nobody_is_overtaken(
    at_once: int, waiting: int, steps: list[tuple[bool, int]]
) -> None:
    async def scenario() -> None:
        queue = Queue(at_once, waiting)
        inside: list[tuple[object, object]] = []
        refused = 0
        for comes, which in steps:
            if comes:
                block = queue.place()
                try:
                    inside.append((block, block.__enter__()))
                except BusyError:
                    refused += 1
                    assert len(inside) == at_once + waiting
            elif inside:
                block, _ = inside.pop(which % len(inside))  # type: ignore[assignment]
                block.__exit__(None, None, None)
            turns = [place.has_turn for _, place in inside]  # type: ignore[attr-defined]
            assert turns == sorted(turns, reverse=True)  # those who came first
            assert sum(turns) == queue.running == min(at_once, len(inside))
            assert queue.waiting == len(inside) - queue.running
        assert queue.refused == refused

    asyncio.run(scenario())
