"""One generation of an index, open for reading: words and vectors, fused by reciprocal rank."""

import weakref
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date

from pullquote.index.encoder import Encoder
from pullquote.index.errors import QuestionError
from pullquote.index.filters import Wanted
from pullquote.index.protocols import Articles, Lists
from pullquote.index.repeats import counted_once, stand_ins
from pullquote.index.store import Manifest
from pullquote.index.types import Article, Hit

# Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet" (SIGIR 2009),
# who take 60; with less the first places count for more, which the reader makes use of.
RRF_CONSTANT = 10
DEPTH = 100  # passages that each of the two lists gives to the fusion
LONGEST_QUESTION = 2000  # characters


class Generation:
    """Searches one generation, which never changes; safe to use from many threads.

    It stays on the disk while it is open. It closes by itself when nothing refers to it any more.
    """

    def __init__(
        self,
        manifest: Manifest,
        catalog: Articles,
        lists: Lists,
        encoder: Encoder,
        files: ExitStack,
    ) -> None:
        """`files` closes what the parts have open."""
        self.manifest = manifest
        self.catalog = catalog
        self._lists = lists
        self._encoder = encoder
        self._closing = weakref.finalize(self, files.close)

    def current(self) -> "Generation":
        """This one: it never changes."""
        return self

    def search(
        self,
        question: str,
        k: int = 5,
        since: date | None = None,
        until: date | None = None,
        source: str | Sequence[str] | None = None,
        article: str | Sequence[str] | None = None,
    ) -> list[Hit]:
        """At most k passages for a question, best first; see Retriever.search."""
        question = checked(question)
        wanted = Wanted(since, until, _several(source), _several(article))
        row = self._encoder.encode_question(question)
        depth = max(k, DEPTH)
        while True:
            by_words = self._lists.by_words(question, depth, wanted)
            by_vectors = self._lists.by_vector(row, depth, wanted)
            best, stories = self._counted_once([by_words, by_vectors])
            # Repeats may have taken the places of others.
            if len(best) >= k or max(len(by_words), len(by_vectors)) < depth:
                break
            depth *= 4
        passages = self.catalog.passages([number for number, _ in best[:k]])
        word_ranks, vector_ranks = _ranks(by_words), _ranks(by_vectors)
        return [
            Hit(
                passage,
                article,
                score,
                rank,
                self._also(article, stories.get(number), wanted),
                word_ranks.get(number),
                vector_ranks.get(number),
            )
            for rank, ((passage, article), (number, score)) in enumerate(
                zip(passages, best, strict=False), start=1
            )
        ]

    def _counted_once(
        self, lists: Sequence[Sequence[tuple[int, float]]]
    ) -> tuple[list[tuple[int, float]], dict[int, int]]:
        """The lists fused, without repeats, and the stories of the passages that have one."""
        best = _fused(lists)
        stories = self.catalog.stories_of([number for number, _ in best])
        if stories:
            ordered = [number for number, _ in best if number in stories]
            told = self.catalog.passages(ordered)
            instead = stand_ins([(stories[passage.id], passage) for passage, _ in told])
            best = _fused([counted_once(ranked, instead) for ranked in lists])
        return best, stories

    def _also(self, article: Article, story: int | None, wanted: Wanted) -> tuple[Article, ...]:
        """The other articles of a story, of those that a search may find."""
        if story is None:
            return ()
        return tuple(
            other
            for other in self.catalog.articles_of_story(story)
            if other.id != article.id and wanted.fits(other)
        )

    def article(self, article_id: str) -> Article:
        """The article as it is stored; raises KeyError."""
        return self.catalog.article(article_id)

    def newest(self) -> date | None:
        """The day of the newest article; None where none has a date."""
        return self.catalog.newest()

    def close(self) -> None:
        """Release the files."""
        self._closing()


def checked(question: str) -> str:
    """The question without the white space around it; raises QuestionError."""
    question = _encodable(question).strip()
    if not question:
        raise QuestionError("The question is empty; type what you want to know.")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {LONGEST_QUESTION:,} can be "
            "asked. Shorten it to what you want to know."
        )
    return question


def _several(names: str | Sequence[str] | None) -> tuple[str, ...] | None:
    """One name or several; None where any will do."""
    if names is None:
        return None
    return tuple(_encodable(one) for one in ([names] if isinstance(names, str) else names))


def _encodable(text: str) -> str:
    # Bytes of a command line that are not UTF-8 arrive as surrogates, which nothing can encode.
    return text.encode(errors="replace").decode()


def _ranks(ranked: Sequence[tuple[int, float]]) -> dict[int, int]:
    return {number: rank for rank, (number, _) in enumerate(ranked, start=1)}


def _fused(lists: Sequence[Sequence[tuple[int, float]]]) -> list[tuple[int, float]]:
    scores: dict[int, float] = {}
    for ranked in lists:
        for rank, (number, _) in enumerate(ranked, start=1):
            scores[number] = scores.get(number, 0.0) + 1 / (RRF_CONSTANT + rank)
    # Equal scores keep the order of the ids, so that a search always gives the same list.
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
