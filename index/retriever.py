"""Find the passages for a question, in the newest generation of an index, and change the index."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING

from pullquote.index.encoder import Encoder, MiniLMEncoder
from pullquote.index.errors import ClosedError, PullquoteError, SourceError
from pullquote.index.generation import Generation
from pullquote.index.milvus.address import address_of
from pullquote.index.protocols import Articles, Origin
from pullquote.index.store import Manifest
from pullquote.index.types import Article, Hit

if TYPE_CHECKING:  # what builds is loaded when something is built
    from pullquote.index.build import BuildReport
    from pullquote.index.reading import Progress

logger = logging.getLogger(__name__)


def _quiet(_stage: str, _done: int, _total: int | None) -> None:
    """Tell nobody how far the work is."""


class Retriever:
    """Searches one index; safe to use from many threads.

    It follows the index: what is asked after a build has ended is asked of what that build wrote.
    The methods that end in `_async` do the same in a thread, without holding up an event loop.

        with Retriever.open(".pullquote") as retriever:
            hits = retriever.search("homicides", k=5)
    """

    def __init__(
        self,
        index: str | Path,
        encoder: Encoder,
        origin: Origin,
        generation: Generation,
        stamp: object | None,
    ) -> None:
        """`stamp` is that of the origin from before the generation was opened."""
        self._index = index
        self._encoder = encoder
        self._origin = origin
        self._generation = generation
        self._stamp = stamp
        self._switching = Lock()
        self._changing = Lock()
        self._closed = False

    @classmethod
    def open(cls, index: str | Path, encoder: Encoder | None = None) -> "Retriever":
        """Open the index in a directory, or in Milvus: `milvus://HOST:PORT/NAME`.

        Raises:
            IndexMissingError: there is none.
            IndexMismatchError: it was made by another format version or another encoder.
            IndexDamagedError: it is incomplete.
            IndexUnreachableError: no Milvus answers there.
            ExtraMissingError: the package that speaks to Milvus is not installed.
        """
        encoder = encoder or MiniLMEncoder()
        origin = _origin_of(index, encoder)
        stamp = origin.stamp()
        return cls(index, encoder, origin, origin.generation(), stamp)

    @classmethod
    def create(
        cls,
        directory: str | Path,
        articles: Iterable[Article],
        encoder: Encoder | None = None,
        progress: "Progress" = _quiet,
    ) -> "Retriever":
        """Index articles that the program has, in place of what is in the directory, and open it.

        `build_index` does so with a folder. See `new_article` for how to make an article.

        Raises:
            ArticleError: an article cannot be indexed, or two have the same id.
            SourceError: there is no article.
            IndexBusyError: another build is writing to the directory.
            IndexDamagedError: the directory cannot be written.
        """
        from pullquote.index.changing import make_index

        directory, encoder = Path(directory), encoder or MiniLMEncoder()
        make_index(articles, directory, encoder, progress)
        return cls.open(directory, encoder)

    @classmethod
    async def open_async(cls, index: str | Path, encoder: Encoder | None = None) -> "Retriever":
        """Open an index; raises as `open` does."""
        return await asyncio.to_thread(cls.open, index, encoder)

    @property
    def directory(self) -> Path:
        """Where the index is, unless it is in Milvus."""
        return Path(self._index)

    @property
    def manifest(self) -> Manifest:
        """What the index holds and what it was made with."""
        return self._generation.manifest

    @property
    def catalog(self) -> Articles:
        """The articles of the index."""
        return self._generation.catalog

    def current(self) -> Generation:
        """The newest generation, for several searches that must be of the same articles.

        It costs a look at the manifest's time of writing, or a request to Milvus. Where a newer
        generation cannot be opened, the log says why and the one before answers on.

        Raises:
            ClosedError: the retriever has been closed.
        """
        if self._closed:
            raise ClosedError(f"The index in {self.directory} has been closed; open it again.")
        stamp = self._origin.stamp()
        # Only one thread opens it; the others need not wait for that.
        if stamp and stamp != self._stamp and self._switching.acquire(blocking=False):
            try:
                if stamp != self._stamp:
                    self._generation = self._origin.generation()
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

        The score is the sum of 1 / (10 + rank) over the list by words and the list by vectors.

        Args:
            question: what is looked for, in any words.
            k: how many passages at most.
            since: the first day of publication; undated articles are left out.
            until: the last day; undated articles are left out.
            source: the publication, whatever the case of its letters, or several.
            article: an article's id, or several; ids that the index has not find nothing.

        Raises:
            QuestionError: the question is empty or longer than 2,000 characters.
            ClosedError: the retriever has been closed.
        """
        return self.current().search(question, k, since, until, source, article)

    async def search_async(
        self,
        question: str,
        k: int = 5,
        since: date | None = None,
        until: date | None = None,
        source: str | Sequence[str] | None = None,
        article: str | Sequence[str] | None = None,
    ) -> list[Hit]:
        """At most k passages for a question, best first; see `search`."""
        return await asyncio.to_thread(self.search, question, k, since, until, source, article)

    def add(self, articles: Iterable[Article], progress: "Progress" = _quiet) -> "BuildReport":
        """Put articles into the index; one with the id of another takes its place.

        What is there already is copied and not embedded again, so many at once cost hardly more
        than one. Searches go on meanwhile, and find the new articles when this returns. From then
        on `serve` does not update the index from the folder that it was made of; to index that
        folder again leaves its own articles only.

        Args:
            articles: see `new_article`; one whose text is there already becomes a path of that one.
            progress: is told how far the work is.

        Raises:
            ArticleError: an article cannot be indexed, or two have the same id; none is added.
            SourceError: the index is in Milvus.
            IndexMissingError, IndexMismatchError, IndexDamagedError: see open.
            IndexBusyError: another build is writing to the directory.
            ClosedError: the retriever has been closed.
        """
        return self._change(articles, (), progress)

    async def add_async(
        self, articles: Iterable[Article], progress: "Progress" = _quiet
    ) -> "BuildReport":
        """Put articles into the index; see `add`."""
        return await asyncio.to_thread(self.add, articles, progress)

    def remove(self, article: str | Iterable[str], progress: "Progress" = _quiet) -> "BuildReport":
        """Take articles out of the index, by their ids; ids that it has not change nothing.

        Raises:
            SourceError: no article would be left, or the index is in Milvus.
            IndexMissingError, IndexMismatchError, IndexDamagedError, IndexBusyError, ClosedError:
                see add.
        """
        ids = [article] if isinstance(article, str) else list(article)
        return self._change((), ids, progress)

    async def remove_async(
        self, article: str | Iterable[str], progress: "Progress" = _quiet
    ) -> "BuildReport":
        """Take articles out of the index, by their ids; see `remove`."""
        return await asyncio.to_thread(self.remove, article, progress)

    def _change(
        self, added: Iterable[Article], removed: Sequence[str], progress: "Progress"
    ) -> "BuildReport":
        from pullquote.index.changing import change_index

        if address := address_of(self._index):
            raise SourceError(
                f"Single articles cannot be added to {address} or taken out; change the folder and "
                "index it again, which embeds only what is new."
            )
        with self._changing:  # threads wait for each other; another process is told so
            self.current()
            report = change_index(self.directory, self._encoder, added, removed, progress)
            self.current()
        return report

    def article(self, article_id: str) -> Article:
        """The article as it is stored; raises KeyError."""
        return self.current().article(article_id)

    def newest(self) -> date | None:
        """The day of the newest article; None where none has a date."""
        return self.current().newest()

    def close(self) -> None:
        """Release the files; whatever is asked from then on raises ClosedError."""
        self._closed = True
        self._generation.close()

    def __enter__(self) -> "Retriever":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _origin_of(index: str | Path, encoder: Encoder) -> Origin:
    address = address_of(index)
    if address is None:
        from pullquote.index.opening import Directory  # FAISS, only when it is needed

        return Directory(Path(index), encoder)
    from pullquote.index.milvus.opening import Cluster  # only here: it takes an extra

    return Cluster.at(address, encoder)
