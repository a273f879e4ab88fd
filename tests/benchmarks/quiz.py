"""A weekly news quiz, asked of the news: `python tests/benchmarks/quiz.py QUESTIONS --index DIR`.

QUESTIONS are JSON lines (.gz) with a `date`, a `question`, `answers` and `articles`: the ids of the
articles in whose text an answer occurs. The index is one of such articles. Each question is asked
on its own day: articles that came out later are not searched, and "last month" is counted from that
day. Only questions are asked for which an answer occurs in an indexed article of that day or
before. That says less than that the article answers: "Georgia" occurs in many.

The same reader gets the passages that words and vectors find together, as shipped, those of words
alone (BM25) and those of vectors alone. Counted are questions whose first answer holds an expected
one, word for word, and those where one of the first three does: when the assistant may not abstain,
and at the shipped threshold. Prints one JSON object.
"""

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from pullquote.index.catalog import Catalog
from pullquote.index.encoder import MiniLMEncoder
from pullquote.index.filters import ANYTHING, Filters, Wanted
from pullquote.index.generation import Generation
from pullquote.index.lexical import LexicalIndex
from pullquote.index.lists import LocalLists
from pullquote.index.opening import Directory
from pullquote.index.protocols import Articles
from pullquote.index.store import Layout
from pullquote.index.types import Article, Hit
from pullquote.index.vectors import VectorIndex
from pullquote.qa import Answer, Assistant
from pullquote.qa.calibration import Calibration
from pullquote.qa.checkpoint import WEIGHTS
from pullquote.qa.evaluation.metrics import normalise
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.spelling import Speller
from pullquote.ui.progress import progress_bar

FIRST = 3  # answers that are looked at

Ask = Callable[["QuizQuestion", float], Answer]
"""Answers a question as it was on its day, abstaining below a confidence."""


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """A question, the day on which it was asked, and what is right."""

    day: date
    question: str
    answers: tuple[str, ...]
    article_ids: tuple[str, ...]  # articles in which an answer occurs


class NoWords(LexicalIndex):
    """Finds nothing by words."""

    def __init__(self) -> None:
        """There is nothing to open."""

    def search(
        self,
        question: str,
        k: int,
        wanted: Wanted = ANYTHING,
    ) -> list[tuple[int, float]]:
        return []


