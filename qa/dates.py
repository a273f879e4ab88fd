"""The dates that a question names."""

import calendar
import re
from datetime import date, timedelta

from pullquote.index.types import Hit

Period = tuple[date, date]  # the first and the last day
EARLIEST, LATEST = date(1800, 1, 1), date(2199, 12, 31)  # of "before 2020" and "since 2016"

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
_DECADE = re.compile(r"\b(?:the )?(?P<decade>(?:19|20)\d)0['’]?s\b")
_RANGE = re.compile(r"(?<![\d-])((?:19|20)\d\d) ?[–-] ?((?:19|20)\d\d)(?![\d-])")
_OPEN = re.compile(r"\b(?P<side>since|after|before|prior to)\s+(?:the (?:start|end) of\s+)?$", re.I)
# "the fewest since 2006" is of the year in which it is said, not of all years since.
_SUPERLATIVE = re.compile(r"\b(?:\w+est|most|least|first|last|only|not|n['’]t)\b", re.I)
# What stands before a date and goes with it.
_LEADING = (
    r"(?:\b(?:(?:at|by|towards?|since) the (?:start|beginning|middle|end) of|back in|as of|in|on"
    r"|during|of|for|from|around|since|after|before|prior to)\s+(?:(?:early|mid|late)[ -])?)?"
)
_MONTH_AND_YEAR = f"(?:{_MONTH} )?{_YEAR}".replace("?P<month>", "?:").replace("?P<year>", "?:")
_BETWEEN = re.compile(
    rf"\b(?:between|from)\s+{_MONTH_AND_YEAR}\s+(?:and|to|until|through)\s+{_MONTH_AND_YEAR}\b",
    re.I,
)


def period_of(question: str) -> Period | None:
    """The first and the last day that the question's dates span; None where it names no year.

    "Since 2016" has no last day and "before 2020" no first one: LATEST and EARLIEST stand for them.
    """
    question = _RANGE.sub(r"\1 to \2", question)
    days: list[date] = []
    sides: set[str] = set()
    for match in _DECADE.finditer(question):
        year = int(match["decade"]) * 10
        days += [date(year, 1, 1), date(year + 9, 12, 31)]
    question = _DECADE.sub(" ", question)
    for form in _FORMS:
        for match in form.finditer(question):
            named = _days(**match.groupdict())
            if named and (side := _side(question[: match.start()])):
                named = [_edge(side, named)]
                sides.add("before" if side in ("before", "prior to") else "since")
            days += named
        # "August 5, 2024" names the month and the year as well: count it once.
        question = form.sub(" ", question)
    if sides == {"since"}:
        days.append(LATEST)
    elif sides == {"before"}:
        days.append(EARLIEST)
    return (min(days), max(days)) if days else None


def is_plain(question: str) -> bool:
    """Whether all that a question names are single years, months or days."""
    period = period_of(question)
    named = _RANGE.sub(r"\1 to \2", question)
    is_range = _DECADE.search(named) or _BETWEEN.search(named)
    return not is_range and not (period and {EARLIEST, LATEST} & set(period))


def _side(before: str) -> str | None:
    """Which side of a date the words before it leave open, if they do."""
    found = _OPEN.search(before)
    if not found or (found["side"].lower() == "since" and _SUPERLATIVE.search(before)):
        return None
    return found["side"].lower()


def _edge(side: str, named: list[date]) -> date:
    """The first or the last day of what is open on one side of the named days."""
    if side == "since":
        return named[0]
    return named[-1] + timedelta(1) if side == "after" else named[0] - timedelta(1)


def without_dates(question: str) -> str:
    """The question without the dates it names: "Who was mayor in 2017?" → "Who was mayor?"."""
    question = _BETWEEN.sub(" ", _RANGE.sub(r"\1 to \2", question))
    question = re.sub(rf"{_LEADING}{_DECADE.pattern}", " ", question, flags=re.I)
    for form in _FORMS:
        question = re.sub(rf"{_LEADING}{form.pattern}", " ", question, flags=re.I)
    question = re.sub(r"\s+([?.!,])", r"\1", " ".join(question.split()))
    return question.lstrip(" ,")


def _days(year: str, month: str | None = None, day: str | None = None) -> list[date]:
    """The first and the last day of a year, month or day; none if there is no such day."""
    try:
        if month is None:
            return list(days_of_year(int(year)))
        number = int(month) if month.isdigit() else _MONTHS[month.lower()]
        if day is None:
            return list(days_of_month(int(year), number))
        return [date(int(year), number, int(day))]
    except ValueError:
        return []


def days_of_year(year: int) -> Period:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def days_of_month(year: int, month: int) -> Period:
    """The first and the last day of a month; raises ValueError if there is no such month."""
    last = calendar.monthrange(year, month)[1]
    return date(year, month, 1), date(year, month, last)


def is_of(hit: Hit, period: Period) -> bool:
    """Whether the article was published in that period."""
    first, last = period
    return hit.article.published is not None and first <= hit.article.published <= last


def speaks_of(hit: Hit, period: Period) -> bool:
    """Whether the article is of that period, or the passage names a year of it."""
    years = range(max(1900, period[0].year), min(2099, period[1].year) + 1)
    return is_of(hit, period) or any(str(year) in hit.passage.text for year in years)


def in_words(period: Period) -> str:
    """The period as a reader would say it: "2017", "August 2024", "2015 to 2017", "since 2016"."""
    first, last = period
    if last == LATEST:
        return f"since {_begin(first)}"
    if first == EARLIEST:
        return f"before {_begin(last + timedelta(1))}"
    if (first, last) == (
        date(first.year // 10 * 10, 1, 1),
        date(first.year // 10 * 10 + 9, 12, 31),
    ):
        return f"the {first.year}s"
    if first == last:
        return f"{first:%B} {first.day}, {first.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%B} {first.year}"
    if first.year == last.year:
        return str(first.year)
    return f"{first.year} to {last.year}"


def _begin(day: date) -> str:
    """A day by the year that it begins, or else as a day."""
    return str(day.year) if (day.month, day.day) == (1, 1) else in_words((day, day))
