"""Which articles tell one story in nearly the same words, such as a wire story in two papers."""

import re
import tempfile
from array import array
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from pullquote.index.types import Article

ALIKE = 0.6  # of the runs of three words that two articles have, the share that both have
SHORTEST = 40  # words; shorter texts are alike because they have one form
DAYS = 3  # between two publications of a story; a weekly column does not repeat the last one
RUN = 3  # words
# Broder, "On the resemblance and containment of documents" (1997). With 32 bands of 4 rows, a pair
# that is just ALIKE becomes a candidate with a probability of 0.99; words decide about candidates.
_BANDS, _ROWS, _SEED = 32, 4, 1
_AT_ONCE = 1024  # articles whose sketches are written together
_NO_DAY = 0
_WORD = re.compile(r"\w+")


class Stories:
    """Takes in articles one by one and tells which of them belong together.

    Sketches wait in temporary files, one for each band, and are compared band by band: of each
    article a few bytes are in memory.
    """

    def __init__(self, article: Callable[[int], Article]) -> None:
        """`article` gives an article that was taken in by its place among them, from 0."""
        self._article = article
        self._files = ExitStack()
        self._bands = [
            self._files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
            for _ in range(_BANDS)
        ]
        self._waiting: list[NDArray[np.uint64]] = []  # (bands,) each
        self._count = 0
        self._sketched = array("i")  # places of the articles that have a sketch
        self._days = array("i")  # of those, from the year 1

    def add(self, article: Article) -> None:
        """Take in an article; raises OSError where temporary files cannot be written."""
        place, self._count = self._count, self._count + 1
        if len(_WORD.findall(article.text)) < SHORTEST:
            return
        sketch = RMinHash(_BANDS * _ROWS, _SEED)
        sketch.update(sorted(runs_of(article.text)))
        self._waiting.append(_folded(np.array(sketch.digest(), np.uint32)))
        self._sketched.append(place)
        self._days.append(article.published.toordinal() if article.published else _NO_DAY)
        if len(self._waiting) == _AT_ONCE:
            self._write()

    def groups(self) -> list[list[str]]:
        """The ids of the articles of each story that is told more than once, as they were added."""
        with self._files:
            self._write()
            first = array("i", range(len(self._sketched)))  # of its story, or itself
            for some, other in self._candidates():
                one, two = sorted((_root(first, some), _root(first, other)))
                if one != two and self._alike(some, other):
                    first[two] = one
        groups: dict[int, list[str]] = {}
        for number, place in enumerate(self._sketched):
            root = _root(first, number)
            if root != number:
                groups.setdefault(root, [self._id(self._sketched[root])]).append(self._id(place))
        return list(groups.values())

    def _id(self, place: int) -> str:
        return self._article(place).id

    def _write(self) -> None:
        if self._waiting:
            block = np.stack(self._waiting)  # (articles, bands)
            for band, file in enumerate(self._bands):
                file.write(block[:, band].tobytes())
            self._waiting = []

    def _candidates(self) -> Iterator[tuple[int, int]]:
        """Pairs of sketches that are the same in a band, by their numbers."""
        for file in self._bands:
            file.seek(0)
            hashes = np.frombuffer(file.read(), np.uint64)  # (articles,)
            order = np.argsort(hashes, kind="stable").astype(np.int32)
            sorted_ = hashes[order]
            as_before = np.zeros(len(order) + 1, np.int8)
            as_before[1:-1] = sorted_[1:] == sorted_[:-1]
            edges = np.flatnonzero(np.diff(as_before))  # where runs of the same begin and end
            for begin, end in edges.reshape(-1, 2).tolist():
                yield from self._near(order[begin : end + 1].tolist())

    def _near(self, numbers: list[int]) -> Iterator[tuple[int, int]]:
        """Those pairs of articles of one band that came out within a few days."""
        by_day = sorted(numbers, key=lambda number: self._days[number])
        for at, number in enumerate(by_day):
            for other in by_day[at + 1 :]:
                if self._days[number] != _NO_DAY and self._days[other] - self._days[number] > DAYS:
                    break
                yield number, other

    def _alike(self, some: int, other: int) -> bool:
        own, theirs = (
            runs_of(self._article(self._sketched[number]).text) for number in (some, other)
        )
        return len(own & theirs) >= ALIKE * len(own | theirs)


def _folded(sketch: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Each band in one number, (bands,); two that differ are hardly ever the same."""
    halves = sketch.reshape(_BANDS, _ROWS).view(np.uint64)  # (bands, 2)
    return halves[:, 0] * np.uint64(0x9E3779B97F4A7C15) ^ halves[:, 1]


def _root(first: "array[int]", number: int) -> int:
    while first[number] != number:
        first[number] = first[first[number]]  # half as far the next time
        number = first[number]
    return number


def runs_of(text: str) -> set[str]:
    """Every run of three words of a text, whatever its case and what is between the words."""
    words = _WORD.findall(text.casefold())
    return {" ".join(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1))}
