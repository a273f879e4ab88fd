"""Store articles and index their words in a thread, while the passages stored so far are embedded.

What has been read waits on the disk and not in memory, so reading may run ahead as far as it can.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Condition, Event

from pullquote.index.articles import Skipped
from pullquote.index.catalog import Catalog
from pullquote.index.earlier import Earlier
from pullquote.index.lexical import LexicalIndex, LexicalWriter
from pullquote.index.passages import header_of, story_spans
from pullquote.index.store import Layout
from pullquote.index.stories import Stories
from pullquote.index.types import Article, Passage
from pullquote.index.writing import written

Progress = Callable[[str, int, int | None], None]
"""Called with a stage, how many are done, and of how many if known.

The stages are "articles", "passages", and "vectors" where many passages are put into lists. The
first is told from a thread of its own.
"""


@dataclass(slots=True)
class Read:
    """What has been read so far."""

    articles: int = 0
    passages: int = 0
    added: int = 0
    changed: int = 0
    skipped: list[Skipped] = field(default_factory=list)


class Reading:
    """Articles on their way into a catalog and an index of words."""

    def __init__(
        self, articles: Iterable[Article | Skipped], catalog: Catalog, layout: Layout
    ) -> None:
        self._articles = articles
        self._catalog = catalog
        self._layout = layout
        self._read = Read()
        self._total: int | None = None
        self._ended = False
        self._more = Condition()
        self._stopped = Event()
        self._future: Future[None] | None = None

    @contextmanager
    def in_thread(self, earlier: Earlier | None, progress: Progress) -> Iterator[None]:
        """Read while the block runs; whoever leaves it early stops reading too."""
        with ThreadPoolExecutor(1) as pool:
            self._future = pool.submit(self._run, earlier, progress)
            try:
                yield
            finally:
                self._stopped.set()

    def blocks(self, at_once: int) -> Iterator[list[tuple[Passage, Article]]]:
        """All passages in the order of their ids, in lists of `at_once`, as they come to be stored.

        Raises what went wrong with reading: see build_index.
        """
        last = 0
        while True:
            with self._more:
                while not self._ended and self._read.passages < last + at_once:
                    self._more.wait()
            if self._ended:
                self.result()
            with written(self._layout.index):
                block = self._catalog.passages_behind(last, at_once)
            if block:
                yield block
                last = block[-1][0].id
            elif self._ended:
                return

    def total(self) -> int | None:
        """How many passages there are; None as long as that is not known."""
        return self._total

    def result(self) -> Read:
        """What was read, once that has ended; raises what went wrong."""
        if self._future:
            self._future.result()
        return self._read

    def _run(self, earlier: Earlier | None, progress: Progress) -> None:
        try:
            self._store(earlier, progress)
        finally:
            with self._more:
                self._ended = True
                self._more.notify()

    def _store(self, earlier: Earlier | None, progress: Progress) -> None:
        with written(self._layout.index):
            words = LexicalIndex.create(self._layout.words).writer()
        with closing(words):
            stories = self._store_all(words, earlier, progress)
            self._total = self._read.passages
            if self._stopped.is_set():
                return
            with written(self._layout.index):
                words.commit()
                self._catalog.link(stories.groups())
                self._catalog.commit()

    def _store_all(
        self, words: LexicalWriter, earlier: Earlier | None, progress: Progress
    ) -> Stories:
        stories = Stories(self._catalog.article_at)
        for item in self._articles:
            if self._stopped.is_set():
                break
            if isinstance(item, Skipped):
                self._read.skipped.append(item)
                if item.same_as is not None:
                    with written(self._layout.index):
                        self._catalog.add_path(item.same_as, item.path)
                continue
            spans = story_spans(item.text)
            with written(self._layout.index):
                stored = self._catalog.add(item, spans)
                for path in item.other_paths:
                    self._catalog.add_path(item.id, path)
                words.add(item, header_of(item), stored)
                stories.add(item)
            same = earlier.had(item) if earlier else None
            self._read.added += same is None
            self._read.changed += same is False
            self._read.articles += 1
            with self._more:
                self._read.passages += len(stored)
                self._more.notify()
            progress("articles", self._read.articles, None)
        return stories
