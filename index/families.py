"""Make the FAISS index that the embeddings are searched with: exact, or lists of near neighbours.

A flat index compares a question with every passage, which is exact and fast enough for many. Beyond
that the passages are put into lists around centres, and a question is compared with the lists whose
centres are nearest (IVF), in 8 bits a number (SQ8). Both are trained on the embeddings themselves.
"""

import math
from collections.abc import Callable, Iterator

import faiss
import numpy as np
from numpy.typing import NDArray

from pullquote.index.rows import read_rows
from pullquote.index.store import Layout

EXACT_UP_TO = 200_000
"""Passages that are compared one by one: 11 ms for a question on one core, beside 1 ms in lists."""

_MOST_LISTS = 8192  # more would take hours to train on two cores
_TRAINED_ON = 40  # rows a list; FAISS asks for 39
_PART = 1 << 19  # rows of a file: what is written at once must be in memory, 200 MB
_AT_ONCE = 1 << 16  # rows in memory: 100 MB of float32


def write_vectors(
    layout: Layout,
    dimension: int,
    exact_up_to: int = EXACT_UP_TO,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> None:
    """Make the index of a generation's rows and write it.

    Memory is bounded: it holds what the lists are trained on, at most 330,000 rows, and then what
    is written to one file.

    Args:
        layout: where the unit rows are, (passages, dimension), and the parts are written.
        dimension: of the rows.
        exact_up_to: how many rows get an exact index.
        progress: called with how many rows are in lists, and of how many.

    Raises:
        OSError, ValueError: the rows cannot be read.
        RuntimeError: the parts cannot be written.
    """
    count = len(read_rows(layout.rows, dimension))
    if count <= exact_up_to:
        # In the 16 bits that the rows are stored in: half as much to read as 32, and as exact.
        kind = faiss.ScalarQuantizer.QT_fp16
        index = faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)
        for _, some in _blocks(layout, dimension, 0, count):
            index.add(some)
        faiss.write_index(index, str(layout.part(0)))
        return
    progress(0, count)
    trained = _trained(layout, dimension, count)
    for number, first in enumerate(range(0, count, _PART)):
        part = faiss.clone_index(trained)
        for at, some in _blocks(layout, dimension, first, min(first + _PART, count)):
            part.add_with_ids(some, np.arange(at, at + len(some), dtype=np.int64))
            progress(at + len(some), count)
        faiss.write_index(part, str(layout.part(number)))


def lists_for(passages: int) -> int:
    """How many lists that many passages are put into.

    Comparing with the centres and comparing with the passages of some lists then cost about the
    same: see FAISS, "Guidelines to choose an index".
    """
    return max(1, min(round(4 * math.sqrt(passages)), passages // _TRAINED_ON, _MOST_LISTS))


def _trained(layout: Layout, dimension: int, count: int) -> faiss.IndexIVFScalarQuantizer:
    """An empty index whose centres and ranges of numbers are those of a sample of the rows."""
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        lists_for(count),
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.cp.spherical = True  # centres are unit vectors too
    chooser = np.random.default_rng(0)  # the same rows give the same index
    size = min(count, index.nlist * _TRAINED_ON)
    chosen = np.zeros(count, np.bool_)
    chosen[chooser.choice(count, size, replace=False)] = True
    sample = np.empty((size, dimension), np.float32)  # (sample, dimension)
    filled = 0
    for at, some in _blocks(layout, dimension, 0, count):
        taken = some[chosen[at : at + len(some)]]
        sample[filled : filled + len(taken)] = taken
        filled += len(taken)
    index.train(sample)
    return index


def _blocks(
    layout: Layout, dimension: int, first: int, end: int
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Runs of rows, (rows, dimension), each with the number of its first one."""
    for at in range(first, end, _AT_ONCE):
        # Mapped anew each time, so that what has been read is let go of.
        rows = read_rows(layout.rows, dimension)
        yield at, rows[at : min(at + _AT_ONCE, end)].astype(np.float32)
