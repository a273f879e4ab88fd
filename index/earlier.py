"""The index that a build replaces: which articles it had, and the vectors that still hold."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pullquote.index.catalog import Catalog
from pullquote.index.encoder import Encoder
from pullquote.index.errors import PullquoteError
from pullquote.index.rows import read_rows
from pullquote.index.store import Layout, check
from pullquote.index.types import Article, Passage


class Earlier(Protocol):
    """The index that a build replaces."""

    articles: int

    def had(self, article: Article) -> bool | None:
        """Whether the article was in it as it is now; None if it was not in it at all."""
        ...

    def rows(self, passages: Sequence[tuple[Passage, Article]]) -> dict[int, NDArray[np.float32]]:
        """The vectors of those of the passages that it has, by their places in the sequence."""
        ...


class EarlierIndex:
    """What need not be embedded again, because nothing that it was made of has changed."""

    def __init__(self, catalog: Catalog, rows: NDArray[np.float16], articles: int) -> None:
        self.catalog = catalog
        self._rows = rows  # (passages, dimension), by the passages' ids less 1
        self.articles = articles

    @classmethod
    def open(cls, directory: Path, encoder: Encoder) -> "EarlierIndex | None":
        """The index in a directory; None where there is none, or none that this encoder made."""
        try:
            manifest = check(directory)  # a flipped bit must not live on in a new generation
            if (manifest.encoder, manifest.dimension) != (encoder.name, encoder.dimension):
                return None
            layout = Layout(directory / manifest.generation)
            rows = read_rows(layout.rows, manifest.dimension)
            return cls(Catalog.open(layout.catalog), rows, manifest.articles)
        except (
            PullquoteError,
            sqlite3.Error,
            OSError,
            ValueError,
        ):  # damaged: nothing of it is trusted
            return None

    def had(self, article: Article) -> bool | None:
        """Whether the article was in it as it is now; None if it was not in it at all."""
        try:
            return indexed(self.catalog.article(article.id)) == indexed(article)
        except KeyError:
            return None

    def rows(self, passages: Sequence[tuple[Passage, Article]]) -> dict[int, NDArray[np.float32]]:
        """The vectors of those of the passages that it has, by their places in the sequence.

        A passage is the same where its article's text and all that is embedded with it are, under
        whatever name the article was stored.
        """
        found = {}
        known: dict[str, dict[tuple[int, int], int]] = {}  # of each article, its passages' ids
        for place, (passage, article) in enumerate(passages):
            if article.id not in known:
                known[article.id] = self._passages_like(article)
            number = known[article.id].get((passage.start, passage.end))
            if number is not None:
                found[place] = self._rows[number - 1].astype(np.float32)
        return found

    def close(self) -> None:
        """Release the files; nothing can be asked any more."""
        self.catalog.close()
        self._rows = self._rows[:0].copy()  # or whoever still knows this object keeps the file

    def _passages_like(self, article: Article) -> dict[tuple[int, int], int]:
        return {
            (passage.start, passage.end): passage.id
            for earlier in self.catalog.articles_of_text(article.sha256)
            if indexed(earlier) == indexed(article)
            for passage in self.catalog.passages_of(earlier)
        }


def indexed(article: Article) -> tuple[object, ...]:
    """What a passage's vector is made of, the passage itself aside."""
    return article.sha256, article.title, article.source, article.published
