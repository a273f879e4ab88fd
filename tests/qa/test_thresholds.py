"""The threshold that is best for given questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.errors import SourceError
from pullquote.qa.evaluation.datasets import EvaluationQuestion
from pullquote.qa.evaluation.evaluate import evaluate
from pullquote.qa.evaluation.thresholds import (
    Outcome,
    best_threshold,
    check_kinds,
    counts,
    lowest_threshold,
    outcome_of,
)
from pullquote.qa.types import Answer

OUTCOMES = st.lists(
    st.builds(Outcome, st.floats(0, 1), st.sampled_from([0.0, 0.4, 1.0]), st.booleans()),
    min_size=1,
)


def gained(outcomes: list[Outcome], threshold: float) -> float:
    return sum(
        outcome.gain if outcome.answerable else -1.0
        for outcome in outcomes
        if outcome.confidence >= threshold
    )


@given(OUTCOMES)
def test_no_other_threshold_gains_more(outcomes: list[Outcome]) -> None:
    best = best_threshold(outcomes)
    assert 0 <= best <= 1
    others = [0.0, *(outcome.confidence for outcome in outcomes), 1.1]
    # Between two confidences that are next to each other there may be no number.
    slack = 1e-12
    assert max(gained(outcomes, other) for other in others) <= (
        max(gained(outcomes, best + at) for at in (-slack, 0, slack)) + 1e-9
    )


def test_it_lies_between_what_is_answered_and_what_is_not() -> None:
    outcomes = [
        Outcome(0.9, 1.0, True),
        Outcome(0.6, 1.0, True),
        Outcome(0.4, 0.0, False),
        Outcome(0.2, 1.0, True),
        Outcome(0.1, 0.0, False),
    ]
    assert best_threshold(outcomes) == pytest.approx((0.2 + 0.1) / 2)
    assert best_threshold(outcomes[:3]) == pytest.approx(0.5)
    assert counts(outcomes, 0.5).right == 2
    assert counts(outcomes, 0.5).abstained == 2


def question(number: str) -> EvaluationQuestion:
    return EvaluationQuestion(number, number, () if int(number) % 2 else ("Ann Olufsen",), ())


def asked(answers: dict[str, tuple[str | None, float]]) -> list[Outcome]:
    """Outcomes of the questions "0", "1" …, of which even ones are answered by "Ann Olufsen"."""

    def ask(question: EvaluationQuestion) -> Answer:
        text, confidence = answers[question.question]
        return Answer(question.question, text, confidence, (), ())

    return [outcome_of(result) for result in evaluate(map(question, answers), ask).results]


def test_an_answer_is_as_right_as_it_holds_what_is_expected() -> None:
    texts = ["Mayor Ann Olufsen cut the ribbon.", "Ann", "Bob", None] * 3
    outcomes = asked({str(2 * n): (text, 0.5) for n, text in enumerate(texts)} | {"1": ("x", 0.1)})
    assert [round(outcome.gain, 2) for outcome in outcomes[:4]] == [1.0, 0.67, 0.0, 0.0]


@pytest.mark.parametrize("numbers", [range(5), range(0, 40, 2), range(1, 41, 2)])
def test_too_few_or_one_kind_of_question_is_an_error(numbers: range) -> None:
    with pytest.raises(SourceError, match="at least 10 questions, some with an answer"):
        check_kinds([question(str(number)) for number in numbers])


@given(OUTCOMES, st.sampled_from([0.01, 0.1, 0.5]))
def test_the_lowest_threshold_gives_up_no_more_than_it_may(
    outcomes: list[Outcome], given_up: float
) -> None:
    lowest = lowest_threshold(outcomes, given_up)
    confidences = sorted({outcome.confidence for outcome in outcomes})
    enough = max(gained(outcomes, each) for each in confidences) - given_up * len(outcomes) - 1e-9
    assert gained(outcomes, lowest) >= enough
    lower = [each for each in confidences if each < lowest]
    assert all(gained(outcomes, each) < enough + 2e-9 for each in lower)
