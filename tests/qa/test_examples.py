"""What the reader learns from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.qa.training.examples import Example, as_keywords


@pytest.mark.parametrize(
    ("question", "keywords"),
    [
        ("Who was the first mayor of Oslo?", "first mayor of oslo"),
        (
            "How many ships did O'Hara's yard build in 1912?",
            "how ships o'hara's yard build in 1912",
        ),
        ("Who was it bought by?", "Who was it bought by?"),  # one word would be left
        ("", ""),
    ],
)
def test_a_question_is_typed_as_keywords(question: str, keywords: str) -> None:
    assert as_keywords(Example(question, "", "", ())).question == keywords


@given(st.text(max_size=80))
def test_keywords_are_the_questions_own(question: str) -> None:
    made = as_keywords(Example(question, "title", "passage", ((0, 4),)))
    assert (made.title, made.passage, made.answers) == ("title", "passage", ((0, 4),))
    assert all(word in question.lower() for word in made.question.lower().split())
