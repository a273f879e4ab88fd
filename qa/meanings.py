"""What one time expression means on a given day, or None where it could be read in two ways.

Each function gets the match of its form in times.py, the day of the article, and the tense of the
verb beside it.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from pullquote.qa.tense import FUTURE, PAST

DAYS = {name: n for n, name in enumerate(calendar.day_name)}
_MONTHS = {name: n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {"Jan.": 1, "Feb.": 2, "Aug.": 8, "Sept.": 9, "Oct.": 10, "Nov.": 11, "Dec.": 12}
_NAMES = {"April", "May", "June", "August"}  # of people as well
_OWN_NAMES = {(1, 6), (9, 11), (10, 7)}  # days that stand for what happened on one of them
COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
COUNTS |= {"a": 1, "one": 1, "ten": 10}
_MOST = {"year": 10, "month": 11, "week": 8, "day": 14}  # beyond, "ago" is a round number
_AHEAD = {"this": 0, "last": -1, "next": 1}
SEASONS = {"winter": 12, "spring": 3, "summer": 6, "fall": 9, "autumn": 9}  # the season's month


@dataclass(frozen=True, slots=True)
class Found:
    """A match of one form, the day of its article, and the tense that it stands in."""

    match: re.Match[str]
    day: date
    when: int | None

    def low(self, group: str) -> str:
        """What a group of the form matched, in small letters; empty where it matched nothing."""
        return " ".join((self.match[group] or "").lower().split())


Sense = Callable[[Found], str | None]


def explicit(_: Found) -> str | None:
    """A date with its year, or what recurs, needs no explanation."""
    return None


def year(found: Found) -> str | None:
    """The year of the article, or the one beside it."""
    year = found.day.year + _AHEAD[found.low("which")]
    if found.match["part"]:
        return f"{year}, up to {_day_name(found.day, with_year=False)}"
    return str(year)


def same_point(found: Found) -> str | None:
    """A year before the article, give or take some days."""
    at = min(found.day.day, calendar.monthrange(found.day.year - 1, found.day.month)[1])
    return f"about {_day_name(date(found.day.year - 1, found.day.month, at))}"


def month_of(found: Found) -> str | None:
    """The month of the article, or one beside it."""
    return _months(found.day, _AHEAD[found.low("which")])


def week(found: Found) -> str | None:
    """A week is named by its Monday; on a Sunday one week ends and another begins."""
    if found.day.weekday() == calendar.SUNDAY:
        return None
    monday = found.day - timedelta(found.day.weekday())
    return f"the week of {_day_name(monday + timedelta(7 * _AHEAD[found.low('which')]))}"


def weekend(found: Found) -> str | None:
    """Which weekend is plain on its days, and else from the verb."""
    which, lead = found.low("which"), found.low("lead")
    saturday = found.day + timedelta(calendar.SATURDAY - found.day.weekday())  # of the same week
    before = saturday - timedelta(7)
    is_now = found.day.weekday() >= calendar.SATURDAY
    begins: date | None = None
    if which == "the" and lead not in ("over", "during"):
        return None
    if which == "last":
        begins = before
    elif which in ("this past", "the past"):
        begins = None if is_now else before
    elif which == "next":
        begins = saturday + timedelta(7) if is_now else None
    elif is_now:
        begins = saturday if which == "this" or found.when else None
    elif found.when == FUTURE:
        begins = saturday
    elif found.when == PAST or (lead in ("from", "over", "during") and found.day.weekday() < 2):
        begins = before
    if begins is None:
        return None
    sunday = begins + timedelta(1)
    if begins.month == sunday.month:
        return f"{begins:%B} {begins.day}–{sunday.day}, {begins.year}"
    return f"{_day_name(begins, with_year=begins.year != sunday.year)} – {_day_name(sunday)}"


def season(found: Found) -> str | None:
    """The season meant: in October "last summer" is this year's or last year's, and has none."""
    name, which = found.low("season"), found.low("which")
    first = SEASONS[name]
    # The year in which the season of this calendar year begins; January is in last year's winter.
    year = found.day.year - 1 if name == "winter" and found.day.month <= 2 else found.day.year
    is_now = (found.day.month - first) % 12 <= 2
    is_over = not is_now and found.day.month > first
    if which == "last":
        year -= 1
        # The winter of last year is over in March, and is "this" or "last".
        if is_over or (name == "winter" and 3 <= found.day.month <= 5):
            return None
    elif which == "this past":
        year -= 0 if is_over else 1
        if is_now:
            return None
    elif which == "next":
        year += 1
        if not (is_now or is_over):
            return None
    elif not is_now and (
        found.day.month <= 2 or name == "winter" or (found.day.month >= 11 and first < 9)
    ):
        return None  # the one to come or the one before
    return f"{name} {year}–{(year + 1) % 100:02}" if name == "winter" else f"{name} {year}"


def named_month(found: Found) -> str | None:
    """The nearest such month, in the past or the future as the verb says."""
    number, which, lead = _MONTHS[found.match["month"]], found.low("which"), found.low("lead")
    year: int | None
    if which == "last":  # in October, "last March" is this year's or last year's
        year = None if number < found.day.month else found.day.year - 1
    elif which == "next":
        year = None if number > found.day.month else found.day.year + 1
    elif which == "this past":
        year = None if number == found.day.month else found.day.year - (number > found.day.month)
    elif which == "this":
        year = None if abs(number - found.day.month) > 6 else found.day.year
    elif not lead or (found.match["month"] in _NAMES and lead in ("by", "after", "before", "from")):
        year = None
    else:
        year = _year_of(
            (number,), (found.day.month,), found.day.year, PAST if lead == "since" else found.when
        )
    return f"{calendar.month_name[number]} {year}" if year else None


def day_of_month(found: Found) -> str | None:
    """The nearest such day, in the past or the future as the verb says."""
    number, at = _MONTHS[found.match["month"]], int(found.match["at"])
    if (number, at) in _OWN_NAMES:
        return None
    year = _year_of((number, at), (found.day.month, found.day.day), found.day.year, found.when)
    if year is None or not 1 <= at <= calendar.monthrange(year, number)[1]:
        return None
    return _day_name(date(year, number, at))


def weekday(found: Found) -> str | None:
    """By the usual convention within seven days; the day itself is written by its name as well."""
    wanted = DAYS[found.match["day"]]
    which = found.low("which")
    back, ahead = (found.day.weekday() - wanted) % 7, (wanted - found.day.weekday()) % 7
    if which == "last":  # on a Friday, Thursday of this week or of the week before
        return _of_days(found.day, -(back or 7)) if wanted >= found.day.weekday() else None
    if which == "next":
        return _of_days(found.day, ahead or 7) if wanted <= found.day.weekday() else None
    if which == "this past":
        return _of_days(found.day, -back) if back else None
    if which == "this" and found.when is None:
        return None
    if found.when == PAST:
        return _of_days(found.day, -back)
    return _of_days(found.day, ahead) if found.when == FUTURE else None


def near(found: Found) -> str | None:
    """Today and the days beside it."""
    word = found.low("shown")
    if word == "today":  # or "nowadays", unless something happens on it
        return _of_days(found.day, 0) if found.when else None
    back = word.startswith("yesterday") or word == "last night"
    return _of_days(found.day, -1 if back else int(word.startswith("tomorrow")))


def ago(found: Found) -> str | None:
    """So many years, months, weeks or days before the article."""
    count, unit = found.low("count"), found.low("unit")
    number = int(count) if count.isdecimal() else COUNTS[count]
    if not 0 < number <= _MOST[unit] or found.match["about"]:
        return None
    if unit == "year":
        return str(found.day.year - number)
    if unit == "month":
        return _months(found.day, -number)
    if unit == "week":
        monday = found.day - timedelta(found.day.weekday() + 7 * number)
        return (
            None if found.day.weekday() == calendar.SUNDAY else f"the week of {_day_name(monday)}"
        )
    return _of_days(found.day, -number)


def _year_of(
    wanted: tuple[int, ...], now: tuple[int, ...], year: int, when: int | None
) -> int | None:
    """The year of the nearest such month or day before or after now, both inclusive."""
    if when == PAST:
        return year - (wanted > now)
    return year + (wanted < now) if when == FUTURE else None


def _months(day: date, ahead: int) -> str:
    year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
    return f"{calendar.month_name[month + 1]} {year}"


def _of_days(day: date, ahead: int) -> str:
    return _day_name(day + timedelta(ahead))


def _day_name(day: date, with_year: bool = True) -> str:
    return f"{day:%B} {day.day}" + (f", {day.year}" if with_year else "")
