"""One generation of an index, open for reading: words and vectors, fused by reciprocal rank."""

import sqlite3
import weakref
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pullquote.index.catalog import Catalog
from pullquote.index.encoder import Encoder
from pullquote.index.errors import IndexDamagedError, IndexMismatchError, QuestionError
from pullquote.index.filters import Filters
from pullquote.index.holds import SHARED, Hold
from pullquote.index.lexical import LexicalIndex
from pullquote.index.repeats import counted_once, stand_ins
from pullquote.index.store import Layout, Manifest, Stamp, read_manifest, remedy, stamp_of
from pullquote.index.types import Article, Hit
from pullquote.index.vectors import VectorIndex
from pullquote.index.writing import sweep

# Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet" (SIGIR 2009).
RRF_CONSTANT = 60
DEPTH = 100  # passages that each of the two lists gives to the fusion
LONGEST_QUESTION = 2000  # characters


class Generation:
    """Searches one generation, which never changes; safe to use from many threads.

    It stays on the disk while it is open. It closes by itself when nothing refers to it any more.
    """

    def __init__(
        self,
        manifest: Manifest,
        catalog: Catalog,
        words: LexicalIndex,
        vectors: VectorIndex,
        encoder: Encoder,
        files: ExitStack,
    ) -> None:
        """`files` closes what the parts have open."""
        self.manifest = manifest
        self.catalog = catalog
        self._filters = Filters(catalog)
        self._words = words
        self._vectors = vectors
        self._encoder = encoder
        self._closing = weakref.finalize(self, files.close)

    @classmethod
    def open(cls, directory: Path, encoder: Encoder) -> "Generation":
        """Open the generation that the manifest of an index names.

        Raises:
            IndexMissingError, IndexMismatchError, IndexDamagedError: see Retriever.open.
        """
        failed: Stamp | None = None
        while True:
            before = stamp_of(directory)
            try:
                return cls._opened(directory, encoder)
            except IndexDamagedError:
                # Where a build replaced it at this very moment there is another one to open.
                if before == failed:
                    raise
                failed = before

    @classmethod
    def _opened(cls, directory: Path, encoder: Encoder) -> "Generation":
        manifest = read_manifest(directory)
        if (manifest.encoder, manifest.dimension) != (encoder.name, encoder.dimension):
            raise IndexMismatchError(
                f"The index in {directory} was made with the encoder {manifest.encoder} "
                f"({manifest.dimension} dimensions), not {encoder.name} ({encoder.dimension}); "
                f"{remedy(directory, manifest.source)}"
            )
        layout = Layout(directory / manifest.generation)
        with ExitStack() as opening:
            try:
                opening.callback(Hold(layout.directory).release)
                catalog = Catalog.open(layout.catalog)
                opening.callback(catalog.close)
                words = LexicalIndex.open(layout.words)
                vectors = VectorIndex.open(layout)
            except (OSError, sqlite3.Error, ValueError, RuntimeError) as error:
                raise IndexDamagedError(
                    f"The index in {directory} is damaged; {remedy(directory, manifest.source)}"
                ) from error
            files = ExitStack()
            if SHARED:  # it may be the last that had an old generation open
                files.callback(sweep, directory)
            files.callback(opening.pop_all().close)
            return cls(manifest, catalog, words, vectors, encoder, files)

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
        sources, articles = _several(source), _several(article)
        allowed = self._filters.passages(since, until, sources, articles)
        if allowed is not None and not allowed.any():
            return []
        row = self._encoder.encode_question(question)
        depth = max(k, DEPTH)
        while True:
            by_words = self._words.search(question, depth, since, until, sources, articles)
            by_vectors = self._vectors.search(row, depth, allowed)
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
                self._also(article, stories.get(number), allowed),
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

    def _also(
        self, article: Article, story: int | None, allowed: NDArray[np.bool_] | None
    ) -> tuple[Article, ...]:
        """The other articles of a story, of those that fit the filters of a search."""
        if story is None:
            return ()
        return tuple(
            other
            for other in self.catalog.articles_of_story(story)
            if other.id != article.id
            and (
                allowed is None
                or any(allowed[passage.id - 1] for passage in self.catalog.passages_of(other))
            )
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


def _several(names: str | Sequence[str] | None) -> list[str] | None:
    """One name or several as a list; None where any will do."""
    if names is None:
        return None
    return [_encodable(one) for one in ([names] if isinstance(names, str) else names)]


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
