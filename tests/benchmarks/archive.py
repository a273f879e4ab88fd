"""How fast a large archive is indexed and asked: `python tests/benchmarks/archive.py ARTICLES`.

ARTICLES is what `pullquote index` takes; with --questions, a JSON-lines file of questions, some of
them are asked once everything is warm. Prints one JSON object.
"""

import gzip
import json
import resource
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from pullquote.index import Retriever
from pullquote.qa import Assistant
from pullquote.ui.indexing import index_folder


def main(
    articles: Annotated[Path, typer.Argument()],
    index: Annotated[Path, typer.Option(help="Where the index is made.")],
    questions: Annotated[Path | None, typer.Option(help="JSON lines with a question each.")] = None,
    asked: Annotated[int, typer.Option(help="How many of them to ask.")] = 50,
) -> None:
    """Index, ask, and print the figures."""
    started = time.perf_counter()
    built = index_folder(articles, index)
    seconds = time.perf_counter() - started
    stored = sum(file.stat().st_size for file in index.rglob("*") if file.is_file())
    figures: dict[str, float] = {
        "articles": built.articles,
        "passages": built.passages,
        "left_out": len(built.skipped),
        "articles_per_second": round(built.articles / seconds, 1),
        "passages_per_second": round(built.passages / seconds, 1),
        "index_megabytes": round(stored / 1e6, 1),
        "peak_memory_megabytes": round(_peak() / 1e3),
    }
    if questions:
        opened = gzip.open if questions.suffix == ".gz" else open
        with opened(questions, "rt", encoding="utf-8") as file:
            texts = [json.loads(line)["question"] for line in islice(file, asked + 1)]
        retriever = Retriever.open(index)
        assistant = Assistant.open(index)
        retriever.search(texts[0])
        assistant.ask(texts[0])  # warm
        figures["search_milliseconds"] = _milliseconds(retriever.search, texts[1:])
        newest = retriever.newest()
        if newest:  # a filter should cost nothing
            in_a_month = partial(retriever.search, since=newest.replace(day=1), until=newest)
            figures["search_in_a_month_milliseconds"] = _milliseconds(in_a_month, texts[1:])
        figures["ask_milliseconds"] = _milliseconds(assistant.ask, texts[1:])
        figures["peak_memory_megabytes_with_asking"] = round(_peak() / 1e3)
    print(json.dumps(figures))


def _milliseconds(ask: Callable[[str], object], texts: list[str]) -> float:
    """Median time of one question."""
    times = []
    for text in texts:
        started = time.perf_counter()
        ask(text)
        times.append(time.perf_counter() - started)
    return round(1000 * sorted(times)[len(times) // 2], 1)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes


if __name__ == "__main__":
    typer.run(main)
