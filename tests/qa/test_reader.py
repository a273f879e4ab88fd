"""The shipped reader on ordinary and on odd passages."""

from dataclasses import replace

import pytest
from fakes import STORY, hits_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pullquote.index.types import Article, Hit, Passage
from pullquote.qa.calibration import Calibration
from pullquote.qa.evaluation.own import GIVEN
from pullquote.qa.reader import ExtractiveReader

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def reader() -> ExtractiveReader:
    return ExtractiveReader.open()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who is the fire chief?", "Rosa Blum"),
        ("How much did the owners pay for the mill?", "$1.4 million"),
        ("When did the mill burn down?", "Tuesday night"),
    ],
)
def test_it_lifts_the_answer(reader: ExtractiveReader, question: str, answer: str) -> None:
    best = reader.read(question, hits_of(STORY))[0]
    assert answer in best.article.text[best.start : best.end]
    calibration = Calibration.open()
    assert calibration.answers([replace(best, score=best.score + calibration.retrieval * GIVEN)])


def test_an_unanswered_question_scores_lower(reader: ExtractiveReader) -> None:
    answered = reader.read("Who is the fire chief?", hits_of(STORY))[0]
    unanswered = reader.read("How old is the mayor of Lisbon?", hits_of(STORY))[0]
    assert unanswered.score < min(0, answered.score)


def test_an_answer_far_behind_in_a_long_article_is_found(reader: ExtractiveReader) -> None:
    filler = "The council met and talked about the budget for a long time. "
    text = filler * 650 + "The winner of the rowing race was Ottilie Kranz. " + filler * 20
    assert len(text) > 40_000
    best = reader.read("Who won the rowing race?", hits_of(text))[0]
    assert text[best.start : best.end] == "Ottilie Kranz"


def test_an_answer_behind_the_models_window_is_found(reader: ExtractiveReader) -> None:
    text = "¤ " * 600 + "The winner of the rowing race was Ottilie Kranz."
    article = Article("a", "", text, None, None, None, "a.txt", "")
    whole = Hit(Passage(1, "a", 0, len(text), text), article, 0.0, 1)
    best = reader.read("Who won the rowing race?", [whole])[0]
    assert text[best.start : best.end] == "Ottilie Kranz"


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "¿?",
        "NAME\tGOALS\nANN\t3\nBO\t12\n",
        STORY.upper(),
        STORY.replace(".", "").replace(",", ""),
        "Zürich 東京 Αθήνα 👩‍👩‍👧 e\u0301galite\u0301 " * 40,
    ],
)
def test_odd_passages_give_exact_spans(reader: ExtractiveReader, text: str) -> None:
    hits = hits_of(text)
    for span in reader.read("Who " + "really " * 300 + "won?", hits):
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip()
        assert span.passage.start <= span.start
        assert span.end <= span.passage.end


@settings(max_examples=25, deadline=None)
@given(text=st.text(min_size=1, max_size=400), question=st.text(min_size=1, max_size=80))
def test_any_text_gives_spans_inside_it(reader: ExtractiveReader, text: str, question: str) -> None:
    for span in reader.read(question, hits_of(text)):
        quote = text[span.start : span.end]
        assert quote
        assert quote == quote.strip()
        before, after = text[: span.start][-1:], text[span.end :][:1]
        assert not (before.isalnum() and quote[0].isalnum())
        assert not (after.isalnum() and quote[-1].isalnum())
