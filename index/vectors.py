"""The passages' embeddings in FAISS."""

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray


class VectorIndex:
    """Finds passages by the inner product of unit vectors, which is their cosine."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def create(cls, dimension: int) -> "VectorIndex":
        """A new, empty, exact index."""
        return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)))

    @classmethod
    def open(cls, file: Path) -> "VectorIndex":
        """An index that `save` wrote, memory-mapped; raises RuntimeError if it is damaged."""
        return cls(faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Sequence[int], rows: NDArray[np.float32]) -> None:
        """Add unit rows, (ids, dimension)."""
        self._index.add_with_ids(rows, np.asarray(ids, dtype=np.int64))

    def row(self, number: int) -> NDArray[np.float32]:
        """The row that was added for an id, (dimension,)."""
        return np.asarray(self._index.reconstruct(number), dtype=np.float32)

    def search(
        self, row: NDArray[np.float32], k: int, allowed: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Ids and cosines of the k nearest passages, of those allowed if that is given."""
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.asarray(allowed, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, ids = self._index.search(row[None], k, params=parameters)  # (1, k) each
        pairs = zip(ids[0].tolist(), scores[0].tolist(), strict=True)
        return [(number, score) for number, score in pairs if number >= 0]

    def save(self, file: Path) -> None:
        """Write the index to a file."""
        faiss.write_index(self._index, str(file))
