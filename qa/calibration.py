"""From the reader's scores to probabilities, and the point below which we abstain."""

import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pullquote.index.errors import IndexDamagedError, ModelError
from pullquote.qa.checkpoint import Layout
from pullquote.qa.reader import WEIGHTS

_THRESHOLD = "threshold.json"  # beside the index's manifest


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt scaling: confidence = 1 / (1 + exp(−(slope · score + intercept)))."""

    slope: float
    intercept: float
    threshold: float  # confidence below which the articles do not answer
    retrieval: float = 0.0  # what a passage's retrieval score adds to the reader's, see ranking.py

    @classmethod
    def open(cls, directory: Path = WEIGHTS) -> "Calibration":
        """The calibration that is shipped with a reader; raises ModelError."""
        file = Layout(directory).calibration
        try:
            return cls(**json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise ModelError(
                f"{file} cannot be read ({error}); install pullquote again."
            ) from error

    def with_threshold(self, threshold: float | None) -> "Calibration":
        """The same scale with another threshold; None keeps it."""
        return self if threshold is None else replace(self, threshold=threshold)

    def save(self, directory: Path) -> None:
        """Write it beside a reader."""
        text = json.dumps(asdict(self), indent=1) + "\n"
        Layout(directory).calibration.write_text(text, encoding="utf-8")

    def confidence(self, score: float) -> float:
        """The probability, in [0, 1], that a span of this score is right."""
        logit = max(-60.0, min(60.0, self.slope * score + self.intercept))
        return 1 / (1 + math.exp(-logit))


def stored_threshold(directory: Path) -> float | None:
    """The threshold that was fitted for an index, if one was; raises IndexDamagedError."""
    file = directory / _THRESHOLD
    try:
        threshold = float(json.loads(file.read_text(encoding="utf-8"))["threshold"])
        if not 0 <= threshold <= 1:
            raise ValueError(f"{threshold} is no probability")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexDamagedError(
            f"{file} holds no threshold; delete it, or write it anew with: pullquote calibrate"
        ) from error
    return threshold


def store_threshold(directory: Path, threshold: float) -> None:
    """Keep a threshold with an index, over its rebuilds; raises IndexDamagedError."""
    file = directory / _THRESHOLD
    beside = file.with_suffix(".part")
    try:
        beside.write_text(json.dumps({"threshold": threshold}) + "\n", encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        raise IndexDamagedError(f"{file} cannot be written ({error.strerror}).") from error
