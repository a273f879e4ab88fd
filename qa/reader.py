"""Lift answers out of passages, word for word."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pullquote.index.types import Hit
from pullquote.qa.calibration import Calibration
from pullquote.qa.checkpoint import WEIGHTS, load_tokenizer
from pullquote.qa.leads import lead_of
from pullquote.qa.networks import Network, everything, fastest
from pullquote.qa.spans import whole_words, with_unit
from pullquote.qa.types import Span
from pullquote.qa.windows import Window, WindowMaker
from pullquote.qa.worth import worth_reading

LONGEST_ANSWER = 30  # tokens


class ExtractiveReader:
    """A fine-tuned BERT that scores every span of a passage, and "no answer", on one scale."""

    def __init__(
        self, network: Network, windows: WindowMaker, calibration: Calibration | None = None
    ) -> None:
        self._network = network
        self._windows = windows
        self._calibration = calibration

    @classmethod
    def open(
        cls, directory: Path = WEIGHTS, calibration: Calibration | None = None
    ) -> "ExtractiveReader":
        """The reader that is shipped, or another; raises ModelError.

        With a calibration it reads to the end only what may be shown, or is among the best (see
        worth.py); without one it reads everything.
        """
        windows = WindowMaker(load_tokenizer(directory))
        return cls(fastest(directory), windows, calibration)

    def read(self, question: str, hits: Sequence[Hit], spans_each: int = 3) -> list[Span]:
        """At most `spans_each` spans of every passage read, which do not overlap, best first.

        The score is the log of what the span and all spans that overlap it have of the window's
        probability together, minus that of "no answer". Unlike a softmax per passage it can be
        compared across passages (arXiv 1908.08167); and where an answer may as well begin or end a
        few words off, as reasons and statements do, it is not punished for that.
        """
        windows = windows_of(self._windows, question, hits)
        calibration = self._calibration
        worth = (
            worth_reading(question, [hits[window.passage] for window in windows], calibration)
            if calibration
            else everything
        )
        spans = [
            span
            for window, logits in zip(windows, self._network.logits(windows, worth), strict=True)
            if logits
            for span in _spans(hits[window.passage], window, *logits, spans_each)
        ]
        spans.sort(key=lambda span: (-span.score, span.passage.id, span.start))
        return _apart(spans, spans_each)


def windows_of(maker: WindowMaker, question: str, hits: Sequence[Hit]) -> list[Window]:
    """What is read of passages: each with its article's title, and a lead where it has one."""
    return maker.windows(
        question,
        [hit.article.title for hit in hits],
        [lead_of(hit.article.text, hit.passage.start) for hit in hits],
        [hit.passage.text for hit in hits],
    )


def _spans(
    hit: Hit,
    window: Window,
    starts: NDArray[np.float32],
    ends: NDArray[np.float32],
    how_many: int,
) -> Iterator[Span]:
    """The best spans of one window, as characters of the article."""
    scores = _scores(window, starts, ends)
    # Neighbours of the best span are mostly the same answer: look at enough to get past them.
    enough = min(scores.size, how_many * 20)
    best = np.argpartition(scores.ravel(), -enough)[-enough:]
    taken: list[tuple[int, int]] = []
    for flat in best[np.argsort(-scores.ravel()[best], kind="stable")]:
        start, more = divmod(int(flat), LONGEST_ANSWER)
        if len(taken) == how_many or not np.isfinite(scores[start, more]):
            return
        end = start + more
        if any(start <= b and a <= end for a, b in taken):
            continue
        taken.append((start, end))
        characters = whole_words(
            hit.passage.text, int(window.offsets[start, 0]), int(window.offsets[end, 1])
        )
        if characters:
            first, last = with_unit(hit.passage.text, *characters)
            yield Span(
                passage=hit.passage,
                article=hit.article,
                start=hit.passage.start + first,
                end=hit.passage.start + last,
                score=_overlapping(scores, start, end),
            )


def best_score(window: Window, starts: NDArray[np.float32], ends: NDArray[np.float32]) -> float:
    """The score of a window's best span."""
    scores = _scores(window, starts, ends)
    start, more = divmod(int(scores.argmax()), LONGEST_ANSWER)
    return _overlapping(scores, start, start + more)


def _scores(
    window: Window, starts: NDArray[np.float32], ends: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Of all spans, by their start and the tokens after it, against "no answer"."""
    begin, length = window.first, len(window.offsets)
    no_answer = starts[0] + ends[0]
    starts, ends = starts[begin : begin + length], ends[begin : begin + length]
    scores = np.full((length, LONGEST_ANSWER), -np.inf, np.float32)
    for more in range(min(LONGEST_ANSWER, length)):
        scores[: length - more, more] = starts[: length - more] + ends[more:] - no_answer
    return scores


def _overlapping(scores: NDArray[np.float32], start: int, end: int) -> float:
    """log Σ exp of the scores of all spans that share a token with start … end."""
    lowest = max(0, start - LONGEST_ANSWER + 1)
    near = scores[lowest : end + 1]
    ends = np.arange(lowest, end + 1)[:, None] + np.arange(LONGEST_ANSWER)
    return float(np.logaddexp.reduce(near[ends >= start]))


def _apart(spans: Sequence[Span], each: int) -> list[Span]:
    """Without spans that overlap a better one of the same article, `each` for every passage."""
    kept: list[Span] = []
    taken: dict[str, list[tuple[int, int]]] = {}
    count: dict[int, int] = {}
    for span in spans:
        others = taken.setdefault(span.article.id, [])
        overlaps = any(span.start < end and start < span.end for start, end in others)
        if not overlaps and count.get(span.passage.id, 0) < each:
            kept.append(span)
            others.append((span.start, span.end))
            count[span.passage.id] = count.get(span.passage.id, 0) + 1
    return kept
