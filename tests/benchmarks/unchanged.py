"""What time and lists change: `python tests/benchmarks/unchanged.py DEV --every 10`.

DEV is a SQuAD 2.0 file. Each question is asked of its own paragraph by the whole pipeline and by
one that knows nothing of time and lists; there is no history. Questions that name no time and ask
for no list must be answered alike, to the confidence: those that are not are printed, and the exit
code is 1. Of the others, how many change and the F1 of both are printed.
"""

import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).parents[1]))

from plain import OnceReader, without_lists, without_time

from pullquote.qa import Answer
from pullquote.qa.asked import names_a_time
from pullquote.qa.calibration import Calibration
from pullquote.qa.evaluation.datasets import EvaluationQuestion, read_questions
from pullquote.qa.evaluation.metrics import f1
from pullquote.qa.evaluation.own import asking_own
from pullquote.qa.questions import asks_for_several
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.spelling import Speller

Pair = tuple[EvaluationQuestion, Answer, Answer]


def main(
    dev: Annotated[Path, typer.Argument(help="A SQuAD 2.0 file.")],
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th question only.")] = 1,
) -> None:
    """Ask and compare."""
    found = read_questions(dev)
    calibration = Calibration.open()
    given = calibration.with_threshold(calibration.alone)
    ask = asking_own(found.articles, OnceReader(ExtractiveReader.open()), given, Speller.open())
    concerned: list[Pair] = []
    plain: list[Pair] = []
    for question in found.questions[::every]:
        with ExitStack() as without:
            without.enter_context(without_time())
            without.enter_context(without_lists())
            before = ask(question)
        asks = names_a_time(question.question, None) or asks_for_several(question.question)
        (concerned if asks else plain).append((question, before, ask(question)))
    changed = [pair for pair in plain if not _alike(pair)]
    print(f"{len(plain)} questions without time or list, {len(changed)} answered otherwise")
    for question, before, after in changed:
        print(f"  {question.question} | {before.text!r} → {after.text!r}")
    if concerned:
        print(
            f"{len(concerned)} with one, {sum(not _alike(pair) for pair in concerned)} answered "
            f"otherwise; F1 {_f1([(one, before) for one, before, _ in concerned])} without, "
            f"{_f1([(one, after) for one, _, after in concerned])} with it"
        )
    raise typer.Exit(1 if changed else 0)


def _alike(pair: Pair) -> bool:
    _, before, after = pair
    return (before.text, before.quotes, before.confidence) == (
        after.text,
        after.quotes,
        after.confidence,
    )


def _f1(asked: list[tuple[EvaluationQuestion, Answer]]) -> str:
    return f"{100 * fmean(f1(one.answers, answer.text or '') for one, answer in asked):.1f}"


if __name__ == "__main__":
    typer.run(main)
