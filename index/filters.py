"""Which passages a search may find: what is wanted, and as a mask over the passages of an index."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pullquote.index.catalog import Catalog
from pullquote.index.types import Article


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an article must be for its passages to be found; see Retriever.search.

    An undated article fits no range of dates. `articles` are ids. Of sources and articles, None
    means any, an empty tuple none.
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] | None = None
    articles: tuple[str, ...] | None = None

    @property
    def anything(self) -> bool:
        """Whether every article fits."""
        return not (self.since or self.until) and self.sources is None and self.articles is None

    @property
    def days(self) -> tuple[int, int] | None:
        """The first and the last day, counted from the year 1; None where any day fits."""
        if not (self.since or self.until):
            return None
        return (self.since or date.min).toordinal(), (self.until or date.max).toordinal()

    def fits(self, article: Article) -> bool:
        """Whether an article does."""
        day = article.published.toordinal() if article.published else 0
        return (
            (self.days is None or self.days[0] <= day <= self.days[1])
            and (self.sources is None or folded(article.source) in map(folded, self.sources))
            and (self.articles is None or article.id in self.articles)
        )


ANYTHING = Wanted()


def folded(source: str | None) -> str | None:
    """A source's name, whatever its case."""
    return source if source is None else source.casefold()


@dataclass(frozen=True, slots=True)
class _Facts:
    """Of each article, in the order of their passages."""

    days: NDArray[np.int32]  # (articles,): days from the year 1; 0 where there is no date
    sources: NDArray[np.int32]  # (articles,): places in `names`
    names: dict[str | None, int]  # each source, whatever its case
    passages: NDArray[np.int32]  # (articles,): how many


class Filters:
    """Tells which passages fit, from facts that are read once, at the first filtered search."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def passages(self, wanted: Wanted) -> NDArray[np.bool_] | None:
        """Of each passage, by its id less 1, whether its article fits, (passages,).

        None is returned where anything does.
        """
        if wanted.anything:
            return None
        facts = self._facts
        fits = np.ones(len(facts.passages), np.bool_)  # (articles,)
        if wanted.days:
            first, last = wanted.days
            fits &= (facts.days >= first) & (facts.days <= last)
        if wanted.sources is not None:
            places = [facts.names.get(folded(one), -1) for one in wanted.sources]
            fits &= np.isin(facts.sources, places)
        if wanted.articles is not None:
            named = np.zeros_like(fits)
            named[np.array(self._catalog.numbers_of(wanted.articles), np.int64) - 1] = True
            fits &= named
        return np.repeat(fits, facts.passages)

    @cached_property
    def _facts(self) -> _Facts:
        days: list[int] = []
        sources: list[int] = []
        passages: list[int] = []
        names: dict[str | None, int] = {}
        for published, source, count in self._catalog.facts():
            days.append(date.fromisoformat(published).toordinal() if published else 0)
            sources.append(names.setdefault(folded(source), len(names)))
            passages.append(count)
        return _Facts(
            np.array(days, np.int32),
            np.array(sources, np.int32),
            names,
            np.array(passages, np.int32),
        )
