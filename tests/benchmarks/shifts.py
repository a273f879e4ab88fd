"""How the reader does on text of other kinds: `python tests/benchmarks/shifts.py FILE …`.

FILEs are those of SQuADShifts (new_wiki, reddit, amazon_reviews). Only the fifth of the paragraphs
is asked that no reader learned from. Each question is asked of its own paragraph, once, with no
threshold; what the shipped threshold for paragraphs that are given leaves out is then told by the
confidence. Every question has an answer, so whatever is left out counts 0.

Then each is asked of the paragraph of another question, which hardly ever answers it: `elsewhere`
is the share that is abstained from at the same threshold. Prints one JSON object.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

from pullquote.qa import Answer
from pullquote.qa.calibration import Calibration
from pullquote.qa.checkpoint import WEIGHTS
from pullquote.qa.evaluation.datasets import EvaluationQuestion, EvaluationSet, read_questions
from pullquote.qa.evaluation.evaluate import Evaluation, QuestionResult, evaluate
from pullquote.qa.evaluation.own import asking_own
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.spelling import Speller
from pullquote.qa.training.examples import Example, held_out
from pullquote.ui.progress import progress_bar


def main(
    files: Annotated[list[Path], typer.Argument()],
    weights: Annotated[Path, typer.Option(help="Another reader.")] = WEIGHTS,
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th question only.")] = 1,
) -> None:
    """Ask the held-out fifth of each file and print the figures."""
    calibration = Calibration.open(weights).of_given()
    reader, speller = ExtractiveReader.open(weights), Speller.open(weights)
    shown = {}
    for file in files:
        kept = held_out_of(read_questions(file))
        ask = asking_own(kept.articles, reader, calibration.with_threshold(0), speller)
        questions = kept.questions[::every]
        done = _asked(questions, ask, file.name)
        elsewhere = _asked(_of_other_paragraphs(questions), ask, f"{file.name}, elsewhere")
        abstained = fmean(each.confidence < calibration.threshold for each in elsewhere.results)
        shown[file.name.split(".")[0]] = {
            "paragraphs": len({question.article_ids[0] for question in questions}),
            **_figures(done.results, calibration.threshold),
            "elsewhere_abstained": round(abstained, 3),
            "seconds_per_question": round(done.seconds_per_question, 3),
        }
    print(json.dumps(shown, indent=1))


def held_out_of(found: EvaluationSet) -> EvaluationSet:
    """The fifth of the paragraphs that is kept for reporting, without titles, and its questions.

    The titles of reviews and comments are running numbers, and were not learned with either.
    """
    articles = tuple(
        replace(article, title="")
        for article in found.articles
        if held_out(Example(question="", title="", passage=article.text, answers=()))
    )
    ids = {article.id for article in articles}
    return EvaluationSet(
        tuple(question for question in found.questions if question.article_ids[0] in ids), articles
    )


def _asked(
    questions: Sequence[EvaluationQuestion], ask: Callable[[EvaluationQuestion], Answer], name: str
) -> Evaluation:
    with progress_bar() as bar:
        task = bar.add_task(name, total=len(questions))
        return evaluate(questions, ask, progress=lambda: bar.advance(task))


def _of_other_paragraphs(questions: Sequence[EvaluationQuestion]) -> list[EvaluationQuestion]:
    """Each question with the paragraph of the one half the questions further, and no answer."""
    half = len(questions) // 2
    return [
        replace(question, article_ids=other.article_ids, answers=())
        for question, other in zip(questions, [*questions[half:], *questions[:half]], strict=True)
    ]


def _figures(results: Sequence[QuestionResult], threshold: float) -> dict[str, float]:
    answered = [each.confidence >= threshold for each in results]
    figures = {
        "questions": len(results),
        "forced_em": 100 * fmean(each.em for each in results),
        "forced_f1": 100 * fmean(each.f1 for each in results),
        "em": 100 * fmean(each.em * a for each, a in zip(results, answered, strict=True)),
        "f1": 100 * fmean(each.f1 * a for each, a in zip(results, answered, strict=True)),
        "answered": fmean(answered),
    }
    return {name: round(value, 3) for name, value in figures.items()}


if __name__ == "__main__":
    typer.run(main)
