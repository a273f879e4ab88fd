"""Answer a question with quotes, or say that the articles do not answer it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from pullquote.index import Retriever as IndexRetriever
from pullquote.index.retriever import checked
from pullquote.index.types import Article, Hit
from pullquote.qa.asked import (
    NO_TIME,
    OTHER_TIME,
    AskedTime,
    inside_and_outside,
    names_a_time,
    prefers_newest,
    time_asked,
    with_losses,
)
from pullquote.qa.calibration import Calibration
from pullquote.qa.citations import quotes_of
from pullquote.qa.dates import in_words, is_of, speaks_of, without_dates
from pullquote.qa.eras import Era, era_of
from pullquote.qa.followups import stands_alone, with_context
from pullquote.qa.names import mentions
from pullquote.qa.protocols import Reader, Retriever
from pullquote.qa.questions import asks_for_sentences
from pullquote.qa.ranking import ranked
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.spelling import Speller, as_notice, rewritten
from pullquote.qa.timeline import MOMENTS, best_of_each_article, over_time
from pullquote.qa.types import Answer, Message, Quote, Span, Timeline

FOUND = 20  # passages that are searched for one question
READ = 12  # of them, best first, that are read
ANSWERS = 3  # shown at most, but for those of a timeline
TURNS = 5  # of a conversation that a question may lean on
MARGIN = 4.0  # logits by which a further answer may fall behind the best
MARGIN_OVER_TIME = 8.0  # and by which the best answer of another article may


class Assistant:
    """Puts retriever, reader and calibration together."""

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
        retriever = IndexRetriever.open(directory)
        calibration = Calibration.of_index(Path(directory), threshold)
        return cls(retriever, ExtractiveReader.open(), calibration, Speller.open())

    def ask(self, question: str, history: Sequence[Message] = ()) -> Answer:
        """The best distinct answers as quotes, or an abstention.

        `history` is the conversation so far, oldest first; a question that leans on it is
        understood with the last turn's terms.

        Raises:
            QuestionError: the question is empty or longer than 2,000 characters.
        """
        return self._of_now()._ask(question, history)

    def _of_now(self) -> "Assistant":
        """The same over what the index holds now, so that a build meanwhile changes no answer."""
        current = self._retriever.current()
        return Assistant(current, self._reader, self._calibration, self._speller)

    def _ask(self, question: str, history: Sequence[Message]) -> Answer:
        question = checked(question)
        understood = question
        turns = [turn for turn in history if turn.question.strip()][-TURNS:]
        if turns and not stands_alone(question):
            understood = with_context(question, self._answered(turns))
        hits, spans, notice = self._read(understood)
        confidence = self._calibration.confidence(spans[0].score) if spans else 0.0
        quotes: tuple[Quote, ...] = ()
        timeline: Timeline | None = None
        if confidence >= self._calibration.threshold:
            # Whole sentences always differ: there is nothing to compare.
            whole_sentences = asks_for_sentences(question)
            quoted = partial(
                quotes_of,
                confidence=self._calibration.confidence,
                article=self._retriever.article,
                whole_sentences=whole_sentences,
                also={hit.article.id: hit.also for hit in hits},
            )
            quotes = quoted(self._near(spans, MARGIN), at_most=ANSWERS)
            if not whole_sentences:
                newest = self._retriever.newest()
                margin = MARGIN if names_a_time(understood, newest) else MARGIN_OVER_TIME
                near = best_of_each_article(self._near(spans, margin))
                of_articles = quoted(near, at_most=MOMENTS, beside=spans)
                order = prefers_newest(understood, newest)
                quotes, timeline = over_time(quotes, of_articles, order)
        return Answer(
            question=question,
            text=quotes[0].text if quotes else None,
            confidence=confidence,
            quotes=quotes,
            hits=tuple(_reranked(hits, spans)),
            notice=notice,
            timeline=timeline,
        )

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
        hits, spans, _ = self._of_now()._read(checked(question))
        return hits, spans

    def article(self, article_id: str) -> Article:
        """The article as it is stored; raises KeyError."""
        return self._retriever.article(article_id)

    def _read(self, question: str) -> tuple[list[Hit], list[Span], str | None]:
        """The passages, the spans in them, best first, and what is to be said beforehand."""
        asked = time_asked(question, self._retriever.newest())
        period = asked.period if asked else None
        hits = self._find(question, period)
        notices = []
        if self._speller and (corrections := self._speller.corrections(question, hits)):
            notices.append(as_notice(corrections))
            question = rewritten(question, corrections)
            hits = self._find(question, period)
        era = era_of(question)
        if asked and not asked.is_plain and not era:
            best_first, notice = self._read_near_that_time(question, hits, asked)
            notices += [notice] if notice else []
            return hits, best_first, " ".join(notices) or None
        if period and hits and not any(speaks_of(hit, period) for hit in hits):
            notices.append(f"No passage that was found speaks of {in_words(period)}.")
        if era:
            spans = self._read_of_that_era(question, hits[:READ], period, era)
            question = era.question
        else:
            spans = self._read_of_that_time(question, hits[:READ], period)
        best_first = ranked(question, spans, hits, self._calibration.retrieval)
        return hits, best_first, " ".join(notices) or None

    def _read_near_that_time(
        self, question: str, hits: Sequence[Hit], asked: AskedTime
    ) -> tuple[list[Span], str | None]:
        """The spans, best first, and how the time was understood: a range, or "last year".

        Those of another time lose some of their score, unless there are no others to answer with.
        """
        inside, outside = inside_and_outside(hits[:READ], asked)
        spans = self._reader.read(asked.asked_inside(question), inside)
        spans += self._reader.read(question, outside)
        retrieval = self._calibration.retrieval
        best_first = ranked(question, with_losses(spans, hits, asked), hits, retrieval)
        if not self._near(best_first, MARGIN):
            of_any_time = ranked(question, spans, hits, retrieval)
            if self._near(of_any_time, MARGIN):
                return of_any_time, asked.relaxed()
        return best_first, asked.understood(best_first[0].article if best_first else None)

    def _answered(self, history: Sequence[Message]) -> Message:
        """The last turn with its answer, which a caller with questions alone leaves out."""
        last = history[-1]
        return (
            last if last.answer else Message(last.question, self.ask(last.question, history[:-1]))
        )

    def _find(self, question: str, period: tuple[date, date] | None) -> list[Hit]:
        """The passages to read: those of the question's time first, then any."""
        hits = self._retriever.search(question, FOUND)
        if period is None:
            return hits
        since, until = period
        of_that_time = self._retriever.search(question, READ // 2, since, until)
        # Ranks among fewer passages are better ones: what counts is the score among all.
        score = {hit.passage.id: hit.score for hit in hits}
        lowest = min(score.values(), default=0.0)
        of_that_time = [
            replace(hit, score=score.get(hit.passage.id, lowest)) for hit in of_that_time
        ]
        ids = {hit.passage.id for hit in of_that_time}
        return of_that_time + [hit for hit in hits if hit.passage.id not in ids]

    def _read_of_that_era(
        self, question: str, hits: Sequence[Hit], period: tuple[date, date] | None, era: Era
    ) -> list[Span]:
        """The spans of the passages; those of articles without the person lose some of their score.

        Articles that name the person are asked the rest of the question.
        """
        of_era = [hit for hit in hits if mentions(hit.article, era.name)]
        others = [hit for hit in hits if not mentions(hit.article, era.name)]
        spans = self._read_of_that_time(question, others, period)
        return self._read_of_that_time(era.question, of_era, period) + [
            replace(span, score=span.score - OTHER_TIME) for span in spans
        ]

    def _read_of_that_time(
        self, question: str, hits: Sequence[Hit], period: tuple[date, date] | None
    ) -> list[Span]:
        """The spans of the passages; those of another time lose some of their score.

        Articles of that time are asked without the date: they need not say it themselves.
        """
        if period is None:
            return self._reader.read(question, hits)
        dated = [hit for hit in hits if is_of(hit, period)]
        others = [hit for hit in hits if not is_of(hit, period)]
        spans = self._reader.read(without_dates(question), dated)
        fits = {hit.passage.id for hit in others if speaks_of(hit, period)}
        for span in self._reader.read(question, others):
            if span.passage.id not in fits:
                loss = OTHER_TIME if span.article.published else NO_TIME
                span = replace(span, score=span.score - loss)
            spans.append(span)
        return spans


def _reranked(hits: Sequence[Hit], spans: Sequence[Span]) -> list[Hit]:
    """The passages in the order of the best span that the reader found in each."""
    best: dict[int, float] = {}
    for span in spans:
        best.setdefault(span.passage.id, span.score)
    ordered = sorted(hits, key=lambda hit: -best.get(hit.passage.id, float("-inf")))
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]
