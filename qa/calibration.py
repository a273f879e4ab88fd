"""From the reader's scores to probabilities, and the point below which we abstain."""

import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pullquote.index.errors import ModelError
from pullquote.qa.checkpoint import Layout
from pullquote.qa.reader import WEIGHTS


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
