"""Who says something: the words before a verb of saying that name somebody."""

import re

from pullquote.qa.attribution.people import NAMES, names_nobody
from pullquote.qa.attribution.words import (
    ALONE,
    DETERMINER,
    FINITE,
    JOINS,
    NOBODY,
    OPENERS,
    PREPOSITION,
    PRONOUN,
    TRAILING_ADVERBS,
)

_NAME_AT_END = re.compile(rf"(?<![\w’'-])(?P<name>{NAMES})$")
# "Bo Stern, the chief," before "said".
APPOSED = re.compile(
    r"(?:^|[,;:—–”\"\x01][’'»›」“]? ?|^(?:And|But|While|As) )"
    r"(?!However|Meanwhile|Still,|Then,|Instead)"
    rf"(?P<name>(?:[a-z][\w’'-]+ ){{0,4}}{NAMES}|"
    r"(?:The|the|An?|an?|One|one|His|her|Her|his|Another|another) [\w’' -]{1,50})"
    r"(?P<rest>(?:, [^,;:“”\"\x01]{1,110}){1,4}),$"
)
_RELATIVE = re.compile(rf"(?P<name>(?:[a-z][\w’'-]+ ){{0,3}}{NAMES}),? who$")


def subject_of(before: str) -> tuple[int, int] | None:
    """Who says it: the words before the verb that name somebody; None if there are none."""
    before = before.rstrip()
    if apposed := APPOSED.search(before):
        whole = apposed.span("name")
        if _named(before[slice(*whole)]):
            return whole[0], len(before) - 1
    if adverbs := TRAILING_ADVERBS.search(before[-60:]):
        before = before[: len(before) - (len(adverbs.group()))]
    if relative := _RELATIVE.search(before):
        return relative.span("name")
    before = before.rstrip(" ")
    if before.endswith(",") and (apposed := APPOSED.search(before)):
        return apposed.start("name"), len(before) - 1
    start = max(before.rfind(mark) for mark in ',;:–—()“”"\x01') + 1
    segment = before[start:]
    start += len(segment) - len(segment.lstrip(" \t\xa0’'»›」“"))
    opener = OPENERS.match(before[start:])
    if opener:
        if re.search(r"\b(?:what|how|why)\b", opener.group(), re.I):
            return None  # "asked what he thought"
        start += opener.end()
    words = before[start:]
    if _named(words):
        return start, len(before)
    if pronoun := re.search(r"(?<![\w’'-])(?:he|she|they)$", words):
        return start + pronoun.start(), len(before)
    # "a scenario the Chamber of Commerce", "two months after Johnson"
    if name := _NAME_AT_END.search(words):
        at = name.start("name")
        if names_nobody(name["name"]):
            return None
        if words[:at].endswith("the "):
            at -= 4
        return start + at, len(before)
    return None


def _named(words: str) -> bool:
    """Whether these words can be who says it: a pronoun, a name, or "officials at the agency"."""
    if not words or words.lower() in NOBODY or len(words) > 130 or len(words.split()) > 14:
        return False
    if PRONOUN.match(words):
        return True
    if names_nobody(words) or words.endswith((" who", " that", " which", " and", " but", " then")):
        return False
    if FINITE.search(words):
        return False
    head = PREPOSITION.split(words)[0]
    if ALONE.match(words) or DETERMINER.match(words):
        return True
    last = head.split()[-1]
    if words[0].isupper():
        first = words.split()[0]
        if names_nobody(first):
            return False
        short = len(words.split()) <= 4 and not first.endswith(("ly", "ing"))
        return short or last[0].isupper() or last.endswith("s") or " and " in words
    if name := _NAME_AT_END.search(words):
        lead = words[: name.start()].split()
        return len(lead) <= 4 and not JOINS.search(words[: name.start()])
    return last.endswith("s") and len(head.split()) <= 3
