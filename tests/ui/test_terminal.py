"""What a terminal shows."""

import io
from dataclasses import replace
from datetime import date

from rich.console import Console

from pullquote.index.types import Article, Hit, Passage
from pullquote.qa.types import (
    Answer,
    Citation,
    Explanation,
    Look,
    Moment,
    Quote,
    Speaker,
    Timeline,
    TimeNote,
)
from pullquote.ui.terminal import print_answer, print_explanation

TEXT = "The ferry sank. " + "Nobody [bold]was[/bold] hurt, the harbour master said. " * 4
ARTICLE = Article("a.txt", "Ferry sinks", TEXT, "The Lamp", None, None, "a.txt", "0")
HIT = Hit(Passage(1, "a.txt", 0, len(TEXT), TEXT), ARTICLE, 0.1, 1)


def shown(answer: Answer) -> str:
    stream = io.StringIO()
    print_answer(answer, Console(file=stream, width=60, highlight=False, soft_wrap=True))
    return stream.getvalue()


def test_an_abstention_shows_the_nearest_passage_whole() -> None:
    text = shown(Answer("Who?", None, 0.1, (), (HIT,), "No passage speaks of 1998."))
    assert "No passage speaks of 1998." in text
    assert "The articles don't answer that." in text
    assert TEXT.strip() in text
    assert "Ferry sinks · The Lamp · no date given" in text


def test_an_answer_shows_its_sentence_and_where_it_stands() -> None:
    master = Speaker(50, 67, "the harbour master", "the harbour master")
    citation = Citation(1, "a.txt", "Ferry sinks", "The Lamp", None, "a.txt", 4, 9, "ferry", master)
    quote = Quote("ferry", "The ferry sank.", 0.9, (citation,))
    text = shown(Answer("What sank?", "ferry", 0.9, (quote,), ()))
    assert "“The ferry sank.” [1]" in text
    assert "a.txt:4-9 · said by the harbour master" in text
    assert "90%" in text


def test_answers_over_time_stand_under_their_dates_newest_first() -> None:
    citation = Citation(1, "a.txt", "Ferry sinks", "The Lamp", None, "a.txt", 4, 9, "ferry")
    note = TimeNote(10, 18, "tonight", "August 5, 2024")
    old = Quote("ferry", "The ferry sank.", 0.9, (citation,))
    dated = replace(citation, published=date(2024, 8, 5))
    new = Quote("boat", "The boat sank tonight.", 0.8, (dated,), (note,))
    other = Quote("raft", "The raft sank.", 0.7, (citation,))
    timeline = Timeline(
        "2 articles give different answers.",
        (Moment(date(2024, 8, 5), date(2024, 8, 5), new), Moment(None, None, old)),
    )
    text = shown(Answer("What sank?", "ferry", 0.9, (old, new, other), (), None, timeline))
    lines = [line for line in text.splitlines() if line and not line.startswith("   ")]
    assert lines == [
        "2 articles give different answers.",
        "August 5, 2024",
        "“The boat sank tonight.” [1]",
        "no date given",
        "“The ferry sank.” [1]",
        "“The raft sank.” [1]",
    ]
    assert "   “tonight” is August 5, 2024" in text


def test_how_a_follow_up_was_understood_stands_first() -> None:
    answer = Answer("Why?", None, 0.1, (), (), understood="Why (ferry)?")
    assert shown(answer).startswith("Understood as: Why (ferry)?\n")


def test_how_an_answer_came_about() -> None:
    looks = (Look(replace(HIT, by_words=1, by_vectors=3), 4.0, "ferry", 5.0),)
    explanation = Explanation("Why?", None, None, 0.12, "“ferry” is it.", looks)
    stream = io.StringIO()
    print_explanation(explanation, Console(file=stream, width=200))
    text = stream.getvalue()
    assert "“ferry” is it.\nThe articles were asked: Why?\n" in text
    assert "by words no. 1, by vectors no. 3; the reader’s score 4.0, with all else 5.0" in text
