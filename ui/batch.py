"""Many questions at once, one JSON object a line."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, TextIO

from pydantic import BaseModel, Field, ValidationError

from pullquote.index.errors import QuestionError, SourceError
from pullquote.index.generation import checked
from pullquote.qa.types import Message
from pullquote.ui.piped import NAME, STANDARD_INPUT


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the asker's own name for it and the conversation before it."""

    id: str | None
    question: str
    history: list[Message]


class _Line(BaseModel):
    question: str
    id: Annotated[str, Field(coerce_numbers_to_str=True)] | None = None
    history: list[str] = []


def read_batch(file: Path) -> Iterator[Asked]:
    """The questions, line by line; one without an id gets the number of its line.

    The file "-" is standard input, of which each question comes as soon as its line does.

    Raises:
        SourceError: the file cannot be read, a line is not of that form, or its question cannot be
            asked.
    """
    name = NAME if file == STANDARD_INPUT else str(file)
    try:
        with _piped() if file == STANDARD_INPUT else file.open(encoding="utf-8-sig") as stream:
            for number, text in enumerate(stream, start=1):
                if text.strip():
                    line = _Line.model_validate(json.loads(text))
                    history = [Message(question) for question in line.history]
                    yield Asked(line.id or str(number), checked(line.question), history)
    except QuestionError as error:
        raise SourceError(f"{name}, line {number}: {error}") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{name} is not UTF-8 text; save it as UTF-8.") from error
    except (ValidationError, ValueError) as error:
        raise SourceError(
            f'{name}, line {number}: expected {{"id": "1", "question": "Who won?", "history": []}}.'
        ) from error
    except OSError as error:
        raise SourceError(f"{name} cannot be read ({error.strerror}).") from error


def read_plain(history: Sequence[str] = ()) -> Iterator[Asked]:
    """Each line of standard input as a question behind the same history, as soon as it comes.

    Raises SourceError where it is not UTF-8 or a question cannot be asked.
    """
    before = [Message(question) for question in history]
    try:
        with _piped() as stream:
            for number, text in enumerate(stream, start=1):
                if text.strip():
                    yield Asked(str(number), checked(text), before)
    except QuestionError as error:
        raise SourceError(f"{NAME}, line {number}: {error}") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{NAME} is not UTF-8 text; pipe UTF-8 text into it.") from error


def _piped() -> AbstractContextManager[TextIO]:
    # Whatever the terminal's encoding is, a pipe's is UTF-8.
    return nullcontext(TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig"))
