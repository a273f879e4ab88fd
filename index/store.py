"""An index on disk: which files it has, and the manifest that says that they are whole.

    DIR/manifest.json            written last; names the generation that counts
    DIR/generation-xxxxxxxx/     catalog.sqlite, rows.f16, vectors.faiss, words/
    DIR/build.lock               held while a build writes

A build makes a new generation beside the old one and replaces the manifest in one step, so a kill
at any moment leaves the old index or the new one. Who reads or writes a generation holds it, and
whoever lets go last of one that counts no more removes it.
"""

import hashlib
import json
import shlex
from dataclasses import dataclass
from itertools import count, takewhile
from pathlib import Path

from pullquote.index.errors import IndexDamagedError, IndexMismatchError, IndexMissingError

FORMAT = 4

Stamp = tuple[int, int, int]
"""A manifest's inode, time of writing in nanoseconds, and size in bytes."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one generation."""

    directory: Path

    @property
    def index(self) -> Path:
        """The directory of the index that it is a generation of."""
        return self.directory.parent

    @property
    def catalog(self) -> Path:
        """Articles and passages (SQLite)."""
        return self.directory / "catalog.sqlite"

    @property
    def rows(self) -> Path:
        """Embeddings as they were made (float16 rows)."""
        return self.directory / "rows.f16"

    def part(self, number: int) -> Path:
        """A part of what embeddings are searched with (FAISS); only large indexes have several."""
        return self.directory / f"vectors{f'-{number}' if number else ''}.faiss"

    def parts(self) -> list[Path]:
        """The parts that there are; the first one also where it is missing."""
        return [self.part(0), *takewhile(Path.exists, map(self.part, count(1)))]

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
    source: str  # the folder that was indexed; "" where a program gave the articles
    fingerprint: str  # of that folder's files at the time
    files: dict[str, StoredFile]  # of the generation, by their relative paths


def stamp_of(directory: Path) -> Stamp | None:
    """What changes when another generation is published; None where there is no manifest."""
    try:
        about = (directory / "manifest.json").stat()
    except OSError:
        return None
    return about.st_ino, about.st_mtime_ns, about.st_size


def read_manifest(directory: Path) -> Manifest:
    """The manifest of the index in a directory.

    Raises:
        IndexMissingError: there is none.
        IndexMismatchError: it is of another format version.
        IndexDamagedError: it cannot be read, or files are missing or cut short.
    """
    from pydantic import TypeAdapter  # here, so that importing pullquote.index stays fast

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
        found = _size(part)
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
            same = sha256_of(directory / manifest.generation / name) == stored_file.sha256
        except OSError as error:
            raise _damaged(
                directory, manifest, name, f"cannot be read ({error.strerror})"
            ) from error
        if not same:
            raise _damaged(directory, manifest, name, "has other bytes than were written")
    return manifest


def _size(file: Path) -> int:
    """How many bytes it has; none where it is missing, be it since a moment ago."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def remedy(index: object, source: str = "FOLDER") -> str:
    """The command that makes the index anew."""
    names = f"{shlex.quote(source or 'FOLDER')} --index {shlex.quote(str(index))}"
    return f"make it again with: pullquote index {names}"


def _damaged(directory: Path, manifest: Manifest, name: str, what: str) -> IndexDamagedError:
    return IndexDamagedError(
        f"The index in {directory} is damaged: {manifest.generation}/{name} {what}; "
        f"{remedy(directory, manifest.source)}"
    )


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file's bytes, in hex; raises OSError."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
