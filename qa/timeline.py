"""Answers over time: what articles of different dates answer differently, newest first."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    """A distinct answer, and the dates of the articles that give it before anything else."""

    quote: Quote
    citations: tuple[Citation, ...]

    @property
    def dates(self) -> list[date]:
        return sorted(one.published for one in self.citations if one.published)


def best_of_each_article(spans: Iterable[Span]) -> list[Span]:
    """The best span of every article, best first: what else it says is no second answer."""
    best: dict[str, Span] = {}
    for span in spans:
        best.setdefault(span.article.id, span)
    return list(best.values())


def over_time(
    quotes: Sequence[Quote],
    of_articles: Sequence[Quote],
    prefers_newest: bool | None,
    likely: Mapping[str, float],
) -> tuple[tuple[Quote, ...], Timeline | None]:
    """The quotes to show, best first, and the timeline where articles give different answers.

    `of_articles` are the distinct answers among the best spans of the articles. Only values of the
    best answer's kind are compared, and mere words are none. There is no timeline where all agree,
    or where no article has a date; the quotes are then as they were. The newest answer comes first
    if it is nearly as likely as the best, or the oldest where `prefers_newest` is False; with None
    the best stays first.
    `likely` is the confidence in what each article answers, by the article's id: of several
    articles that agree one is enough to be right.
    """
    if not quotes:
        return (), None
    kind = kind_of(quotes[0].text)
    if kind == "words":  # which differ from article to article as whole sentences do
        return tuple(quotes), None
    shown = list(quotes)
    given: dict[int, _Given] = {}  # by the place of the quote among those shown
    for quote in of_articles:
        if kind_of(quote.text) == kind:
            at = next((at for at, one in enumerate(shown) if _overlap(one, quote)), len(shown))
            shown[at:] = (
                [_merged(shown[at], quote), *shown[at + 1 :]] if at < len(shown) else [quote]
            )
            earlier = given[at].citations if at in given else ()
            given[at] = _Given(shown[at], earlier + quote.citations)
    if len(given) < 2 or not any(one.dates for one in given.values()):
        return tuple(quotes), None
    newest_first = sorted(
        given, key=lambda at: max(given[at].dates, default=date.min), reverse=True
    )
    order = list(range(len(shown)))
    # What has no date may be older or newer than all others: it cannot say what is so now.
    if prefers_newest is not None and 0 in given:
        dated = [at for at in newest_first if given[at].dates]
        first = dated[0 if prefers_newest else -1]
        if _together(given[0], likely) - _together(given[first], likely) <= CLOSE:
            order.sort(key=lambda at: at != first)
    renumbered = dict(zip(order, numbered(shown[at] for at in order), strict=True))
    moments = tuple(
        Moment(
            min(given[at].dates, default=None), max(given[at].dates, default=None), renumbered[at]
        )
        for at in newest_first
    )
    return tuple(renumbered.values()), Timeline(_summary(list(given.values())), moments)


def _together(given: _Given, likely: Mapping[str, float]) -> float:
    """The probability that one of the articles is right that give an answer."""
    articles = {one.article_id for one in given.citations}
    doubts = (1 - likely[one] for one in articles if one in likely)
    return max(given.quote.confidence, 1 - math.prod(doubts))


def _overlap(one: Quote, other: Quote) -> bool:
    return any(
        a.article_id == b.article_id and a.start < b.end and b.start < a.end
        for a in one.citations
        for b in other.citations
    )


def _merged(quote: Quote, other: Quote) -> Quote:
    """The quote with the articles that only the other cites."""
    cited = {one.article_id for one in quote.citations}
    more = [one for one in other.citations if one.article_id not in cited]
    return replace(quote, citations=(*quote.citations, *more))


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
