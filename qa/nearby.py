"""The time that stands beside a span: "1916-1920 - Baker - 1920-1941 - French" gives each its own.

A passage names many years where it tells a life or lists who held an office. What counts for a
question that names a time is the one next to the answer.
"""

import re
from datetime import date

from pullquote.qa.dates import EARLIEST, LATEST, Period
from pullquote.qa.spans import sentence_around
from pullquote.qa.types import Span

BESIDE, ELSEWHEN = 1.0, 3.0  # logits that a span gains or loses by the time beside it
_YEAR = r"(?:1[5-9]|20)\d\d"
_TIMES = re.compile(
    rf"(?<![\d$€£.,])(?:(?:(?:from|between)\s(?:\w+\s)?)?(?P<first>{_YEAR})\s?(?:[-–—]|to|and|until|till|through)\s?(?:\w+\s)?"
    rf"(?P<last>{_YEAR}|present|now|\?)|(?P<open>since|after|from|until|till|before)\s(?:\w+\s)?"
    rf"(?P<edge>{_YEAR})|(?P<year>{_YEAR}))(?!\d|[.,]\d)",
    re.I,
)


def time_beside(span: Span, period: Period) -> float:
    """Logits for the time in the span's sentence that stands nearest to it.

    BESIDE where that is of the period, -ELSEWHEN where it is not, 0 where the sentence names no
    year, or the span itself does.
    """
    begin, text = span.passage.start, span.passage.text
    at = (span.start - begin, span.end - begin)
    start, end = sentence_around(text, *at)
    named = list(_TIMES.finditer(text, start, end))
    if not named or any(match.start() < at[1] and at[0] < match.end() for match in named):
        return 0.0
    nearest = min(named, key=lambda match: max(match.start() - at[1], at[0] - match.end()))
    return BESIDE if _overlap(_period(nearest), period) else -ELSEWHEN


def _period(match: re.Match[str]) -> Period:
    if match["year"]:
        year = int(match["year"])
        return date(year, 1, 1), date(year, 12, 31)
    if match["open"]:
        edge = date(int(match["edge"]), 1, 1)
        ends = match["open"].lower() in ("until", "till", "before")
        return (EARLIEST, edge) if ends else (edge, LATEST)
    last = match["last"]
    until = date(int(last), 12, 31) if last.isdecimal() else LATEST
    return date(int(match["first"]), 1, 1), until


def _overlap(one: Period, other: Period) -> bool:
    """Whether both hold more than a year in which one ends and the other begins."""
    first, last = max(one[0], other[0]), min(one[1], other[1])
    if first > last:
        return False
    are_ranges = one[0].year < one[1].year and other[0].year < other[1].year
    return first.year < last.year or not are_ranges
