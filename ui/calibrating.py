"""`pullquote calibrate`: fit the threshold to a user's own questions."""

from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console

from pullquote.index.errors import IndexDamagedError, IndexMismatchError, SourceError
from pullquote.index.milvus.address import address_of
from pullquote.qa import Assistant
from pullquote.qa.calibration import Calibration
from pullquote.qa.evaluation.datasets import read_questions
from pullquote.qa.evaluation.thresholds import (
    Counts,
    best_threshold,
    check_kinds,
    counts,
    outcome_of,
)
from pullquote.ui.indexing import ensure_index
from pullquote.ui.measure import ask_all


@dataclass(frozen=True, slots=True)
class Fit:
    """What the new threshold changes."""

    answerable: int
    unanswerable: int
    before: Counts
    after: Counts

    def to_json(self) -> dict[str, object]:
        """The figures, ready for `json.dumps`."""
        return asdict(self)


def calibrate(file: Path, directory: Path) -> Fit:
    """Ask the questions of a JSON-lines file, and store the best threshold with the index.

    Raises:
        SourceError: the file is of another form, or its questions are too few or too alike.
    """
    if address := address_of(directory):
        raise SourceError(
            f"{address} has no place for a threshold; calibrate over an index in a directory and "
            "name what it finds with --threshold."
        )
    found = read_questions(file)
    if found.articles:
        raise SourceError(
            f"{file} brings its own paragraphs; calibrate needs JSON lines with questions and "
            "answers about the articles of the index."
        )
    check_kinds(found.questions)
    ensure_index(directory, update=False)
    asked = ask_all(found.questions, Assistant.open(directory, threshold=0.0))
    outcomes = [outcome_of(result) for result in asked.results]
    shipped = Calibration.open()
    try:
        before = Calibration.of_index(directory).threshold
    except (IndexDamagedError, IndexMismatchError):  # this is what mends it
        before = shipped.threshold
    after = best_threshold(outcomes)
    shipped.with_threshold(after).keep(directory)
    answerable = sum(outcome.answerable for outcome in outcomes)
    return Fit(
        answerable,
        len(outcomes) - answerable,
        counts(outcomes, before),
        counts(outcomes, after),
    )


def print_fit(fit: Fit, console: Console) -> None:
    """What the new threshold changes, in three lines."""
    before, after, none = fit.before, fit.after, fit.unanswerable
    console.print(f"Threshold: {before.threshold:.3f} → {after.threshold:.3f}")
    console.print(f"Answered rightly: {before.right} → {after.right} of {fit.answerable}")
    console.print(f"Abstained rightly: {before.abstained} → {after.abstained} of {none}")
