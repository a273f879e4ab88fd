"""Answer a question with quotes, or say that the articles do not answer it."""

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType

from pullquote.index import Retriever as IndexRetriever
from pullquote.index.generation import checked
from pullquote.index.types import Article, Hit
from pullquote.qa.asked import names_a_time, prefers_newest, time_asked
from pullquote.qa.calibration import Calibration
from pullquote.qa.candidates import CandidateFinder
from pullquote.qa.citations import quotes_of
from pullquote.qa.eras import era_of
from pullquote.qa.explain import (
    RememberingReader,
    articles_preferred,
    looks,
    reason,
    time_looked_for,
)
from pullquote.qa.followups import stands_alone, understood
from pullquote.qa.offices import holds_office
from pullquote.qa.preferring import PreferringRetriever, just_cited
from pullquote.qa.protocols import Reader, Retriever
from pullquote.qa.questions import asks_for_sentences, asks_for_several
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.said import asks_who_said
from pullquote.qa.spelling import Speller
from pullquote.qa.timeline import MOMENTS, best_of_each_article, over_time
from pullquote.qa.types import (
    EVERYTHING,
    Answer,
    Explanation,
    Message,
    Quote,
    Span,
    Timeline,
    Within,
)
from pullquote.qa.within import NarrowedRetriever

ANSWERS = 3  # shown at most, but for those of a timeline
LISTED = 6  # shown at most where a list is asked for
TURNS = 5  # of a conversation that a question may lean on
MARGIN = 4.0  # logits by which a further answer may fall behind the best
MARGIN_OVER_TIME = 8.0  # and by which the best answer of another article may


