"""The passages' embeddings as they were made: a file of float16 rows, written block by block."""

from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

TYPE = np.dtype("<f2")  # 11 bits of a number; the model computes in 8 where it is fast


class RowWriter:
    """Appends rows to a new file; none of them stays in memory. Closed as a context manager."""

    def __init__(self, file: Path) -> None:
        """Raises OSError if the file cannot be written."""
        self._stream = file.open("wb")

    def __enter__(self) -> "RowWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()

    def append(self, rows: NDArray[np.float32]) -> None:
        """Write unit rows, (passages, dimension), behind the others; raises OSError."""
        self._stream.write(rows.astype(TYPE).tobytes())
        self._stream.flush()  # so that a full disk is noticed here


def read_rows(file: Path, dimension: int) -> NDArray[np.float16]:
    """All rows of a file, memory-mapped, (passages, dimension): row i is of the passage i + 1.

    Raises OSError if there is no such file, ValueError if it does not hold whole rows.
    """
    if not file.stat().st_size:  # nothing can be mapped
        return np.empty((0, dimension), TYPE)
    return np.memmap(file, TYPE, "r").reshape(-1, dimension)  # (passages, dimension)
