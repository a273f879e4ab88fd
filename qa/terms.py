"""The terms of earlier turns that a question leaves out, chosen by learned weights."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from pullquote.index.errors import ModelError
from pullquote.qa.checkpoint import WEIGHTS
from pullquote.qa.dates import without_dates
from pullquote.qa.types import Message

WORD = re.compile(r"[^\W_][\w'’.-]*[^\W_]|[^\W_]")
_EMPTY_WORDS = """
    a about after an and are as at be been before but by can did do does else for from had has have
    he her him his how i in is it its many me much my of on or said say she so tell that the their
    there they this to was were what when where which who whom whose why will with would
"""
EMPTY = frozenset(_EMPTY_WORDS.split())
_NEVER_WORDS = """
    also any being besides can't could didn't doesn't doing don't done during having hers i i'd i'll
    i'm i've if into just like more most no not oh ok okay one ones other our out over should some
    such than thank thanks them then these those too up us very we yes you your
"""
_NEVER = EMPTY | frozenset(_NEVER_WORDS.split())
# The first that fits says how a question leans on what was said.
_KINDS = {
    "he": re.compile(r"\b(?:he|him|his|she|hers?|himself|herself)\b", re.I),
    "they": re.compile(r"\b(?:they|them|theirs?)\b", re.I),
    "it": re.compile(r"\b(?:it|its)\b", re.I),
    "this": re.compile(r"\b(?:this|that|these|those|ones?|the same|there|then)\b", re.I),
    "and": re.compile(r"^\s*(?:and|but|or|so|also|what about|how about)\b", re.I),
}
_POSSESSIVE = re.compile(r"['’]s?$")
_OPENS = ("", *'.?!:"“')  # what stands before the first word of a sentence
_VERBAL = ("ing", "ed", "ly")
WEIGHTS_FILE = "terms.json"
SHORT_ANSWER = 8  # words; a longer answer is a sentence
READ = 200  # words of a question or an answer; what stands behind them is not looked at
SHARE = 0.4  # of the likeliest term's probability, which the others must have as well
HARDLY = 0.05  # less likely than this, none is taken over


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a turn says a word."""

    word: str
    age: int  # 0 in the last turn, 1 in the one before
    opening: bool  # in the first question
    asked: bool  # in a question, else in an answer
    place: int  # 0 is the first word
    words: int  # of the whole question or answer
    starts: bool  # a sentence, where every word has a capital letter
    beside_name: bool
    beside_own: bool  # beside a word that the question has too
    among_names: bool  # the same question or answer names something


def terms_left_out(
    question: str, turns: Sequence[Message], weights: Mapping[str, float] | None = None
) -> list[str]:
    """The words of the turns, oldest first, that the question most likely means but leaves out.

    Raises ModelError if the weights that are shipped, which None stands for, cannot be read.
    """
    weights = shipped_weights() if weights is None else weights
    likely = {}
    for mentions in mentions_of(question, turns).values():
        found = features(question, turns, mentions)
        total = sum(weights.get(name, 0.0) * value for name, value in found.items())
        likely[_as_shown(mentions)] = 1 / (1 + math.exp(-total))
    bar = max(HARDLY, SHARE * max(likely.values(), default=0.0))
    return [word for word, chance in likely.items() if chance >= bar]


