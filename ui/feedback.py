"""Judgements of answers, kept as JSON lines that `pullquote eval` reads as a test set."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

from filelock import FileLock

from pullquote.index.errors import PullquoteError
from pullquote.qa.types import EVERYTHING
from pullquote.ui import words
from pullquote.ui.json_format import json_text
from pullquote.ui.takeaway import within_json
from pullquote.ui.turns import Conversation

FEEDBACK = "feedback.jsonl"  # in the directory of an index
LONGEST_COMMENT = 2000  # characters
LARGEST_FILE = 50_000_000  # bytes
BLOCK = 4096  # bytes that are read at once


class FeedbackError(PullquoteError):
    """A judgement cannot be kept; the text says why."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a visitor thinks of an answer.

    `right` is what would have been right, where it was not: an article's words, or "" where that
    is not known. `nowhere`: the articles do not say.
    """

    liked: bool
    comment: str = ""
    right: str = ""
    nowhere: bool = False

    @classmethod
    def of_form(cls, values: Mapping[str, Any]) -> "Judgement":
        """What a form says, whatever a browser sent."""

        def text(name: str) -> str:
            value = values.get(name)
            return value.strip()[:LONGEST_COMMENT] if isinstance(value, str) else ""

        return cls(text("liked") == "yes", text("comment"), text("right"), bool(text("nowhere")))


class FeedbackFile:
    """Appends judgements to a file, whoever else does so too; it keeps whole lines only."""

    def __init__(self, file: Path, largest: int = LARGEST_FILE) -> None:
        """`largest` is how many bytes the file may have."""
        self._file = file
        self._largest = largest
        self._lock = Lock()  # of this process; the other one is for others

    def add(self, line: Mapping[str, Any]) -> None:
        """Append one line; a kill while it is written leaves the others readable.

        Raises:
            FeedbackError: the file is as large as it may be, or cannot be written.
        """
        # ASCII, so that a torn line has no torn letter; half a surrogate pair is nobody's letter.
        text = json_text(line).encode(errors="replace")
        whole = (json.dumps(json.loads(text)) + "\n").encode()
        try:
            with self._lock, FileLock(f"{self._file}.lock"), self._file.open("a+b") as stream:
                end = _end_of_last_line(stream)
                if end + len(whole) > self._largest:
                    raise FeedbackError(words.FULL)
                stream.truncate(end)  # what a kill had torn
                stream.write(whole)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise FeedbackError(words.NOT_KEPT) from error


def feedback_line(conversation: Conversation, turn: int, judgement: Judgement) -> dict[str, Any]:
    """One line of a test set: the question as it was asked, and the right answers as far as known.

    `answers` is empty where the articles do not say, and None where the right answer is not known,
    which `pullquote eval` leaves out.
    """
    judged = conversation.turns[turn]
    answer = judged.answer
    given = answer.text if answer else None
    answers: list[str] | None = None
    articles: list[str] = []
    if judgement.liked:
        answers = [given] if given else []
        cited = answer.quotes[0].citations if answer and given else ()
        articles = list(dict.fromkeys(one.path for one in cited))
    elif judgement.nowhere or judgement.right:
        answers = [] if judgement.nowhere else [judgement.right]
    line: dict[str, Any] = {
        "question": judged.question,
        "answers": answers,
        "articles": articles,
        "history": [message.question for message in conversation.messages(turn)],
        "liked": judgement.liked,
        "comment": judgement.comment,
        "given": given,
        "confidence": answer.confidence if answer else None,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    if judged.within != EVERYTHING:
        line["within"] = within_json(judged.within)
    return line


def _end_of_last_line(stream: BinaryIO) -> int:
    """Where the last whole line of a file ends, in bytes."""
    end = stream.seek(0, os.SEEK_END)
    while end > 0:
        begin = max(0, end - BLOCK)
        stream.seek(begin)
        at = stream.read(end - begin).rfind(b"\n")
        if at >= 0:
            return begin + at + 1
        end = begin
    return 0
