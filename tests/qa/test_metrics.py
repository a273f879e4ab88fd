"""SQuAD 2.0's rules, worked by hand, and what must hold for any input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.qa.evaluation.metrics import (
    auroc,
    calibration_error,
    exact,
    f1,
    least_risk_coverage_area,
    no_answer,
    normalise,
    reliability,
    risk_coverage_area,
    risks,
)

WORDS = st.lists(st.sampled_from(["the", "A", "mayor", "Mayor's", "14", "of", "--", "city"]))
PHRASES = st.one_of(st.text(max_size=30), WORDS.map(" ".join))
# Whole numbers, so that the transformations below are strictly monotone without rounding.
SCORED = st.lists(st.tuples(st.integers(-50, 50), st.booleans()), max_size=40)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Mayor\tof a City.", "mayor of city"),
        ("U.S.A.", "usa"),
        ("theatre another", "theatre another"),
        ("$1,500.50", "150050"),
        ("state-of-the-art", "stateoftheart"),  # the hyphens go first, so no article is left
        ("“quoted”", "“quoted”"),  # only ASCII punctuation is dropped
        ("one – the other", "one – other"),
        ("An", ""),
        ("?!", ""),
        ("", ""),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("gold", "prediction", "em", "overlap"),
    [
        (["The Mayor"], "mayor!", 1.0, 1.0),
        (["Ann Lee", "Mayor Ann Lee"], "mayor Ann Lee", 1.0, 1.0),
        (["Ann Lee"], "Mayor Ann Lee", 0.0, 0.8),  # P = 2/3, R = 1
        (["Ann Lee", "Bo"], "Bo Ray", 0.0, 2 / 3),  # the best of the gold answers
        (["no no yes"], "no yes yes", 0.0, 2 / 3),  # words count as often as both have them
        (["Ann Lee"], "fourteen", 0.0, 0.0),
        (["Ann Lee"], "", 0.0, 0.0),
        ([], "", 1.0, 1.0),
        ([], "Ann Lee", 0.0, 0.0),
        ([], "the", 1.0, 1.0),  # it normalises to nothing
        (["the"], "", 1.0, 1.0),  # the only gold answer is dropped
        (["the"], "Ann", 0.0, 0.0),
        (["the", "Ann"], "", 0.0, 0.0),  # a dropped gold answer does not excuse abstaining
    ],
)
def test_exact_and_f1(gold: list[str], prediction: str, em: float, overlap: float) -> None:
    assert exact(gold, prediction) == em
    assert f1(gold, prediction) == pytest.approx(overlap)


@given(PHRASES)
def test_normalise_is_idempotent(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.lists(PHRASES, max_size=3), PHRASES)
def test_exact_never_exceeds_f1(gold: list[str], prediction: str) -> None:
    assert 0 <= exact(gold, prediction) <= f1(gold, prediction) <= 1
    if exact(gold, prediction):
        assert f1(gold, prediction) == 1


@given(PHRASES, PHRASES)
def test_f1_is_symmetric(one: str, other: str) -> None:
    assert f1([one], other) == f1([other], one)


@given(PHRASES, st.lists(PHRASES, max_size=3))
def test_a_gold_answer_is_right(answer: str, others: list[str]) -> None:
    if normalise(answer):
        assert exact([*others, answer], answer) == 1


def test_no_answer() -> None:
    abstained = [True, True, True, False, False]
    unanswerable = [True, False, True, True, False]
    assert no_answer(abstained, unanswerable) == pytest.approx((2 / 3, 2 / 3))
    assert no_answer([False, False], [True, False]) == (None, 0.0)
    assert no_answer([True, False], [False, False]) == (0.0, None)
    assert no_answer([], []) == (None, None)
    with pytest.raises(ValueError, match="longer than"):
        no_answer([True], [True, False])


@pytest.mark.parametrize(
    ("scores", "positive", "expected"),
    [
        ([0.9, 0.8, 0.1], [True, True, False], 1.0),
        ([0.1, 0.8, 0.9], [True, True, False], 0.0),
        ([0.5, 0.5], [True, False], 0.5),
        ([0.7, 0.5, 0.5, 0.1], [True, True, False, False], 0.875),  # pairs: 1, 1, 1/2, 1
        ([0.2, 0.4], [True, True], None),
        ([0.2, 0.4], [False, False], None),
        ([], [], None),
    ],
)
def test_auroc(scores: list[float], positive: list[bool], expected: float | None) -> None:
    assert auroc(scores, positive) == expected


def test_auroc_needs_a_class_for_each_score() -> None:
    with pytest.raises(ValueError, match="2 scores for 1"):
        auroc([0.1, 0.2], [True])


@given(SCORED)
def test_auroc_counts_pairs(scored: list[tuple[int, bool]]) -> None:
    above = [score for score, positive in scored if positive]
    below = [score for score, positive in scored if not positive]
    wins = sum((a > b) + (a == b) / 2 for a in above for b in below)
    area = auroc(*_columns(scored))
    if not above or not below:
        assert area is None
    else:
        assert area == pytest.approx(wins / (len(above) * len(below)))


@given(SCORED)
def test_auroc_depends_on_the_order_alone(scored: list[tuple[int, bool]]) -> None:
    scores, positive = _columns(scored)
    assert auroc(scores, positive) == auroc([score**3 + 7 for score in scores], positive)


@given(SCORED)
def test_auroc_of_the_other_class_is_the_rest(scored: list[tuple[int, bool]]) -> None:
    scores, positive = _columns(scored)
    area, rest = auroc(scores, positive), auroc(scores, [not each for each in positive])
    if area is None or rest is None:
        assert area is rest
    else:
        assert area == pytest.approx(1 - rest)


def test_calibration_error_is_how_far_confidence_is_off() -> None:
    assert calibration_error([], []) is None
    assert calibration_error([1.0, 0.0], [True, False]) == 0
    assert calibration_error([0.75] * 4, [True, True, True, False]) == 0
    assert calibration_error([0.9] * 2, [False, False]) == pytest.approx(0.9)
    # One bin is 0.2 too low, one 0.3 too high.
    assert calibration_error([0.8, 0.3], [True, False]) == pytest.approx((0.2 + 0.3) / 2)
    with pytest.raises(ValueError, match="2 confidences for 1 answers"):
        calibration_error([0.1, 0.2], [True])


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_calibration_error_is_a_share(answers: list[tuple[float, bool]]) -> None:
    confidences, right = zip(*answers, strict=True)
    error = calibration_error(confidences, right)
    assert error is not None
    # One bin knows only the means; more bins see at least as much.
    off = abs(sum(confidences) - sum(right)) / len(right)
    assert off - 1e-9 <= error <= 1 + 1e-9


def _columns(scored: list[tuple[int, bool]]) -> tuple[list[float], list[bool]]:
    return [float(score) for score, _ in scored], [positive for _, positive in scored]


def test_risk_grows_with_what_is_answered() -> None:
    assert risks([0.2, 0.9, 0.5], [False, True, False]) == pytest.approx([0, 1 / 2, 2 / 3])
    assert risks([], []) == []
    with pytest.raises(ValueError, match="shorter"):
        risks([0.1, 0.2], [True])


def test_risk_coverage_area_is_the_mean_risk() -> None:
    # Risks of 0, 1/2, 1/3 and 1/2, the surest first; in the best order 0, 0, 1/3 and 1/2.
    confidences, right = [0.9, 0.2, 0.4, 0.6], [True, False, True, False]
    assert risk_coverage_area(confidences, right) == pytest.approx((1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert least_risk_coverage_area(right) == pytest.approx((1 / 3 + 1 / 2) / 4)
    assert risk_coverage_area([0.3, 0.8], [True, True]) == 0
    assert risk_coverage_area([0.3, 0.8], [False, False]) == 1
    assert risk_coverage_area([], []) is None
    assert least_risk_coverage_area([]) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_no_order_of_answers_has_less_than_the_least_area(
    answers: list[tuple[float, bool]],
) -> None:
    confidences, right = zip(*answers, strict=True)
    area, least = risk_coverage_area(confidences, right), least_risk_coverage_area(right)
    assert area is not None
    assert least is not None
    assert 0 <= least <= area + 1e-9 <= 1 + 2e-9


def test_a_reliability_diagram_leaves_empty_bins_out() -> None:
    low, high = reliability([0.05, 0.92, 0.98, 1.0], [False, True, True, False])
    assert (low.answers, low.confidence, low.right) == (1, 0.05, 0)
    assert high.answers == 3
    assert high.right == pytest.approx(2 / 3)
