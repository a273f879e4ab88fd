"""From scores to probabilities."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.errors import IndexDamagedError, IndexMismatchError, ModelError
from pullquote.qa.calibration import Calibration, Scale

NUMBERS = st.floats(-1e6, 1e6)


@given(slope=NUMBERS, intercept=NUMBERS, score=st.floats(allow_nan=False))
def test_a_confidence_is_a_probability(slope: float, intercept: float, score: float) -> None:
    confidence = Calibration(slope, intercept, 0.5, 0.0).confidence(score)
    assert math.isnan(confidence) is (slope == 0 and math.isinf(score)) or 0 <= confidence <= 1


@given(slope=st.floats(0, 10), scores=st.tuples(NUMBERS, NUMBERS))
def test_a_higher_score_is_never_less_likely(slope: float, scores: tuple[float, float]) -> None:
    scale = Calibration(slope, 0.0, 0.5, 0.0)
    assert scale.confidence(min(scores)) <= scale.confidence(max(scores))


def test_platt_scaling() -> None:
    assert Calibration(1.0, 0.0, 0.5, 0.0).confidence(0.0) == 0.5
    assert Calibration(2.0, -1.0, 0.5, 0.0).confidence(1.5) == pytest.approx(1 / (1 + math.exp(-2)))


@given(slope=NUMBERS, intercept=NUMBERS, threshold=st.floats(0, 1), retrieval=NUMBERS)
def test_a_calibration_comes_back_as_it_was_saved(
    tmp_path_factory: pytest.TempPathFactory,
    slope: float,
    intercept: float,
    threshold: float,
    retrieval: float,
) -> None:
    directory = tmp_path_factory.mktemp("reader")
    plain = Calibration(slope, intercept, threshold, retrieval)
    for calibration in (plain, replace(plain, given=Scale(intercept, slope, threshold))):
        calibration.save(directory)
        assert Calibration.open(directory) == calibration


def test_a_passage_that_is_given_has_a_scale_of_its_own() -> None:
    found = Calibration(1.0, 0.0, 0.1, 30.0, given=Scale(2.0, -1.0, 0.4))
    given = found.of_given()
    assert (given.threshold, given.retrieval) == (0.4, 30.0)
    assert given.confidence(1.5) == pytest.approx(1 / (1 + math.exp(-2)))
    assert given.with_threshold(0.9).threshold == 0.9
    plain = Calibration(1.0, 0.0, 0.1, 30.0)
    assert plain.of_given() == plain


def test_another_threshold() -> None:
    calibration = Calibration(1.0, 2.0, 0.5, 3.0)
    assert calibration.with_threshold(0.9) == Calibration(1.0, 2.0, 0.9, 3.0)
    assert calibration.with_threshold(0.0) == Calibration(1.0, 2.0, 0.0, 3.0)
    assert calibration.with_threshold(None) == calibration


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b"5", b"{}", b'{"slope": 1, "other": 2}', b"\xff"]
)
def test_a_file_that_is_missing_or_damaged_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "calibration.json").write_bytes(content)
    with pytest.raises(ModelError, match=r"calibration\.json cannot be read.*install pullquote"):
        Calibration.open(tmp_path)


@given(threshold=st.floats(0, 1))
def test_a_threshold_comes_back_as_it_was_kept(
    tmp_path_factory: pytest.TempPathFactory, threshold: float
) -> None:
    directory = tmp_path_factory.mktemp("index")
    shipped = Calibration.open()
    assert Calibration.of_index(directory) == shipped
    shipped.with_threshold(threshold).keep(directory)
    assert Calibration.of_index(directory) == shipped.with_threshold(threshold)
    assert Calibration.of_index(directory, 0.25) == shipped.with_threshold(0.25)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"slope": 1, "intercept": 0, "threshold": 1.5, "retrieval": 0}',
        b'{"slope": 1, "intercept": 0, "threshold": NaN, "retrieval": 0}',
        b"\xff",
    ],
)
def test_a_damaged_threshold_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "threshold.json").write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"threshold\.json holds no threshold; delete it"):
        Calibration.of_index(tmp_path)


def test_a_threshold_for_another_reader_is_named(tmp_path: Path) -> None:
    shipped = Calibration.open()
    replace(shipped, slope=shipped.slope * 2).keep(tmp_path)
    with pytest.raises(IndexMismatchError, match=r"another reader; .* pullquote calibrate FILE"):
        Calibration.of_index(tmp_path)


def test_a_threshold_that_cannot_be_kept_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError, match=r"threshold\.json cannot be written"):
        Calibration.open().keep(tmp_path / "nowhere")
