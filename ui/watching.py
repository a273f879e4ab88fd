"""`pullquote watch`: keep an index current while its folder changes."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from watchfiles import Change, watch

from pullquote.index.articles import fingerprint
from pullquote.index.build import BuildReport, build_index
from pullquote.index.encoder import Encoder, MiniLMEncoder
from pullquote.index.errors import IndexBusyError, PullquoteError, SourceError
from pullquote.index.places import manifest_of
from pullquote.ui.json_format import json_text, report_json
from pullquote.ui.progress import indexing_bar

TICK = 500  # milliseconds until an update that had to wait for another build is tried again

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # a file's name may hold any


def watch_folder(source: Path, directory: Path, as_json: bool = False) -> None:
    """Index a folder, and again whenever it has changed; prints one line for each update.

    As JSON, that is all that is printed, and what else there is to say goes to standard error.

    Goes on until it is interrupted. What is wrong at the first update ends it; later it is said,
    and the index stays as it was.

    Raises:
        SourceError: the folder does not exist, exists no more, or cannot be watched.
        PullquoteError: the first update failed, see build_index.
    """
    try:
        _watch(source, directory, as_json)
    except KeyboardInterrupt:
        _say("Stopped.", aside=as_json)


def _watch(source: Path, directory: Path, as_json: bool) -> None:
    encoder = MiniLMEncoder()
    due, watching, said = True, False, ""
    for changed in _changes(source, directory):
        if not (due or changed):
            continue
        due, aside = False, as_json
        try:
            built = _update(source, directory, encoder)
            aside = False
            line = _told(built, as_json) if built else ""
        except IndexBusyError as error:
            due, line = True, str(error)
        except PullquoteError as error:
            if not watching or not source.exists():
                raise
            line = str(error)
        if line and not (due and line == said):
            _say(line, aside)
        said = line
        if not (due or watching):
            watching = True
            _say(f"Watching {source}; Ctrl+C stops it.", aside=as_json)


def _changes(source: Path, directory: Path) -> Iterator[bool]:
    """Whether a file has changed since the last time; first when changes have begun to be seen."""
    if not source.exists():
        raise SourceError(f"{source} does not exist; check the path.")
    root, own = source.resolve(), directory.resolve()

    def matters(_: Change, path: str) -> bool:
        file = Path(path)
        if root.is_dir() and file.is_relative_to(root):  # hidden files are not indexed
            hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
            return not hidden and not file.is_relative_to(own)
        return file == root

    try:
        for changes in watch(
            root if root.is_dir() else root.parent,
            watch_filter=matters,
            rust_timeout=TICK,
            yield_on_timeout=True,
            recursive=root.is_dir(),
        ):
            yield bool(changes)
    except OSError as error:
        raise SourceError(
            f"{source} cannot be watched ({error}); allow more watches (fs.inotify.max_user_watches"
            "), or look at every file now and then with WATCHFILES_FORCE_POLLING=1."
        ) from error


def _update(source: Path, directory: Path, encoder: Encoder) -> BuildReport | None:
    """What an update did; None where the index was current."""
    if _is_current(source, directory, encoder):
        return None
    with indexing_bar(transient=True) as progress:
        return build_index(source, directory, encoder, progress)


def _is_current(source: Path, directory: Path, encoder: Encoder) -> bool:
    seen = fingerprint(source)
    try:
        manifest = manifest_of(directory)
    except PullquoteError:
        return False
    made = (manifest.source, manifest.encoder, manifest.dimension, manifest.fingerprint)
    return made == (str(source.resolve()), encoder.name, encoder.dimension, seen)


def _told(built: BuildReport, as_json: bool) -> str:
    if as_json:
        return json_text(report_json(built))
    failed = f"{built.failed:,} failed"
    if built.failed:
        first = next(one for one in built.skipped if one.same_as is None)
        failed += f" ({first.path}: {first.reason}{' …' if built.failed > 1 else ''})"
    return (
        f"Indexed {built.articles:,} articles: {built.added:,} added, {built.changed:,} changed, "
        f"{built.unchanged:,} unchanged, {built.removed:,} removed, {failed}."
    )


def _say(line: str, aside: bool = False) -> None:
    # Not through rich: interrupted while it prints, it prints the line again.
    print(_CONTROL.sub("\ufffd", line), file=sys.stderr if aside else sys.stdout, flush=True)
