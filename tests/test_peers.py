"""What the benchmark beside the peers makes of what they say; the peers themselves are not run."""

from typing import Any

import pytest
from benchmarks.peers.harness import distinct
from benchmarks.peers.scoring import figures
from benchmarks.peers.table import table

from pullquote.qa.evaluation.datasets import EvaluationQuestion

QUESTIONS = [
    EvaluationQuestion("1", "Who won?", ("Ann Blum",), ("a",), ()),
    EvaluationQuestion("2", "Who lost?", ("Ben",), ("b",), ()),
    EvaluationQuestion("3", "Who slept?", (), (), ()),
]
INDEXED = {"seconds": 2.0, "passages": 9, "peak_mb": 100.0}


def said(answer: str | None, confidence: float, abstains: bool, *articles: str) -> dict[str, Any]:
    return {
        "answer": answer,
        "confidence": confidence,
        "abstains": abstains,
        "articles": list(articles),
        "seconds": 0.5,
    }


def asked(*answers: dict[str, Any]) -> dict[str, Any]:
    named = [{"id": str(number), **each} for number, each in enumerate(answers, start=1)]
    return {"answers": named, "start": 3.0, "peak_mb": 200.0}


def test_quality_is_scored_as_squad_does_and_at_the_best_threshold_too() -> None:
    one = figures(
        QUESTIONS,
        4,
        INDEXED,
        asked(
            said("Ann Blum", 0.9, False, "a", "b"),
            said("Ben", 0.6, True, "a", "b"),
            said("Cora", 0.2, False, "c"),
        ),
    )
    assert (one.recall_1, one.recall_5) == (0.5, 1.0)
    assert one.f1 == pytest.approx(1 / 3)
    assert one.f1_best == one.f1_forced == one.auroc == 1.0
    assert (one.right, one.abstained, one.gave_up) == (0.5, 0.0, 0.5)
    assert (one.articles_a_second, one.questions_a_second, one.p95) == (2.0, 2.0, 0.5)


def test_nothing_said_is_no_confidence() -> None:
    silent = said(None, 0.8, True)
    one = figures(QUESTIONS, 4, INDEXED, asked(silent, silent, silent))
    assert one.f1 == one.f1_best == pytest.approx(1 / 3)
    assert (one.abstained, one.gave_up, one.auroc) == (1.0, 1.0, 0.5)


def test_speed_is_told_in_times_ours() -> None:
    answers = asked(*[said("Ben", 0.5, False, "b")] * 3)
    ours = figures(QUESTIONS, 4, INDEXED, answers)
    slow = figures(QUESTIONS, 4, INDEXED | {"seconds": 8.0}, answers)
    shown = table({"Pullquote": ours, "Haystack 3, BM25": slow}, "Pullquote")
    assert "| Haystack 3, BM25 | 0.25 | 1.00 |" in shown
    assert "2.0 articles and 2.0 questions a second" in shown


def test_an_article_counts_where_its_first_passage_stands() -> None:
    assert distinct(["b", "a", "b"]) == ["b", "a"]
