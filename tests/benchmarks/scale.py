"""How an index grows: `python tests/benchmarks/scale.py ARTICLES QUESTIONS --scratch DIR`.

ARTICLES is what `pullquote index` takes, QUESTIONS JSON lines (.gz) with a `question` each. Some of
the articles' passages are embedded, once; indexes of all sizes are of made-up articles and
embeddings like them (see synthetic.py), so building does without embedding, and says how long
everything else takes. Up to a million passages whole indexes are made, beyond that vectors alone.
Every build and every search has a process of its own. The memory of a search is without the model
that embeds questions.

`vectors` is the nearest passages' search alone, of all, of every third and of every hundredth;
`search` is all of Retriever.search, and `month` the same in one month of 120. Recall is of the ten
nearest passages that fit. Prints a table, and writes it and a plot.
"""

import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any

import faiss
import numpy as np
import typer
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from synthetic import Real, SyntheticEncoder, embed_real, rows_like, write_articles

from pullquote.index import Retriever, build_index
from pullquote.index.families import write_vectors
from pullquote.index.rows import RowWriter, read_rows
from pullquote.index.store import Layout
from pullquote.index.vectors import VectorIndex

EACH = 13  # passages of an article, about
K, DEPTH = 10, 100  # DEPTH is what the retriever asks for
FIRST, LAST = date(2015, 3, 1), date(2015, 3, 31)
SHARES = {"": 1, "third_": 3, "hundredth_": 100}  # every so many passages may be found

Figures = dict[str, float]


def main(
    articles: Annotated[Path, typer.Argument()],
    questions: Annotated[Path, typer.Argument()],
    scratch: Annotated[Path, typer.Option(help="For the indexes; removed one by one.")],
    sizes: Annotated[str, typer.Option(help="Passages.")] = "10000,100000,1000000",
    passages: Annotated[int, typer.Option(help="How many real ones to embed.")] = 12_288,
    asked: Annotated[int, typer.Option(help="How many questions.")] = 500,
    whole_up_to: Annotated[int, typer.Option(help="Beyond, vectors alone.")] = 1_000_000,
    plot: Annotated[Path | None, typer.Option(help="A picture (.png, .svg).")] = None,
) -> None:
    """Build, search, print."""
    scratch.mkdir(parents=True, exist_ok=True)
    real = embed_real(articles, questions, passages, asked, scratch / f"real-{passages}.npz")
    table = []
    for size in map(int, sizes.split(",")):
        directory = scratch / f"{size}"
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        built = _apart(build, articles if size <= whole_up_to else None, real, directory, size)
        layout = Layout(Path(str(built.pop("layout"))))
        nearest = {name: _apart(exact, layout, real, each) for name, each in SHARES.items()}
        table.append(built | _apart(search, layout, real, nearest, size <= whole_up_to))
        print(json.dumps(table[-1]), flush=True)
        (scratch / "scale.json").write_text(json.dumps(table, indent=1), encoding="utf-8")
        shutil.rmtree(directory)
    _print(table)
    if plot:
        draw(table, plot)


def build(articles: Path | None, real: Real, directory: Path, size: int) -> dict[str, Any]:
    """Make an index of about that many passages, or its vectors alone."""
    if articles:
        write_articles(articles, directory / "articles.jsonl", round(size / EACH))
        started = time.perf_counter()
        encoder = SyntheticEncoder(real)
        passages = build_index(directory / "articles.jsonl", directory / "index", encoder).passages
        seconds = time.perf_counter() - started
        (generation,) = directory.glob("index/generation-*")
    else:
        generation, passages = directory, size
        with RowWriter(Layout(generation).rows) as writer:
            for rows in rows_like(real, size):
                writer.append(rows)
        started = time.perf_counter()
        write_vectors(Layout(generation), real.passages.shape[1])
        seconds = time.perf_counter() - started
    stored = sum(file.stat().st_size for file in generation.rglob("*") if file.is_file())
    return {
        "passages": passages,
        "build_seconds": round(seconds, 1),
        "build_peak_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
        "disk_megabytes": round(stored / 1e6, 1),
        "layout": str(generation),
    }


