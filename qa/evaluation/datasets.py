"""Questions with known answers, out of SQuAD files and JSON lines."""

import gzip
import hashlib
import logging
import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field, StringConstraints, ValidationError
from pydantic_core import from_json

from pullquote.index.errors import SourceError
from pullquote.index.types import Article
from pullquote.qa.types import EVERYTHING, Within

logger = logging.getLogger(__name__)

_SQUAD = "a SQuAD file has data[].title, .paragraphs[].context and .qas[].id, .question, .answers"
_LINE = (
    'a line looks like {"question": "Who won?", "answers": ["Ann"], "articles": ["a.txt"]}, '
    "with no answers where there is none, and may have an id and a history (a list of texts)"
)


@dataclass(frozen=True, slots=True)
class EvaluationQuestion:
    """A question and what is known of it.

    No `answers`: the articles do not answer it. `article_ids` are ids or paths of the articles
    that do, or that it was asked about; none: not known. `history` holds the earlier questions of
    its conversation, oldest first, and `within` is what it was asked of.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    article_ids: tuple[str, ...]
    history: tuple[str, ...] = ()
    within: Within = EVERYTHING


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """The questions of a file, and the articles that it brings along (JSON lines bring none)."""

    questions: tuple[EvaluationQuestion, ...]
    articles: tuple[Article, ...]


# What the files must hold; other keys are allowed and ignored.
_Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Id = Annotated[str, Field(coerce_numbers_to_str=True)]


class _Within(BaseModel):
    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


class _Line(BaseModel):
    question: _Question
    # Required, lest a forgotten key turn every question unanswerable; null: not known.
    answers: list[str] | None
    within: _Within = _Within()
    id: _Id | None = None
    articles: list[str] = []
    history: list[str] = []


class _SquadAnswer(BaseModel):
    text: str


class _SquadQuestion(BaseModel):
    id: _Id
    question: _Question
    answers: list[_SquadAnswer]


class _SquadParagraph(BaseModel):
    context: Annotated[str, StringConstraints(min_length=1)]
    qas: list[_SquadQuestion]


class _SquadArticle(BaseModel):
    title: str
    paragraphs: list[_SquadParagraph]


class _Squad(BaseModel):
    data: list[_SquadArticle]


_Model = TypeVar("_Model", bound=BaseModel)


def read_questions(file: Path) -> EvaluationSet:
    """The questions of a SQuAD file (.json) or of JSON lines (.jsonl), either of them also .gz.

    Lines whose answers are null are left out, and so is a last line that a kill has torn.

    Raises SourceError where the file cannot be read, holds no question, or is of another form.
    """
    name = file.name.lower().removesuffix(".gz")
    if name.endswith(".jsonl"):
        found = _lines(file)
    elif name.endswith(".json"):
        found = _squad(file)
    else:
        raise SourceError(f"{file} must end in .json, .jsonl, .json.gz or .jsonl.gz.")
    if not found.questions:
        expected = _LINE if name.endswith(".jsonl") else _SQUAD
        raise SourceError(f"{file} holds no question: {expected}.")
    return found


def _lines(file: Path) -> EvaluationSet:
    questions = []
    lines = _text(file).split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if number == len(lines) and _is_torn(line):
            logger.warning("%s, line %d is not whole and is left out.", file, number)
            continue
        entry = _checked(_Line, line, f"{file}, line {number}", _LINE)
        if entry.answers is None:  # a judgement that says no more than "wrong"
            continue
        questions.append(
            EvaluationQuestion(
                id=str(number) if entry.id is None else entry.id,
                question=entry.question,
                answers=tuple(answer for answer in entry.answers if answer.strip()),
                article_ids=tuple(entry.articles),
                history=tuple(entry.history),
                within=Within(**entry.within.model_dump()),
            )
        )
    return EvaluationSet(tuple(questions), ())


def _is_torn(line: str) -> bool:
    """Whether it is the beginning of a line whose writer was killed."""
    try:
        from_json(line)
    except ValueError:
        try:
            from_json(line, allow_partial=True)
        except ValueError:
            return False
        return True
    return False


def _squad(file: Path) -> EvaluationSet:
    articles: list[Article] = []
    asked: list[tuple[Article, _SquadQuestion]] = []
    paragraphs: Counter[str] = Counter()  # of each title, which may come back later in the file
    copies: dict[str, list[str]] = {}  # the ids of the articles with the same text
    for entry in _checked(_Squad, _text(file), str(file), _SQUAD).data:
        for paragraph in entry.paragraphs:
            paragraphs[entry.title] += 1
            article = _article(entry.title, paragraphs[entry.title], paragraph.context)
            articles.append(article)
            copies.setdefault(article.sha256, []).append(article.id)
            asked.extend((article, question) for question in paragraph.qas)
    questions = tuple(
        EvaluationQuestion(
            id=question.id,
            question=question.question,
            answers=tuple(answer.text for answer in question.answers if answer.text.strip()),
            # A copy of the paragraph answers as well as the one asked about, which comes first.
            article_ids=tuple(dict.fromkeys([article.id, *copies[article.sha256]])),
        )
        for article, question in asked
    )
    return EvaluationSet(questions, tuple(articles))


def _article(title: str, number: int, text: str) -> Article:
    name = f"{title}/{number}"
    return Article(
        id=name,
        title=title.replace("_", " "),
        text=text,
        source=None,
        published=None,
        url=None,
        path=name,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def _text(file: Path) -> str:
    opened = gzip.open if file.suffix.lower() == ".gz" else open
    try:
        with opened(file, "rt", encoding="utf-8-sig") as stream:
            return stream.read()
    except UnicodeDecodeError as error:
        raise SourceError(f"{file} must be text in UTF-8, and is not.") from error
    except (OSError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise SourceError(f"{file} cannot be read: {reason}.") from error


def _checked(model: type[_Model], text: str, place: str, expected: str) -> _Model:
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in first["loc"])
        at = f"{place}, {where.removeprefix('.')}" if where else place
        raise SourceError(f"{at}: {first['msg']}; {expected}.") from error
