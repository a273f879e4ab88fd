"""The figures of the README and the model card: `python tests/benchmarks/squad.py DEV`.

DEV is a SQuAD 2.0 file. Its questions are asked of their own paragraphs, where the reader's best
span counts, and of all paragraphs together, where "collection_best_span" has the best span as well
and "collection" the answer that is shown: a whole sentence to "why" and "how". Each is asked once,
with no threshold; what the calibrated threshold leaves out is then told by the confidence. The
calibration was fitted on every other article of part a of SQuAD 2.0 dev, so the figures of "rest"
are the ones that count: with the threshold that is shipped for paragraphs that are given, or for
archives, and with the one that is best on the other half. Prints one JSON object.

--plot draws how far the confidences of "rest" can be trusted, where each question was asked of its
own paragraph.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

from pullquote.index import Retriever
from pullquote.index.types import Article
from pullquote.qa import Answer, Assistant
from pullquote.qa.calibration import Calibration
from pullquote.qa.checkpoint import WEIGHTS
from pullquote.qa.evaluation import metrics
from pullquote.qa.evaluation.datasets import EvaluationQuestion, read_questions
from pullquote.qa.evaluation.evaluate import Evaluation, QuestionResult, evaluate
from pullquote.qa.evaluation.own import own_assistants
from pullquote.qa.evaluation.scratch import scratch_index
from pullquote.qa.evaluation.thresholds import best_threshold, outcome_of
from pullquote.qa.protocols import Reader
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.spelling import Speller
from pullquote.qa.training.ship import RIGHT, half
from pullquote.ui.progress import progress_bar

INK, PALE = "#7d1f1f", "#b0a696"  # of the plot


def main(
    dev: Annotated[Path, typer.Argument()],
    own: Annotated[bool, typer.Option(help="Ask of each question's own paragraph.")] = True,
    collection: Annotated[bool, typer.Option(help="Ask of all paragraphs together.")] = True,
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th question only.")] = 1,
    weights: Annotated[Path, typer.Option(help="Another reader.")] = WEIGHTS,
    plot: Annotated[Path | None, typer.Option(help="A picture (.png, .svg).")] = None,
) -> None:
    """Ask everything once and print the figures."""
    found = read_questions(dev)
    questions = found.questions[::every]
    rest = {question.id for question in half(found, fitting=False)}
    calibration = Calibration.open(weights)
    given = calibration.of_given()
    reader = ExtractiveReader.open(weights)
    speller = Speller.open()

    def figures(results: Sequence[QuestionResult], threshold: float) -> dict[str, object]:
        others = [each for each in results if each.id in rest]
        fitted = best_threshold([outcome_of(each) for each in results if each.id not in rest])
        return {
            "all": _figures(results, threshold),
            "rest": _figures(others, threshold),
            "rest_at_the_threshold_of_the_other_half": _figures(others, fitted),
        }

    shown = {}
    if own:
        done = _asked(questions, _best_spans(found.articles, reader, given, speller))
        shown["own"] = figures(done.results, given.threshold) | _seconds(done)
        if plot:
            draw([each for each in done.results if each.id in rest], plot)
    if collection:
        with scratch_index(found.articles) as directory:
            always = calibration.with_threshold(0)
            # As it is shipped, it leaves out what its threshold would not show.
            skimming = ExtractiveReader.open(weights, calibration)
            assistant = Assistant(Retriever.open(directory), skimming, always, speller)
            right_first: dict[str, bool] = {}
            best_span: dict[str, str] = {}

            def ask(question: EvaluationQuestion) -> Answer:
                answer = assistant.ask(question.question)
                looks = answer.explanation.looks if answer.explanation else ()
                best_span[question.id] = (looks[0].text if looks else None) or ""
                if question.answers:
                    first = answer.hits[0].article.id if answer.hits else None
                    right_first[question.id] = first in question.article_ids
                return answer

            done = _asked(questions, ask)
            shown["collection"] = figures(done.results, calibration.threshold) | _seconds(done)
            spans = [_with(each, best_span[each.id]) for each in done.results]
            shown["collection_best_span"] = figures(spans, calibration.threshold)
            shown["right_paragraph_first"] = {
                "all": fmean(right_first.values()),
                "rest": fmean(first for name, first in right_first.items() if name in rest),
            }
    print(json.dumps(shown, indent=1))


def _best_spans(
    articles: Sequence[Article], reader: Reader, calibration: Calibration, speller: Speller
) -> Callable[[EvaluationQuestion], Answer]:
    """What `evaluate` asks for the reader's best span in a question's own paragraph."""
    assistants = own_assistants(articles, reader, calibration, speller)

    def ask(question: EvaluationQuestion) -> Answer:
        hits, spans = assistants[question.article_ids[0]].candidates(question.question)
        best = spans[0] if spans else None
        return Answer(
            question=question.question,
            text=best.article.text[best.start : best.end] if best else None,
            confidence=calibration.confidence(best.score) if best else 0.0,
            quotes=(),
            hits=tuple(hits),
        )

    return ask


def _asked(
    questions: Sequence[EvaluationQuestion], ask: Callable[[EvaluationQuestion], Answer]
) -> Evaluation:
    with progress_bar() as bar:
        task = bar.add_task("Asking", total=len(questions))
        return evaluate(questions, ask, progress=lambda: bar.advance(task))


def _with(result: QuestionResult, predicted: str) -> QuestionResult:
    """The same with another answer."""
    em, f1 = (score(result.expected, predicted) for score in (metrics.exact, metrics.f1))
    return replace(result, predicted=predicted, em=em, f1=f1)


def _seconds(done: Evaluation) -> dict[str, object]:
    return {"seconds_per_question": round(done.seconds_per_question, 3)}


def _figures(results: Sequence[QuestionResult], threshold: float) -> dict[str, float]:
    given = [each.predicted or "" if each.confidence >= threshold else "" for each in results]
    f1 = [metrics.f1(each.expected, text) for each, text in zip(results, given, strict=True)]
    em = [metrics.exact(each.expected, text) for each, text in zip(results, given, strict=True)]
    answerable = [bool(each.expected) for each in results]
    forced = [each for each in results if each.expected]
    precision, recall = metrics.no_answer([not text for text in given], [not a for a in answerable])
    auroc = metrics.auroc([-each.confidence for each in results], [not a for a in answerable])
    confidences, right = [each.confidence for each in results], _right(results)
    figures = {
        "questions": len(results),
        "em": 100 * fmean(em),
        "f1": 100 * fmean(f1),
        "has_answer_f1": 100 * fmean(f for f, a in zip(f1, answerable, strict=True) if a),
        "no_answer_accuracy": 100 * fmean(f for f, a in zip(f1, answerable, strict=True) if not a),
        "forced_em": 100 * fmean(each.em for each in forced),
        "forced_f1": 100 * fmean(each.f1 for each in forced),
        "no_answer_precision": precision or 0.0,
        "no_answer_recall": recall or 0.0,
        "no_answer_auroc": auroc or 0.0,
        "calibration_error": metrics.calibration_error(confidences, right) or 0.0,
        "risk_coverage_area": metrics.risk_coverage_area(confidences, right) or 0.0,
        "least_risk_coverage_area": metrics.least_risk_coverage_area(right) or 0.0,
    }
    for k in (1, 5, 20):
        at = [each.found_at is not None and each.found_at <= k for each in forced]
        figures[f"recall@{k}"] = fmean(at)
    return {name: round(value, 3) for name, value in figures.items()}


def _right(results: Sequence[QuestionResult]) -> list[bool]:
    # As the calibration was fitted: most of the words count, and without an answer nothing does.
    return [bool(each.expected) and each.f1 >= RIGHT for each in results]


def draw(results: Sequence[QuestionResult], file: Path) -> None:
    """A reliability diagram above its histogram of confidences, and the risk-coverage curve.

    The results must be of an assistant that never abstains.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise SystemExit(
            "The plot needs matplotlib: pip install 'pullquote[benchmarks]'"
        ) from error
    confidences, right = [each.confidence for each in results], _right(results)
    bins = metrics.reliability(confidences, right)
    distance = metrics.calibration_error(confidences, right)
    area = metrics.risk_coverage_area(confidences, right)
    coverage = [number / len(right) for number in range(1, len(right) + 1)]

    figure = Figure(figsize=(9, 4.5), layout="constrained")
    panels = figure.subplot_mosaic([["trust", "risk"], ["many", "risk"]], height_ratios=[4, 1])
    trust, many, risk = panels["trust"], panels["many"], panels["risk"]
    trust.plot([0, 1], [0, 1], "--", color=PALE)
    trust.plot([each.confidence for each in bins], [each.right for each in bins], "o-", color=INK)
    trust.set(
        title=f"expected calibration error {distance:.3f}",
        ylabel="share right",
        xlim=(0, 1),
        ylim=(0, 1),
    )
    many.hist(confidences, bins=10, range=(0, 1), color=PALE, edgecolor="white")
    many.set(xlabel="confidence", ylabel="questions", xlim=(0, 1))
    risk.plot(coverage, metrics.risks(confidences, right), color=INK, label="as ranked")
    risk.plot(coverage, metrics.risks(right, right), "--", color=PALE, label="the best order")
    risk.set(
        title=f"area under the risk-coverage curve {area:.3f}",
        xlabel="share of the questions answered, the surest first",
        ylabel="share wrong of those",
        xlim=(0, 1),
        ylim=(0, None),
    )
    risk.legend()
    figure.savefig(file, dpi=100)


if __name__ == "__main__":
    typer.run(main)
