"""From the reader's scores to probabilities, and the point below which we abstain."""

import json
import math
import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pullquote.index.errors import IndexDamagedError, IndexMismatchError, ModelError
from pullquote.index.writing import write_whole
from pullquote.qa.checkpoint import WEIGHTS, Layout
from pullquote.qa.types import Span

_THRESHOLD = "threshold.json"  # beside the index's manifest


@dataclass(frozen=True, slots=True)
class Scale:
    """Platt scaling: confidence = 1 / (1 + exp(−(slope · score + intercept)))."""

    slope: float
    intercept: float
    threshold: float  # confidence below which the articles do not answer


@dataclass(frozen=True, slots=True)
class Calibration:
    """The scale for passages that were found, and what retrieval adds to the reader's scores."""

    slope: float
    intercept: float
    threshold: float
    retrieval: float  # what a passage's retrieval score adds to the reader's, see ranking.py
    # The scale for a passage that is given, not found. Questions about one passage, as SQuAD has
    # them, keep to its subject: more wrong spans look right than in an archive.
    given: Scale | None = None

    @classmethod
    def open(cls, directory: Path = WEIGHTS) -> "Calibration":
        """The calibration that is shipped with a reader; raises ModelError."""
        file = Layout(directory).calibration
        try:
            return _parsed(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError) as error:
            raise ModelError(
                f"{file} cannot be read ({error}); install pullquote again."
            ) from error

    @classmethod
    def of_index(cls, directory: Path, threshold: float | None = None) -> "Calibration":
        """The shipped calibration with the given threshold, else with the one kept for the index.

        Raises:
            ModelError: see open.
            IndexDamagedError, IndexMismatchError: the index's threshold cannot be read, or was
                fitted for another reader.
        """
        shipped = cls.open()
        if threshold is None:
            threshold = _stored_threshold(directory, shipped)
        return shipped.with_threshold(threshold)

    def keep(self, directory: Path) -> None:
        """Keep the threshold with an index, over its rebuilds; raises IndexDamagedError."""
        file = directory / _THRESHOLD
        try:
            write_whole(file, json.dumps(asdict(self)))
        except OSError as error:
            raise IndexDamagedError(f"{file} cannot be written ({error.strerror}).") from error

    def with_threshold(self, threshold: float | None) -> "Calibration":
        """The same scale with another threshold; None keeps it."""
        return self if threshold is None else replace(self, threshold=threshold)

    def of_given(self) -> "Calibration":
        """The calibration for passages that are given; this one if it has no scale for them."""
        if self.given is None:
            return self
        return replace(self, **asdict(self.given))

    def save(self, directory: Path) -> None:
        """Write it beside a reader."""
        text = json.dumps(asdict(self), indent=1) + "\n"
        Layout(directory).calibration.write_text(text, encoding="utf-8")

    def confidence(self, score: float) -> float:
        """The probability, in [0, 1], that a span of this score is right."""
        logit = max(-60.0, min(60.0, self.slope * score + self.intercept))
        return 1 / (1 + math.exp(-logit))

    @property
    def least_score(self) -> float:
        """The score whose confidence is the threshold; infinite where it is 0 or 1."""
        if not 0 < self.threshold < 1:
            return math.inf if self.threshold >= 1 else -math.inf
        return (math.log(self.threshold / (1 - self.threshold)) - self.intercept) / self.slope

    def answers(self, spans: Sequence[Span]) -> bool:
        """Whether the first of the spans, best first, is likely enough to be shown."""
        return bool(spans) and self.confidence(spans[0].score) >= self.threshold


def _parsed(text: str) -> Calibration:
    values = json.loads(text)
    if not isinstance(values, dict):
        raise TypeError("it holds no object")
    given = values.pop("given", None)
    return Calibration(**values, given=given and Scale(**given))


def _stored_threshold(directory: Path, shipped: Calibration) -> float | None:
    file = directory / _THRESHOLD
    try:
        stored = _parsed(file.read_text(encoding="utf-8"))
        if not 0 <= stored.threshold <= 1:
            raise ValueError(f"{stored.threshold} is no probability")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise IndexDamagedError(
            f"{file} holds no threshold; delete it, or write it anew with: {_remedy(directory)}"
        ) from error
    if stored.with_threshold(shipped.threshold) != shipped:
        raise IndexMismatchError(
            f"{file} was fitted for another reader; delete it, or write it anew with: "
            f"{_remedy(directory)}"
        )
    return stored.threshold


def _remedy(directory: Path) -> str:
    return f"pullquote calibrate FILE --index {shlex.quote(str(directory))}"