def mentions_of(question: str, turns: Sequence[Message]) -> dict[str, list[Mention]]:
    """Every word of content that the question lacks, with its places in the turns.

    What was answered in a few words is meant by a pronoun or not at all: "And the chief?" does not
    ask about the mayor.
    """
    own = {plain(word) for word in WORD.findall(question)}
    refers = _kind(question) not in ("and", "none")
    found: dict[str, list[Mention]] = {}
    for number, turn in enumerate(turns):
        age = len(turns) - 1 - number
        answer = (turn.answer and turn.answer.text) or ""
        if not refers and len(WORD.findall(answer)) <= SHORT_ANSWER:
            answer = ""
        for asked, text in ((True, without_dates(turn.question)), (False, answer)):
            matches = list(islice(WORD.finditer(text), READ))
            words = [plain(match[0]) for match in matches]
            starts = [text[: match.start()].rstrip()[-1:] in _OPENS for match in matches]
            names = [
                match[0][0].isupper() and not start and word not in _NEVER
                for match, start, word in zip(matches, starts, words, strict=True)
            ]
            for place, (match, word) in enumerate(zip(matches, words, strict=True)):
                if word in own or word in _NEVER:
                    continue
                beside = [at for at in (place - 1, place + 1) if 0 <= at < len(words)]
                mention = Mention(
                    _POSSESSIVE.sub("", match[0]),
                    age,
                    asked and number == 0,
                    asked,
                    place,
                    len(words),
                    starts[place],
                    any(names[at] for at in beside),
                    any(words[at] in own and words[at] not in _NEVER for at in beside),
                    any(names),
                )
                found.setdefault(word, []).append(mention)
    return found


def features(
    question: str, turns: Sequence[Message], mentions: Sequence[Mention]
) -> dict[str, float]:
    """What speaks for a term and against it, by name; 0 where a name is missing."""
    asked = {mention.age for mention in mentions if mention.asked}
    answered = {mention.age for mention in mentions if not mention.asked}
    opening = next((mention for mention in mentions if mention.opening), None)
    replied = next((one for one in mentions if one.age == 0 and not one.asked), None)
    capital = [mention for mention in mentions if mention.word[0].isupper()]
    named = any(not mention.starts for mention in capital)
    own = [word for word in map(plain, WORD.findall(question)) if word not in EMPTY]
    kind = _kind(question)
    found: dict[str, float] = {
        "always": 1,
        "name": named and len(capital) == len(mentions),
        "capital at a sentence's start": not named and len(capital) == len(mentions),
        "verbal": not named and mentions[0].word.endswith(_VERBAL),
        "asked beside names": not named and any(one.asked and one.among_names for one in mentions),
        "mentions": math.log(len(mentions)),
        "beside a name": any(mention.beside_name for mention in mentions),
        "beside a word of the question": any(mention.beside_own for mention in mentions),
        "earlier questions": math.log1p(len(asked - {0})),
        "earlier answers": math.log1p(len(answered - {0})),
        "answer before the last": 1 in answered,
        "words of the question": min(len(own), 8) / 8,
        "few words": len(own) <= 1,
        "abstained": not (turns[-1].answer and turns[-1].answer.text),
        kind: 1,
        f"{kind}: name": named,
        f"{kind}: last question": 0 in asked,
        f"{kind}: last answer": replied is not None,
        f"{kind}: opening": opening is not None,
    }
    if opening:
        found |= {
            "opening: first words": opening.place <= 1,
            "opening: place": opening.place / max(1, opening.words - 1),
            "opening: turns since": (len(turns) - 1) / 5,
            "opening: question names": any(
                word[0].isupper() for word in WORD.findall(question)[1:]
            ),
        }
    if replied:
        found |= {
            "answer: words": min(math.log(replied.words), 5),
            "answer: short": replied.words <= SHORT_ANSWER,
            "answer: few words": len(own) <= 1,
        }
    return {name: float(value) for name, value in found.items() if value}


def plain(word: str) -> str:
    """In lower case, without a possessive ending, and with a straight apostrophe."""
    return _POSSESSIVE.sub("", word).lower().replace("’", "'")


def _kind(question: str) -> str:
    return next((kind for kind, says in _KINDS.items() if says.search(question)), "none")


def _as_shown(mentions: Sequence[Mention]) -> str:
    """The word as it is written where it does not start a sentence, or else at first."""
    return next((mention.word for mention in mentions if not mention.starts), mentions[0].word)


@lru_cache(maxsize=1)
def shipped_weights() -> Mapping[str, float]:
    """What each feature adds to a term's log-odds; raises ModelError."""
    file = WEIGHTS / WEIGHTS_FILE
    try:
        return {name: float(value) for name, value in json.loads(file.read_text("utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{file} cannot be read ({error}); install pullquote again.") from error
