"""The words that say who says something: "Howell said Thursday", "according to police data"."""

import re
from dataclasses import dataclass, replace
from enum import Enum

from pullquote.qa.attribution.people import NAMES
from pullquote.qa.attribution.subjects import APPOSED, subject_of
from pullquote.qa.attribution.words import (
    ADVERBS,
    CLAUSE_VERB,
    DAYS,
    INVERTIBLE,
    MONTHS,
    NOBODY,
    PLURAL,
    STUDY,
    TOLD,
    TOLD_VERBS,
    UNSAID,
    VERB,
)

_AFTER_INVERTED = re.compile(
    r"(?:[.,;:)?!—–\x01“\"]|$|\s*$| (?:in|of|at|on|during|who|from|after|as|to|about|whose|when|"
    r"and|while|before|with|via|by|that|last|this|[“\"]))"
)
_INVERTED_NAME = re.compile(
    r"(?!to |in |at |on |for )"
    rf"(?:(?:the |a |an )?(?:{NAMES}(?:[’']s?)? )?(?:[a-z][\w’'-]+ ){{0,5}})?{NAMES}"
)
# "Howell, the chief, said the city was ready, …": what has a verb is a clause and nobody's name.
_NO_VERB = (
    r"(?!(?:is|are|was|were|be|been|has|have|had|will|would|could|can|should|may|might|must|did|"
    r"does|do)\b)"
)
_INVERTED_PLAIN = re.compile(
    rf"(?:(?:the|an?|one|another|his|her|their) (?:{_NO_VERB}[\w’'-]+ ){{0,9}}?{_NO_VERB}[\w’'-]+|"
    r"police|officials|"
    r"he|she|they)(?=[.,;:)]|$)"
)
# What "according to" names ends here; the full stop of "U.S. officials" does not end it.
_STOP = (
    r"(?:,(?!\d)|[;:\x01“”\"—–()]|(?<!\b[A-Z])(?<!\b[DMJS]r)(?<!Gov)(?<!Sen)(?<!Rep)\.(?=\s|$)|"
    r" (?:where|who|which|that|when|released|published|obtained|issued|posted|reviewed|seen) |$)"
)
_OBJECT = re.compile(rf"(?:(?!{_STOP}).){{2,120}}(?={_STOP})")
_ABOUT = re.compile(r"\s*(?:to|of|about|in|on|at|for|off|how|why|what)\b")
_JOINED = re.compile(r"\b(?:and|but|then)$")  # "Howell thanked them and said …"
_APART = re.compile(r"[^\w\s][ \xa0]?$")
_SOURCES = re.compile(
    r"[A-Z]|(?:\w+ ){0,4}(?:police|officials|data|records|documents|report|study|survey|poll|site|"
    r"website|statement|release|affidavit|agency|department|company|analysis|experts)\b"
)
_NO_SOURCE = re.compile(r"(?:plan|schedule|custom|tradition|the (?:law|rules?|plan))\b")
BACK, AHEAD = 320, 260  # characters that are looked at around a verb


class Form(Enum):
    """What a cue may be said of."""

    CLAUSE = "clause"
    QUOTATION = "quotation"  # "called it “…”": of quotations only
    SOURCE = "source"  # "according to"


@dataclass(frozen=True, slots=True)
class Cue:
    """ "Howell said Thursday": who, between `subject_start` and `subject_end`, and the whole of it.

    `inverted` where the speaker stands behind the verb. `clause_follows` where what is behind the
    cue can be a clause that depends on it.
    """

    start: int
    end: int
    subject_start: int
    subject_end: int
    form: Form
    inverted: bool
    clause_follows: bool

    @property
    def has_subject(self) -> bool:
        """Whether words name who says it; "…, saying that" has none."""
        return self.subject_end > self.subject_start

    def moved(self, by: int) -> "Cue":
        """The same cue in a text that has so many characters before it."""
        return replace(
            self,
            start=self.start + by,
            end=self.end + by,
            subject_start=self.subject_start + by,
            subject_end=self.subject_end + by,
        )


def cues_in(skeleton: str, start: int, end: int) -> list[Cue]:
    """The cues of one sentence, in order; quotations are masked in the skeleton by `\\x01`.

    Each looks at no more than BACK and AHEAD characters, so the time grows with the length only.
    """
    cues: list[Cue] = []
    for verb in VERB.finditer(skeleton, start, end):
        if verb["according"]:
            cue = _source(skeleton, verb, start, end)
        elif verb["participle"]:
            cue = _participle(skeleton, verb, start, end)
        else:
            cue = _said(skeleton, verb, start, end)
        if cue and (not cues or cue.start >= cues[-1].end):
            cues.append(cue)
    return cues


