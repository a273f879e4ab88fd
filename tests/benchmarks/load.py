"""Many people asking at once: `python tests/benchmarks/load.py --index DIR --people 50`.

Starts `pullquote serve` over a copy of the index. Half of the people ask as programs do, /api/ask,
and half as the chat's endpoint is asked; each asks again as soon as an answer has come. With
--rebuild the copy is indexed again and again meanwhile. Prints one JSON object; seconds are what
people wait, their turn in the queue included.
"""

import asyncio
import gzip
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import httpx
import numpy as np
import typer

from pullquote.index.store import read_manifest

QUESTIONS = Path(__file__).parents[1] / "data" / "archive_questions.jsonl"
PULLQUOTE = (sys.executable, "-m", "pullquote.ui.cli")
SETTLED = 5  # seconds between the last answer and the last look at the memory
_ADDRESS = re.compile(r"is at (\S+)")


@dataclass(slots=True)
class Seen:
    """What people got."""

    seconds: list[float] = field(default_factory=list)
    abstained: int = 0
    failures: list[str] = field(default_factory=list)

    def figures(self, wall: float) -> dict[str, Any]:
        """Rates and percentiles over `wall` seconds."""
        times = np.array(self.seconds or [np.nan])
        return {
            "answers": len(self.seconds),
            "answers_per_second": round(len(self.seconds) / wall, 2),
            "p50_seconds": round(float(np.percentile(times, 50)), 2),
            "p95_seconds": round(float(np.percentile(times, 95)), 2),
            "slowest_seconds": round(float(times.max()), 2),
            "abstained": self.abstained,
            "failures": len(self.failures),
            "first_failures": self.failures[:3],
        }


def main(
    index: Annotated[Path, typer.Option(help="The index to serve a copy of.")],
    people: Annotated[int, typer.Option(min=1)] = 50,
    seconds: Annotated[float, typer.Option(min=1)] = 120,
    max_concurrent: Annotated[int, typer.Option(help="As for pullquote serve.")] = 4,
    questions: Annotated[
        Path, typer.Option(help="JSON lines (.gz) with a question each.")
    ] = QUESTIONS,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Index it again meanwhile.")] = False,
) -> None:
    """Serve, ask, and print the figures."""
    unpack = gzip.open if questions.suffix == ".gz" else open
    with unpack(questions, "rt", encoding="utf-8") as stream:
        lines = [json.loads(line) for line in stream if line.strip()]
    # Those of the part "report" are left to the test that reports them.
    texts = [str(line["question"]) for line in lines if line.get("part") != "report"]
    with TemporaryDirectory() as scratch:
        copied = Path(scratch) / "index"
        shutil.copytree(index, copied)
        with _server(copied, max_concurrent, Path(scratch)) as address:
            figures = asyncio.run(_load(address, copied, people, seconds, texts, rebuild))
            log = (Path(scratch) / "log").read_text("utf-8")
        figures["errors_in_the_log"] = log.count('"level": "ERROR"')
    print(json.dumps(figures, indent=1))


