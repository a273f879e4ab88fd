"""Which articles tell one story in nearly the same words, such as a wire story in two papers."""

import re
from collections.abc import Callable

from rensa import RMinHash, RMinHashLSH

from pullquote.index.types import Article

ALIKE = 0.6  # of the runs of three words that two articles have, the share that both have
SHORTEST = 40  # words; shorter texts are alike because they have one form
DAYS = 3  # between two publications of a story; a weekly column does not repeat the last one
RUN = 3  # words
# Broder, "On the resemblance and containment of documents" (1997). With 32 bands of 4 rows, a pair
# that is just ALIKE becomes a candidate with a probability of 0.99; words decide about candidates.
_PERMUTATIONS, _BANDS, _SEED = 128, 32, 1
_WORD = re.compile(r"\w+")


class Stories:
    """Takes in articles one by one and tells which of them belong together."""

    def __init__(self, article: Callable[[str], Article]) -> None:
        """`article` gives an article that was taken in by its id."""
        self._article = article
        self._sketches = RMinHashLSH(ALIKE, _PERMUTATIONS, _BANDS)
        self._taken: list[tuple[str, int | None]] = []  # id, day
        self._first: list[int] = []  # of each taken article, an earlier one of its story, or itself

    def add(self, article: Article) -> None:
        """Take in an article."""
        if len(_WORD.findall(article.text)) < SHORTEST:
            return
        own = runs_of(article.text)
        sketch = RMinHash(_PERMUTATIONS, _SEED)
        sketch.update(sorted(own))
        number = len(self._taken)
        day = article.published.toordinal() if article.published else None
        self._taken.append((article.id, day))
        self._first.append(number)
        for other in sorted(self._sketches.query(sketch)):
            name, other_day = self._taken[other]
            far = day is not None and other_day is not None and abs(day - other_day) > DAYS
            if far or self._root(other) == self._root(number):
                continue
            theirs = runs_of(self._article(name).text)
            if len(own & theirs) >= ALIKE * len(own | theirs):
                first, last = sorted((self._root(other), self._root(number)))
                self._first[last] = first
        self._sketches.insert(number, sketch)

    def groups(self) -> list[list[str]]:
        """The ids of the articles of each story that is told more than once, as they were added."""
        groups: dict[int, list[str]] = {}
        for number, (article_id, _) in enumerate(self._taken):
            groups.setdefault(self._root(number), []).append(article_id)
        return [group for group in groups.values() if len(group) > 1]

    def _root(self, number: int) -> int:
        while self._first[number] != number:
            number = self._first[number]
        return number


def runs_of(text: str) -> set[str]:
    """Every run of three words of a text, whatever its case and what is between the words."""
    words = _WORD.findall(text.casefold())
    return {" ".join(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1))}
