"""Write an index: one build at a time, a generation beside the others, one step that counts."""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from pullquote.index.errors import IndexBusyError, IndexDamagedError
from pullquote.index.holds import Hold, remove_unheld
from pullquote.index.store import Layout, Manifest, StoredFile, sha256_of


@contextmanager
def building(directory: Path) -> Iterator[None]:
    """Keeps other builds out of a directory; a killed one keeps nobody out.

    Raises:
        IndexBusyError: another build is writing to it.
        IndexDamagedError: it cannot be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = FileLock(directory / "build.lock").acquire(timeout=0)
    except Timeout as error:
        raise IndexBusyError(
            f"Another build is writing to {directory}; wait until it has ended, or name another "
            "directory with --index."
        ) from error
    except OSError as error:
        raise unwritable(directory, error) from error
    with lock:
        yield


@contextmanager
def new_generation(directory: Path) -> Iterator[Layout]:
    """An empty generation for a build, not yet part of the index; removed if the build fails.

    Raises:
        IndexDamagedError: it cannot be written.
    """
    with written(directory):
        layout, hold = _held_generation(directory)
    try:
        with written(directory):
            layout.words.mkdir()
        yield layout
    except BaseException:  # an interrupted build leaves nothing behind either
        if _named(directory) != layout.directory.name:  # nor does it take away what counts already
            shutil.rmtree(layout.directory, ignore_errors=True)
        raise
    finally:
        hold.release()


def _held_generation(directory: Path) -> tuple[Layout, Hold]:
    while True:
        made = Path(tempfile.mkdtemp(prefix="generation-", dir=directory))
        # Somebody who sweeps may have taken it for a left-over in between.
        with suppress(FileNotFoundError):
            return Layout(made), Hold(made)


def publish(directory: Path, manifest: Manifest) -> None:
    """Make a finished generation the index, and remove the others that nobody has open."""
    write_whole(directory / "manifest.json", json.dumps(asdict(manifest), indent=1))
    sweep(directory)


def sweep(directory: Path) -> None:
    """Remove the generations that are not the index and that nobody reads or writes.

    Any process may do so at any time; where it has no right to, nothing happens.
    """
    for generation in directory.glob("generation-*"):
        if _counts(directory, generation.name):
            continue
        # A build may end after the first look: it is looked again when nobody holds it.
        remove_unheld(generation, partial(_counts, directory, generation.name))


def _counts(directory: Path, generation: str) -> bool:
    """Whether the manifest names that generation, or cannot be read and might."""
    return _named(directory) in (generation, None)


def _named(directory: Path) -> str | None:
    """The generation that the manifest names; None where it cannot be read."""
    try:
        stored = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
        return str(stored["generation"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def write_whole(file: Path, text: str) -> None:
    """Replace a file in one step: a kill leaves the old text or the new; raises OSError."""
    beside = file.with_suffix(".part")
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)
    _flush(file.parent)


def stored_files(layout: Layout) -> dict[str, StoredFile]:
    """Each file of a generation by its relative path, all of them flushed to disk."""
    files = {}
    _flush(layout.directory)
    for file in sorted(layout.directory.rglob("*")):
        if file.is_dir():
            _flush(file)
        # tantivy's lock files come and go.
        if file.is_file() and not file.name.endswith(".lock"):
            with file.open("rb") as stream:
                os.fsync(stream.fileno())
            name = file.relative_to(layout.directory).as_posix()
            files[name] = StoredFile(file.stat().st_size, sha256_of(file))
    return files


@contextmanager
def written(directory: Path) -> Iterator[None]:
    """Says in one sentence what each of the libraries raises where it cannot write.

    Raises:
        IndexDamagedError: what the block raised, if it was such an error.
    """
    try:
        yield
    except (OSError, sqlite3.Error, ValueError, RuntimeError) as error:  # tantivy's, FAISS's
        raise unwritable(directory, error) from error


def unwritable(directory: Path, error: Exception) -> IndexDamagedError:
    """The error that says that a directory cannot be written, and what to do."""
    known = isinstance(error, OSError) and error.strerror
    return IndexDamagedError(
        f"Cannot write an index to {directory} ({known or 'the disk may be full'}); "
        "make room there, or name another directory with --index."
    )


def _flush(directory: Path) -> None:
    """Make the names in a directory durable, as far as the system can."""
    with suppress(OSError):  # Windows opens no directories
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
