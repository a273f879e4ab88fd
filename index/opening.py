"""Open the newest generation of an index in a directory."""

import sqlite3
from contextlib import ExitStack
from pathlib import Path

from pullquote.index.catalog import Catalog
from pullquote.index.encoder import Encoder
from pullquote.index.errors import IndexDamagedError, IndexMismatchError
from pullquote.index.filters import Filters
from pullquote.index.generation import Generation
from pullquote.index.holds import SHARED, Hold
from pullquote.index.lexical import LexicalIndex
from pullquote.index.lists import LocalLists
from pullquote.index.store import Layout, Manifest, Stamp, read_manifest, remedy, stamp_of
from pullquote.index.vectors import VectorIndex
from pullquote.index.writing import sweep


class Directory:
    """An index on this machine."""

    def __init__(self, directory: Path, encoder: Encoder) -> None:
        self._directory = directory
        self._encoder = encoder

    def stamp(self) -> Stamp | None:
        """What changes when another generation is published: a look at the manifest's times."""
        return stamp_of(self._directory)

    def generation(self) -> Generation:
        """Open the generation that the manifest names.

        Raises:
            IndexMissingError, IndexMismatchError, IndexDamagedError: see Retriever.open.
        """
        failed: Stamp | None = None
        while True:
            before = self.stamp()
            try:
                return self._opened()
            except IndexDamagedError:
                # Where a build replaced it at this very moment there is another one to open.
                if before == failed:
                    raise
                failed = before

    def _opened(self) -> Generation:
        manifest = read_manifest(self._directory)
        remade = remedy(self._directory, manifest.source)
        check_encoder(manifest, self._encoder, str(self._directory), remade)
        layout = Layout(self._directory / manifest.generation)
        with ExitStack() as opening:
            try:
                opening.callback(Hold(layout.directory).release)
                catalog = Catalog.open(layout.catalog)
                opening.callback(catalog.close)
                lists = LocalLists(
                    LexicalIndex.open(layout.words), VectorIndex.open(layout), Filters(catalog)
                )
            except (OSError, sqlite3.Error, ValueError, RuntimeError) as error:
                raise IndexDamagedError(
                    f"The index in {self._directory} is damaged; {remade}"
                ) from error
            files = ExitStack()
            if SHARED:  # it may be the last that had an old generation open
                files.callback(sweep, self._directory)
            files.callback(opening.pop_all().close)
            return Generation(manifest, catalog, lists, self._encoder, files)


def check_encoder(manifest: Manifest, encoder: Encoder, place: str, remade: str) -> None:
    """Raise IndexMismatchError if another encoder made the index; `remade` says how to mend it."""
    if (manifest.encoder, manifest.dimension) != (encoder.name, encoder.dimension):
        raise IndexMismatchError(
            f"The index in {place} was made with the encoder {manifest.encoder} "
            f"({manifest.dimension} dimensions), not {encoder.name} ({encoder.dimension}); {remade}"
        )
