"""What the parts of an assistant must be able to do; anything that does it will serve."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from pullquote.index.types import Article, Hit
from pullquote.qa.types import EVERYTHING, Answer, Message, Span, Within


class Retriever(Protocol):
    """Finds passages."""

    def current(self) -> "Retriever":
        """One that finds the same for as long as it is used: what answers one question."""
        ...

    def search(
        self,
        question: str,
        k: int = 5,
        since: date | None = None,
        until: date | None = None,
        source: str | Sequence[str] | None = None,
        article: str | Sequence[str] | None = None,
    ) -> list[Hit]:
        """At most k passages, best first, of articles of those dates, sources and ids."""
        ...

    def newest(self) -> date | None:
        """The day of the newest article, from which "last year" is counted; None without dates."""
        ...

    def article(self, article_id: str) -> Article:
        """The article as it is stored; raises KeyError."""
        ...


class Reader(Protocol):
    """Lifts answers out of passages."""

    def read(self, question: str, hits: Sequence[Hit], spans_each: int = 3) -> list[Span]:
        """The best spans of every passage, best first, on one scale across all of them."""
        ...


class Answering(Protocol):
    """Answers questions."""

    def ask(
        self, question: str, history: Sequence[Message] = (), within: Within = EVERYTHING
    ) -> Answer:
        """The answer out of articles that are `within`, or an abstention; raises QuestionError."""
        ...
