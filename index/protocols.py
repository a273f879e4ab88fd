"""What a generation of an index is made of, wherever it is kept."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from pullquote.index.filters import Wanted
from pullquote.index.types import Article, Passage

if TYPE_CHECKING:
    from pullquote.index.generation import Generation


class Lists(Protocol):
    """The two lists that are fused: ids and scores of passages that are wanted, best first."""

    def by_words(self, question: str, k: int, wanted: Wanted) -> list[tuple[int, float]]:
        """At most k passages that share a word with the question, by BM25."""
        ...

    def by_vector(
        self, row: NDArray[np.float32], k: int, wanted: Wanted
    ) -> list[tuple[int, float]]:
        """The k passages whose vectors are nearest to a unit vector, (dimension,)."""
        ...


class Articles(Protocol):
    """The articles of an index and where their passages begin and end."""

    def article(self, article_id: str) -> Article:
        """The article of that id; raises KeyError."""
        ...

    def passages(self, ids: Sequence[int]) -> list[tuple[Passage, Article]]:
        """The passages of those ids, in that order, each with its article."""
        ...

    def stories_of(self, ids: Sequence[int]) -> dict[int, int]:
        """Of the passages of those ids, those whose story other articles tell too: its number."""
        ...

    def articles_of_story(self, story: int) -> list[Article]:
        """The articles that tell a story, in the order of their ids."""
        ...

    def spread(self, count: int) -> list[Article]:
        """At most so many articles, from all over the index."""
        ...

    def sources(self) -> list[str]:
        """The distinct sources, those with the most articles first."""
        ...

    def dates(self) -> tuple[date | None, date | None]:
        """The first and the last date of an article; None where no article has one."""
        ...

    def newest(self) -> date | None:
        """The last date of an article; None where none has one."""
        ...


class Origin(Protocol):
    """Where the generations of an index come from."""

    def stamp(self) -> object | None:
        """What changes when another generation is published; None where it cannot be told."""
        ...

    def generation(self) -> "Generation":
        """The newest generation, opened; raises the errors of Retriever.open."""
        ...
