"""Questions over four articles about one city, asked of the whole product.

The part "tune" is for choosing; what is asserted is of the part "report", which was written by
somebody who had not seen the other part, and was not read before the choices were made.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT

from pullquote.index import build_index
from pullquote.qa import Answer, Assistant
from pullquote.qa.evaluation.metrics import f1

SOURCES = {"articles": ROOT.parent / "shared" / "articles", "digests": ROOT / "corpus"}
HALF = 0.5  # of the words: a shorter or longer form of what is expected
# Where the product stands, less a little; the goal is 0.9 and 0.8.
RIGHT_FIRST, RIGHT_ABSTENTIONS = 0.7, 0.77


@dataclass(frozen=True)
class Question:
    id: str
    part: str
    question: str
    answers: list[str]
    paths: list[str]


def questions(source: str, part: str) -> list[Question]:
    lines = (ROOT / "tests/data/archive_questions.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    return [
        Question(entry["id"], entry["part"], entry["question"], entry["answers"], entry[source])
        for entry in entries
        if entry["part"] == part
        # What an original says in a photo caption alone is answered by its digest only.
        and (entry[source] or not entry["answers"])
    ]


def normalised(text: str) -> str:
    words = re.sub(r"[^\w\s%$]", "", text.lower())
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", words).split())


def holds(text: str, answer: str) -> bool:
    """Whether the answer's words stand in the text, as whole words."""
    return f" {normalised(answer)} " in f" {normalised(text)} "


def right(question: Question, answer: Answer) -> bool:
    if not question.answers:
        return answer.text is None
    if answer.text is None:
        return False
    # "Four" is as right as "four detectives".
    said = any(holds(answer.text, expected) for expected in question.answers)
    said = said or f1(question.answers, answer.text) >= HALF
    return said and any(citation.path in question.paths for citation in answer.quotes[0].citations)


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
