"""An index on disk: which files it has, and the manifest that says that they are whole.

    DIR/manifest.json            written last; names the generation that counts
    DIR/generation-xxxxxxxx/     catalog.sqlite, vectors.faiss, words/
    DIR/build.lock               held while a build writes

A build makes a new generation beside the old one and replaces the manifest in one step, so a kill
at any moment leaves the old index or the new one.
"""

import hashlib
import json
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import TypeAdapter

from pullquote.index.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
)

FORMAT = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one generation."""

    directory: Path

    @property
    def catalog(self) -> Path:
        """Articles and passages (SQLite)."""
        return self.directory / "catalog.sqlite"

    @property
    def vectors(self) -> Path:
        """Embeddings (FAISS)."""
        return self.directory / "vectors.faiss"

    @property
    def words(self) -> Path:
        """BM25 (tantivy), a directory."""
        return self.directory / "words"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What a file was like when it was written."""

    size: int  # bytes
    sha256: str  # hex


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index holds and what it was made with."""

    format: int
    generation: str
    encoder: str
    dimension: int
    articles: int
    passages: int
    source: str  # the folder that was indexed
    fingerprint: str  # of that folder's files at the time
    files: dict[str, StoredFile]  # of the generation, by their relative paths


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
        raise _unwritable(directory, error) from error
    with lock:
        yield


def new_generation(directory: Path) -> Layout:
    """An empty generation for a build, not yet part of the index; raises IndexDamagedError."""
    try:
        layout = Layout(Path(tempfile.mkdtemp(prefix="generation-", dir=directory)))
        layout.words.mkdir()
    except OSError as error:
        raise _unwritable(directory, error) from error
    return layout


def publish(directory: Path, manifest: Manifest) -> None:
    """Make a finished generation the index, and remove the others."""
    write_whole(directory / "manifest.json", json.dumps(asdict(manifest), indent=1))
    for other in directory.glob("generation-*"):
        if other.name != manifest.generation:
            shutil.rmtree(other, ignore_errors=True)


def write_whole(file: Path, text: str) -> None:
    """Replace a file in one step: a kill leaves the old text or the new; raises OSError."""
    beside = file.with_suffix(".part")
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)


def stored_files(layout: Layout) -> dict[str, StoredFile]:
    """Each file of a generation by its relative path, all of them flushed to disk."""
    files = {}
    for file in sorted(layout.directory.rglob("*")):
        # tantivy's lock files come and go.
        if file.is_file() and not file.name.endswith(".lock"):
            with file.open("rb") as stream:
                os.fsync(stream.fileno())
            name = file.relative_to(layout.directory).as_posix()
            files[name] = StoredFile(file.stat().st_size, _sha256(file))
    return files


def read_manifest(directory: Path) -> Manifest:
    """The manifest of the index in a directory.

    Raises:
        IndexMissingError: there is none.
        IndexMismatchError: it is of another format version.
        IndexDamagedError: it cannot be read, or files are missing or cut short.
    """
    file = directory / "manifest.json"
    if not file.exists():
        raise IndexMissingError(
            f"There is no index in {directory}; make one with: "
            f"pullquote index FOLDER --index {shlex.quote(str(directory))}"
        )
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        if stored["format"] != FORMAT:
            raise IndexMismatchError(
                f"The index in {directory} has format {stored['format']}, this version reads "
                f"format {FORMAT}; {remedy(directory, str(stored.get('source', 'FOLDER')))}"
            )
        manifest = TypeAdapter(Manifest).validate_python(stored)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexDamagedError(f"{file} cannot be read; {remedy(directory)}") from error
    generation = directory / manifest.generation
    for name, stored_file in manifest.files.items():
        part = generation / name
        found = part.stat().st_size if part.exists() else 0
        if found != stored_file.size:
            raise _damaged(directory, manifest, name, f"has {found} of {stored_file.size} bytes")
    return manifest


def check(directory: Path) -> Manifest:
    """Read every file of the index to the end and compare it with what was written.

    Raises:
        IndexMissingError, IndexMismatchError, IndexDamagedError: see read_manifest; damaged is
            also a file whose bytes have changed, or that cannot be read.
    """
    manifest = read_manifest(directory)
    for name, stored_file in manifest.files.items():
        try:
            same = _sha256(directory / manifest.generation / name) == stored_file.sha256
        except OSError as error:
            raise _damaged(
                directory, manifest, name, f"cannot be read ({error.strerror})"
            ) from error
        if not same:
            raise _damaged(directory, manifest, name, "has other bytes than were written")
    return manifest


def remedy(directory: Path, source: str = "FOLDER") -> str:
    """The command that makes the index anew."""
    names = f"{shlex.quote(source)} --index {shlex.quote(str(directory))}"
    return f"make it again with: pullquote index {names}"


def _damaged(directory: Path, manifest: Manifest, name: str, what: str) -> IndexDamagedError:
    return IndexDamagedError(
        f"The index in {directory} is damaged: {manifest.generation}/{name} {what}; "
        f"{remedy(directory, manifest.source)}"
    )


def _unwritable(directory: Path, error: OSError) -> IndexDamagedError:
    return IndexDamagedError(
        f"Cannot write an index to {directory} ({error.strerror}); "
        "name another directory with --index."
    )


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
