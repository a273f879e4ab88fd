"""How the product does on the tuning questions: `python tests/benchmarks/archive_questions.py`.

Asks the questions of tests/data/archive_questions.jsonl, each once, with no threshold, and prints
what thresholds make of the answers: how many answerable questions get the right quote first, and
how many of the others get none. For choosing a threshold, weights or a rule; what is reported is
asked by tests/qa/test_archive.py.
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).parents[1]))

from archive import SOURCES, Question, items, questions, right

from pullquote.index import Retriever, build_index
from pullquote.qa import Answer, Assistant
from pullquote.qa.calibration import Calibration
from pullquote.qa.checkpoint import WEIGHTS
from pullquote.qa.evaluation.metrics import auroc
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.spelling import Speller

THRESHOLDS = (0.0, 0.03, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


def main(
    source: Annotated[list[str], typer.Option(help="articles or digests.")] = list(SOURCES),  # noqa: B006
    part: Annotated[str, typer.Option()] = "tune",
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th question only.")] = 1,
    weights: Annotated[Path, typer.Option(help="Another reader.")] = WEIGHTS,
    wrong: Annotated[bool, typer.Option(help="List what is wrong at the threshold.")] = False,
) -> None:
    """Ask and print."""
    calibration = Calibration.open(weights)
    for name in source:
        with tempfile.TemporaryDirectory() as directory:
            build_index(SOURCES[name], directory)
            assistant = Assistant(
                Retriever.open(directory),
                ExtractiveReader.open(weights, calibration),
                calibration.with_threshold(0.0),
                Speller.open(),
            )
            asked = [
                (question, assistant.ask(question.question))
                for question in questions(name, part)[::every]
            ]
        print(f"{name}, {len(asked)} questions, threshold {calibration.threshold}")
        _print_figures(asked)
        _print_lists(asked, name, calibration.threshold)
        if wrong:
            for question, answer in asked:
                if not right(question, _kept(answer, calibration.threshold)):
                    print(
                        f"  {question.id} {question.question} | {question.answers[:2]} → "
                        f"{answer.text!r} {answer.confidence:.2f}"
                    )


def _print_figures(asked: list[tuple[Question, Answer]]) -> None:
    answerable = [pair for pair in asked if pair[0].answers]
    others = [pair for pair in asked if not pair[0].answers]
    area = auroc(
        [-answer.confidence for _, answer in asked], [not question.answers for question, _ in asked]
    )
    print(f"area under the ROC curve of abstention {area:.3f}")
    for threshold in THRESHOLDS:
        found, abstained = (
            sum(right(question, _kept(answer, threshold)) for question, answer in pairs)
            for pairs in (answerable, others)
        )
        print(
            f"threshold {threshold:.2f}: right first {found / len(answerable):.1%} of "
            f"{len(answerable)}, abstained {abstained / len(others):.1%} of {len(others)}"
        )


def _print_lists(asked: list[tuple[Question, Answer]], source: str, threshold: float) -> None:
    """How complete the lists are: the share of the items, and of the lists that have all."""
    counts = [
        items(question, _kept(answer, threshold), source)
        for question, answer in asked
        if question.kind == "list"
    ]
    known = sum(of for _, of in counts)
    if known:
        print(
            f"lists: {sum(shown for shown, _ in counts) / known:.1%} of the {known} items are "
            f"quoted, all of them in {sum(shown == of for shown, of in counts)} of {len(counts)}"
        )


def _kept(answer: Answer, threshold: float) -> Answer:
    """The answer as it would be with that threshold."""
    return answer if answer.confidence >= threshold else replace(answer, text=None, quotes=())


if __name__ == "__main__":
    typer.run(main)
