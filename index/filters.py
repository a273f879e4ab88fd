"""Which passages a search may find: dates, sources and articles, as a mask over the passages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pullquote.index.catalog import Catalog


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

    def passages(
        self,
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] | None = None,
        articles: Sequence[str] | None = None,
    ) -> NDArray[np.bool_] | None:
        """Of each passage, by its id less 1, whether its article fits, (passages,).

        An undated article fits no range of dates. `articles` are ids. Of sources and articles, None
        means any, an empty sequence none. None is returned where nothing is asked for.
        """
        if not (since or until) and sources is None and articles is None:
            return None
        facts = self._facts
        fits = np.ones(len(facts.passages), np.bool_)  # (articles,)
        if since or until:
            first, last = (since or date.min).toordinal(), (until or date.max).toordinal()
            fits &= (facts.days >= first) & (facts.days <= last)
        if sources is not None:
            fits &= np.isin(facts.sources, [facts.names.get(one.casefold(), -1) for one in sources])
        if articles is not None:
            named = np.zeros_like(fits)
            named[np.array(self._catalog.numbers_of(articles), np.int64) - 1] = True
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
            name = source.casefold() if source is not None else None
            sources.append(names.setdefault(name, len(names)))
            passages.append(count)
        return _Facts(
            np.array(days, np.int32),
            np.array(sources, np.int32),
            names,
            np.array(passages, np.int32),
        )
