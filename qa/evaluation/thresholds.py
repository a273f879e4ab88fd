"""The confidence below which it is best to abstain."""

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.index.errors import SourceError
from pullquote.qa.evaluation import metrics
from pullquote.qa.evaluation.datasets import EvaluationQuestion
from pullquote.qa.evaluation.evaluate import QuestionResult

ENOUGH = 10  # questions of which some have an answer and some have none


@dataclass(frozen=True, slots=True)
class Outcome:
    """What answering a question brings; `gain` in [0, 1] is how right the answer is."""

    confidence: float
    gain: float
    answerable: bool

    @property
    def right(self) -> bool:
        """Whether the answer is one: at least half of what it could gain."""
        return self.answerable and self.gain >= 0.5


@dataclass(frozen=True, slots=True)
class Counts:
    """What a threshold does to the questions."""

    threshold: float
    right: int  # answerable questions that get a right answer
    abstained: int  # questions without an answer that get none


def check_kinds(questions: Sequence[EvaluationQuestion]) -> None:
    """Raises SourceError if the questions are too few, or all have an answer, or none has."""
    answerable = sum(bool(question.answers) for question in questions)
    if len(questions) < ENOUGH or answerable in (0, len(questions)):
        raise SourceError(
            f"A threshold needs at least {ENOUGH} questions, some with an answer in the articles "
            f'and some without ("answers": []); there are {len(questions)}, of which '
            f"{answerable} have an answer."
        )


def outcome_of(result: QuestionResult) -> Outcome:
    """What an answer brought, of an assistant that never abstains.

    It is right where it holds what is expected, as a sentence may, and else as far as its words
    overlap with it.
    """
    return Outcome(result.confidence, _gain(result), bool(result.expected))


def best_threshold(outcomes: Sequence[Outcome]) -> float:
    """The threshold with the highest mean gain, where abstaining rightly gains 1.

    It lies in the middle between the last confidence that is answered and the next.
    """
    surest_first = sorted(outcomes, key=lambda outcome: -outcome.confidence)
    best, gained, best_gained = 0, 0.0, 0.0
    for number, outcome in enumerate(surest_first, start=1):
        gained += outcome.gain if outcome.answerable else -1.0
        following = surest_first[number].confidence if number < len(surest_first) else None
        if gained >= best_gained and following != outcome.confidence:
            best, best_gained = number, gained
    above = surest_first[best - 1].confidence if best else 1.0
    below = surest_first[best].confidence if best < len(surest_first) else 0.0
    return (above + below) / 2


def lowest_threshold(outcomes: Sequence[Outcome], given_up: float) -> float:
    """The lowest threshold whose mean gain is less than the best one's by `given_up` at most."""
    thresholds = sorted({outcome.confidence for outcome in outcomes})
    gains = {threshold: _mean_gain(outcomes, threshold) for threshold in thresholds}
    enough = max(gains.values()) - given_up
    return next(threshold for threshold in thresholds if gains[threshold] >= enough)


def _mean_gain(outcomes: Sequence[Outcome], threshold: float) -> float:
    gained = 0.0
    for outcome in outcomes:
        if outcome.confidence >= threshold:
            gained += outcome.gain if outcome.answerable else 0.0
        else:
            gained += not outcome.answerable
    return gained / len(outcomes)


def counts(outcomes: Sequence[Outcome], threshold: float) -> Counts:
    """What a threshold does to the questions."""
    answered = [outcome.confidence >= threshold for outcome in outcomes]
    pairs = list(zip(outcomes, answered, strict=True))
    return Counts(
        threshold,
        right=sum(outcome.right and given for outcome, given in pairs),
        abstained=sum(not outcome.answerable and not given for outcome, given in pairs),
    )


def _gain(result: QuestionResult) -> float:
    if not result.expected or not result.predicted:
        return 0.0
    words = f" {metrics.normalise(result.predicted)} "
    expected = [answer for answer in map(metrics.normalise, result.expected) if answer]
    return 1.0 if any(f" {answer} " in words for answer in expected) else result.f1