@contextmanager
def _server(index: Path, max_concurrent: int, scratch: Path) -> Iterator[str]:
    command = [*PULLQUOTE, "serve", "--index", str(index), "--port", "0", "--no-browser"]
    command += ["--max-concurrent", str(max_concurrent)]
    with (scratch / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            found = _ADDRESS.search(server.stdout.readline() if server.stdout else "")
            if not found:
                raise SystemExit((scratch / "log").read_text("utf-8"))
            yield found[1]
        finally:
            server.terminate()
            server.wait(timeout=30)


async def _load(
    address: str, index: Path, people: int, seconds: float, texts: list[str], rebuild: bool
) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=address, timeout=120) as operator:
        for text in islice(texts, 10):  # so that everything is warm
            (await operator.post("/api/ask", json={"question": text})).raise_for_status()
        before = await _metrics(operator)
        seen = {"api": Seen(), "chat": Seen()}
        peak = _megabytes(before)
        generations = {_generation(before)}
        started = time.monotonic()
        until = started + seconds
        asking = [
            asyncio.create_task(_person(address, number, texts, until, seen))
            for number in range(people)
        ]
        async with _rebuilding(index, rebuild) as rebuilt:
            halfway = peak
            while time.monotonic() < until:
                await asyncio.sleep(min(1.0, max(0.0, until - time.monotonic())))
                now = await _metrics(operator)
                peak = max(peak, _megabytes(now))
                if time.monotonic() < started + seconds / 2:
                    halfway = _megabytes(now)
                generations.add(_generation(now))
            await asyncio.gather(*asking)
        wall = time.monotonic() - started
        await asyncio.sleep(SETTLED)
        after = await _metrics(operator)
    both = Seen(
        seen["api"].seconds + seen["chat"].seconds,
        seen["api"].abstained + seen["chat"].abstained,
        seen["api"].failures + seen["chat"].failures,
    )
    return {
        "people": people,
        "seconds": round(wall, 1),
        **both.figures(wall),
        "api": seen["api"].figures(wall),
        "chat": seen["chat"].figures(wall),
        "memory_megabytes": {
            "before": _megabytes(before),
            "halfway": halfway,
            "peak": peak,
            "after": _megabytes(after),
        },
        "rebuilt": len(rebuilt),
        "generations_that_answered": len(generations | {_generation(after)}),
    }


async def _person(
    address: str, number: int, texts: list[str], until: float, seen: dict[str, Seen]
) -> None:
    """Asks one question after the other, each person beginning with another one."""
    way, ask = ("api", _ask_api) if number % 2 == 0 else ("chat", _ask_chat)
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        for which in count(number * 17):
            if time.monotonic() >= until:
                return
            started = time.monotonic()
            try:
                answer = await ask(client, texts[which % len(texts)])
                seen[way].abstained += answer["answer"] is None
                seen[way].seconds.append(time.monotonic() - started)
            except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
                seen[way].failures.append(f"{type(error).__name__}: {error}")
                await asyncio.sleep(1)


async def _ask_api(client: httpx.AsyncClient, question: str) -> dict[str, Any]:
    response = await client.post("/api/ask", json={"question": question})
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    return answer


async def _ask_chat(client: httpx.AsyncClient, question: str) -> dict[str, Any]:
    """As gradio's client does: begin an event, then read what becomes of it."""
    begun = await client.post("/gradio_api/call/ask", json={"data": [question]})
    begun.raise_for_status()
    ended = await client.get(f"/gradio_api/call/ask/{begun.json()['event_id']}")
    found = re.search(r"event: complete\ndata: (.*)", ended.text)
    if not found:
        raise ValueError(ended.text[-200:])
    answer: dict[str, Any] = json.loads(found[1])[0]
    return answer


@asynccontextmanager
async def _rebuilding(index: Path, wanted: bool) -> AsyncIterator[list[float]]:
    """Builds the index again and again while the block runs; gives the seconds of each build."""
    ended: list[float] = []

    async def build() -> None:
        source = read_manifest(index).source
        while True:
            started = time.monotonic()
            process = await asyncio.create_subprocess_exec(
                *PULLQUOTE, "index", source, "--index", str(index), stderr=subprocess.DEVNULL
            )
            try:
                if await process.wait():
                    raise SystemExit(f"{source} could not be indexed again.")
            except asyncio.CancelledError:
                process.terminate()
                await process.wait()
                raise
            ended.append(time.monotonic() - started)

    building = asyncio.create_task(build()) if wanted else None
    try:
        yield ended
    finally:
        if building:
            building.cancel()
            await asyncio.gather(building, return_exceptions=True)


async def _metrics(client: httpx.AsyncClient) -> str:
    return (await client.get("/metrics")).text


def _megabytes(metrics: str) -> int:
    found = re.search(r"^process_resident_memory_bytes (\S+)", metrics, re.MULTILINE)
    return round(float(found[1]) / 1e6) if found else 0  # only Linux tells


def _generation(metrics: str) -> str:
    found = re.search(r'generation="([^"]+)"', metrics)
    return found[1] if found else ""


if __name__ == "__main__":
    typer.run(main)
