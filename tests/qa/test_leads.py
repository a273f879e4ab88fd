"""What the reader is told of the story before a passage."""

from hypothesis import given
from hypothesis import strategies as st

from pullquote.qa.leads import last_words, lead_of

BEFORE = "The mill closed in May. “It was time,” said Rosa Blum."
NOTICE = "Sign up for our morning newsletter."
CREDIT = "Jane Doe photo"
AFTER = "“Nobody came any more,” she said."


def test_the_story_goes_on_behind_a_newsletter_line() -> None:
    text = f"{BEFORE}\n{NOTICE}\n{AFTER}"
    assert lead_of(text, text.index(AFTER)) == BEFORE


def test_several_lines_in_a_row_are_passed_over() -> None:
    text = f"{BEFORE}\n\n{CREDIT}\n\n{NOTICE}\n\n{AFTER}"
    assert lead_of(text, text.index(AFTER)) == BEFORE


def test_what_an_earlier_line_cut_off_stays_away() -> None:
    text = f"An earlier word.\n{NOTICE}\n{BEFORE}\n{CREDIT}\n{AFTER}"
    assert lead_of(text, text.index(AFTER)) == BEFORE


def test_a_passage_that_nothing_cuts_off_has_no_lead() -> None:
    text = f"{BEFORE}\n{NOTICE}\n{AFTER} The hall stays empty."
    assert lead_of(text, 0) == ""
    assert lead_of(text, text.index("The hall")) == ""


def test_a_text_that_opens_with_such_a_line_has_no_lead() -> None:
    text = f"{CREDIT}\n{AFTER}"
    assert lead_of(text, text.index(AFTER)) == ""


def test_a_lead_is_whole_sentences() -> None:
    text = "One is short. " + "It rained and rained. " * 12
    assert last_words(text).startswith("It rained")
    assert len(last_words(text).split()) == 40
    assert last_words("word " * 60).split() == ["word"] * 60


@given(text=st.text(max_size=300), start=st.integers(0, 300))
def test_a_lead_is_the_articles_own_text(text: str, start: int) -> None:
    assert lead_of(text, min(start, len(text))) in text[:start]
