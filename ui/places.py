"""A place in an article, and the address of the page that opens it there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pullquote.index.types import Article
from pullquote.qa.types import Citation

LONGEST_ID = 1000  # characters
LARGEST = 10**9  # characters of an article


@dataclass(frozen=True, slots=True)
class Place:
    """Characters of an article: `article.text[start:end]`; both are None for all of it."""

    article_id: str
    start: int | None = None
    end: int | None = None

    def address(self) -> str:
        """The query of the page's address: "?article=a.md&start=10&end=25"."""
        values: dict[str, str | int] = {"article": self.article_id}
        if self.start is not None and self.end is not None:
            values |= {"start": self.start, "end": self.end}
        return f"?{urlencode(values)}"

    def fits(self, article: Article) -> bool:
        """Whether the characters are some of the article's."""
        if self.start is None or self.end is None:
            return False
        return 0 <= self.start < self.end <= len(article.text)


def place_of(citation: Citation) -> Place:
    """Where a quote stands."""
    return Place(citation.article_id, citation.start, citation.end)


def place_in(values: Mapping[str, Any]) -> Place | None:
    """The place that a browser asks for, whatever it sent; None where it names no article."""
    article_id = values.get("article")
    if not isinstance(article_id, str) or not 0 < len(article_id) <= LONGEST_ID:
        return None
    # A lone half of a surrogate pair can be asked for, but not looked up.
    article_id = article_id.encode(errors="replace").decode()
    start, end = count_in(values.get("start")), count_in(values.get("end"))
    if start is None or end is None:
        return Place(article_id)
    return Place(article_id, start, end)


def count_in(value: Any) -> int | None:
    """A number from 0 on, as a browser sends it, or its digits; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < LARGEST:
        return value
    return None
