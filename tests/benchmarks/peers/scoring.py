"""From what a contestant said to figures, by the same rules for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from pullquote.qa.evaluation import metrics
from pullquote.qa.evaluation.datasets import EvaluationQuestion
from pullquote.qa.evaluation.thresholds import Outcome, best_threshold

RIGHT = 0.5  # of F1


@dataclass(frozen=True)
class Figures:
    """Of one contestant over one set of questions; shares are of 1, times in seconds."""

    recall_1: float
    recall_5: float
    recall_20: float
    em: float  # as it comes, with the questions without an answer
    f1: float
    f1_best: float  # at the threshold that is best for it on these very questions
    f1_forced: float  # of the answerable ones, when it may not abstain
    right: float  # of the answerable ones: it says an expected answer, or half its words
    abstained: float  # of the questions without an answer
    gave_up: float  # of those with one
    auroc: float  # of abstention by confidence
    articles_a_second: float
    questions_a_second: float
    p95: float
    start: float
    index_mb: float
    ask_mb: float
    passages: int


def figures(
    questions: Sequence[EvaluationQuestion],
    articles: int,
    indexed: dict[str, Any],
    asked: dict[str, Any],
) -> Figures:
    """The figures; `indexed` and `asked` are what the harness wrote."""
    answers = {each["id"]: each for each in asked["answers"]}
    said = [answers[question.id] for question in questions]
    gold = [question.answers for question in questions]
    kept = ["" if each["abstains"] else each["answer"] or "" for each in said]
    forced = [each["answer"] or "" for each in said]
    answerable = [place for place, expected in enumerate(gold) if expected]
    others = [place for place, expected in enumerate(gold) if not expected]
    confidences = [float(each["confidence"]) if each["answer"] else 0.0 for each in said]
    f1 = [metrics.f1(expected, text) for expected, text in zip(gold, forced, strict=True)]
    outcomes = [
        Outcome(confidence, gain, bool(expected))
        for confidence, gain, expected in zip(confidences, f1, gold, strict=True)
    ]
    threshold = best_threshold(outcomes)
    at_best = [
        text if confidence >= threshold else ""
        for text, confidence in zip(forced, confidences, strict=True)
    ]
    seconds = [each["seconds"] for each in said]

    def recall(k: int) -> float:
        found = [
            bool(set(said[place]["articles"][:k]) & set(questions[place].article_ids))
            for place in answerable
        ]
        return fmean(found)

    def mean_f1(texts: Sequence[str]) -> float:
        return fmean(metrics.f1(expected, text) for expected, text in zip(gold, texts, strict=True))

    return Figures(
        recall_1=recall(1),
        recall_5=recall(5),
        recall_20=recall(20),
        em=fmean(metrics.exact(expected, text) for expected, text in zip(gold, kept, strict=True)),
        f1=mean_f1(kept),
        f1_best=mean_f1(at_best),
        f1_forced=fmean(f1[place] for place in answerable),
        right=fmean(_is_right(gold[place], kept[place]) for place in answerable),
        abstained=fmean(not kept[place] for place in others) if others else 1.0,
        gave_up=fmean(not kept[place] for place in answerable),
        auroc=metrics.auroc([-one for one in confidences], [not one for one in gold]) or 0.5,
        articles_a_second=articles / indexed["seconds"],
        questions_a_second=len(seconds) / sum(seconds),
        p95=sorted(seconds)[min(len(seconds) - 1, int(0.95 * len(seconds)))],
        start=asked["start"],
        index_mb=indexed["peak_mb"],
        ask_mb=asked["peak_mb"],
        passages=indexed["passages"],
    )


def _is_right(expected: Sequence[str], text: str) -> bool:
    words = f" {metrics.normalise(text)} "
    says = any(f" {metrics.normalise(answer)} " in words for answer in expected)
    return says or metrics.f1(expected, text) >= RIGHT
