"""What programs may ask, over HTTP and over MCP: each answer is the JSON of the command line."""

import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from pullquote.index import Retriever
from pullquote.index.errors import PullquoteError
from pullquote.index.types import Article, Hit
from pullquote.qa import Assistant
from pullquote.qa.calibration import Calibration
from pullquote.qa.protocols import Answering
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.spelling import Speller
from pullquote.qa.types import Message
from pullquote.ui.json_format import answer_json, article_json, hits_json


class ArticleMissingError(PullquoteError):
    """No article has the id that was asked for."""


class Searching(Protocol):
    """Finds passages, as `Retriever.search` does."""

    def __call__(
        self,
        question: str,
        k: int = 5,
        since: date | None = None,
        until: date | None = None,
        source: str | None = None,
        article: str | Sequence[str] | None = None,
    ) -> list[Hit]:
        """At most k passages, best first; raises QuestionError."""
        ...


class Service:
    """Answers, passages and articles as JSON; safe to use from many threads."""

    def __init__(
        self, assistant: Answering, search: Searching, article: Callable[[str], Article]
    ) -> None:
        """`article` gives the stored article of an id and raises KeyError."""
        self._assistant = assistant
        self._search = search
        self._article = article

    @classmethod
    def of(cls, assistant: Assistant, retriever: Retriever) -> "Service":
        """The service of an opened index."""
        return cls(assistant, retriever.search, retriever.article)

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        id: str | None = None,  # noqa: A002
        explain: bool = False,
    ) -> dict[str, Any]:
        """The answer as `pullquote ask --json` prints it.

        Args:
            question: what the asker wants to know.
            history: earlier questions of the conversation, oldest first.
            id: the asker's own name for the question, handed back unchanged.
            explain: whether to say how the answer came about.

        Raises:
            QuestionError: the question is empty or longer than 2,000 characters.
        """
        started = time.perf_counter()
        answer = self._assistant.ask(question, [Message(earlier) for earlier in history])
        return answer_json(answer, time.perf_counter() - started, id, explain)

    def search(
        self,
        question: str,
        k: int = 5,
        since: date | None = None,
        until: date | None = None,
        source: str | None = None,
        article: Sequence[str] = (),
    ) -> list[dict[str, Any]]:
        """The passages as `pullquote search --json` prints them; see Retriever.search.

        No `article` means all of them.

        Raises:
            QuestionError: the question is empty or longer than 2,000 characters.
        """
        return hits_json(self._search(question, k, since, until, source, article or None))

    def read_article(self, article_id: str) -> dict[str, Any]:
        """The whole article, in whose text the offsets of quotes and passages count.

        Raises:
            ArticleMissingError: the index has no article of that id.
        """
        try:
            return article_json(self._article(article_id))
        except KeyError as error:
            raise ArticleMissingError(
                "There is no article of that id; take one from the answer of ask or search."
            ) from error


def opened(directory: Path, threshold: float | None) -> tuple[Assistant, Retriever]:
    """The assistant over the index in a directory and its retriever, with the models loaded.

    Raises:
        IndexMissingError, IndexMismatchError, IndexDamagedError, ModelError: see Assistant.open.
    """
    retriever = Retriever.open(directory)
    calibration = Calibration.of_index(directory, threshold)
    assistant = Assistant(retriever, ExtractiveReader.open(), calibration, Speller.open())
    assistant.ask("Who?")  # so that the first question does not wait for the models
    return assistant, retriever
