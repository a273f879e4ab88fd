"""A question about a name that an article never mentions is not answered from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.types import Article
from pullquote.qa.names import missing_share, unmentioned


def article(text: str, title: str = "", source: str | None = None) -> Article:
    return Article("a", title, text, source, None, None, "a.txt", "")


MAYOR = article("Mayor Rosa Céloron of Lower Wick spoke in China. Have you met O’Hara?", "Bridges")


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Who is the mayor of Bridgeport?", ["bridgeport"]),
        ("Who is the mayor of New Haven?", ["haven"]),  # "Have" is no form of it
        ("Who is the mayor of Lower Wick?", []),
        ("What did Governor Lamont say?", ["lamont"]),  # a title is no name
        ("Is the bridge of Lower-Wick open?", []),
    ],
)
def test_a_name_counts_as_missing_where_nothing_like_it_stands(
    question: str, missing: list[str]
) -> None:
    assert unmentioned(question, MAYOR) == missing


@pytest.mark.parametrize(
    "question",
    [
        "What did Mayor Celeron say?",  # without the accent
        "What did Mayor Celoronn say?",  # misspelt
        "Which Chinese city did she see?",
        "What was Céloron’s title?",
        "Bridgeport: who is mayor?",  # the first word of a question is capital anyway
        "Who spoke on Monday in May?",
        "What does the FBI say?",  # an article may spell it out
        "who is the mayor of bridgeport?",  # nothing shows that this is a name
    ],
)
def test_another_form_of_a_name_is_the_same_name(question: str) -> None:
    assert unmentioned(question, MAYOR) == []


def test_of_two_names_one_may_be_missing() -> None:
    assert missing_share("What did Rosa Blum say in China?", MAYOR) == pytest.approx(1 / 3)
    assert missing_share("What did the mayor say?", MAYOR) == 0


def test_title_and_source_mention_names_too() -> None:
    told = article("He won.", title="Segarra wins", source="Hartford Courant")
    assert unmentioned("What did Segarra tell the Courant in Hartford?", told) == []


@given(text=st.text(max_size=200), at=st.integers(0, 200), length=st.integers(0, 40))
def test_an_article_mentions_whatever_is_quoted_from_it(text: str, at: int, length: int) -> None:
    words = text[at : at + length].split()[1:-1]  # the first and the last may be cut
    assert unmentioned(" ".join(["Who", *words]), article(text)) == []
