"""Ask some of the articles only: of some dates, sources, or one article."""

from collections.abc import Callable, Sequence
from datetime import date

from pullquote.index.types import Article, Hit
from pullquote.qa.protocols import Retriever
from pullquote.qa.types import Within


class NarrowedRetriever:
    """A retriever that finds passages of some articles only."""

    def __init__(self, retriever: Retriever, within: Within) -> None:
        self._retriever = retriever
        self._within = within

    def current(self) -> "NarrowedRetriever":
        """One that finds the same for as long as it is used."""
        return NarrowedRetriever(self._retriever.current(), self._within)

    def search(
        self,
        question: str,
        k: int = 5,
        since: date | None = None,
        until: date | None = None,
        source: str | Sequence[str] | None = None,
        article: str | Sequence[str] | None = None,
    ) -> list[Hit]:
        """At most k passages, best first, of articles that fit what is asked and what is set."""
        within = self._within
        return self._retriever.search(
            question,
            k,
            max(filter(None, (since, within.since)), default=None),
            min(filter(None, (until, within.until)), default=None),
            _in_both(source, within.sources, str.casefold),
            _in_both(article, within.articles, str),
        )

    def newest(self) -> date | None:
        """The day of the newest article, but no later than what is set."""
        known = (self._retriever.newest(), self._within.until)
        if self._within.articles:
            days = [self._day(article_id) for article_id in self._within.articles]
            known = (max(filter(None, days), default=None), self._within.until)
        return min(filter(None, known), default=None)

    def article(self, article_id: str) -> Article:
        """The article as it is stored; raises KeyError."""
        return self._retriever.article(article_id)

    def _day(self, article_id: str) -> date | None:
        try:
            return self._retriever.article(article_id).published
        except KeyError:
            return None


def _in_both(
    asked: str | Sequence[str] | None, known: Sequence[str], alike: Callable[[str], str]
) -> Sequence[str] | None:
    """The names asked for that are among those that are set; None where any will do."""
    names = [asked] if isinstance(asked, str) else asked
    if names is None or not known:
        return names if names is not None else known or None
    fitting = {alike(name) for name in known}
    return [name for name in names if alike(name) in fitting]
