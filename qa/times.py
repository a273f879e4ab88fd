"""What the times in a sentence mean, by the date of its article: "last fall" is fall 2016.

The meaning is for beside a quote, never inside it. What could be read in two ways has none: a
reader who is told nothing looks at the date, one who is told something wrong does not.
"""

import calendar
import re
from datetime import date

from pullquote.qa import meanings
from pullquote.qa.meanings import COUNTS, DAYS, SEASONS, Found, Sense
from pullquote.qa.tense import tense
from pullquote.qa.types import TimeNote

FIRST_YEAR, LAST_YEAR = 1000, 9000  # outside of them a date is a mistake

_DAY = rf"(?P<day>{'|'.join(DAYS)})\b"
_MONTH = rf"(?P<month>(?:{'|'.join(calendar.month_name[1:])})\b|(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.)"
_SEASON = rf"(?P<season>(?i:{'|'.join(SEASONS)}))"
_WHICH = r"(?P<which>(?i:this past|this|last|next))"
_CALENDAR = r"(?P<which>(?i:this|last|next))"
# "the last year", "his last year" and "last year of school" are no calendar years.
_WHOSE = ("the", "his", "her", "their", "its", "my", "our", "your", "a", "'s", "’s")
_OWN = "".join(rf"(?<!{word}\s)" for word in _WHOSE)
_NO_NAME = r"(?! \d| [A-Z]|[\s-]to[\s-]|[–-])"
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_OTHER_YEAR = re.compile(
    r"\W*(?:Back )?(?:[Ii]n|By|On|During)\b[^.;]{0,20}?\b(?P<year>(?:19|20)\d\d),"
)


def _form(pattern: str) -> re.Pattern[str]:
    """Compiled so that a space is any white space; what is shown is all of it, if nothing else."""
    if "(?P<shown>" not in pattern:
        pattern = f"(?P<shown>{pattern})"
    return re.compile(pattern.replace(" ", r"\s+"))


def _plain(pattern: str) -> str:
    """The pattern without its names, so that it may stand twice in another."""
    return re.sub(r"\?P<\w+>", "?:", pattern)


