"""The pipeline without time, lists and history, to see what these change; for benchmarks."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

from pullquote.index.types import Hit
from pullquote.qa import assistant, candidates
from pullquote.qa.protocols import Reader
from pullquote.qa.types import Span


@contextmanager
def without_time() -> Iterator[None]:
    """Questions name no time, and answers are not compared over time, as long as this holds."""
    with (
        patch.object(candidates, "time_asked", lambda *_: None),
        patch.object(candidates, "era_of", lambda _: None),
        patch.object(assistant, "over_time", lambda quotes, *_: (quotes, None)),
    ):
        yield


@contextmanager
def without_lists() -> Iterator[None]:
    """Nothing asks for a list, as long as this holds."""
    with patch.object(assistant, "asks_for_several", lambda _: False):
        yield


@contextmanager
def without_preference() -> Iterator[None]:
    """Follow-ups do not prefer the articles just cited, as long as this holds."""
    with patch.object(assistant, "just_cited", lambda _: []):
        yield


class OnceReader:
    """A reader that reads a passage once for each question, however often it is asked."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, str, int, int], list[Span]] = {}

    def read(self, question: str, hits: Sequence[Hit], spans_each: int = 3) -> list[Span]:
        """The best spans of every passage, best first."""
        keys = [(question, hit.article.id, hit.passage.id, spans_each) for hit in hits]
        new = [hit for hit, key in zip(hits, keys, strict=True) if key not in self._known]
        read = self._reader.read(question, new, spans_each) if new else []
        for key in keys:
            own = (span for span in read if (span.article.id, span.passage.id) == key[1:3])
            self._known.setdefault(key, list(own))
        spans = [span for key in keys for span in self._known[key]]
        return sorted(spans, key=lambda span: -span.score)
