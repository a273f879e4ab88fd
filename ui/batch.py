"""Many questions at once, one JSON object a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from pullquote.index.errors import SourceError
from pullquote.qa.types import Message


class _Line(BaseModel):
    question: str
    id: Annotated[str, Field(coerce_numbers_to_str=True)] | None = None
    history: list[str] = []


def read_batch(file: Path) -> Iterator[tuple[str, str, list[Message]]]:
    """Id, question and history of each line; without an id, the number of the line is the id.

    Raises:
        SourceError: the file cannot be read, or a line is not of that form.
    """
    try:
        with file.open(encoding="utf-8-sig") as stream:
            for number, text in enumerate(stream, start=1):
                if text.strip():
                    line = _Line.model_validate(json.loads(text))
                    history = [Message(question) for question in line.history]
                    yield line.id or str(number), line.question, history
    except (ValidationError, ValueError) as error:
        raise SourceError(
            f'{file}, line {number}: expected {{"id": "1", "question": "Who won?", "history": []}}.'
        ) from error
    except OSError as error:
        raise SourceError(f"{file} cannot be read ({error.strerror}).") from error
