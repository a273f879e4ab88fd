"""The calibration that is shipped with a reader."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import HashingEncoder

from pullquote.index.build import build_index
from pullquote.index.retriever import Retriever
from pullquote.index.types import Hit
from pullquote.qa.assistant import Assistant
from pullquote.qa.evaluation.datasets import EvaluationQuestion
from pullquote.qa.training.ship import RAW, fitted
from pullquote.qa.types import Span

TOWNS = ["Arden", "Bexley", "Corfe", "Dulwich", "Ealing"]
MAYORS = ["Ann", "Bob", "Cleo", "Dan", "Eve"]


@pytest.fixture
def retriever(tmp_path: Path) -> Retriever:
    folder = tmp_path / "towns"
    folder.mkdir()
    for town, mayor in zip(TOWNS, MAYORS, strict=True):
        text = f"{town} elects a mayor. The mayor of {town} is {mayor}.\n"
        (folder / f"{town}.txt").write_text(text, encoding="utf-8")
    build_index(folder, tmp_path / "index", HashingEncoder())
    return Retriever.open(tmp_path / "index", HashingEncoder())


class PartialReader:
    """Likes the right mayor, and one of them even more."""

    def __init__(self, favourite: int | None = 1) -> None:
        self._favourite = favourite

    def read(self, question: str, hits: Sequence[Hit], spans_each: int = 3) -> list[Span]:
        spans = []
        for hit in hits:
            number = TOWNS.index(hit.article.title.split()[0])
            score = 1.0 if TOWNS[number].lower() in question else 0.0
            if number == self._favourite:
                score = 1.2
            start = hit.article.text.index(MAYORS[number])
            end = start + len(MAYORS[number])
            spans.append(Span(hit.passage, hit.article, start, end, score))
        return sorted(spans, key=lambda span: -span.score)


QUESTIONS = [
    EvaluationQuestion(town, f"who is the mayor of {town.lower()}?", (mayor,), ())
    for town, mayor in zip(TOWNS, MAYORS, strict=True)
] + [EvaluationQuestion("none", "Where is the zoo?", (), ())]


def test_what_was_found_first_helps_a_reader_with_a_favourite(retriever: Retriever) -> None:
    raw = Assistant(retriever, PartialReader(), RAW)
    assert [raw.ask(each.question).text for each in QUESTIONS[:-1]] != MAYORS
    calibration = fitted(QUESTIONS, lambda each: raw.candidates(each.question))
    assert calibration.retrieval > 0
    assistant = Assistant(retriever, PartialReader(), calibration)
    assert [assistant.ask(each.question).text for each in QUESTIONS] == [*MAYORS, None]


def test_it_counts_for_nothing_with_a_reader_that_is_right_without(retriever: Retriever) -> None:
    raw = Assistant(retriever, PartialReader(favourite=None), RAW)
    assert fitted(QUESTIONS, lambda each: raw.candidates(each.question)).retrieval == 0
