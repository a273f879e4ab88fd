"""Which passages are read to the end."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from fakes import hit
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from pullquote.qa.calibration import Calibration
from pullquote.qa.checkpoint import WEIGHTS, Layout
from pullquote.qa.networks import Logits, Worth, everything
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.windows import Window, WindowMaker
from pullquote.qa.worth import AT_LEAST, MISJUDGED, worth_reading

QUESTION = "Who cut the ribbon?"
FITTED = Calibration(0.4, -4.5, 0.1, 300.0)
ESTIMATES = st.lists(st.floats(-20, 20, width=32), max_size=25)


def chosen(
    estimates: list[float], scores: list[float], calibration: Calibration = FITTED
) -> list[bool]:
    hits = [hit(number, "Text.") for number in range(len(scores))]
    hits = [replace(one, score=score) for one, score in zip(hits, scores, strict=True)]
    worth = worth_reading(QUESTION, hits, calibration)
    told: list[bool] = worth(np.array(estimates, np.float32)).tolist()
    return told


def test_the_least_score_is_that_of_the_threshold() -> None:
    assert FITTED.confidence(FITTED.least_score) == pytest.approx(0.1)
    assert FITTED.with_threshold(0).least_score == -np.inf
    assert FITTED.with_threshold(1).least_score == np.inf


@given(ESTIMATES)
def test_what_may_be_shown_is_read_and_the_most_promising(estimates: list[float]) -> None:
    scores = [1 / (30 + rank) for rank in range(len(estimates))]
    told = chosen(estimates, scores)
    promised = [a + 300 * b for a, b in zip(estimates, scores, strict=True)]
    assert sum(told) >= min(AT_LEAST, len(estimates))
    for place, is_read in enumerate(told):
        if promised[place] >= FITTED.least_score - MISJUDGED + 1e-3:
            assert is_read
        better = sum(other > promised[place] for other in promised)
        if is_read and promised[place] < FITTED.least_score - MISJUDGED - 1e-3:
            assert better < AT_LEAST


@given(ESTIMATES)
def test_without_a_threshold_everything_is_read(estimates: list[float]) -> None:
    scores = [0.0] * len(estimates)
    assert all(chosen(estimates, scores, FITTED.with_threshold(0)))


def test_everything_is_read_where_any_statement_will_do() -> None:
    hits = [replace(hit(number, "Text."), score=0.0) for number in range(9)]
    estimates = np.full(9, -9, np.float32)
    told = worth_reading("What did Segarra say?", hits, FITTED)(estimates)
    assert told.all()
    assert worth_reading(QUESTION, hits, FITTED)(estimates).sum() == AT_LEAST


class Skimming:
    """A network to which a passage is worth the more the longer it is."""

    def logits(self, windows: Sequence[Window], worth: Worth = everything) -> list[Logits | None]:
        lengths = np.array([len(window.token_ids) for window in windows], np.float32)
        found: list[Logits | None] = []
        for window, wanted in zip(windows, worth(lengths - 200), strict=True):
            logits = np.zeros(len(window.token_ids), np.float32)
            found.append((logits, logits) if wanted else None)
        return found


def test_a_reader_with_a_calibration_gives_spans_of_what_is_worth_it_alone() -> None:
    windows = WindowMaker(Tokenizer.from_file(str(Layout(WEIGHTS).tokenizer)))
    hits = [hit(number, "word " * number) for number in range(1, 9)]
    hits = [replace(one, score=0.0) for one in hits]
    some = ExtractiveReader(Skimming(), windows, FITTED).read(QUESTION, hits)
    assert {span.passage.id for span in some} == {7, 8}
    every = ExtractiveReader(Skimming(), windows).read(QUESTION, hits)
    assert {span.passage.id for span in every} == set(range(1, 9))
