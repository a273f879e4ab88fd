"""Follow-up questions that somebody wrote again so that they stand alone: CANARD and CAsT."""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pullquote.qa.spans import words_of
from pullquote.qa.types import Answer, Message

TURNS = 5  # before the question, as in an assistant
# Words that a retriever makes little of, whoever adds them.
_SMALL_WORDS = """
    a an and any are as at be been besides by can could did do does else for from had has have
    he her him his how i if in is it its me my of on or other s she so some t than that the their
    them then there these they this those to was we were what when where which who whom whose why
    will with would you your about after before during aside also not no
"""
_SMALL = set(_SMALL_WORDS.split())
SETS = ("canard-dev", "cast-2020", "cast-2022")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question, the turns before it, and what somebody made of it who knew them."""

    conversation: str
    turns: tuple[Message, ...]
    question: str
    rewrite: str

    @property
    def part(self) -> str:
        """Conversations of "tune" are learned from, those of "report" only measured."""
        return "tune" if sha256(self.conversation.encode()).digest()[0] % 2 else "report"

    @property
    def left_out(self) -> set[str]:
        """The terms that the question needs to stand alone."""
        return terms(self.rewrite) - terms(self.question)


def read_followups(file: Path) -> list[FollowUp]:
    """The questions of one of SETS as a `.json.gz` file; those that open a conversation too."""
    with gzip.open(file) as stream:
        entries = json.load(stream)
    return list(_canard(entries) if file.name.startswith("canard") else _cast(entries))


def without_titles(asked: Sequence[FollowUp]) -> Iterator[FollowUp]:
    """Questions of CANARD as nobody asks them who sees an article: with no title before them.

    Its first question takes the title's place in the words that made it stand alone.
    """
    opening = {one.conversation: one.rewrite for one in asked if len(one.turns) == 1}
    for one in asked:
        turns = one.turns[1:]
        if turns and one.conversation in opening:
            first = Message(opening[one.conversation], turns[0].answer)
            whole = len(turns) < TURNS
            turns = (first, *turns[1:]) if whole else turns
            yield FollowUp(one.conversation, turns, one.question, one.rewrite)


def terms(text: str) -> set[str]:
    """The words that count."""
    return set(words_of(re.sub(r"['’]s?\b", "", text))) - _SMALL


def _canard(entries: list[dict[str, Any]]) -> Iterator[FollowUp]:
    """Each question with the title and section of the article asked about as its first turn."""
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


def _cast(conversations: list[dict[str, Any]]) -> Iterator[FollowUp]:
    """Those of 2020 were asked without answers."""
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


def _answer(question: str, text: str) -> Answer:
    return Answer(question, text or None, 0.5, (), ())
