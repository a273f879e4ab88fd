"""The dates that a question names."""

import calendar
import re
from datetime import date

from pullquote.index.types import Hit

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
_MONTHS["sept"] = 9
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS = [
    re.compile(rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}\b", re.I),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH},? {_YEAR}\b", re.I),
    re.compile(rf"\b{_MONTH},? (?:of )?{_YEAR}\b", re.I),
    re.compile(rf"(?<![\d$€£.,-]){_YEAR}(?![\d%-]|[.,]\d)"),
]
# What stands before a date and goes with it.
_LEADING = (
    r"(?:\b(?:(?:at|by|towards?|since) the (?:start|beginning|middle|end) of|back in|as of|in|on"
    r"|during|of|for|from|around)\s+(?:(?:early|mid|late)[ -])?)?"
)


def period_of(question: str) -> tuple[date, date] | None:
    """The first and the last day that the question's dates span; None where it names no year."""
    days: list[date] = []
    for form in _FORMS:
        for match in form.finditer(question):
            days += _days(**match.groupdict())
        # "August 5, 2024" names the month and the year as well: count it once.
        question = form.sub(" ", question)
    return (min(days), max(days)) if days else None


def without_dates(question: str) -> str:
    """The question without the dates it names: "Who was mayor in 2017?" → "Who was mayor?"."""
    for form in _FORMS:
        question = re.sub(rf"{_LEADING}{form.pattern}", " ", question, flags=re.I)
    question = re.sub(r"\s+([?.!,])", r"\1", " ".join(question.split()))
    return question.lstrip(" ,")


def _days(year: str, month: str | None = None, day: str | None = None) -> list[date]:
    """The first and the last day of a year, month or day; none if there is no such day."""
    try:
        if month is None:
            return [date(int(year), 1, 1), date(int(year), 12, 31)]
        number = int(month) if month.isdigit() else _MONTHS[month.lower()]
        if day is None:
            last = calendar.monthrange(int(year), number)[1]
            return [date(int(year), number, 1), date(int(year), number, last)]
        return [date(int(year), number, int(day))]
    except ValueError:
        return []


def is_of(hit: Hit, period: tuple[date, date]) -> bool:
    """Whether the article was published in that period."""
    first, last = period
    return hit.article.published is not None and first <= hit.article.published <= last


def speaks_of(hit: Hit, period: tuple[date, date]) -> bool:
    """Whether the article is of that period, or the passage names a year of it."""
    years = range(period[0].year, period[1].year + 1)
    return is_of(hit, period) or any(str(year) in hit.passage.text for year in years)


def in_words(period: tuple[date, date]) -> str:
    """The period as a reader would say it: "2017", "August 2024", "2015 to 2017"."""
    first, last = period
    if first == last:
        return f"{first:%B} {first.day}, {first.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%B} {first.year}"
    if first.year == last.year:
        return str(first.year)
    return f"{first.year} to {last.year}"
