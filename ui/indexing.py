"""Make and open indexes for the commands, and say what happened."""

import shlex
from pathlib import Path

from rich.markup import escape

from pullquote.index.articles import fingerprint
from pullquote.index.build import BuildReport, build_index
from pullquote.index.errors import IndexBusyError, IndexMissingError, SourceError
from pullquote.index.milvus.address import address_of
from pullquote.index.places import manifest_of
from pullquote.index.store import Manifest
from pullquote.ui.piped import STANDARD_INPUT, from_file
from pullquote.ui.progress import console, indexing_bar

DEFAULT_INDEX = Path(".pullquote")
DEFAULT_SOURCE = Path("corpus")
SHOWN = 20  # skipped files that are named


def index_folder(source: Path, directory: Path) -> BuildReport:
    """Index a folder with a progress bar, and list what was left out and why.

    The folder "-" is articles as JSON lines on standard input.
    """
    follow = source != STANDARD_INPUT
    with from_file(source) as file, indexing_bar() as report:
        built = build_index(file, directory, progress=report, follow=follow)
    console.print(
        f"Indexed {built.articles:,} articles ({built.passages:,} passages) "
        f"in {escape(str(address_of(directory) or directory))}.",
        highlight=False,
    )
    if built.unchanged or built.changed or built.removed:
        console.print(
            f"Since the last time: {built.added:,} added, {built.changed:,} changed, "
            f"{built.unchanged:,} unchanged, {built.removed:,} removed.",
            highlight=False,
        )
    if built.skipped:
        console.print(f"Left out {len(built.skipped):,}:", highlight=False)
        for skipped in built.skipped[:SHOWN]:
            line = f"  {skipped.path}: {skipped.reason}"
            console.print(escape(line), highlight=False, soft_wrap=True)
        if len(built.skipped) > SHOWN:
            console.print(f"  … and {len(built.skipped) - SHOWN:,} more (all of them with --json)")
    return built


def ensure_index(directory: Path, update: bool) -> None:
    """See that there is an index, making the default one of `corpus/` where it is missing.

    Where the folder has changed since it was indexed, update the index or say how to.

    Raises:
        IndexMissingError, IndexMismatchError, IndexDamagedError, IndexUnreachableError: the index
            cannot be used.
    """
    try:
        manifest = manifest_of(directory)
    except IndexMissingError:
        if directory != DEFAULT_INDEX:
            raise
        if not DEFAULT_SOURCE.is_dir():
            raise IndexMissingError(
                f"There is no index in {directory} and no folder {DEFAULT_SOURCE}/ to make one of; "
                "make one of your own articles with: pullquote index FOLDER"
            ) from None
        index_folder(DEFAULT_SOURCE, directory)
        return
    if not _changed(manifest):
        return
    if update:
        console.print(f"{escape(manifest.source)} has changed: updating the index.")
        try:
            index_folder(Path(manifest.source), directory)
        except IndexBusyError:  # such as `pullquote watch`
            console.print("Another build is updating it already; the chat will follow.")
    else:
        console.print(
            escape(
                f"{manifest.source} has changed since it was indexed; update with: pullquote index "
                f"{shlex.quote(manifest.source)} --index {shlex.quote(str(directory))}"
            ),
            soft_wrap=True,
        )


def _changed(manifest: Manifest) -> bool:
    if not manifest.source:  # a program gave the articles
        return False
    try:
        return fingerprint(Path(manifest.source)) != manifest.fingerprint
    except SourceError:  # the folder is elsewhere now; the index answers all the same
        return False
