"""Answers over time: what articles of different dates answer differently, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from pullquote.qa.citations import numbered
from pullquote.qa.types import Citation, Moment, Quote, Span, Timeline
from pullquote.qa.values import kind_of

MOMENTS = 6  # answers of a timeline at most
SAME_TIME = timedelta(7)  # articles less than this apart disagree; others tell of another time
CLOSE = 0.05  # of confidence: answers that are nearly equally likely


@dataclass(frozen=True, slots=True)
class _Given:
    """A quote, and those of its articles that answer with it before anything else."""

    quote: Quote
    citations: tuple[Citation, ...]

    @property
    def dates(self) -> list[date]:
        return sorted(one.published for one in self.citations if one.published)


def over_time(
    quotes: Sequence[Quote], spans: Sequence[Span], prefers_newest: bool | None, at_most: int
) -> tuple[tuple[Quote, ...], Timeline | None]:
    """The quotes to show, best first, and the timeline of those that are different answers.

    An article counts with its best span, so that what else it says is no second answer, and only
    values of the best one's kind are compared. There is no timeline where all agree, or where no
    article has a date. The newest answer comes first if it is nearly as likely as the best, or the
    oldest where `prefers_newest` is False; with None the best stays first. At most `at_most` quotes
    are kept beside those of the timeline.
    """
    given = _given(quotes, spans)
    if len(given) < 2 or not any(one.dates for one in given):
        return numbered(quotes[:at_most]), None
    newest_first = sorted(given, key=lambda one: max(one.dates, default=date.min), reverse=True)
    kept = [*quotes[:at_most], *(one.quote for one in given if one.quote not in quotes[:at_most])]
    dated = [one for one in newest_first if one.dates]
    if prefers_newest is not None:
        first = dated[0 if prefers_newest else -1].quote
        if kept[0].confidence - first.confidence <= CLOSE:
            kept.sort(key=lambda quote: quote is not first)
    shown = numbered(kept)
    moments = tuple(
        Moment(
            min(one.dates, default=None),
            max(one.dates, default=None),
            shown[kept.index(one.quote)],
        )
        for one in newest_first
    )
    return shown, Timeline(_summary(given), moments)


def _given(quotes: Sequence[Quote], spans: Sequence[Span]) -> list[_Given]:
    """The different answers of different articles, in the order of the quotes."""
    best: dict[str, Span] = {}
    for span in spans:
        best.setdefault(span.article.id, span)

    def is_its_best(one: Citation) -> bool:
        span = best.get(one.article_id)
        return span is not None and span.start < one.end and one.start < span.end

    given = [
        _Given(quote, tuple(one for one in quote.citations if is_its_best(one)))
        for quote in quotes
        if kind_of(quote.text) == kind_of(quotes[0].text)
    ]
    return [one for one in given if one.citations]


def _summary(given: Sequence[_Given]) -> str:
    dated = sorted((day, at) for at, one in enumerate(given) for day in one.dates)
    undated = sum(len(one.citations) for one in given) - len(dated)
    first, last = dated[0][0], dated[-1][0]
    together = last - first <= SAME_TIME
    if together and not undated:
        return f"{_articles(len(dated))} of {_from_to(first, last)} disagree."
    of_when = f" of {_from_to(first, last)}" if together else f", {_from_to(first, last)},"
    summary = _articles(len(dated)) + of_when
    if undated:
        summary += f" and {undated} without a date"
    summary += " give different answers."
    for (day, at), (next_day, next_at) in pairwise(dated):
        if at != next_at and next_day - day <= SAME_TIME and not together:
            summary += f" Those of {_from_to(day, next_day)} disagree."
            break
    return summary


def _articles(count: int) -> str:
    return f"{count} article{'s' if count > 1 else ''}"


def _from_to(first: date, last: date) -> str:
    """The days from the first to the last, no more exactly than they need: "2015 to 2024"."""
    if first == last:
        return f"{first:%B} {first.day}, {first.year}"
    if last - first <= SAME_TIME or (first.year, first.month) == (last.year, last.month):
        begin = f"{first:%B} {first.day}" + (f", {first.year}" * (first.year != last.year))
        return f"{begin} to {last:%B} {last.day}, {last.year}"
    if first.year == last.year:
        return f"{first:%B} to {last:%B} {last.year}"
    return f"{first.year} to {last.year}"
