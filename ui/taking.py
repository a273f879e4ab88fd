"""Take what people offer into the index: read, kept in the indexed folder, and built."""

import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from threading import Lock, Thread

from pullquote.index.articles import Skipped
from pullquote.index.build import BuildReport, build_index
from pullquote.index.encoder import Encoder
from pullquote.index.errors import IndexBusyError, PullquoteError
from pullquote.index.store import read_manifest
from pullquote.ui import words
from pullquote.ui.fetching import Fetched
from pullquote.ui.offers import (
    MOST_KEPT,
    MOST_OFFERED,
    MOST_TOGETHER,
    Checked,
    Offer,
    OfferError,
    Staged,
    check_all,
    free_name,
    shown_name,
    staged,
)
from pullquote.ui.workers import Run, Tell, WorkerError, told

FOLDER = "uploaded"  # in the indexed folder
LONGEST_READ = 60.0  # seconds for one file
LONGEST_SILENCE = 1800.0  # seconds of a build that tells nothing

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: what is done now, how many are done, and of how many if known."""

    doing: str
    done: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an offer, or of a line in it: `reason` says why it was left out."""

    name: str
    articles: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """The end: what was taken and what was not, and why."""

    outcomes: tuple[Outcome, ...]


class Taking:
    """Takes offers into one index, those of one person after those of another."""

    def __init__(
        self,
        directory: Path,
        fetch: Callable[[str], Fetched] | None = None,
        encoder: Encoder | None = None,
        run: Run = told,
    ) -> None:
        """Nothing is fetched without `fetch`; `encoder` is that of the index, and is pickled."""
        self.fetches = fetch is not None
        self._directory = directory
        self._fetch = fetch
        self._encoder = encoder
        self._run = run
        self._one = Lock()

    def take(self, offers: Sequence[Offer]) -> Iterator[Step | Taken]:
        """Take offers; gives what is done, and at last what became of each.

        It goes on also where nobody waits for its end.
        """
        told_so_far: SimpleQueue[Step | Taken] = SimpleQueue()
        Thread(target=self._take, args=(list(offers), told_so_far.put), daemon=True).start()
        while not isinstance(step := told_so_far.get(), Taken):
            yield step
        yield step

    def _take(self, offers: list[Offer], tell: Callable[[Step | Taken], None]) -> None:
        outcomes: list[Outcome] = []
        try:
            if not self._one.acquire(blocking=False):
                tell(Step(words.WAITING_FOR_UPLOAD))
                self._one.acquire()
            try:
                with TemporaryDirectory(prefix="pullquote-upload-") as folder:
                    self._take_all(offers, Path(folder), outcomes, tell)
            finally:
                self._one.release()
        except PullquoteError as error:
            outcomes.append(Outcome(words.THE_INDEX, reason=str(error)))
        except Exception:
            # Whoever waits must be told; the log has the traceback.
            logger.exception("An upload failed.")
            outcomes.append(Outcome(words.THE_UPLOAD, reason=words.UPLOAD_WENT_WRONG))
        tell(Taken(tuple(outcomes)))

    def _take_all(
        self,
        offers: list[Offer],
        scratch: Path,
        outcomes: list[Outcome],
        tell: Callable[[Step | Taken], None],
    ) -> None:
        """Append the outcomes as they become known."""
        files = _stage(offers, scratch, self._fetch, outcomes, tell)
        good = self._readable(files, outcomes, tell)
        folder = Path(read_manifest(self._directory).source) / FOLDER
        kept = _keep(good, folder, outcomes)
        if not kept:
            return
        arguments = (self._directory, self._encoder)
        try:
            for message in self._run(build, *arguments, silent_at_most=LONGEST_SILENCE):
                if isinstance(message, Step):
                    tell(message)
                else:
                    outcomes[:] = _with_doubles(outcomes, kept, message)
        except WorkerError as error:
            logger.warning("The index could not be built: %s", error)
            reason = f"{words.NOT_BUILT} {words.LATER}"
            outcomes.append(Outcome(words.THE_INDEX, reason=reason))
        except PullquoteError as error:
            outcomes.append(Outcome(words.THE_INDEX, reason=f"{error} {words.LATER}"))

    def _readable(
        self,
        files: Sequence[Staged],
        outcomes: list[Outcome],
        tell: Callable[[Step | Taken], None],
    ) -> list[tuple[Staged, int]]:
        """The files that have articles, and how many; a file that hangs is left out."""
        good: list[tuple[Staged, int]] = []
        at = 0
        while at < len(files):
            left = [
                (number, files[number].path, files[number].url) for number in range(at, len(files))
            ]
            try:
                tell(Step(words.reading(files[at].shown), at, len(files)))
                for found in self._run(check_all, left, silent_at_most=LONGEST_READ):
                    at = self._found(found, files, good, outcomes)
                    if at < len(files):
                        tell(Step(words.reading(files[at].shown), at, len(files)))
            except WorkerError as error:
                logger.warning("An uploaded file could not be read: %s", error)
                outcomes.append(Outcome(files[at].shown, reason=words.TOO_SLOW_TO_READ))
                at += 1
        return good

    @staticmethod
    def _found(
        found: Checked,
        files: Sequence[Staged],
        good: list[tuple[Staged, int]],
        outcomes: list[Outcome],
    ) -> int:
        file = files[found.number]
        outcomes.extend(_left_out(file, one) for one in found.skipped)
        if found.articles:
            good.append((replace(file, path=found.path), found.articles))
        return found.number + 1


