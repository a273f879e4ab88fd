"""The two lists of an index on this machine: by words with tantivy, by vectors with FAISS."""

import numpy as np
from numpy.typing import NDArray

from pullquote.index.filters import Filters, Wanted
from pullquote.index.lexical import LexicalIndex
from pullquote.index.vectors import VectorIndex


class LocalLists:
    """Searches the files of one generation; safe to use from many threads."""

    def __init__(self, words: LexicalIndex, vectors: VectorIndex, filters: Filters) -> None:
        self._words = words
        self._vectors = vectors
        self._filters = filters

    def by_words(self, question: str, k: int, wanted: Wanted) -> list[tuple[int, float]]:
        """At most k passages that share a word with the question, by BM25."""
        return self._words.search(question, k, wanted)

    def by_vector(
        self, row: NDArray[np.float32], k: int, wanted: Wanted
    ) -> list[tuple[int, float]]:
        """The k passages whose vectors are nearest to a unit vector, (dimension,)."""
        return self._vectors.search(row, k, self._filters.passages(wanted))
