"""Find the passages whose embeddings are nearest to a question's, with FAISS."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from pullquote.index.rows import read_rows
from pullquote.index.store import Layout

PROBES = 64  # lists that a question is compared with: see tests/benchmarks/scale.py
# Allowed passages are compared one by one where they are so few, or such a share of all.
FEW, SMALL_SHARE = 5_000, 1 / 25
_AT_ONCE = 1 << 15  # of them: 25 MB


class VectorIndex:
    """Finds passages by the inner product of unit vectors, which is their cosine."""

    def __init__(self, index: faiss.Index, rows: Path, parts: Sequence[object] = ()) -> None:
        """`rows` is the file that the index was made of; `parts` it reads from."""
        self._index = index
        self._rows = rows
        self._parts = parts
        self._lists = index.nlist if isinstance(index, faiss.IndexIVF) else None

    @classmethod
    def open(cls, layout: Layout) -> "VectorIndex":
        """What `write_vectors` wrote and the rows it is of, memory-mapped.

        Raises OSError, ValueError or RuntimeError if they are damaged.
        """
        index, *others = map(_mapped, layout.parts())
        count = len(read_rows(layout.rows, index.d))
        parts = _join(index, [_mapped(layout.part(0)), *others]) if others else ()
        if index.ntotal != count:
            raise ValueError(f"{layout.directory} has vectors of other rows")
        return cls(index, layout.rows, parts)

    def search(
        self, row: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Ids and cosines of the nearest passages, the nearest first: k, or all that there are.

        Args:
            row: a unit vector, (dimension,).
            k: how many passages at most.
            allowed: of each passage, by its id less 1, whether it may be found, (passages,).
        """
        fitting = self._index.ntotal if allowed is None else int(np.count_nonzero(allowed))
        k = min(k, fitting)
        if not k:
            return []
        few = max(FEW, SMALL_SHARE * self._index.ntotal)
        if allowed is not None and self._lists and fitting <= few:
            return self._one_by_one(row, k, np.flatnonzero(allowed))
        selector = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
        for parameters in self._parameters(k, fitting, selector):
            scores, places = self._index.search(row[None], k, params=parameters)  # (1, k) each
            found = places[0] >= 0
            if found.all():
                break
        return _pairs(places[0][found], scores[0][found])

    def _one_by_one(
        self, row: NDArray[np.float32], k: int, allowed: NDArray[np.int64]
    ) -> list[tuple[int, float]]:
        """The nearest of few passages, by their places: lists hold hardly any of them."""
        # Mapped anew each time, so that no search leaves its rows in memory.
        rows = read_rows(self._rows, len(row))
        places, scores = [], []
        for first in range(0, len(allowed), _AT_ONCE):
            some = allowed[first : first + _AT_ONCE]
            # FAISS reads the 16 bits as they are; NumPy would have to make 32 of them first.
            flat = faiss.IndexScalarQuantizer(
                len(row), faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            )
            codes = rows[some].view(np.uint8).ravel()
            faiss.copy_array_to_vector(codes, flat.codes)
            flat.ntotal = len(some)
            best, at = flat.search(row[None], min(k, len(some)))  # (1, at most k) each
            places.append(some[at[0]])
            scores.append(best[0])
        of_all = np.concatenate(scores)
        order = np.argsort(-of_all, kind="stable")[:k]
        return _pairs(np.concatenate(places)[order], of_all[order])

    def _parameters(
        self, k: int, fitting: int, selector: faiss.IDSelector | None
    ) -> Iterator[faiss.SearchParameters]:
        """How to search; where that does not find k passages, how to search everything."""
        if self._lists is None:
            yield faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
            return
        # Of fewer passages that may be found as many are looked at, and more than k in any case.
        share = max(PROBES / self._lists * self._index.ntotal, 4 * k) / fitting
        for probes in (min(self._lists, math.ceil(share * self._lists)), self._lists):
            yield faiss.SearchParametersIVF(sel=selector, nprobe=probes)  # type: ignore[call-arg]


def _mapped(file: Path) -> Any:
    return faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)


def _join(index: Any, parts: Sequence[Any]) -> Sequence[object]:
    """Let an index read the lists of all parts; what is returned must live as long as it does."""
    lists = faiss.InvertedListsPtrVector()  # type: ignore[attr-defined]
    for part in parts:
        lists.push_back(part.invlists)
    stacked = faiss.HStackInvertedLists(lists.size(), lists.data())
    index.replace_invlists(stacked, False)  # its own ones, of the first part, are let go of
    index.ntotal = sum(part.ntotal for part in parts)
    return (stacked, parts)


def _pairs(places: NDArray[np.int64], scores: NDArray[np.float32]) -> list[tuple[int, float]]:
    return list(zip((places + 1).tolist(), scores.tolist(), strict=True))