class NoVectors(VectorIndex):
    """Finds nothing by vectors."""

    def __init__(self) -> None:
        """There is nothing to open."""

    def search(
        self, row: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        return []


@dataclass(frozen=True, slots=True)
class OnThatDay:
    """A retriever to which nothing is known that came out later.

    Where one list is all there is, `weight` is 2: it stands for both, since the calibration and the
    reader's share in the ranking were fitted to the sum of two.
    """

    generation: Generation
    weight: float
    day: date

    def current(self) -> "OnThatDay":
        return self

    def search(
        self,
        question: str,
        k: int = 5,
        since: date | None = None,
        until: date | None = None,
        source: str | Sequence[str] | None = None,
        article: str | Sequence[str] | None = None,
    ) -> list[Hit]:
        until = min(until, self.day) if until else self.day
        hits = self.generation.search(question, k, since, until, source, article)
        return [replace(hit, score=self.weight * hit.score) for hit in hits]

    def newest(self) -> date | None:
        return self.day

    def article(self, article_id: str) -> Article:
        return self.generation.article(article_id)

    def close(self) -> None:
        self.generation.close()


def main(
    questions: Annotated[Path, typer.Argument()],
    index: Annotated[Path, typer.Option(help="An index of the articles.")],
    weights: Annotated[Path, typer.Option(help="Another reader.")] = WEIGHTS,
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th question only.")] = 1,
) -> None:
    """Ask the quiz in three ways and print the figures."""
    calibration = Calibration.open(weights)
    reader, speller = ExtractiveReader.open(weights), Speller.open(weights)

    def ask(
        generation: Generation, weight: float, question: QuizQuestion, threshold: float
    ) -> Answer:
        retriever = OnThatDay(generation, weight, question.day)
        at = calibration.with_threshold(threshold)
        return Assistant(retriever, reader, at, speller).ask(question.question)

    with ExitStack() as files:
        ways = ways_of(index, files)
        catalog = ways["words and vectors"][0].catalog
        quiz = list(_lines(questions))
        answerable = [each for each in quiz if _occurs(each, catalog)]
        shown: dict[str, object] = {
            "questions": len(quiz),
            "an_answer_occurs_by_that_day": len(answerable),
            "threshold": calibration.threshold,
        }
        for name, (generation, weight) in ways.items():
            shown[name] = _figures(
                name, answerable[::every], partial(ask, generation, weight), calibration.threshold
            )
    print(json.dumps(shown, indent=1))


def ways_of(directory: Path, files: ExitStack) -> dict[str, tuple[Generation, float]]:
    """Both lists of an index, and each of them alone, with what their scores are weighed by.

    `files` closes the first, without which the others have nothing to read.
    """
    encoder = MiniLMEncoder()
    both = Directory(directory, encoder).generation()
    files.callback(both.close)
    layout = Layout(directory / both.manifest.generation)  # held for as long as `both` is open
    filters = Filters(Catalog.open(layout.catalog))
    words, vectors = (
        Generation(both.manifest, both.catalog, lists, encoder, ExitStack())
        for lists in (
            LocalLists(LexicalIndex.open(layout.words), NoVectors(), filters),
            LocalLists(NoWords(), VectorIndex.open(layout), filters),
        )
    )
    return {
        "words and vectors": (both, 1.0),
        "words alone": (words, 2.0),
        "vectors alone": (vectors, 2.0),
    }


def _lines(file: Path) -> Iterator[QuizQuestion]:
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            read = json.loads(line)
            yield QuizQuestion(
                date.fromisoformat(read["date"]),
                read["question"],
                tuple(read["answers"]),
                tuple(read["articles"]),
            )


def _occurs(question: QuizQuestion, catalog: Articles) -> bool:
    """Whether an answer occurs in an indexed article of the question's day or before."""
    for article_id in question.article_ids:
        try:
            published = catalog.article(article_id).published
        except KeyError:  # not indexed, or the double of another that is
            continue
        if published and published <= question.day:
            return True
    return False


def _figures(
    name: str, questions: Sequence[QuizQuestion], ask: Ask, threshold: float
) -> dict[str, float]:
    forced, kept = [], []  # the place of the first right answer, from 1, or 0; None: abstained
    with progress_bar() as bar:
        task = bar.add_task(name.capitalize(), total=len(questions))
        for question in questions:
            answer = ask(question, 0.0)
            forced.append(_place(question, answer, 0.0))
            if answer.confidence < threshold:  # it then looks at articles of other times
                answer = ask(question, threshold)
            kept.append(_place(question, answer, threshold))
            bar.advance(task)
    answered = [place for place in kept if place is not None]
    figures = {
        "asked": len(questions),
        "forced_first": fmean(place == 1 for place in forced),
        f"forced_first_{FIRST}": fmean(bool(place) for place in forced),
        "first": fmean(place == 1 for place in kept),
        f"first_{FIRST}": fmean(bool(place) for place in kept),
        "answered": len(answered) / len(questions),
        "right_of_those_answered": fmean(place == 1 for place in answered) if answered else 0.0,
    }
    return {figure: round(value, 3) for figure, value in figures.items()}


def _place(question: QuizQuestion, answer: Answer, threshold: float) -> int | None:
    """Where the first answer stands that holds an expected one, from 1; 0 where none does."""
    quotes = [quote for quote in answer.quotes if quote.confidence >= threshold][:FIRST]
    if not quotes:
        return None
    expected = [f" {normalise(text)} " for text in question.answers]
    for place, quote in enumerate(quotes, start=1):
        words = f" {normalise(quote.text)} "
        if any(text in words for text in expected):
            return place
    return 0


if __name__ == "__main__":
    typer.run(main)