def exact(layout: Layout, real: Real, every: int) -> NDArray[np.int64]:
    """The ids of the nearest of every so many passages, by comparing with all: (questions, K)."""
    rows = read_rows(layout.rows, real.passages.shape[1])[::every]
    scores, places = [], []
    for first in range(0, len(rows), 1 << 16):
        some = rows[first : first + (1 << 16)].astype(np.float32)
        best, at = faiss.knn(real.questions, some, K, faiss.METRIC_INNER_PRODUCT)
        scores.append(best)
        places.append(np.where(at >= 0, (at + first) * every, -1))
    order = np.argsort(-np.concatenate(scores, 1), axis=1)[:, :K]
    return np.take_along_axis(np.concatenate(places, 1), order, axis=1) + 1


def search(
    layout: Layout, real: Real, nearest: dict[str, NDArray[np.int64]], whole: bool
) -> Figures:
    """Open an index and ask it."""
    encoder = SyntheticEncoder(real)
    faiss.omp_set_num_threads(1)  # one question is of one thread anyway
    started = time.perf_counter()
    retriever = Retriever.open(layout.index, encoder) if whole else None
    vectors = VectorIndex.open(layout)
    figures: Figures = {"open_seconds": round(time.perf_counter() - started, 3)}
    count = len(read_rows(layout.rows, encoder.dimension))
    for name, every in SHARES.items():
        allowed = np.arange(count) % every == 0 if every > 1 else None
        ask = partial(vectors.search, k=DEPTH, allowed=allowed)
        shares = []
        for row, wanted in zip(real.questions, nearest[name], strict=True):
            found = {number for number, _ in ask(row)[:K]}
            shares.append(len(found & set(wanted.tolist())) / K)
        figures[f"{name}recall"] = round(float(np.mean(shares)), 4)
        figures |= _times(f"{name}vectors", ask, list(real.questions))
    if retriever:
        in_month = partial(retriever.search, since=FIRST, until=LAST)
        figures |= _times("search", retriever.search, real.texts)
        figures |= _times("month", in_month, real.texts)
    figures["search_megabytes"] = round(_resident() / 1e6)
    return figures


def _times(name: str, ask: Callable[[Any], object], questions: Sequence[Any]) -> Figures:
    for question in questions[:20]:
        ask(question)  # warm
    times = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        times.append(1000 * (time.perf_counter() - started))
    middle, late = np.quantile(times, (0.5, 0.95))
    return {f"{name}_p50_ms": round(float(middle), 2), f"{name}_p95_ms": round(float(late), 2)}


def _resident() -> int:
    """Bytes of memory that this process has now, pages of mapped files among them."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _apart(call: Callable[..., Any], *values: object) -> Any:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(call, *values).result()


def _print(table: list[Figures]) -> None:
    for name in dict.fromkeys(key for row in table for key in row):
        print(
            f"{name:22}",
            *(f"{row.get(name, ''):>12,}" if name in row else 12 * " " for row in table),
        )


def draw(table: list[Figures], file: Path) -> None:
    """A plot of how each figure grows with the passages; both axes are logarithmic."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise SystemExit(
            "The plot needs matplotlib: pip install 'pullquote[benchmarks]'"
        ) from error
    panels = {
        "build, seconds": ["build_seconds"],
        "disk, MB": ["disk_megabytes"],
        "memory, MB": ["build_peak_megabytes", "search_megabytes"],
        "open, seconds": ["open_seconds"],
        "milliseconds, p95": ["vectors_p95_ms", "search_p95_ms", "month_p95_ms"],
        "recall@10": ["recall", "third_recall", "hundredth_recall"],
    }
    figure = Figure(figsize=(11, 6), layout="constrained")
    for axes, (title, names) in zip(figure.subplots(2, 3).flat, panels.items(), strict=True):
        for name in names:
            rows = [row for row in table if name in row]
            label = name.split("_p95")[0].replace("_", " ")
            axes.plot(
                [row["passages"] for row in rows], [row[name] for row in rows], "o-", label=label
            )
        axes.set(title=title, xscale="log", xlabel="passages")
        if title == "recall@10":
            axes.set_ylim(0.9, 1.005)
        else:
            axes.set_yscale("log")
        if len(names) > 1:
            axes.legend()
    figure.savefig(file, dpi=100)


if __name__ == "__main__":
    typer.run(main)
