"""The whole product over four articles about one city: see archive.py for the questions."""

from pathlib import Path

import pytest
from archive import SOURCES, questions, right

from pullquote.index import build_index
from pullquote.qa import Assistant

# Where the product stands, less what other arithmetic may change; the goal is 0.9 and 0.8.
RIGHT_FIRST, RIGHT_ABSTENTIONS = 0.8, 0.65


@pytest.mark.model
@pytest.mark.parametrize("source", list(SOURCES))
def test_the_right_quote_comes_first_and_nothing_is_invented(source: str, tmp_path: Path) -> None:
    if not SOURCES[source].is_dir():
        pytest.skip(f"the source articles are not at {SOURCES[source]}")
    build_index(SOURCES[source], tmp_path / "index")
    assistant = Assistant.open(tmp_path / "index")
    asked = questions(source, "report")
    answers = {question.id: assistant.ask(question.question) for question in asked}
    wrong = [question for question in asked if not right(question, answers[question.id])]
    for question in wrong:
        answer = answers[question.id]
        print(f"{question.id} {question.question} → {answer.text!r} ({answer.confidence:.2f})")
    answerable = [question for question in asked if question.answers]
    others = [question for question in asked if not question.answers]
    found = 1 - sum(bool(question.answers) for question in wrong) / len(answerable)
    abstained = 1 - sum(not question.answers for question in wrong) / len(others)
    print(
        f"{source}: right first {found:.1%} of {len(answerable)}, "
        f"abstained {abstained:.1%} of {len(others)}"
    )
    for answer in answers.values():
        for quote in answer.quotes:
            for citation in quote.citations:
                text = assistant.article(citation.article_id).text
                assert text[citation.start : citation.end] == citation.quote
    assert found >= RIGHT_FIRST
    assert abstained >= RIGHT_ABSTENTIONS
