"""Where a quote begins and ends: whole words, whole sentences; and which words it says."""

import calendar
import re
import unicodedata

from pullquote.index.sentences import sentence_spans

_PAIRS = {"“": "”", '"': '"', "‘": "’", "'": "'", "(": ")", "[": "]", "«": "»"}
_ARTICLES = {"a", "an", "the"}
_TRAILING = ",;:.!?…"
_DOTTED = re.compile(r"(?:^|[^\w.]|\d)[^\W\d_]{1,2}(?:\.[^\W\d_]{1,2})+$")  # "p.m", "U.S"

_COUNT = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    r"hundred|thousand|million|billion|trillion|dozen"
)
_NUMBER = re.compile(rf"(?:\d|\b(?:{_COUNT}))\Z", re.I)
_UNIT = re.compile(
    r"\s?%|\s?(?:[ap]\.m\.|[ap]m\b)|[ -](?:percent|per cent|percentage points?|hundred|thousand|"
    r"million|billion|trillion|dozen|dollars?|cents?|euros?|pounds?|seconds?|minutes?|hours?|days?|"
    r"weeks?|months?|years?|decades?|times|inch(?:es)?|foot|feet|yards?|miles?|acres?|meters?|"
    r"metres?|kilometers?|kilometres?|tons?|tonnes?|degrees?)\b(?!-\w)",
    re.I,
)
_CURRENCY = "$€£¥"
_TO = re.compile(r"[ \t]*(?:to|until|till|through|–|—|-)[ \t]*", re.I)
_NEXT = re.compile(  # what stands between two items of an enumeration
    r"(?: ?\([^()\n]{1,20}\))?(?:, ?(?:(?:and|or) )?| (?:and|or|as well as) )(?:(?:the|an?) )?",
    re.I,
)
_POINT = re.compile(  # of a range: a number, a weekday, a month
    rf"\d|\b(?:{_COUNT}|{'|'.join((*calendar.day_name, *calendar.month_name[1:]))})\b", re.I
)


def whole_words(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without loose punctuation at its ends and never cut inside a word; None if empty."""
    while start > 0 and start < end and _joined(text[start - 1], text[start]):
        start -= 1
    while end < len(text) and end > start and _joined(text[end - 1], text[end]):
        end += 1
    changed = True
    while changed and start < end:
        changed = False
        while start < end and (text[start].isspace() or text[start] in ",;:"):
            start, changed = start + 1, True
        while start < end and text[end - 1].isspace():
            end, changed = end - 1, True
        if start < end and text[end - 1] in _TRAILING and not _abbreviates(text, start, end):
            end, changed = end - 1, True
        for left, right in _PAIRS.items():
            inside = text[start:end]
            if len(inside) > 1 and inside[0] == left and inside[-1] == right:
                # "A" and "B" opens and closes twice; only a pair around the whole is loose.
                if left not in inside[1:-1] and right not in inside[1:-1]:
                    start, end, changed = start + 1, end - 1, True
            elif inside.startswith(left) and inside.count(left) > inside.count(right):
                start, changed = start + 1, True
            elif (
                left != right
                and inside.endswith(right)
                and inside.count(right) > inside.count(left)
            ):
                end, changed = end - 1, True
    return (start, end) if start < end else None


def with_unit(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the unit of the number that it ends in: "75 to 80" → "75 to 80 percent"."""
    while _NUMBER.search(text, start, end) and (unit := _UNIT.match(text, end)):
        following = text[unit.end() : unit.end() + 1]
        if following and _joined(unit[0][-1], following):  # a combining mark, for regexes no letter
            break
        end = unit.end()
    if text[start].isdigit() and start and text[start - 1] in _CURRENCY:
        start -= 1
    return start, end


def makes_range(text: str, first: tuple[int, int], last: tuple[int, int]) -> bool:
    """Whether two spans of the text are the ends of one range: "4 p.m. until 8 p.m."."""
    return (
        first[1] < last[0]
        and _TO.fullmatch(text, first[1], last[0]) is not None
        and all(_POINT.search(text, *span) for span in (first, last))
    )


def makes_list(text: str, first: tuple[int, int], last: tuple[int, int]) -> bool:
    """Whether two spans of the text are neighbours in one enumeration: "the DEA, the FBI"."""
    return first[1] < last[0] and _NEXT.fullmatch(text, first[1], last[0]) is not None


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Characters of the whole sentence, or sentences, that hold the span."""
    holding = [(a, b) for a, b in sentence_spans(text) if a < end and start < b]
    if not holding:
        return start, end
    return min(start, holding[0][0]), max(end, holding[-1][1])


def words_of(text: str) -> list[str]:
    """The words by which texts are compared: in lower case, without articles."""
    return [word for word in re.findall(r"\w+", text.lower()) if word not in _ARTICLES]


def _joined(left: str, right: str) -> bool:
    return _in_word(left) and _in_word(right)


def _in_word(character: str) -> bool:
    # Combining marks and joiners belong to the letter before them.
    return character.isalnum() or unicodedata.category(character) in ("Mn", "Mc", "Cf", "Pc")


def _abbreviates(text: str, start: int, end: int) -> bool:
    """Whether the span's last full stop is part of a word, as in "p.m." or "U.S."."""
    if text[end - 1] != ".":
        return False
    word = text[start : end - 1].split()[-1:] or [""]
    return bool(_DOTTED.search(word[0])) or (len(word[0]) == 1 and word[0].isupper())
