"""Where direct quotations begin and end: in any quote marks, closed or not."""

import re
from dataclasses import dataclass

_PARAGRAPH = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_CLOSES = {"“": '”"', '"': '"”', "„": '“”"', "«": "»", "‹": "›", "「": "」", "‘": "’", "'": "'"}
_SINGLE = "‘'"
_MARKS = re.compile(f"[{''.join(_CLOSES)}”’»›」]")
_WORD = re.compile(r"\w+(?:[’'.,-]\w+)*")
_ELISION = re.compile(r"['‘](?:\d0s|em|til|tis|twas|cause)\b", re.I)
LONGEST = 600  # characters of a quotation in single marks
FEWEST = 4  # words; fewer in quote marks are a word set apart, unless somebody is said to say them


@dataclass(frozen=True, slots=True)
class Quotation:
    """What stands between quote marks: `text[start:end]`, the marks outside.

    `open` where its paragraph ends before it does, as when it goes on in the next paragraph.
    """

    start: int
    end: int
    open: bool = False


def paragraph_spans(text: str) -> list[tuple[int, int]]:
    """Characters (start, end) of each line that is not empty."""
    spans = []
    for match in _PARAGRAPH.finditer(text):
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        if end := len(line.strip()):
            spans.append((start, start + end))
    return spans


def quotations_in(text: str, start: int, end: int) -> list[Quotation]:
    """The quotations of one paragraph, in order; one inside another is part of the outer one."""
    found: list[Quotation] = []
    opened, closing = -1, ""
    searched = start  # no single mark closes before
    for match in _MARKS.finditer(text, start, end):
        at, mark = match.start(), match.group()
        if opened >= 0:
            if mark in closing and _may_close(text, at, end, mark):
                found.append(Quotation(opened, at))
                opened = -1
        elif mark in _CLOSES and _may_open(text, start, at, end):
            opened, closing = at + 1, _CLOSES[mark]
            if mark in _SINGLE:
                first, last = max(searched, opened), min(end, opened + LONGEST)
                if not _closes(text, first, last, end, closing):
                    opened, searched = -1, max(searched, last)  # an apostrophe
    if opened >= 0 and text[opened:end].strip():
        found.append(Quotation(opened, end, open=True))
    return [each for each in found if text[each.start : each.end].strip()]


def words_in(text: str, start: int, end: int) -> int:
    """How many words stand there."""
    return sum(1 for _ in _WORD.finditer(text, start, end))


def _may_open(text: str, start: int, at: int, end: int) -> bool:
    before, after = text[at - 1] if at > start else " ", text[at + 1] if at + 1 < end else " "
    if text[at] in _SINGLE and _ELISION.match(text, at):
        return False
    # 6'2" is a height.
    return not after.isspace() and not before.isalnum()


def _may_close(text: str, at: int, end: int, mark: str) -> bool:
    if mark not in "’'":
        return True
    after = text[at + 1] if at + 1 < end else " "
    return not after.isalnum() and not text[at - 1].isspace()


def _closes(text: str, first: int, last: int, end: int, closing: str) -> bool:
    """Whether one of the closing marks between the first and the last place can close."""
    return any(
        match.group() in closing and _may_close(text, match.start(), end, match.group())
        for match in _MARKS.finditer(text, first, last)
    )
