"""Questions over four articles about one city, and what counts as right.

The part "tune" is for choosing; the part "report" was written by somebody who had not seen the
other part, and is not read before the choices are made.
"""

import json
import re
from dataclasses import dataclass

from conftest import ROOT

from pullquote.qa import Answer
from pullquote.qa.evaluation.metrics import f1

SOURCES = {"articles": ROOT.parent / "shared" / "articles", "digests": ROOT / "corpus"}
HALF = 0.5  # of the words: a shorter or longer form of what is expected


@dataclass(frozen=True)
class Question:
    id: str
    question: str
    answers: list[str]
    paths: list[str]
    kind: str


def questions(source: str, part: str) -> list[Question]:
    lines = (ROOT / "tests/data/archive_questions.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    return [
        Question(entry["id"], entry["question"], entry["answers"], entry[source], entry["kind"])
        for entry in entries
        if entry["part"] == part
        # What an original says in a photo caption alone is answered by its digest only.
        and (entry[source] or not entry["answers"])
    ]


def right(question: Question, answer: Answer) -> bool:
    """Whether the first quote says what is expected, or nothing is said where nothing is known."""
    if not question.answers:
        return answer.text is None
    if answer.text is None:
        return False
    # "Four" is as right as "four detectives".
    said = any(holds(answer.text, expected) for expected in question.answers)
    said = said or f1(question.answers, answer.text) >= HALF
    return said and any(citation.path in question.paths for citation in answer.quotes[0].citations)


def items(question: Question, answer: Answer, source: str) -> tuple[int, int]:
    """Of a list's labelled items, how many the quotes hold, and how many its articles do.

    A label may be another article's wording for an item; such do not count.
    """
    texts = [(SOURCES[source] / path).read_text(encoding="utf-8") for path in question.paths]
    known = [one for one in question.answers if any(holds(text, one) for text in texts)]
    said = " … ".join(quote.text for quote in answer.quotes)
    return sum(holds(said, one) for one in known), len(known)


def holds(text: str, answer: str) -> bool:
    """Whether the answer's words stand in the text, as whole words."""
    return f" {_normalised(answer)} " in f" {_normalised(text)} "


def _normalised(text: str) -> str:
    words = re.sub(r"[^\w\s%$]", "", text.lower())
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", words).split())
