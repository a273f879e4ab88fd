"""Questions that only make sense after the one before."""

import re
from collections.abc import Sequence

from pullquote.index.retriever import LONGEST_QUESTION
from pullquote.qa.types import Message

_REFERS = re.compile(
    r"\b(he|him|his|she|her|hers|they|them|their|theirs|it|its|this|that|these|those|there|then|"
    r"ones?|the same)\b",
    re.I,
)
_CONTINUES = re.compile(r"^\s*(and|but|or|so|also|what about|how about|what else|who else)\b", re.I)
_WORD = re.compile(r"[^\W_][\w'’.-]*[^\W_]|[^\W_]")
_EMPTY_WORDS = """
    a about after an and are as at be been before but by did do does else for from had has have
    he her him his how in is it its many me much of on or said say she so tell that the their
    there they this to was were what when where which who whom whose why will with would
"""
_EMPTY = set(_EMPTY_WORDS.split())
SHORT = 2  # content words: with fewer, a question leans on the one before


def with_context(question: str, history: Sequence[Message]) -> str:
    """The question, with the terms of the last turn behind it if it does not stand alone.

    The terms are words of the last question and of its answer that the question lacks, as many as
    a question may be long.
    """
    if not history or _stands_alone(question):
        return question
    last = history[-1]
    context = f"{last.question} {last.answer.text if last.answer and last.answer.text else ''}"
    own = {word.lower() for word in _WORD.findall(question)}
    terms = dict.fromkeys(
        word for word in _WORD.findall(context) if word.lower() not in own | _EMPTY
    )
    question = question.rstrip(" ?")
    added = " ".join(terms)[: max(0, LONGEST_QUESTION - len(question) - len(" ()?"))]
    return f"{question} ({added})?" if added else question


def _stands_alone(question: str) -> bool:
    if _CONTINUES.search(question):
        return False
    words = [word for word in _WORD.findall(question) if word.lower() not in _EMPTY]
    # A name beside the pronoun mostly is what it refers to: "Did Daly say that her office …"
    names = [word for word in words[1:] if word[0].isupper()]
    if _REFERS.search(question):
        return bool(names)
    return len(words) >= SHORT or bool(names)
