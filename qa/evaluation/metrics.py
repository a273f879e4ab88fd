"""SQuAD 2.0's measures of answers, and measures of abstaining."""

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


def normalise(text: str) -> str:
    """The words that are compared: lower case, no punctuation, no articles, single spaces.

    The order of the steps and the ASCII punctuation are those of SQuAD 2.0's official evaluation
    script (Rajpurkar et al., 2018, "Know What You Don't Know"), so that figures can be compared.
    """
    # An article leaves a space behind, so that it never joins what stood around it.
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact(gold: Sequence[str], prediction: str) -> float:
    """1.0 where the prediction equals one of the gold answers once both are normalised, else 0.0.

    "" predicts that there is no answer. Gold answers that normalise to "" are dropped, and where
    none is left "" is the right prediction, as in the official script.
    """
    return _best(gold, prediction, lambda expected, predicted: float(expected == predicted))


def f1(gold: Sequence[str], prediction: str) -> float:
    """The overlap of words with the gold answer that shares most, in [0, 1].

    The harmonic mean of precision and recall over the two bags of normalised words. Where either
    side has no words it is 1.0 only if neither has, as in the official script.
    """
    return _best(gold, prediction, _overlap)


def _best(gold: Sequence[str], prediction: str, measure: Callable[[str, str], float]) -> float:
    expected = [text for text in map(normalise, gold) if text] or [""]
    predicted = normalise(prediction)
    return max(measure(text, predicted) for text in expected)


def _overlap(expected: str, predicted: str) -> float:
    if not expected or not predicted:
        return float(expected == predicted)
    expected_words, predicted_words = Counter(expected.split()), Counter(predicted.split())
    shared = (expected_words & predicted_words).total()
    # 2PR / (P + R) with P = shared / predicted and R = shared / expected.
    return 2 * shared / (expected_words.total() + predicted_words.total())


def no_answer(
    abstained: Sequence[bool], unanswerable: Sequence[bool]
) -> tuple[float | None, float | None]:
    """Precision and recall of abstaining, in [0, 1]; the positive class is "unanswerable".

    Precision is None where nothing was abstained from, recall where nothing was unanswerable.
    Raises ValueError if the two differ in length.
    """
    right = sum(a and u for a, u in zip(abstained, unanswerable, strict=True))
    precision = right / sum(abstained) if any(abstained) else None
    recall = right / sum(unanswerable) if any(unanswerable) else None
    return precision, recall


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """The probability that a positive scores above a negative, ties counted half, in [0, 1].

    This is the area under the ROC curve, by the rank statistic U of Mann and Whitney (1947):
    U / (positives x negatives). None where one of the classes is missing. Raises ValueError if
    the two differ in length.
    """
    if len(scores) != len(positive):
        raise ValueError(f"{len(scores)} scores for {len(positive)} classes")
    chosen = np.asarray(positive, dtype=bool)  # (scores,)
    positives = int(chosen.sum())
    negatives = len(chosen) - positives
    if not positives or not negatives:
        return None
    _, group, sizes = np.unique(
        np.asarray(scores, dtype=np.float64), return_inverse=True, return_counts=True
    )
    # Equal scores share the mean of the ranks that they fill.
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[group]  # (scores,)
    above = float(ranks[chosen].sum()) - positives * (positives + 1) / 2
    return above / (positives * negatives)


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence: how many, their mean confidence, the share right."""

    answers: int
    confidence: float
    right: float


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """The points of a reliability diagram, from unsure to sure; empty bins are left out.

    Bins are of equal width over [0, 1]. Raises ValueError if the two differ in length.
    """
    if len(confidences) != len(right):
        raise ValueError(f"{len(confidences)} confidences for {len(right)} answers")
    given, correct = np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=bool)
    place = np.minimum((given * bins).astype(int), bins - 1)  # (answers,)
    return [
        Bin(int(inside.sum()), float(given[inside].mean()), float(correct[inside].mean()))
        for inside in (place == number for number in np.unique(place))
    ]


def calibration_error(
    confidences: Sequence[float], right: Sequence[bool], bins: int = 10
) -> float | None:
    """How far confidence is from the share that is right, in [0, 1]; 0 is perfectly calibrated.

    The expected calibration error of Naeini et al. (2015): the mean over bins of |mean confidence −
    share right|, each bin weighed by its size. None without any. Raises ValueError if the two
    differ in length.
    """
    points = reliability(confidences, right, bins)
    if not points:
        return None
    return sum(p.answers * abs(p.confidence - p.right) for p in points) / len(right)


def risks(confidences: Sequence[float], right: Sequence[bool]) -> list[float]:
    """The share that is wrong among the surest answer, the two surest, and so on to all of them.

    This is the risk-coverage curve of El-Yaniv and Wiener (2010, "On the foundations of noise-free
    selective classification"). Answers of equal confidence keep their order. Raises ValueError if
    the two differ in length.
    """
    pairs = sorted(zip(confidences, right, strict=True), key=lambda pair: -pair[0])
    wrong = np.cumsum([not correct for _, correct in pairs])  # (answers,)
    return [float(each) for each in wrong / np.arange(1, len(pairs) + 1)]


def risk_coverage_area(confidences: Sequence[float], right: Sequence[bool]) -> float | None:
    """The area under the risk-coverage curve, in [0, 1]: the mean of the `risks`; less is better.

    As Geifman, Uziel and El-Yaniv (2019, "Bias-reduced uncertainty estimation for deep neural
    classifiers") define it. It grows with the share that is wrong, however well the confidences
    rank: compare it with `least_risk_coverage_area`. None without any. Raises ValueError if the two
    differ in length.
    """
    curve = risks(confidences, right)
    return sum(curve) / len(curve) if curve else None


def least_risk_coverage_area(right: Sequence[bool]) -> float | None:
    """The area if every right answer were surer than every wrong one; none can be smaller."""
    return risk_coverage_area([float(each) for each in right], right)
