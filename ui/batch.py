"""Many questions at once, one JSON object a line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from pullquote.index.errors import QuestionError, SourceError
from pullquote.index.generation import checked
from pullquote.qa.types import Message


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

    Raises:
        SourceError: the file cannot be read, a line is not of that form, or its question cannot be
            asked.
    """
    try:
        with file.open(encoding="utf-8-sig") as stream:
            for number, text in enumerate(stream, start=1):
                if text.strip():
                    line = _Line.model_validate(json.loads(text))
                    history = [Message(question) for question in line.history]
                    yield Asked(line.id or str(number), checked(line.question), history)
    except QuestionError as error:
        raise SourceError(f"{file}, line {number}: {error}") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{file} is not UTF-8 text; save it as UTF-8.") from error
    except (ValidationError, ValueError) as error:
        raise SourceError(
            f'{file}, line {number}: expected {{"id": "1", "question": "Who won?", "history": []}}.'
        ) from error
    except OSError as error:
        raise SourceError(f"{file} cannot be read ({error.strerror}).") from error
