"""Questions that only make sense after the one before."""

import re
from collections import Counter
from collections.abc import Sequence

from pullquote.index.generation import LONGEST_QUESTION
from pullquote.qa.dates import period_of, without_dates
from pullquote.qa.terms import EMPTY, SHORT_ANSWER, WORD, terms_left_out
from pullquote.qa.types import Message

_REFERS = re.compile(
    r"\b(he|him|his|she|her|hers|they|them|their|theirs|it|its|this|that|these|those|there|then|"
    r"ones?|the same)\b",
    re.I,
)
_PERSONAL = re.compile(r"\b(he|him|his|she|her|hers|they|them|their|theirs|its)\b", re.I)
# "her" is "whose" before a noun: "her help", but not "asked her to help".
_PERSON = re.compile(
    r"\b(?:(?P<whose>his|her(?= (?!to\b|for\b|about\b|in\b|on\b|at\b|with\b|and\b|or\b|if\b|when\b"
    r"|that\b|by\b|from\b|the\b|a\b)\w))|he|she|him|her)\b",
    re.I,
)
_CONTINUES = re.compile(
    r"^\s*(and|but|or|so|also|what about|how about|what else|who else|"
    r"(?:sorry,? |no,? )?i mean[ts]?)\b",
    re.I,
)
_LEAD = re.compile(r"^(?:and|but|or|so|also|what about|how about)\s+", re.I)
NAME = 4  # words at most
SHORT = 2  # content words: with fewer, a question leans on the one before


def stands_alone(question: str) -> bool:
    """Whether the question makes sense without the one before it."""
    if _CONTINUES.search(question):
        return False
    names = _named_inside(question)
    if _REFERS.search(question):
        # A pronoun mostly refers to a name before it: "Did Daly say that her office …", but
        # not in "Did he work with Daly?".
        personal = _PERSONAL.search(question)
        return bool(names) and (personal is None or names[0].start() < personal.start())
    return len(_words_of_content(question)) >= SHORT or bool(names)


def understood(question: str, turns: Sequence[Message]) -> str:
    """The question as it is after these turns, oldest first: itself, where it stands alone.

    Each turn is understood with the one before it, so that "And the chief?" hands on the city
    that an earlier question named. A turn that has a name of its own, and stands alone, hands on
    nothing from before.

    Raises ModelError if the weights that terms are chosen with cannot be read.
    """
    return question if stands_alone(question) else _after(question, turns)


def _after(question: str, turns: Sequence[Message]) -> str:
    """The question with all that the turns hand on to it."""
    if not turns or _begins_anew(question):
        return question
    return with_context(question, turns[-1], turns[:-1])


def leaned_on(turns: Sequence[Message]) -> Sequence[Message]:
    """The turns from the last one on that begins anew, which is where a subject changes."""
    begins = (at for at in reversed(range(len(turns))) if _begins_anew(turns[at].question))
    return turns[next(begins, 0) :]


def _begins_anew(question: str) -> bool:
    return bool(_named_inside(question)) and stands_alone(question)


def with_context(question: str, last: Message, before: Sequence[Message] = ()) -> str:
    """A question that does not stand alone, with terms of the last turn and those before behind it.

    The terms are the likeliest; but for a question that is no more than "Why?", they are all of
    the last question's words of content and, where there is a pronoun, a short last answer. They
    are as many as a question may be long. A name that was answered stands in the place of "he" or
    "her". A question that is only another time is the last one asked of that time: "And in 2015?".
    """
    asked = _after(last.question, before)
    if period_of(question) and not _words_of_content(without_dates(question)):
        of_another_time = f"{without_dates(asked).rstrip(' ?')} {_without_lead(question)}"
        if without_dates(asked) and len(of_another_time) <= LONGEST_QUESTION:
            return of_another_time
    answer = (last.answer and last.answer.text) or ""
    meant = _with_name(question, answer)
    timeless = asked if period_of(question) else without_dates(asked)
    if _words_of_content(meant):
        terms = terms_left_out(question, leaned_on([*before, last]))
    else:
        terms = [re.sub(r"['’]s$", "", word) for word in _words_of_content(timeless)]
        if _REFERS.search(question) and len(WORD.findall(answer)) <= SHORT_ANSWER:
            terms += _words_of_content(answer)
    own = {word.lower() for word in WORD.findall(meant)}
    bare = f"{meant.rstrip(' ?')} {_dates_of(asked, timeless)}".rstrip()
    bare = bare if len(bare) < LONGEST_QUESTION else meant.rstrip(" ?")
    added = " ".join(dict.fromkeys(term for term in terms if term.lower() not in own))
    added = added[: max(0, LONGEST_QUESTION - len(bare) - len(" ()?"))]
    if bare == meant.rstrip(" ?") and not added:
        return meant
    return f"{bare} ({added})?" if added else f"{bare}?"


def _dates_of(question: str, timeless: str) -> str:
    """The words of a question that it lost with its dates: "in January 2017"."""
    left = Counter(timeless.rstrip(" ?").split())
    words = []
    for word in question.rstrip(" ?").split():
        if left[word]:
            left[word] -= 1
        else:
            words.append(word)
    return " ".join(words)


def _with_name(question: str, name: str) -> str:
    """The question with a name in place of its first "he" or "her", where it is a short name."""
    words = WORD.findall(name)
    if not 0 < len(words) <= NAME or not all(word[0].isupper() for word in words):
        return question
    named = _PERSON.sub(
        lambda found: " ".join(words) + ("'s" if found["whose"] else ""), question, count=1
    )
    return named if len(named) <= LONGEST_QUESTION else question


def _named_inside(question: str) -> list[re.Match[str]]:
    """The names in a question; its first word is capital anyway."""
    words = (match for match in WORD.finditer(question) if match.start() > 0)
    return [match for match in words if match[0][0].isupper() and match[0].lower() not in EMPTY]


def _words_of_content(text: str) -> list[str]:
    return [word for word in WORD.findall(text) if word.lower() not in EMPTY]


def _without_lead(question: str) -> str:
    """The question without its "And": "And in 2015?" → "in 2015?"."""
    return _LEAD.sub("", question.strip())
