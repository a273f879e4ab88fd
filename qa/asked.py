"""The time that a question asks about: years it names, "last year", "since 2016", "now"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pullquote.index.types import Article, Hit
from pullquote.qa.dates import (
    Period,
    days_of_month,
    days_of_year,
    in_words,
    is_of,
    is_plain,
    period_of,
    speaks_of,
    without_dates,
)
from pullquote.qa.eras import era_of
from pullquote.qa.types import Span

# Logits taken from a span when the question names a time that neither its article's date nor its
# passage matches, or a person's time and the article does not know the person. Undated articles
# lose less: they may be of that time.
OTHER_TIME, NO_TIME = 8.0, 6.0
_RELATIVE = re.compile(
    r"(?<!\bthe )(?<!\bhis )(?<!\bher )(?<!\btheir )(?<!\bits )(?<!\bour )(?<!\bmy )"
    r"\b(?:so far |earlier |later )?(?P<which>this|last) (?P<unit>year|month)\b(?! of\b|-)",
    re.I,
)
_NOW = re.compile(
    r"\b(?:now(?! that\b)|nowadays|currently|current|at present|presently|these days|latest|"
    r"most recent(?:ly)?|newest|today)\b",
    re.I,
)
_FIRST = re.compile(
    r"\b(?:earliest|original(?:ly)?|first(?! (?:name|lady|aid|responders?|floor|grade|degree|"
    r"amendment|class|half|quarter|place|language|baptist|time)\b))\b",
    re.I,
)
_ABOUT_THE_PAST = re.compile(r"\b(?:was|were|did|had)\b", re.I)


@dataclass(frozen=True, slots=True)
class AskedTime:
    """The first and the last day asked about, and how the question says so.

    `counted` are the question's words that were counted from `newest`, the date of the newest
    article, and what they mean; none where it has dates of its own. A plain one ("in 2017") is not
    relaxed.
    """

    period: Period
    is_plain: bool
    counted: tuple[tuple[str, Period], ...] = ()
    newest: date | None = None

    def fits(self, hit: Hit) -> bool:
        """Whether the article is of that time, or its passage names a year of it.

        An article of the newest one's year counts "last year" from the same year as the question.
        """
        published = hit.article.published
        counts_alike = published and self.newest and published.year == self.newest.year
        return bool(counts_alike) or speaks_of(hit, self.period)

    def asked_inside(self, question: str) -> str:
        """The question to ask of articles of that time, which need not name it themselves."""
        if not self.counted:
            return without_dates(question)
        if self.newest and self.period[1] < self.newest:  # there, last year is "this year"
            for words, _ in self.counted:
                question = question.replace(words, " ")
            return re.sub(r"\s+([?.!,])", r"\1", " ".join(question.split()))
        return question

    def understood(self, answering: Article | None) -> str | None:
        """How the question was understood; None where it is as plain as it was asked.

        What was counted from the newest article says nothing of an article without a date.
        """
        if self.is_plain:
            return None
        if self.newest and answering and answering.published is None:
            return f"No article {_of(self.period)} answers that; the first one here has no date."
        if self.newest:
            read = dict.fromkeys(f"“{words}” as {in_words(of)}" for words, of in self.counted)
            day = in_words((self.newest, self.newest))
            return f"Read {' and '.join(read)}: the newest article is of {day}."
        return f"Looking at articles {_of(self.period)}."

    def relaxed(self) -> str:
        """What is said where no article of that time answers and one of another time does."""
        return f"No article {_of(self.period)} answers that; these are of another time."


def time_asked(question: str, newest: date | None) -> AskedTime | None:
    """The time that a question names, if it does.

    Years that it names come first; "last year" and the like are counted from the date of the
    newest article, without which they mean nothing.
    """
    if period := period_of(question):
        return AskedTime(period, is_plain(question))
    found = list(_RELATIVE.finditer(question))
    if not found or newest is None:
        return None
    counted = tuple((match.group(), _counted(match, newest)) for match in found)
    first, last = min(of[0] for _, of in counted), max(of[1] for _, of in counted)
    return AskedTime((first, last), False, counted, newest)


def names_a_time(question: str, newest: date | None) -> bool:
    """Whether the question says whose or which time it means."""
    return bool(time_asked(question, newest) or era_of(question))


def with_losses(spans: Iterable[Span], hits: Sequence[Hit], asked: AskedTime) -> list[Span]:
    """The spans, where those of another time lose some of their score.

    "This year" is what an undated article says as well: it loses nothing by that.
    """
    fitting = {hit.passage.id for hit in hits if asked.fits(hit)}
    undated = 0.0 if asked.counted else NO_TIME
    return [
        span
        if span.passage.id in fitting
        else replace(span, score=span.score - (OTHER_TIME if span.article.published else undated))
        for span in spans
    ]


def inside_and_outside(hits: Iterable[Hit], asked: AskedTime) -> tuple[list[Hit], list[Hit]]:
    """The hits of articles of that time, and the others."""
    hits = list(hits)
    inside = [hit for hit in hits if is_of(hit, asked.period)]
    return inside, [hit for hit in hits if not is_of(hit, asked.period)]


def prefers_newest(question: str, newest: date | None) -> bool | None:
    """Whether of equally likely answers the newest is to be first, or (False) the oldest.

    None where the question names whose time it means, or asks about the past.
    """
    if names_a_time(question, newest):
        return None
    if _NOW.search(question):
        return True
    if _FIRST.search(question):
        return False
    return None if _ABOUT_THE_PAST.search(question) else True


def _counted(match: re.Match[str], newest: date) -> Period:
    back = 1 if match["which"].lower() == "last" else 0
    if match["unit"].lower() == "year":
        return days_of_year(newest.year - back)
    year, month = divmod(newest.year * 12 + newest.month - 1 - back, 12)
    return days_of_month(year, month + 1)


def _of(period: Period) -> str:
    words = in_words(period)
    return words if words.startswith(("since", "before")) else f"of {words}"
