"""Whose time a question asks about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.qa.eras import era_of


@pytest.mark.parametrize(
    ("question", "name", "asked"),
    [
        ("Who was police chief while Ada Moss was mayor?", "Moss", "Who was police chief?"),
        ("who was police chief while ada moss was mayor", "moss", "who was police chief"),
        ("While Moss was mayor of Lea, how many died?", "Moss", "how many died?"),
        ("When Ada Moss was still in office, what closed?", "Moss", "what closed?"),
        ("What did the fair cost in Mayor Moss's time?", "Moss", "What did the fair cost?"),
        ("What rose, in Rosa Blum's time as interim chief?", "Blum", "What rose?"),
        ("How many died during Moss' term?", "Moss", "How many died?"),
        ("What did the state pay for under Moss?", "Moss", "What did the state pay for?"),
        ("Who ran the school under Governor Ada Moss?", "Moss", "Who ran the school?"),
        ("who ran the school under governor moss", "moss", "who ran the school"),
        ("homicides so far, moss as mayor", "moss", "homicides so far"),
        ("What closed in the Moss years?", "Moss", "What closed?"),
        ("When do Moss-era recruits finish?", "Moss", "When do recruits finish?"),
    ],
)
def test_a_persons_time_is_taken_out_of_the_question(question: str, name: str, asked: str) -> None:
    era = era_of(question)
    assert era is not None
    assert (era.name, era.question) == (name, asked)


@pytest.mark.parametrize(
    "question",
    [
        "Who was mayor?",
        "What happened while the bridge was closed?",
        "What was found under the bridge?",
        "Which agencies work under the federal partnership?",
        "When was Ada Moss mayor?",
        "When Moss resigned, who followed?",
        "Who served as mayor?",
        "under Moss",
        "How long was Moss's term as mayor?",
        "Was the law passed in time?",
        "How many died in three years?",
    ],
)
def test_other_questions_are_left_alone(question: str) -> None:
    assert era_of(question) is None


@given(st.text(max_size=120))
def test_what_is_left_is_the_questions_own(question: str) -> None:
    era = era_of(question)
    assert era is None or set(era.question) <= set(question) | {" "}