class Assistant:
    """Puts retriever, reader and calibration together; safe to use from many threads.

    The methods that end in `_async` do the same in a thread, without holding up an event loop.

        with Assistant.open(".pullquote") as assistant:
            answer = assistant.ask("Why did Segarra turn to Malloy?")
    """

    def __init__(
        self,
        retriever: Retriever,
        reader: Reader,
        calibration: Calibration,
        speller: Speller | None = None,
    ) -> None:
        self._retriever = retriever
        self._reader = reader
        self._calibration = calibration
        self._speller = speller

    @classmethod
    def open(cls, directory: str | Path, threshold: float | None = None) -> "Assistant":
        """An assistant over the index in a directory, with the reader that is shipped.

        `threshold` is the confidence below which it abstains, in place of the one that was fitted
        for this index, or else for the reader.

        Raises:
            IndexMissingError, IndexMismatchError, IndexDamagedError: see Retriever.open.
            ModelError: the reader's files are missing or damaged.
        """
        return cls.over(IndexRetriever.open(directory), threshold)

    @classmethod
    async def open_async(cls, directory: str | Path, threshold: float | None = None) -> "Assistant":
        """An assistant over the index in a directory; see `open`."""
        return await asyncio.to_thread(cls.open, directory, threshold)

    @classmethod
    def over(cls, retriever: IndexRetriever, threshold: float | None = None) -> "Assistant":
        """An assistant over an index that is open already, such as one that articles are added to.

        Raises:
            IndexMismatchError, IndexDamagedError: the index's own threshold cannot be used.
            ModelError: the reader's files are missing or damaged.
        """
        calibration = Calibration.of_index(retriever.directory, threshold)
        reader = ExtractiveReader.open(calibration=calibration)
        return cls(retriever, reader, calibration, Speller.open())

    def ask(
        self, question: str, history: Sequence[Message] = (), within: Within = EVERYTHING
    ) -> Answer:
        """The best distinct answers as quotes, or an abstention.

        Args:
            question: what the asker wants to know.
            history: the conversation so far, oldest first; a question that leans on it is
                understood with the terms of the turns that it leans on.
            within: which articles are asked.

        Raises:
            QuestionError: the question is empty or longer than 2,000 characters.
            ClosedError: the assistant has been closed.
        """
        return self._of_now(within)._ask(question, history)

    async def ask_async(
        self, question: str, history: Sequence[Message] = (), within: Within = EVERYTHING
    ) -> Answer:
        """The best distinct answers as quotes, or an abstention; see `ask`."""
        return await asyncio.to_thread(self.ask, question, history, within)

    def _of_now(self, within: Within = EVERYTHING) -> "Assistant":
        """The same over what the index holds now, so that a build meanwhile changes no answer."""
        current: Retriever = self._retriever.current()
        if within != EVERYTHING:
            current = NarrowedRetriever(current, within)
        return Assistant(current, self._reader, self._calibration, self._speller)

    def _ask(self, question: str, history: Sequence[Message]) -> Answer:
        question = checked(question)
        meant = question
        turns = [turn for turn in history if turn.question.strip()][-TURNS:]
        retriever, cited = self._retriever, list[str]()
        if turns and not stands_alone(question):
            turns = [*turns[:-1], self._answered(turns)]
            meant = understood(question, turns)
            cited = just_cited(turns)
        if cited:
            retriever = PreferringRetriever(retriever, cited)
        reader = RememberingReader(self._reader)
        found = CandidateFinder(retriever, reader, self._calibration, self._speller).find(meant)
        hits, spans = found.hits, found.spans
        confidence = self._calibration.confidence(spans[0].score) if spans else 0.0
        quotes: tuple[Quote, ...] = ()
        timeline: Timeline | None = None
        if confidence >= self._calibration.threshold:
            # Whole sentences always differ: there is nothing to compare.
            whole_sentences = asks_for_sentences(meant)
            several = asks_for_several(meant)
            quoted = partial(
                quotes_of,
                confidence=self._calibration.confidence,
                article=self._retriever.article,
                whole_sentences=whole_sentences,
                also={hit.article.id: hit.also for hit in hits},
                several=several,
            )
            at_most = LISTED if several else ANSWERS
            quotes = quoted(self._near(spans, MARGIN), at_most=at_most)
            # Nor do the items of a list disagree, or those who said something alike.
            if not (whole_sentences or several or asks_who_said(meant)):
                quotes, timeline = self._over_time(meant, spans, quotes, quoted)
        return Answer(
            question=question,
            text=quotes[0].text if quotes else None,
            confidence=confidence,
            quotes=quotes,
            hits=tuple(_reranked(hits, spans)),
            notice=found.notice,
            timeline=timeline,
            understood=meant if meant != question else None,
            explanation=Explanation(
                found.asked,
                time_looked_for(time_asked(meant, self._retriever.newest()), era_of(meant)),
                articles_preferred(cited, self._calibration.retrieval),
                self._calibration.threshold,
                reason(spans, self._calibration, quotes, timeline),
                looks(_reranked(hits, spans), spans, reader.best),
            ),
        )

    def _over_time(
        self,
        question: str,
        spans: Sequence[Span],
        quotes: tuple[Quote, ...],
        quoted: Callable[..., tuple[Quote, ...]],
    ) -> tuple[tuple[Quote, ...], Timeline | None]:
        """The quotes in the order of the time asked about, and the timeline, if there is one."""
        newest = self._retriever.newest()
        if newest is None or names_a_time(question, newest):
            near = self._near(spans, MARGIN)
        else:
            near = self._near(spans, MARGIN_OVER_TIME)
            far = self._near(spans, math.inf)[len(near) :]
            near += [span for span in far if holds_office(question, span)]
        near = best_of_each_article(near)
        of_articles = quoted(near, at_most=MOMENTS, beside=spans)
        likely = {span.article.id: self._calibration.confidence(span.score) for span in near}
        return over_time(quotes, of_articles, prefers_newest(question, newest), likely)

    def _near(self, spans: Sequence[Span], margin: float) -> list[Span]:
        """The spans that are likely enough, and not too far behind the best."""
        return [
            span
            for span in spans
            if span.score >= spans[0].score - margin
            and self._calibration.confidence(span.score) >= self._calibration.threshold
        ]

    def candidates(self, question: str) -> tuple[list[Hit], list[Span]]:
        """What an answer is chosen from: the passages found and all spans, best first.

        A calibration is fitted on these.
        """
        current = self._of_now()
        finder = CandidateFinder(
            current._retriever, current._reader, current._calibration, current._speller
        )
        found = finder.find(checked(question))
        return found.hits, found.spans

    def article(self, article_id: str) -> Article:
        """The article as it is stored; raises KeyError."""
        return self._retriever.article(article_id)

    def close(self) -> None:
        """Release the index's files; whatever is asked from then on raises ClosedError."""
        self._retriever.close()

    def __enter__(self) -> "Assistant":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _answered(self, history: Sequence[Message]) -> Message:
        """The last turn with its answer, which a caller with questions alone leaves out."""
        last = history[-1]
        return (
            last if last.answer else Message(last.question, self.ask(last.question, history[:-1]))
        )


def _reranked(hits: Sequence[Hit], spans: Sequence[Span]) -> list[Hit]:
    """The passages in the order of the best span that the reader found in each."""
    best: dict[int, float] = {}
    for span in spans:
        best.setdefault(span.passage.id, span.score)
    ordered = sorted(hits, key=lambda hit: -best.get(hit.passage.id, float("-inf")))
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]
