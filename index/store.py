"""An index on disk: which files it has, and the manifest that says that they are whole.

    DIR/manifest.json            written last; names the generation that counts
    DIR/generation-xxxxxxxx/     catalog.sqlite, vectors.faiss, words/

A build makes a new generation beside the old one and replaces the manifest in one step, so a kill
at any moment leaves the old index or the new one.
"""

import json
import os
import shlex
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from pullquote.index.errors import IndexDamagedError, IndexMismatchError, IndexMissingError

FORMAT = 1


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
    files: dict[str, int]  # bytes of each file of the generation


def new_generation(directory: Path) -> Layout:
    """An empty generation for a build, not yet part of the index; raises IndexDamagedError."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        layout = Layout(Path(tempfile.mkdtemp(prefix="generation-", dir=directory)))
        layout.words.mkdir()
    except OSError as error:
        raise IndexDamagedError(
            f"Cannot write an index to {directory} ({error.strerror}); "
            "name another directory with --index."
        ) from error
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


def file_sizes(layout: Layout) -> dict[str, int]:
    """Bytes of each file of a generation by its relative path, all of them flushed to disk."""
    sizes = {}
    for file in sorted(layout.directory.rglob("*")):
        # tantivy's lock files come and go.
        if file.is_file() and not file.name.endswith(".lock"):
            with file.open("rb") as stream:
                os.fsync(stream.fileno())
            sizes[file.relative_to(layout.directory).as_posix()] = file.stat().st_size
    return sizes


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
    for name, size in manifest.files.items():
        part = generation / name
        found = part.stat().st_size if part.exists() else 0
        if found != size:
            raise IndexDamagedError(
                f"The index in {directory} is damaged: {manifest.generation}/{name} has {found} "
                f"of {size} bytes; {remedy(directory, manifest.source)}"
            )
    return manifest


def remedy(directory: Path, source: str = "FOLDER") -> str:
    """The command that makes the index anew."""
    names = f"{shlex.quote(source)} --index {shlex.quote(str(directory))}"
    return f"make it again with: pullquote index {names}"