# What is tried first is nothing for the forms after it. The last column is whether the form holds
# inside quotation marks.
_FORMS: list[tuple[re.Pattern[str], Sense, bool]] = [
    # Dates with their year, and days and months that recur or are counted from something else.
    (_form(rf"\b{_plain(_MONTH)}(?: \d{{1,2}}(?:st|nd|rd|th)?)?,?(?: of)? \d{{4}}\b"),
     meanings.explicit, True),
    (_form(rf"\b(?i:every|each|any|other|previous|following|first|second|third|fourth|final|"
           rf"good|black|ash|super|palm|easter|cyber|giving|holy|week from|a) {_plain(_DAY)}"),
     meanings.explicit, True),
    (_form(rf"\b{_plain(_DAY)} (?:of|in|before last|after next|(?i:school|service|mass|times))\b"),
     meanings.explicit, True),
    (_form(rf"\b{_plain(_DAY)}(?: and|,)? (?:(?i:through|to|until|or|–|-) |(?={_plain(_MONTH)} \d))"
           rf"(?:{_plain(_DAY)})?"),
     meanings.explicit, True),
    # The year.
    (_form(r"\b(?i:(?:(?:at|by) )?(?:this|the same) (?:point|time|date|stage) "
           r"(?:last year|a year ago)|last year at this (?:time|point|stage))\b"),
     meanings.same_point, True),
    (_form(rf"{_OWN}\b(?:(?P<part>(?i:so far)) )?{_CALENDAR} (?i:year)\b(?! of\b|-)"),
     meanings.year, True),
    (_form(rf"{_OWN}\b{_WHICH} {_SEASON}\b(?! of\b|-| [A-Z])"), meanings.season, True),
    # Months.
    (_form(rf"{_OWN}\b{_CALENDAR} (?i:month)\b(?! of\b|-)"), meanings.month_of, False),
    (_form(rf"\b{_MONTH} (?P<at>[1-3]?\d)(?:st|nd|rd|th)?\b(?!,? \d|[–-]|\.\d| (?:to|and) \d)"),
     meanings.day_of_month, True),
    (_form(r"\b(?:(?P<lead>(?i:in|since|until|till|by|during|through|before|after|from|early|"
           r"late|mid))[\s-](?:(?i:early|late|mid)[\s-])?)?"
           rf"(?P<shown>(?:{_WHICH} )?{_MONTH}){_NO_NAME}"),
     meanings.named_month, True),
    # Weeks and days.
    (_form(r"\b(?:(?P<lead>(?i:from|over|during|on|for)) )?"
           r"(?P<shown>(?P<which>(?i:this past|the past|this|last|next|the)) (?i:weekend))\b"
           r"(?! of\b|-)"),
     meanings.weekend, False),
    (_form(rf"{_OWN}\b{_CALENDAR} (?i:week)\b(?! of\b|-)"), meanings.week, False),
    (_form(rf"\b(?:{_WHICH} )?{_DAY}(?! [A-Z]|-)"), meanings.weekday, False),
    (_form(r"\b(?i:(?:yesterday|tomorrow)(?: (?:morning|afternoon|evening|night))?|tonight|"
           r"(?<!USA\s)today|this (?:morning|afternoon|evening)|last night)\b"),
     meanings.near, False),
    *(
        (_form(r"(?<![\d.,–-])(?<!\bor\s)(?<!\bto\s)\b(?P<about>(?i:about|nearly|almost|over|around|"
               r"some|roughly|(?:more|less|fewer) than|at least|up to|just) )?"
               rf"(?P<shown>(?P<count>\d{{1,2}}|(?i:{'|'.join(COUNTS)})) (?P<unit>(?i:{unit}))s? "
               r"(?i:ago))\b"),
         meanings.ago, in_speech)
        for unit, in_speech in (("year|month", True), ("week|day", False))
    ),
]  # fmt: skip


def times_in(sentence: str, published: date | None) -> tuple[TimeNote, ...]:
    """The times of a sentence that are plain from the date of its article, in their order.

    Empty without a date. `sentence[note.start:note.end] == note.text` for each.
    """
    if published is None or not FIRST_YEAR < published.year < LAST_YEAR:
        return ()
    if (opening := _OTHER_YEAR.match(sentence)) and opening["year"] != str(published.year):
        return ()  # told from another year on, whose "next year" is not ours
    spoken = _quoted(sentence)
    dated_speech = spoken and _YEAR.search("".join(_without(sentence, spoken)))
    notes = []
    left = sentence
    for form, sense, in_speech in _FORMS:
        for match in form.finditer(left):
            start, end = match.span("shown")
            # Who was quoted spoke on some day before: "today" was that day.
            quoted = any(a <= start < b for a, b in spoken)
            if quoted and (dated_speech or not in_speech):
                continue
            if meaning := sense(Found(match, published, tense(sentence, *match.span()))):
                notes.append(TimeNote(start, end, sentence[start:end], meaning))
        # What one form has read, with or without a meaning, is nothing for the next.
        left = form.sub(lambda match: "~" * len(match.group()), left)
    return tuple(sorted(notes, key=lambda note: note.start))


def _quoted(sentence: str) -> list[tuple[int, int]]:
    """What stands in quotation marks; a mark without its other half reaches to the end."""
    ranges, begin = [], None
    for at, sign in enumerate(sentence):
        opens = sign == "“" or (sign == '"' and begin is None)
        closes = sign == "”" or (sign == '"' and not opens)
        if opens:
            begin = at
        elif closes:
            ranges.append((begin or 0, at))
            begin = None
    if begin is not None:
        ranges.append((begin, len(sentence)))
    return ranges


def _without(sentence: str, ranges: list[tuple[int, int]]) -> list[str]:
    return [c for at, c in enumerate(sentence) if not any(a <= at <= b for a, b in ranges)]
