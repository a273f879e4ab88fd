"""Find the passages for a question, in the newest generation of an index."""

import logging
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from threading import Lock

from pullquote.index.catalog import Catalog
from pullquote.index.encoder import Encoder, MiniLMEncoder
from pullquote.index.errors import PullquoteError
from pullquote.index.generation import Generation
from pullquote.index.store import Manifest, Stamp, stamp_of
from pullquote.index.types import Article, Hit

logger = logging.getLogger(__name__)


class Retriever:
    """Searches one index; safe to use from many threads.

    It follows the index: what is asked after a build has ended is asked of what that build wrote.
    """

    def __init__(
        self, directory: Path, encoder: Encoder, generation: Generation, stamp: Stamp | None
    ) -> None:
        """`stamp` is that of the manifest from before the generation was opened."""
        self._directory = directory
        self._encoder = encoder
        self._generation = generation
        self._stamp = stamp
        self._switching = Lock()

    @classmethod
    def open(cls, directory: str | Path, encoder: Encoder | None = None) -> "Retriever":
        """Open the index in a directory.

        Raises:
            IndexMissingError: there is none.
            IndexMismatchError: it was made by another format version or another encoder.
            IndexDamagedError: it is incomplete.
        """
        directory, encoder = Path(directory), encoder or MiniLMEncoder()
        stamp = stamp_of(directory)
        return cls(directory, encoder, Generation.open(directory, encoder), stamp)

    @property
    def manifest(self) -> Manifest:
        """What the index holds and what it was made with."""
        return self._generation.manifest

    @property
    def catalog(self) -> Catalog:
        """The articles of the index."""
        return self._generation.catalog

    def current(self) -> Generation:
        """The newest generation, for several searches that must be of the same articles.

        It costs a look at the manifest's time of writing. Where a newer generation cannot be
        opened, the log says why and the one before answers on.
        """
        stamp = stamp_of(self._directory)
        # Only one thread opens it; the others need not wait for that.
        if stamp and stamp != self._stamp and self._switching.acquire(blocking=False):
            try:
                if stamp != self._stamp:
                    self._generation = Generation.open(self._directory, self._encoder)
            except (PullquoteError, OSError) as error:
                logger.warning("The new index cannot be opened; the old one answers: %s", error)
            finally:
                self._stamp = stamp
                self._switching.release()
        return self._generation

    def search(
        self,
        question: str,
        k: int = 5,
        since: date | None = None,
        until: date | None = None,
        source: str | Sequence[str] | None = None,
        article: str | Sequence[str] | None = None,
    ) -> list[Hit]:
        """At most k passages for a question, best first.

        The score is the sum of 1 / (60 + rank) over the list by words and the list by vectors.

        Args:
            question: what is looked for, in any words.
            k: how many passages at most.
            since: the first day of publication; undated articles are left out.
            until: the last day; undated articles are left out.
            source: the publication, whatever the case of its letters, or several.
            article: an article's id, or several; ids that the index has not find nothing.

        Raises:
            QuestionError: the question is empty or longer than 2,000 characters.
        """
        return self.current().search(question, k, since, until, source, article)

    def article(self, article_id: str) -> Article:
        """The article as it is stored; raises KeyError."""
        return self.current().article(article_id)

    def newest(self) -> date | None:
        """The day of the newest article; None where none has a date."""
        return self.current().newest()

    def close(self) -> None:
        """Release the files."""
        self._generation.close()