def build(tell: Tell, directory: Path, encoder: Encoder | None) -> None:
    """Index the folder of an index again, once no other build does; tells steps and the report."""
    doing = {
        "articles": words.READING_ALL,
        "passages": words.EMBEDDING,
        "vectors": words.GROUPING,
    }

    def progress(stage: str, done: int, total: int | None) -> None:
        tell(Step(doing[stage], done, total))

    while True:
        try:
            tell(build_index(read_manifest(directory).source, directory, encoder, progress))
            return
        except IndexBusyError:
            tell(Step(words.WAITING_FOR_BUILD))
            time.sleep(1)


def _stage(
    offers: Sequence[Offer],
    scratch: Path,
    fetch: Callable[[str], Fetched] | None,
    outcomes: list[Outcome],
    tell: Callable[[Step | Taken], None],
) -> list[Staged]:
    files: list[Staged] = []
    together = 0
    for number, offer in enumerate(offers):
        name = shown_name(offer)
        tell(Step(words.taking(name), number, len(offers)))
        try:
            if number >= MOST_OFFERED:
                raise OfferError(f"Only {MOST_OFFERED} are taken at once; offer it again.")
            file = staged(offer, scratch, fetch)
            together += file.path.stat().st_size
            if together > MOST_TOGETHER:
                file.path.unlink()
                raise OfferError(f"Only {MOST_TOGETHER / 1e6:.0f} MB are taken at once.")
            files.append(file)
        except PullquoteError as error:
            outcomes.append(Outcome(name, reason=str(error)))
        except OSError as error:
            outcomes.append(Outcome(name, reason=words.not_kept(str(error.strerror))))
    return files


def _keep(
    good: Sequence[tuple[Staged, int]], folder: Path, outcomes: list[Outcome]
) -> dict[str, str]:
    """Move files into the folder; gives what is kept, by its path in the indexed folder."""
    kept: dict[str, str] = {}
    if not good:
        return kept
    try:
        folder.mkdir(exist_ok=True)
        size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    except OSError as error:
        raise OfferError(
            f"Nothing can be kept in the indexed folder ({error.strerror}); ask the operator."
        ) from error
    for file, articles in good:
        try:
            size += file.path.stat().st_size
            if size > MOST_KEPT:
                raise OfferError(f"There is no room: {MOST_KEPT / 1e6:.0f} MB are kept already.")
            path = free_name(folder, file.path.stem, file.path.suffix)
            beside = folder / f".{path.name}.part"  # hidden files are not indexed
            shutil.copyfile(file.path, beside)
            beside.replace(path)
        except OSError as error:
            outcomes.append(Outcome(file.shown, reason=words.not_kept(str(error.strerror))))
        except OfferError as error:
            outcomes.append(Outcome(file.shown, reason=str(error)))
        else:
            kept[f"{FOLDER}/{path.name}"] = file.shown
            outcomes.append(Outcome(file.shown, articles))
    return kept


def _with_doubles(
    outcomes: Sequence[Outcome], kept: dict[str, str], report: BuildReport
) -> list[Outcome]:
    """The outcomes, after a build has found which texts the index had already."""
    found = list(outcomes)
    for skipped in report.skipped:
        path = skipped.path if skipped.path in kept else skipped.path.rpartition(":")[0]
        if path not in kept or skipped.same_as is None:
            continue
        name = kept[path]
        line = skipped.path.removeprefix(path)
        found.append(Outcome(f"{name}{line}", reason=words.there_already(skipped.same_as)))
        for place, outcome in enumerate(found):
            if outcome.name == name and outcome.articles:
                found[place] = replace(outcome, articles=outcome.articles - 1)
                break
    return [one for one in found if one.articles or one.reason]


def _left_out(file: Staged, skipped: Skipped) -> Outcome:
    return Outcome(f"{file.shown}{skipped.path.removeprefix(file.path.name)}", 0, skipped.reason)
