"""Where sentences begin and end."""

import re

import sentencex

_WORD = re.compile(r"\S+")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Characters (start, end) of each sentence, in order, without the white space around it.

    Together the spans cover every character of the text that is not white space.
    """
    spans = []
    for boundary in sentencex.get_sentence_boundaries("en", text):
        start, end = stripped(text, boundary["start_index"], boundary["end_index"])
        if start < end:
            spans.append((start, end))
    return spans


def word_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Characters (start, end) of each run of non-space characters between start and end."""
    return [match.span() for match in _WORD.finditer(text, start, end)]


def stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the white space at its ends."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    return start, max(start, start + len(inner.strip()))
