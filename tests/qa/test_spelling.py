"""A misspelt word is read as the articles spell it, and the reader of the answer is told."""

import pytest
from fakes import hit
from hypothesis import given
from hypothesis import strategies as st

from pullquote.qa.spelling import Speller, as_notice, rewritten

FOUND = [hit(1, "Interim chief Arulampalam said detectives counselled victims of homicides.")]
SPELLER = Speller({"who", "the", "lament", "present", "president", "detectives", "sentencing"})


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("who is the intrim chief", {"intrim": "Interim"}),
        ("how many detetives", {"detetives": "detectives"}),
        ("What did Arulampalm say?", {"Arulampalm": "Arulampalam"}),
        ("Who lost the homicide trial?", {}),  # a form of "homicides", not a slip
        ("Which president was present?", {}),  # a word of the vocabulary is no slip
        ("What did Lamont say?", {}),
        ("xylophonists zzzzz?", {}),
        ("who said so?", {}),
        ("What are the president's or the detective’s lament?", {}),
        (
            "What did Arulampalm's re-detetives say?",
            {"Arulampalm": "Arulampalam", "detetives": "detectives"},
        ),
        ("", {}),
    ],
)
def test_only_slips_are_corrected(question: str, corrected: dict[str, str]) -> None:
    assert SPELLER.corrections(question, FOUND) == corrected


def test_nothing_is_corrected_where_nothing_was_found() -> None:
    assert SPELLER.corrections("who is the intrim chief", []) == {}


def test_the_question_is_rewritten_and_the_change_told() -> None:
    corrections = {"intrim": "Interim", "cheef": "chief"}
    assert rewritten("who is intrim cheef?", corrections) == "who is Interim chief?"
    assert as_notice(corrections) == "“intrim” was read as “Interim”, “cheef” was read as “chief”."


@given(question=st.text(max_size=100), passage=st.text(min_size=1, max_size=200))
def test_a_question_without_slips_stays_as_it_is(question: str, passage: str) -> None:
    found = [hit(1, passage)]
    corrections = SPELLER.corrections(question, found)
    assert all(right in passage for right in corrections.values())
    if not corrections:
        assert rewritten(question, corrections) == question


@pytest.mark.model
def test_the_shipped_vocabulary_holds_plain_words_and_not_the_slips() -> None:
    speller = Speller.open()
    text = "The interim governor praised the police academy and its detectives."
    found = [hit(1, text)]
    assert speller.corrections("Which governer praised the acadamy?", found) == {
        "governer": "governor",
        "acadamy": "academy",
    }
    assert speller.corrections("Which government praised academics and detection?", found) == {}