def _source(skeleton: str, verb: re.Match[str], start: int, end: int) -> Cue | None:
    before = skeleton[max(start, verb.start() - 3) : verb.start()]
    at = verb.end() + 1
    named = _OBJECT.match(skeleton, at, min(end, at + AHEAD))
    if named and before and not _APART.search(before) and not _SOURCES.match(named.group()):
        return None  # "went according to plan"
    if not named or named.group().lower() in NOBODY or _NO_SOURCE.match(named.group()):
        return None
    return Cue(verb.start(), named.end(), at, named.end(), Form.SOURCE, False, True)


def _participle(skeleton: str, verb: re.Match[str], start: int, end: int) -> Cue | None:
    """ "…, saying that …", whose subject is the sentence's, or "with Nasa saying …"."""
    before = skeleton[max(start, verb.start() - BACK) : verb.start()].rstrip()
    ahead = skeleton[verb.end() : min(end, verb.end() + AHEAD)]
    stop = verb.end()
    if found := re.search(rf"\bwith (?P<name>(?:the )?{NAMES})$", before):
        subject_end = verb.start() - 1
        subject = subject_end - len(found["name"])
        return Cue(subject, stop, subject, subject_end, Form.CLAUSE, False, True)
    if before.endswith((",", "\x01", "”", '"')) and _is_clause(ahead):
        return Cue(verb.start(), stop, verb.start(), verb.start(), Form.CLAUSE, False, True)
    return None


def _said(skeleton: str, verb: re.Match[str], start: int, end: int) -> Cue | None:
    before = skeleton[max(start, verb.start() - BACK) : verb.start()]
    if UNSAID.search(before[-20:]):
        return None
    if verb.group() == "states" and PLURAL.search(before[-12:]):
        return None  # "22 U.S. states that tax it"
    stop = _after(skeleton, verb, end)
    ahead = skeleton[stop : min(end, stop + AHEAD)]
    form = Form.QUOTATION if verb["labels"] else Form.CLAUSE
    follows = form is Form.CLAUSE and not verb["quotes"]
    told = verb.group() in TOLD_VERBS and TOLD.match(skeleton, verb.end(), stop) is not None
    sure = bool(verb["plain"] or verb["finds"]) or (told and not _ABOUT.match(ahead))
    follows = follows and (sure or _is_clause(ahead))
    head = before.rstrip()
    cut = len(before) - len(head)
    closed = head.endswith(("”", '"', "’", "'", "»", "\x01")) and not head.endswith(("s’", "s'"))
    if closed or head.endswith(","):
        inverted = _inverted(skeleton, verb, end)
        if inverted and (closed or " " in skeleton[slice(*inverted)] or not APPOSED.search(head)):
            return Cue(
                verb.start(), _adverbs(skeleton, inverted[1], end), *inverted, form, True, False
            )
    subject = subject_of(before[: len(before) - cut])
    if subject is None and _JOINED.search(head) and (verb["plain"] or verb["clause"]) and follows:
        return Cue(verb.start(), stop, verb.start(), verb.start(), form, False, True)
    if subject is None or (verb["finds"] and not STUDY.search(before[slice(*subject)])):
        return None
    at = verb.start() - len(before)
    subject_start, subject_end = subject[0] + at, subject[1] + at
    return Cue(subject_start, stop, subject_start, subject_end, form, False, follows)


def _after(skeleton: str, verb: re.Match[str], end: int) -> int:
    """Where the cue ends: behind whom it was told, and when, and where."""
    at = verb.end()
    limit = min(end, at + AHEAD)
    if (told := TOLD.match(skeleton, at, limit)) and verb.group() in TOLD_VERBS:
        at = told.end()
    return _adverbs(skeleton, at, limit)


def _adverbs(skeleton: str, at: int, end: int) -> int:
    found = ADVERBS.match(skeleton, at, min(end, at + AHEAD))
    return found.end() if found else at


def _is_clause(ahead: str) -> bool:
    """Whether "that", a verb or a quotation comes soon enough for these words to be a clause."""
    if re.match(r",? ?(?:that\b|:|[“\"‘'«„]?\x01|,? [“\"‘«„])", ahead.lstrip()):
        return True
    if re.match(r"\s*(?:to|of|for|from|into|up|against|by|on)\b", ahead):
        return bool(re.match(r"[^,.;:]{1,70} that\b", ahead))
    words = re.match(r"(?:[^\s,;.]+[\s,]+){1,14}", ahead.lstrip())
    return bool(words and CLAUSE_VERB.search(words.group()))


def _inverted(skeleton: str, verb: re.Match[str], end: int) -> tuple[int, int] | None:
    if verb.group() not in INVERTIBLE:
        return None
    at = verb.end() + 1
    limit = min(end, at + AHEAD)
    named = _INVERTED_NAME.match(skeleton, at, limit)
    if named and _AFTER_INVERTED.match(skeleton, named.end(), min(end, named.end() + 8)):
        if re.match(rf"(?:{DAYS}|{MONTHS}|In|At|On)\b", named.group()):
            return None
        return named.span()
    plain = _INVERTED_PLAIN.match(skeleton, at, limit)
    return plain.span() if plain else None
