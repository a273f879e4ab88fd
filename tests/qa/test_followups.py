"""Questions that lean on the one before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.generation import LONGEST_QUESTION, checked
from pullquote.qa.followups import stands_alone, understood, with_context
from pullquote.qa.types import Answer, Message

ASKED = "Who was mayor of Hartford in 2017?"
ANSWERED = Message(ASKED, Answer(ASKED, "Luke Bronin", 0.9, (), ()))
ABSTAINED = Message(ASKED, Answer(ASKED, None, 0.1, (), ()))


@pytest.mark.parametrize(
    "question",
    [
        "And in 2024?",
        "What did he say?",
        "Why?",
        "What about Daly?",
        "No, I meant for Mars",
        "How many were there?",
        "but who else joined the walking beats",
        "",
    ],
)
def test_questions_that_lean(question: str) -> None:
    assert not stands_alone(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who is the police chief of Riverton?",
        "Did Daly say that her office helps?",
        "How many officers joined the walking beats?",
        "Who is Rovella?",
    ],
)
def test_questions_that_stand_alone(question: str) -> None:
    assert stands_alone(question)


def test_names_and_numbers_of_the_last_question_are_taken_over() -> None:
    assert with_context("And the chief?", ANSWERED) == "And the chief in 2017 (Hartford)?"


def test_a_question_without_content_takes_all_that_was_asked_over() -> None:
    assert with_context("Why?", ANSWERED) == "Why in 2017 (mayor Hartford)?"


def test_a_last_question_without_names_gives_all_its_words_of_content() -> None:
    understood = with_context("Why?", Message("who closed the old bridge?"))
    assert understood == "Why (closed old bridge)?"


def test_a_pronoun_takes_the_last_answer_over() -> None:
    understood = with_context("What did he say?", ANSWERED)
    assert understood == "What did Luke Bronin say in 2017 (Hartford)?"


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("Who asked for her help?", "Who asked for Luke Bronin's help"),
        ("Who told him?", "Who told Luke Bronin"),
        ("Who asked her to help?", "Who asked Luke Bronin to help"),
        ("Who is with her?", "Who is with Luke Bronin"),
        ("What does it say?", "What does it say"),
    ],
)
def test_a_name_that_was_answered_stands_in_the_place_of_a_pronoun(
    question: str, meant: str
) -> None:
    assert with_context(question, ANSWERED).split(" in 2017")[0] == meant


def test_without_a_pronoun_the_last_answer_stays_out() -> None:
    assert "Bronin" not in with_context("And of Riverton?", ANSWERED)


def test_a_long_last_answer_stays_out() -> None:
    long = Message(ASKED, Answer(ASKED, "He said that " + "much " * 20 + "Later.", 0.9, (), ()))
    assert "Later" not in with_context("Did he say it?", long)


def test_an_abstention_gives_the_terms_of_its_question_alone() -> None:
    understood = with_context("Where is he?", ABSTAINED)
    assert "Hartford" in understood
    assert "None" not in understood


def test_terms_are_added_once() -> None:
    understood = with_context("And Hartford then?", Message("Hartford or Riverton or Riverton?"))
    assert understood.count("Hartford") == understood.count("Riverton") == 1


def test_a_last_question_of_nothing_but_small_words_adds_nothing() -> None:
    assert with_context("And then?", Message("What was it?")) == "And then?"


TEXTS = st.text(max_size=50) | st.lists(
    st.sampled_from(["And", "he", "what", "Hartford", "mayor", "?", "x" * 900]), max_size=2000
).map(" ".join)


@given(question=TEXTS, before=TEXTS, text=st.none() | TEXTS)
def test_what_is_understood_can_always_be_asked(
    question: str, before: str, text: str | None
) -> None:
    question = question[:LONGEST_QUESTION]
    understood = with_context(question, Message(before, Answer(before, text, 0.5, (), ())))
    assert text or understood.startswith(question.rstrip(" ?").rstrip())
    assert len(understood) <= LONGEST_QUESTION
    assert not question.strip() or checked(understood)


def test_a_follow_up_to_a_very_long_question_can_be_asked() -> None:
    before = " ".join(f"word{n}" for n in range(1000))
    understood = with_context("And why?", Message(before))
    assert understood.startswith("And why (word0 word1")
    assert checked(understood) == understood


@pytest.mark.parametrize(
    "question", ["Did he work with Daly?", "What were his problems with the Lea Bridge?"]
)
def test_a_pronoun_before_the_name_is_somebody_else(question: str) -> None:
    assert not stands_alone(question)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("And in 2024?", "Who was mayor of Hartford in 2024?"),
        ("What about August 2024?", "Who was mayor of Hartford August 2024?"),
        ("2015?", "Who was mayor of Hartford 2015?"),
    ],
)
def test_another_time_takes_the_place_of_the_last_one(question: str, meant: str) -> None:
    assert with_context(question, ANSWERED) == meant


def test_what_an_earlier_turn_named_is_handed_on() -> None:
    turns = [Message(ASKED), Message("And the chief?")]
    assert understood("Why?", turns) == "Why in 2017 (chief Hartford)?"


def test_a_turn_without_a_name_hands_on_that_of_an_earlier_one() -> None:
    turns = [Message(ASKED), Message("who closed the old bridge?")]
    assert understood("Why?", turns) == "Why in 2017 (closed old bridge Hartford)?"


def test_a_turn_that_names_somebody_hands_on_nothing_from_before() -> None:
    turns = [Message(ASKED), Message("Who is Rosa Blum of Riverton?")]
    assert understood("Why?", turns) == "Why (Rosa Blum Riverton)?"


def test_a_question_that_stands_alone_is_not_changed() -> None:
    assert understood("Who is Rovella?", [ANSWERED]) == "Who is Rovella?"
    assert understood("Why?", []) == "Why?"


@given(question=TEXTS, before=st.lists(TEXTS, max_size=5))
def test_whatever_was_asked_before_can_be_understood(question: str, before: list[str]) -> None:
    question = question[:LONGEST_QUESTION]
    meant = understood(question, [Message(one[:LONGEST_QUESTION]) for one in before])
    assert len(meant) <= LONGEST_QUESTION
    assert not question.strip() or checked(meant)
