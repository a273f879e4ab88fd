"""Follow-ups among many articles: `python tests/benchmarks/conversations.py --part tune`.

A turn is made of two questions about one invented article (tests/data/news.json, which the reader
has not learned from): the first as it is, then the second with the name that both have replaced by
"they", "their" or "there", so that it leans on the first. They are asked of an index of all
invented articles, those that the reader learned from as well. Printed is how many of the second are
answered rightly, by a span of the right article that shares half of its words with the expected
one, or not answered if nothing answers them: as they lean, with nothing before them; as they are
understood; the same with the articles just cited preferred; and as they were written, which is the
upper bound. Preferences are chosen on "tune".
"""

import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).parents[1]))

from conftest import ROOT
from plain import OnceReader, without_preference

from pullquote.index import Retriever
from pullquote.qa import Answer, Assistant, Message
from pullquote.qa.calibration import Calibration
from pullquote.qa.evaluation.datasets import EvaluationQuestion, read_questions
from pullquote.qa.evaluation.metrics import f1
from pullquote.qa.evaluation.scratch import scratch_index
from pullquote.qa.followups import stands_alone
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.spelling import Speller

SEED = 5
HALF = 0.5
NAME = re.compile(
    r"(?<=\w )(?:(?P<place>in|at) )?(?P<the>the )?(?P<name>[A-Z][\w-]+(?: [A-Z][\w-]+)*)"
)


@dataclass(frozen=True)
class Turn:
    """A question, the one that leans on it, and what that was made of."""

    before: EvaluationQuestion
    leaning: str
    written: EvaluationQuestion


def main(
    part: Annotated[str, typer.Option(help="tune or report.")] = "tune",
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th turn only.")] = 1,
    wrong: Annotated[int, typer.Option(help="List so many that a preference makes wrong.")] = 0,
) -> None:
    """Ask and print."""
    held_out = read_questions(ROOT / "tests/data/news.json")
    learned = read_questions(ROOT / "qa/training/news.json")
    turns = list(turns_of(held_out.questions, part))[::every]
    with scratch_index([*held_out.articles, *learned.articles]) as directory:
        asking = Assistant(
            Retriever.open(directory),
            OnceReader(ExtractiveReader.open()),
            Calibration.open(),
            Speller.open(),
        )
        before = [asking.ask(turn.before.question) for turn in turns]

        def leaning() -> list[Answer]:
            return [
                asking.ask(turn.leaning, [Message(turn.before.question, answer)])
                for turn, answer in zip(turns, before, strict=True)
            ]

        asked = {"as they lean": [asking.ask(turn.leaning) for turn in turns]}
        with without_preference():
            asked["as understood"] = leaning()
        asked["preferring what was cited"] = leaning()
        asked["as written"] = [asking.ask(turn.written.question) for turn in turns]
    first_right = fmean(_right(turn.before, one) for turn, one in zip(turns, before, strict=True))
    print(f"{len(turns)} turns; the first question answered rightly: {first_right:.1%}")
    for name, answers in asked.items():
        print(f"{name}: {_shares([turn.written for turn in turns], answers)}")
    both = asked["as understood"], asked["preferring what was cited"]
    for turn, plain, preferring in zip(turns, *both, strict=True):
        if wrong and _right(turn.written, plain) and not _right(turn.written, preferring):
            wrong -= 1
            print(f"  {turn.before.question!r} {turn.leaning!r}: ", end="")
            print(f"{plain.text!r} → {preferring.text!r}")


def turns_of(questions: Sequence[EvaluationQuestion], part: str) -> Iterator[Turn]:
    """An answerable question and another about the same article; "tune" or "report"."""
    chooser = random.Random(SEED)
    ids = list(dict.fromkeys(question.article_ids[0] for question in questions))
    for article_id in ids[0::2] if part == "tune" else ids[1::2]:
        about = [one for one in questions if one.article_ids[0] == article_id]
        for written in about:
            others = [one for one in about if one.answers and one is not written]
            chooser.shuffle(others)
            turns = (_turn(before, written) for before in others)
            yield from (turn for turn, _ in zip(filter(None, turns), range(1), strict=False))


def _turn(before: EvaluationQuestion, written: EvaluationQuestion) -> Turn | None:
    """The two as a turn, if they have a name in common without which the second leans."""
    for name in NAME.finditer(written.question):
        if not all(word in before.question for word in name["name"].split()):
            continue
        rest = re.sub("^['’]s", "", written.question[name.end() :])
        # "in Hobarth's towers" and "in the Hobarth towers" are no places.
        whose = name["the"] or len(rest) < len(written.question) - name.end()
        place = name["place"] and not whose
        pronoun = "there" if place else "their" if whose else "they"
        kept = name.start() if place else name.start("name") - len(name["the"] or "")
        leaning = written.question[:kept] + pronoun + rest
        if not stands_alone(leaning):
            return Turn(before, leaning, written)
    return None


def _shares(questions: Sequence[EvaluationQuestion], answers: Sequence[Answer]) -> str:
    pairs = list(zip(questions, answers, strict=True))
    answerable = [pair for pair in pairs if pair[0].answers]
    others = [pair for pair in pairs if not pair[0].answers]
    silent = fmean(answer.text is None for _, answer in answerable)
    return (
        f"of {len(answerable)} {fmean(_right(*pair) for pair in answerable):.1%} answered rightly, "
        f"{silent:.1%} not at all; of {len(others)} that nothing answers "
        f"{fmean(_right(*pair) for pair in others):.1%} not answered"
    )


def _right(question: EvaluationQuestion, answer: Answer) -> bool:
    if not question.answers or answer.text is None:
        return not question.answers and answer.text is None
    cited = {one.article_id for one in answer.quotes[0].citations}
    return f1(question.answers, answer.text) >= HALF and bool(cited & set(question.article_ids))


if __name__ == "__main__":
    typer.run(main)
