"""Find the passages for a question: words and vectors, fused by reciprocal rank."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pullquote.index.catalog import Catalog
from pullquote.index.encoder import Encoder, MiniLMEncoder
from pullquote.index.errors import IndexDamagedError, IndexMismatchError, QuestionError
from pullquote.index.lexical import LexicalIndex
from pullquote.index.store import Layout, Manifest, read_manifest, remedy
from pullquote.index.types import Article, Hit
from pullquote.index.vectors import VectorIndex

# Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet" (SIGIR 2009).
RRF_CONSTANT = 60
DEPTH = 100  # passages that each of the two lists gives to the fusion
LONGEST_QUESTION = 2000  # characters


class Retriever:
    """Searches one index; safe to use from many threads."""

    def __init__(
        self,
        manifest: Manifest,
        catalog: Catalog,
        words: LexicalIndex,
        vectors: VectorIndex,
        encoder: Encoder,
    ) -> None:
        self.manifest = manifest
        self.catalog = catalog
        self._words = words
        self._vectors = vectors
        self._encoder = encoder

    @classmethod
    def open(cls, directory: str | Path, encoder: Encoder | None = None) -> "Retriever":
        """Open the index in a directory.

        Raises:
            IndexMissingError: there is none.
            IndexMismatchError: it was made by another format version or another encoder.
            IndexDamagedError: it is incomplete.
        """
        directory, encoder = Path(directory), encoder or MiniLMEncoder()
        try:
            return cls._opened(directory, encoder)
        except IndexDamagedError:  # or replaced by a build at this very moment
            return cls._opened(directory, encoder)

    @classmethod
    def _opened(cls, directory: Path, encoder: Encoder) -> "Retriever":
        manifest = read_manifest(directory)
        if (manifest.encoder, manifest.dimension) != (encoder.name, encoder.dimension):
            raise IndexMismatchError(
                f"The index in {directory} was made with the encoder {manifest.encoder} "
                f"({manifest.dimension} dimensions), not {encoder.name} ({encoder.dimension}); "
                f"{remedy(directory, manifest.source)}"
            )
        layout = Layout(directory / manifest.generation)
        try:
            catalog = Catalog.open(layout.catalog)
            words = LexicalIndex.open(layout.words)
            vectors = VectorIndex.open(layout.vectors)
        except (sqlite3.Error, ValueError, RuntimeError) as error:
            raise IndexDamagedError(
                f"The index in {directory} is damaged; {remedy(directory, manifest.source)}"
            ) from error
        return cls(manifest, catalog, words, vectors, encoder)

    def search(
        self,
        question: str,
        k: int = 5,
        since: date | None = None,
        until: date | None = None,
        source: str | None = None,
        article: str | Sequence[str] | None = None,
    ) -> list[Hit]:
        """At most k passages for a question, best first.

        The score is the sum of 1 / (60 + rank) over the list by words and the list by vectors.

        Args:
            question: what is looked for, in any words.
            k: how many passages at most.
            since: the first day of publication; undated articles are left out.
            until: the last day; undated articles are left out.
            source: the publication, whatever the case of its letters.
            article: an article's id, or several; ids that the index has not find nothing.

        Raises:
            QuestionError: the question is empty or longer than 2,000 characters.
        """
        question = checked(question)
        source = source if source is None else _encodable(source)
        articles = [article] if isinstance(article, str) else article
        if articles is not None:
            articles = [_encodable(one) for one in articles]
        allowed = None
        if since or until or source is not None or articles is not None:
            allowed = self.catalog.passage_ids(since, until, source, articles)
            if not allowed:
                return []
        depth = max(k, DEPTH)
        by_words = self._words.search(question, depth, since, until, source, articles)
        by_vectors = self._vectors.search(self._encoder.encode_question(question), depth, allowed)
        best = _fused([by_words, by_vectors])[:k]
        passages = self.catalog.passages([number for number, _ in best])
        return [
            Hit(passage, article, score, rank)
            for rank, ((passage, article), (_, score)) in enumerate(
                zip(passages, best, strict=True), start=1
            )
        ]

    def article(self, article_id: str) -> Article:
        """The article as it is stored; raises KeyError."""
        return self.catalog.article(article_id)

    def close(self) -> None:
        """Release the files."""
        self.catalog.close()


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


def _encodable(text: str) -> str:
    # Bytes of a command line that are not UTF-8 arrive as surrogates, which nothing can encode.
    return text.encode(errors="replace").decode()


def _fused(lists: Sequence[Sequence[tuple[int, float]]]) -> list[tuple[int, float]]:
    scores: dict[int, float] = {}
    for ranked in lists:
        for rank, (number, _) in enumerate(ranked, start=1):
            scores[number] = scores.get(number, 0.0) + 1 / (RRF_CONSTANT + rank)
    # Equal scores keep the order of the ids, so that a search always gives the same list.
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
