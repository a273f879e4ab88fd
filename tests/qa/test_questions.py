"""Which questions only a whole sentence can answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.qa.questions import asks_for_sentences, asks_for_several, asks_yes_or_no


@pytest.mark.parametrize(
    "question",
    [
        "Why did the bridge close?",
        "why",
        "How come it closed?",
        "How did they mend it?",
        "How will the market open?",
        "What is the reason for it?",
        "What were the causes of the fire?",
        "List the mayors.",
        "Name all the stalls.",
        "Which of the stalls are let?",
        "What are the plans?",
        "What did James Rovella say about the criminals?",
        "What has the mayor promised?",
        "WHAT DID SHE ARGUE?",
        "What does Ann remember about the fire?",
        "What did the mayor urge residents to do?",
        "What does the chief expect of the new unit?",
        "What did she ask drivers to do?",
    ],
)
def test_sentences_are_asked_for(question: str) -> None:
    assert asks_for_sentences(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who was the mayor?",
        "When did the bridge close?",
        "How many stalls have been let?",
        "How much did it cost?",
        "How old is she?",
        "How often do they meet?",
        "What was the name of the mayor?",
        "What are the odds?",
        "Where is the market?",
        "Which mayor cut the ribbon?",
        "What did the council ask the state for?",
        "Who lives in Whyalla?",
        "Whose enlistment was it?",
        "",
    ],
)
def test_a_few_words_do(question: str) -> None:
    assert not asks_for_sentences(question)


@given(st.text())
def test_white_space_and_case_do_not_matter(question: str) -> None:
    assert asks_for_sentences(f"  WHY {question}")
    assert asks_for_sentences(f"Why {question} ")


@pytest.mark.parametrize(
    "question",
    [
        "Were the two shootings connected?",
        "Did Ann cut the ribbon?",
        "Is there a market?",
        "Hasn't the bridge been mended?",
        "is it open",
    ],
)
def test_what_is_settled_with_yes_or_no_is_answered_by_a_sentence(question: str) -> None:
    assert asks_yes_or_no(question)
    assert asks_for_sentences(question)


@pytest.mark.parametrize(
    "question",
    ["Is Ann a baker or a mayor?", "Who did it?", "Whose is it?", "Island of what?", "Will's age?"],
)
def test_a_choice_is_not_settled_with_yes_or_no(question: str) -> None:
    assert not asks_yes_or_no(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which federal agencies joined the team?",
        "Which agencies and offices are partners?",
        "What personnel did the state send?",
        "On which two streets were men shot?",
        "What are the goals of the program?",
        "Name the three agencies.",
        "name three agencies",
        "Which people were there?",
        "Which forms of help does it give?",
    ],
)
def test_a_list_is_asked_for(question: str) -> None:
    assert asks_for_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which mayor cut the ribbon?",
        "Which news outlet was it?",
        "Which church is Ann with?",
        "What will the Mothers of Wick do?",
        "What number of homicides did they count?",
        "What kind of stalls are let?",
        "Who runs the market?",
        "What is the status of it?",
    ],
)
def test_one_thing_is_asked_for(question: str) -> None:
    assert not asks_for_several(question)
