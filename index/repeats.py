"""Passages that say what a better one of the same story says already: they count once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pullquote.index.stories import runs_of
from pullquote.index.types import Passage

COVERED = 0.8  # of a passage's runs of words that must be said already
_NUMBER = re.compile(r"\w*\d\w*")


@dataclass(frozen=True, slots=True)
class _Said:
    """What a passage says."""

    id: int
    article_id: str
    runs: set[str]
    numbers: set[str]

    def is_said_by(self, others: Sequence["_Said"]) -> bool:
        runs: set[str] = set().union(*(other.runs for other in others))
        numbers: set[str] = set().union(*(other.numbers for other in others))
        return len(self.runs & runs) >= COVERED * len(self.runs) and self.numbers <= numbers


def stand_ins(passages: Sequence[tuple[int, Passage]]) -> dict[int, int]:
    """The passages that only repeat, by their ids, and the id of the one that counts for each.

    Args:
        passages: the number of its story and each passage, best first.

    A passage repeats what better ones of other articles of its story say if nearly all its runs of
    words are theirs, and all its numbers: in two reports of one form they are the news.
    """
    counted: dict[int, list[_Said]] = {}
    instead: dict[int, int] = {}
    for story, passage in passages:
        own = _Said(
            passage.id,
            passage.article_id,
            runs_of(passage.text),
            set(_NUMBER.findall(passage.text)),
        )
        better = counted.setdefault(story, [])
        others = [other for other in better if other.article_id != own.article_id]
        if own.is_said_by(others):
            # The first of those that share the most.
            best = max(others, key=lambda other: len(own.runs & other.runs))
            instead[own.id] = best.id
        else:
            better.append(own)
    return instead


def counted_once(
    ranked: Sequence[tuple[int, float]], instead: Mapping[int, int]
) -> list[tuple[int, float]]:
    """A ranking in which each passage has the best place of all that it stands for."""
    places: dict[int, float] = {}
    for number, score in ranked:
        places.setdefault(instead.get(number, number), score)
    return list(places.items())
