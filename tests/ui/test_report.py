"""The page that `pullquote eval --report` writes."""

from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.errors import SourceError
from pullquote.qa.evaluation.datasets import EvaluationQuestion
from pullquote.qa.evaluation.evaluate import Evaluation, evaluate
from pullquote.qa.types import Answer
from pullquote.ui.report import report_page, write_report


class Page(HTMLParser):
    """What a browser would show, and which elements it would make."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.shown: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.shown.append(data)


def evaluated(cases: Sequence[tuple[str, str, str | None, float]]) -> Evaluation:
    """An evaluation of (question, expected or "", answered or None, confidence)."""
    answers = {
        str(number): Answer(question, answered, confidence, (), ())
        for number, (question, _, answered, confidence) in enumerate(cases)
    }
    questions = [
        EvaluationQuestion(str(number), question, (expected,) if expected else (), ())
        for number, (question, expected, *_) in enumerate(cases)
    ]
    return evaluate(questions, lambda question: answers[question.id])


def test_mistakes_stand_under_their_kind_the_surest_first() -> None:
    cases = [
        ("Who won?", "Ann", "Ann", 0.9),
        ("Who lost?", "Ben", "Cid", 0.6),
        ("Who fell?", "Dan", "Eve", 0.8),
        ("Why?", "", "Because", 0.7),
        ("When?", "May", None, 0.2),
        ("Where?", "", None, 0.1),
    ]
    shown = Page(report_page(evaluated(cases), "questions.jsonl")).shown
    order = [
        "Answered wrongly: 2",
        "Who fell?",
        "Who lost?",
        "Answered though the articles do not say: 1",
        "Why?",
        "Not answered though the articles say: 1",
        "When?",
    ]
    assert [text for text in shown if text in order] == order
    assert not {"Who won?", "Where?"} & set(shown)


def test_a_reliability_diagram_has_a_point_for_each_group_of_confidences() -> None:
    cases = [("Who?", "Ann", "Ann", 0.91), ("Who?", "Ann", "Ben", 0.93), ("Who?", "A", "A", 0.55)]
    page = Page(report_page(evaluated(cases), "q"))
    assert page.tags.count("circle") == 2
    assert "2 answers, confidence 0.92, 50% right" in page.shown


def test_without_an_answer_there_is_nothing_to_draw() -> None:
    assert "svg" not in Page(report_page(evaluated([("Who?", "", None, 0.1)]), "q")).tags


@given(st.text(min_size=1, max_size=60))
def test_a_hostile_question_is_shown_and_does_nothing(text: str) -> None:
    attack = f"<script>alert(1)</script>{text}"
    plain = Page(report_page(evaluated([("Who?", "qwxyz", "Ben", 0.9)]), "q"))
    page = Page(report_page(evaluated([(attack, "qwxyz", attack, 0.9)]), attack))
    assert page.tags == plain.tags
    assert "alert(1)" in "".join(page.shown)


def test_the_page_is_written_into_a_new_folder(tmp_path: Path) -> None:
    page = write_report(evaluated([("Who?", "Ann", "Ann", 0.9)]), "q", tmp_path / "a" / "b")
    assert page == tmp_path / "a" / "b" / "index.html"
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SourceError, match="name another directory with --report"):
        write_report(evaluated([("Who?", "", None, 0.1)]), "q", tmp_path / "file")
