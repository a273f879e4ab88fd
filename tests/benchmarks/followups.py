"""What follow-up questions are understood as: `python tests/benchmarks/followups.py SHARED`.

Of CANARD's development part and CAsT 2020 and 2022, where somebody wrote each question again so
that it stands alone. The terms that this adds are what the question leaves out. Printed are how
many of them are taken over from the turns before, how many of those taken over are among them, and
how many of the questions that left nothing out are left alone. Rules are chosen on the half "tune".
An article's title and section open each conversation of CANARD, as its askers saw them.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer

from pullquote.qa.followups import understood
from pullquote.qa.spans import words_of
from pullquote.qa.types import Answer, Message

TURNS = 5  # before the question, as in an assistant
# Words that a retriever makes little of, whoever adds them.
SMALL_WORDS = """
    a an and any are as at be been besides by can could did do does else for from had has have
    he her him his how i if in is it its me my of on or other s she so some t than that the their
    them then there these they this those to was we were what when where which who whom whose why
    will with would you your about after before during aside also not no
"""
SMALL = set(SMALL_WORDS.split())


@dataclass(frozen=True)
class FollowUp:
    """A question, the turns before it, and what somebody made of it who knew them."""

    conversation: str
    turns: tuple[Message, ...]
    question: str
    rewrite: str


def main(
    shared: Annotated[Path, typer.Argument(help="The folder that holds data/followups.")],
    part: Annotated[str, typer.Option(help="tune or report.")] = "tune",
    wrong: Annotated[int, typer.Option(help="List so many that are not understood.")] = 0,
) -> None:
    """Ask and print."""
    folder = shared / "data/followups"
    for name, read in (("canard-dev", canard), ("cast-2020", cast), ("cast-2022", cast)):
        with gzip.open(folder / f"{name}.json.gz") as file:
            asked = [one for one in read(json.load(file)) if _part(one) == part and one.turns]
        _print_figures(name, asked, wrong)


def canard(entries: list[dict[str, Any]]) -> Iterator[FollowUp]:
    """The questions of CANARD, each with the article that was asked about as its first turn."""
    for entry in entries:
        about, said = entry["History"][:2], entry["History"][2:]
        turns = [
            Message(question, _answer(question, "" if answer == "I don't know." else answer))
            for question, answer in zip(said[::2], said[1::2], strict=True)
        ]
        first = Message(" ".join(about))
        yield FollowUp(
            entry["QuAC_dialog_id"],
            (first, *turns[-TURNS:]),
            entry["Question"],
            entry["Rewrite"],
        )


def cast(conversations: list[dict[str, Any]]) -> Iterator[FollowUp]:
    """The questions of CAsT; those of 2020 were asked without answers."""
    for conversation in conversations:
        turns: list[Message] = []
        for turn in conversation["turn"]:
            question = turn.get("utterance") or turn["raw_utterance"]
            yield FollowUp(
                str(conversation["number"]),
                tuple(turns[-TURNS:]),
                question,
                turn["manual_rewritten_utterance"],
            )
            turns.append(Message(question, _answer(question, turn.get("response") or "")))


def terms(text: str) -> set[str]:
    """The words that count."""
    return set(words_of(re.sub(r"['’]s?\b", "", text))) - SMALL


def _answer(question: str, text: str) -> Answer:
    return Answer(question, text or None, 0.5, (), ())


def _part(asked: FollowUp) -> str:
    return "tune" if sha256(asked.conversation.encode()).digest()[0] % 2 else "report"


def _print_figures(name: str, asked: list[FollowUp], wrong: int) -> None:
    right = added = missing = alone = left_alone = leaning = changed = 0
    for one in asked:
        meant = understood(one.question, one.turns)
        left_out = terms(one.rewrite) - terms(one.question)
        taken = terms(meant) - terms(one.question)
        if left_out:
            leaning += 1
            changed += bool(taken)
            right += len(left_out & taken)
            added += len(taken)
            missing += len(left_out)
            if wrong and left_out - taken:
                wrong -= 1
                print(f"  {one.turns[-1].question} | {meant} | {one.rewrite}")
        else:
            alone += 1
            left_alone += not taken
    print(
        f"{name}: {leaning} lean, {changed / leaning:.1%} of them understood; terms taken over "
        f"{right / missing:.1%} of {missing}, of those taken over {right / max(added, 1):.1%} "
        f"belong; {left_alone / alone:.1%} of {alone} that stand alone left alone"
    )


if __name__ == "__main__":
    typer.run(main)
