"""Asked what somebody said, what others say is trusted less."""

import pytest
from fakes import hit

from pullquote.qa.ranking import ranked
from pullquote.qa.said import (
    OTHER_SPEAKER,
    answering_statements,
    asks_who_said,
    other_speakers,
)
from pullquote.qa.types import Span

TEXT = (
    "Mayor Ines Okafor said the dam will hold for years. Fire Chief Bo Stern said it will break by "
    "May. Police say it is old. It was built in 1950."
)
SAID = ("the dam will hold", "it will break", "it is old", "1950")


def spans(text: str = TEXT) -> list[Span]:
    found = hit(1, text)
    return [
        Span(found.passage, found.article, text.index(one), text.index(one) + len(one), 5.0)
        for one in SAID
    ]


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("What did Okafor say about the dam?", [False, True, False, False]),
        ("what did okafor think of the dam", [False, True, False, False]),
        ("What does the fire chief say about the dam?", [True, False, False, False]),
        ("What has Mayor Okafor said about Chief Stern?", [False, True, False, False]),
        ("What did Segarra say about the dam?", [False] * 4),  # no speaker of this article
        ("What did people say about the dam?", [False] * 4),
        ("Who said the dam will hold?", [False] * 4),
        ("When was the dam built?", [False] * 4),
        ("", [False] * 4),
    ],
)
def test_what_others_say(question: str, others: list[bool]) -> None:
    assert other_speakers(question, spans()) == others


def test_what_others_say_loses_some_of_its_score() -> None:
    found = spans()
    best = ranked("What did Okafor say of it?", found, [hit(1, TEXT)], retrieval=0.0)
    scores = {TEXT[span.start : span.end]: span.score for span in best}
    assert scores["the dam will hold"] == 5.0
    assert scores["it will break"] == 5.0 - OTHER_SPEAKER
    assert best[-1].score == scores["it will break"]


def test_without_spans() -> None:
    assert other_speakers("What did Okafor say?", []) == []


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Who said the dam will hold?", True),
        ("Which fire chief says it will break?", True),
        ("who in Lea called it a disgrace", True),
        ("Who has promised to mend it?", True),
        ("Who is the mayor who said so?", True),
        ("Who was called a hero?", False),
        ("According to whom will it break?", True),
        ("Who won the vote?", False),
        ("How many people asked for help?", False),
    ],
)
def test_questions_for_whoever_said_something(question: str, asks: bool) -> None:
    assert asks_who_said(question) == asks


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("What did Mayor Okafor say?", [True, False, False, False]),
        ("What did Okafor say in May 2017 (Lea)?", [True, False, False, False]),
        ("What did Okafor say about the dam?", [False] * 4),
        ("Who said it?", [False] * 4),
    ],
)
def test_any_statement_answers_what_somebody_said(question: str, answers: list[bool]) -> None:
    assert answering_statements(question, spans()) == answers
