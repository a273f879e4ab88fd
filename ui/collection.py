"""What is known about the articles as a whole: the line under the product's name."""

from dataclasses import dataclass
from datetime import date

SOURCES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Collection:
    """How many articles there are, who published them, and the days of the first and the last.

    `first` and `last` are None where no article has a date.
    """

    articles: int
    sources: tuple[str, ...]
    first: date | None
    last: date | None

    def in_words(self) -> str:
        """One line, such as "4 articles · 2017-01-12 to 2024-08-05 · NBC Connecticut"."""
        count = f"{self.articles:,} article" + ("" if self.articles == 1 else "s")
        return " · ".join(part for part in (count, self._period(), self._named_sources()) if part)

    def _period(self) -> str:
        days = sorted({day for day in (self.first, self.last) if day})
        return " to ".join(day.isoformat() for day in days)

    def _named_sources(self) -> str:
        named = ", ".join(self.sources[:SOURCES_NAMED])
        more = len(self.sources) - SOURCES_NAMED
        return f"{named} and {more:,} more" if more > 0 else named
