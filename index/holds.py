"""Holds on directories: what somebody has open is not removed, in whatever process that is.

A hold is a shared lock on the directory itself, so that it needs no right to write, and a killed
process lets go of it. Windows has no such lock and needs none: a directory with an open file in it
cannot be renamed there.
"""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

if sys.platform != "win32":
    import fcntl

SHARED = sys.platform != "win32"  # whether one process sees what another holds


class Hold:
    """Keeps a directory from being removed by `remove_unheld` until it is let go of."""

    def __init__(self, directory: Path) -> None:
        """Wait until nobody is removing the directory; raises FileNotFoundError if it is gone."""
        self._descriptor: int | None = None
        if sys.platform == "win32":
            directory.stat()
            return
        self._descriptor = os.open(directory, os.O_RDONLY)
        with contextlib.suppress(OSError):  # a file system without locks can still be read
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        if not _is_at(self._descriptor, directory):
            self.release()
            raise FileNotFoundError(directory)

    def release(self) -> None:
        """Let go of it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def remove_unheld(directory: Path, wanted: Callable[[], bool]) -> None:
    """Remove a directory with all that is in it, unless somebody holds it or it is wanted.

    It has another name before its first file goes, so under its own it is whole or not there at
    all. `wanted` is asked when nobody can come to hold it any more.
    """
    if sys.platform == "win32":
        if not wanted():
            _remove(directory)
        return
    with contextlib.suppress(OSError):  # held, gone already, or not ours to remove
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(descriptor, directory) and not wanted():
                _remove(directory)
        finally:
            os.close(descriptor)


def _remove(directory: Path) -> None:
    with contextlib.suppress(OSError):
        removed = directory.rename(directory.with_name(f"{directory.name}.removed"))
        shutil.rmtree(removed, ignore_errors=True)


def _is_at(descriptor: int, directory: Path) -> bool:
    """Whether the open directory is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(descriptor), directory.stat())
    except FileNotFoundError:
        return False
