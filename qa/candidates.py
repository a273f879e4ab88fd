"""What an answer is chosen from: the passages that a question finds, and the spans in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pullquote.index.types import Hit
from pullquote.qa.asked import (
    NO_TIME,
    OTHER_TIME,
    AskedTime,
    inside_and_outside,
    time_asked,
    with_losses,
)
from pullquote.qa.calibration import Calibration
from pullquote.qa.dates import in_words, is_of, speaks_of, without_dates
from pullquote.qa.eras import Era, era_of
from pullquote.qa.merging import before, scored_among
from pullquote.qa.names import mentions
from pullquote.qa.nearby import time_beside
from pullquote.qa.protocols import Reader, Retriever
from pullquote.qa.ranking import ranked
from pullquote.qa.spelling import Speller, as_notice, rewritten
from pullquote.qa.types import Span

FOUND = 20  # passages that are searched and read for one question
OF_THAT_TIME = 6  # passages of the time it asks about that are among them, if there are so many


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages as they were found, the spans in them, best first, and what to say beforehand.

    `notice` is a sentence about the articles that were looked at, or None.
    """

    hits: list[Hit]
    spans: list[Span]
    notice: str | None
    asked: str  # with its spelling corrected


class CandidateFinder:
    """Finds passages and reads them, in the light of the time that a question asks about."""

    def __init__(
        self,
        retriever: Retriever,
        reader: Reader,
        calibration: Calibration,
        speller: Speller | None,
    ) -> None:
        self._retriever = retriever
        self._reader = reader
        self._calibration = calibration
        self._speller = speller

    def find(self, question: str) -> Candidates:
        """The candidates of a question that stands alone."""
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
            return Candidates(hits, best_first, " ".join(notices) or None, question)
        if period and hits and not any(speaks_of(hit, period) for hit in hits):
            notices.append(f"No passage that was found speaks of {in_words(period)}.")
        if era:
            spans = self._read_of_that_era(question, hits, period, era)
        else:
            spans = self._read_of_that_time(question, hits, period)
        left = era.question if era else question
        best_first = ranked(left, spans, hits, self._calibration.retrieval)
        return Candidates(hits, best_first, " ".join(notices) or None, question)

    def _read_near_that_time(
        self, question: str, hits: Sequence[Hit], asked: AskedTime
    ) -> tuple[list[Span], str | None]:
        """The spans, best first, and how the time was understood: a range, or "last year".

        Those of another time lose some of their score, unless there are no others to answer with.
        """
        inside, outside = inside_and_outside(hits, asked)
        spans = self._reader.read(asked.asked_inside(question), inside)
        spans += [
            replace(span, score=span.score + time_beside(span, asked.period))
            for span in self._reader.read(question, outside)
        ]
        retrieval = self._calibration.retrieval
        best_first = ranked(question, with_losses(spans, hits, asked), hits, retrieval)
        if not self._calibration.answers(best_first):
            of_any_time = ranked(question, spans, hits, retrieval)
            if self._calibration.answers(of_any_time):
                return of_any_time, asked.relaxed()
        return best_first, asked.understood(best_first[0].article if best_first else None)

    def _find(self, question: str, period: tuple[date, date] | None) -> list[Hit]:
        """The passages to read: those of the question's time first, then any."""
        hits = self._retriever.search(question, FOUND)
        if period is None:
            return hits
        since, until = period
        of_that_time = self._retriever.search(question, OF_THAT_TIME, since, until)
        return before(scored_among(hits, of_that_time), hits)[:FOUND]

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
            score = span.score + time_beside(span, period)
            if span.passage.id not in fits:
                score -= OTHER_TIME if span.article.published else NO_TIME
            spans.append(replace(span, score=score))
        return spans
