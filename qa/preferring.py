"""After a question that leans on the turns before it: prefer the articles just cited."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pullquote.index.types import Article, Hit
from pullquote.qa.merging import before, scored_among
from pullquote.qa.protocols import Retriever
from pullquote.qa.types import Message

JUST_CITED = 0.01  # of the retrieval score, about half a logit of an answer
SURELY_FOUND = 4  # passages of the articles just cited that are found whatever else is


class PreferringRetriever:
    """A retriever that finds passages of some articles rather than others."""

    def __init__(self, retriever: Retriever, articles: Sequence[str]) -> None:
        self._retriever = retriever
        self._articles = tuple(articles)

    def current(self) -> "PreferringRetriever":
        """One that finds the same for as long as it is used."""
        return PreferringRetriever(self._retriever.current(), self._articles)

    def search(
        self,
        question: str,
        k: int = 5,
        since: date | None = None,
        until: date | None = None,
        source: str | Sequence[str] | None = None,
        article: str | Sequence[str] | None = None,
    ) -> list[Hit]:
        """At most k passages, best first.

        Those of the preferred articles gain JUST_CITED and others lose it, so that an answer is on
        the whole as likely as before.
        """
        hits = self._retriever.search(question, k, since, until, source, article)
        asked = [article] if isinstance(article, str) else article
        preferred = [one for one in self._articles if asked is None or one in asked]
        own = self._retriever.search(question, SURELY_FOUND, since, until, source, preferred)
        hits = before(hits, scored_among(hits, own))
        weighed = [
            replace(
                hit, score=hit.score + (JUST_CITED if hit.article.id in preferred else -JUST_CITED)
            )
            for hit in hits
        ]
        weighed.sort(key=lambda hit: -hit.score)
        return [replace(hit, rank=rank) for rank, hit in enumerate(weighed[:k], start=1)]

    def newest(self) -> date | None:
        """The day of the newest article."""
        return self._retriever.newest()

    def article(self, article_id: str) -> Article:
        """The article as it is stored; raises KeyError."""
        return self._retriever.article(article_id)

    def close(self) -> None:
        """Release what is open."""
        self._retriever.close()


def just_cited(turns: Sequence[Message]) -> list[str]:
    """The articles that the last answer with quotes cites, each once; none without such a turn."""
    for turn in reversed(turns):
        if turn.answer and turn.answer.quotes:
            cited = (one.article_id for quote in turn.answer.quotes for one in quote.citations)
            return list(dict.fromkeys(cited))
    return []
