"""What is known about the articles as a whole: the line under the product's name."""

from dataclasses import dataclass
from datetime import date

from pullquote.ui import words

SOURCES_NAMED = 2


@dataclass(frozen=True, slots=True)
class Collection:
    """How many articles there are, who published them, and the days of the first and the last.

    `first` and `last` are None where no article has a date.
    """

    articles: int
    sources: tuple[str, ...]
    first: date | None
    last: date | None

    def facts(self) -> list[str]:
        """How many, by whom and of when: "4 articles", "1 source: The Lamp", "January 12, 2017"."""
        found = [words.counted(self.articles, "article")]
        if len(self.sources) > SOURCES_NAMED:
            found.append(words.counted(len(self.sources), "source"))
        elif self.sources:
            found.append(words.sources_named(self.sources))
        days = sorted(day for day in (self.first, self.last) if day)
        return [*found, words.span(days[0], days[-1])] if days else found
