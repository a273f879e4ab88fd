"""Which passages are read to the end, after a first look at all of them (see skim.py)."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pullquote.index.types import Hit
from pullquote.qa.calibration import Calibration
from pullquote.qa.networks import Worth, everything
from pullquote.qa.said import asks_for_any_statement

AT_LEAST = 2  # windows that are read, however little they promise: the best tells the confidence
MISJUDGED = 6.0  # logits by which the first look may hold a span for worse than it is


def worth_reading(question: str, hits: Sequence[Hit], calibration: Calibration) -> Worth:
    """Windows whose best span may be shown, and those that promise most.

    `hits` are the passages of the windows. A span is shown if its confidence reaches the threshold;
    what ranking adds for the passage's retrieval counts. Where anything that somebody says will do,
    ranking adds more than that, and everything is read.
    """
    if asks_for_any_statement(question):
        return everything
    found = np.array([hit.score for hit in hits], np.float32)
    return partial(_worth, found * calibration.retrieval, calibration.least_score)


def _worth(
    retrieval: NDArray[np.float32], least: float, estimates: NDArray[np.float32]
) -> NDArray[np.bool_]:
    promised = estimates + retrieval
    worth = promised >= least - MISJUDGED
    worth[np.argsort(-promised, kind="stable")[:AT_LEAST]] = True
    return worth
