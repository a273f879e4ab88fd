"""How well an assistant answers, abstains and finds."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from pullquote.index.types import Hit
from pullquote.qa.evaluation import metrics
from pullquote.qa.evaluation.datasets import EvaluationQuestion
from pullquote.qa.types import Answer


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What became of one question.

    No `expected`: it has no answer. `predicted` is None where the assistant abstained. `em` and
    `f1` are in [0, 1]. `found_at` is the place, from 1, of the first hit that holds an answer.
    """

    id: str
    question: str
    expected: tuple[str, ...]
    predicted: str | None
    confidence: float
    em: float
    f1: float
    found_at: int | None


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Abstaining, measured in [0, 1] with "unanswerable" as the positive class."""

    precision: float | None
    recall: float | None
    auroc: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one run; None where there was no question to take a figure from.

    `em`, `f1` and those of the two classes, answerable and not, are percentages as SQuAD reports
    them. `recall` is the share, in [0, 1], of answerable questions with an answer among the first
    k hits, for each k. `seconds_per_question` is wall-clock time, on average.
    """

    em: float
    f1: float
    has_answer_em: float | None
    has_answer_f1: float | None
    no_answer_accuracy: float | None
    recall: Mapping[int, float | None]
    no_answer: NoAnswer
    questions: int
    seconds_per_question: float
    results: tuple[QuestionResult, ...]

    def to_json(self) -> dict[str, object]:
        """The figures without the single results, ready for `json.dumps`."""
        return {
            "em": self.em,
            "f1": self.f1,
            **{f"recall@{k}": share for k, share in self.recall.items()},
            "no_answer": {
                "precision": self.no_answer.precision,
                "recall": self.no_answer.recall,
                "auroc": self.no_answer.auroc,
            },
            "questions": self.questions,
            "seconds_per_question": self.seconds_per_question,
            "has_answer_em": self.has_answer_em,
            "has_answer_f1": self.has_answer_f1,
            "no_answer_accuracy": self.no_answer_accuracy,
        }


def evaluate(
    questions: Iterable[EvaluationQuestion],
    ask: Callable[[EvaluationQuestion], Answer],
    k_recall: Sequence[int] = (1, 5, 20),
    progress: Callable[[], None] | None = None,
) -> Evaluation:
    """Asks every question and compares the answers with what is known.

    `progress` is called after each question. Recall looks at `Answer.hits` alone, so a k beyond
    their number counts what there is. Raises ValueError if there are no questions, and whatever
    `ask` raises.
    """
    results = []
    seconds = 0.0
    for question in questions:
        started = time.perf_counter()
        answer = ask(question)
        seconds += time.perf_counter() - started
        results.append(_result(question, answer))
        if progress is not None:
            progress()
    if not results:
        raise ValueError("there are no questions to evaluate")
    return _summary(tuple(results), k_recall, seconds / len(results))


def _result(question: EvaluationQuestion, answer: Answer) -> QuestionResult:
    predicted = answer.text or ""
    return QuestionResult(
        id=question.id,
        question=question.question,
        expected=question.answers,
        predicted=answer.text,
        confidence=answer.confidence,
        em=metrics.exact(question.answers, predicted),
        f1=metrics.f1(question.answers, predicted),
        found_at=next(
            (place for place, hit in enumerate(answer.hits, start=1) if _holds(hit, question)),
            None,
        ),
    )


def _holds(hit: Hit, question: EvaluationQuestion) -> bool:
    """Whether the passage contains an answer and, where that is known, is of a right article."""
    known = question.article_ids
    articles = (hit.article, *hit.also)
    if known and not any(one.id in known or one.path in known for one in articles):
        return False
    passage = hit.passage.text.casefold()
    return any(answer.casefold() in passage for answer in question.answers)


def _summary(
    results: tuple[QuestionResult, ...], k_recall: Sequence[int], seconds: float
) -> Evaluation:
    answerable = [result for result in results if result.expected]
    unanswerable = [not result.expected for result in results]
    precision, recall = metrics.no_answer(
        [result.predicted is None for result in results], unanswerable
    )
    return Evaluation(
        em=100 * fmean(result.em for result in results),
        f1=100 * fmean(result.f1 for result in results),
        has_answer_em=_percent([result.em for result in answerable]),
        has_answer_f1=_percent([result.f1 for result in answerable]),
        no_answer_accuracy=_percent([result.em for result in results if not result.expected]),
        recall={k: _share_found(answerable, k) for k in k_recall},
        no_answer=NoAnswer(
            precision,
            recall,
            # Ranks as 1 - confidence does, but does not round tiny confidences to a tie.
            auroc=metrics.auroc([-result.confidence for result in results], unanswerable),
        ),
        questions=len(results),
        seconds_per_question=seconds,
        results=results,
    )


def _percent(values: Sequence[float]) -> float | None:
    return 100 * fmean(values) if values else None


def _share_found(results: Sequence[QuestionResult], k: int) -> float | None:
    if not results:
        return None
    return fmean(result.found_at is not None and result.found_at <= k for result in results)
