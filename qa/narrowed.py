"""A retriever that finds only what an asker wants to hear of: some days, a source, articles."""

from collections.abc import Sequence
from datetime import date

from pullquote.index.types import Article, Hit
from pullquote.qa.protocols import Retriever


class Narrowed:
    """Finds what another retriever finds, of articles that fit; days may be narrowed further."""

    def __init__(
        self,
        retriever: Retriever,
        since: date | None = None,
        until: date | None = None,
        source: str | None = None,
        article: str | Sequence[str] | None = None,
    ) -> None:
        """The filters are those of `pullquote.index.Retriever.search`."""
        self._retriever = retriever
        self._since = since
        self._until = until
        self._source = source
        self._article = article

    def current(self) -> "Narrowed":
        """The same over what the index holds now."""
        return Narrowed(
            self._retriever.current(), self._since, self._until, self._source, self._article
        )

    def search(
        self,
        question: str,
        k: int = 5,
        since: date | None = None,
        until: date | None = None,
        source: str | None = None,
        article: str | Sequence[str] | None = None,
    ) -> list[Hit]:
        """At most k passages, best first; a source or articles named here count instead."""
        return self._retriever.search(
            question,
            k,
            max(filter(None, (since, self._since)), default=None),
            min(filter(None, (until, self._until)), default=None),
            self._source if source is None else source,
            self._article if article is None else article,
        )

    def newest(self) -> date | None:
        """The day of the newest article of all: "last year" means the same with a filter."""
        return self._retriever.newest()

    def article(self, article_id: str) -> Article:
        """The article as it is stored; raises KeyError."""
        return self._retriever.article(article_id)

    def close(self) -> None:
        """Release what is open."""
        self._retriever.close()
