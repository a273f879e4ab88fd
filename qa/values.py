"""Whether two answers say the same in other words: $500,000 and half a million dollars."""

import calendar
import re
from decimal import Decimal

from pullquote.qa.numbers import Token, tokens_of
from pullquote.qa.spans import words_of

_ARTICLES = {"a", "an", "the"}
_NEGATIONS = {"not", "no", "never", "neither", "nor", "without", "none", "nobody", "nothing"}
_ABOUT = {"about", "around", "approximately", "roughly", "some", "estimated", "exactly", "only"}
_ABOUT |= {"just"}
_BOUNDS = {
    **dict.fromkeys(("over", "more than", "at least", "above", "upwards of"), ">"),
    **dict.fromkeys(("under", "less than", "fewer than", "below", "up to", "at most"), "<"),
    **dict.fromkeys(("nearly", "almost"), "<"),
}
_BOUND = re.compile(rf"\b(?:{'|'.join(_BOUNDS)})\b", re.I)
# What a number is of, where that is not just what was counted: 20 is not 20 percent.
_MONEY = {"dollar", "euro", "pound", "yen"}
_MEASURES = """
    cent percent percentage point am pm second minute hour day week month year decade old time
    mile foot feet inch yard acre meter metre kilometer kilometre ton tonne degree
"""
_UNITS = _MONEY | set(_MEASURES.split())
_MONTHS = {name.lower(): name.lower() for name in calendar.month_name[1:]}
_MONTHS |= {name.lower(): full for name, full in zip(calendar.month_abbr[1:], _MONTHS, strict=True)}
_MONTHS["sept"] = "september"
_OF = re.compile(rf"(?<=[\dhd]) of (?={'|'.join(_MONTHS)})", re.I)  # "the 5th of August"
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_DAYS = {name.lower() for name in calendar.day_name}
_COUNTED = 3  # words that may stand behind the one number and not behind the other
# Words that make another place of a name: Hartford, West Hartford.
_ELSEWHERE = """
    north south east west northern southern eastern western new upper lower fort port mount lake
    saint st san santa los las greater
"""
_OTHERS = set(_ELSEWHERE.split())
_OFFICE = (
    r"mayor|governor|gov|lieutenant|lt|president|senator|sen|representative|rep|chief|attorney|"
    r"general|councilman|councilwoman|councilor|pastor|reverend|rev|dr|doctor|mr|mrs|ms|miss|prof|"
    r"professor|judge|justice|sergeant|sgt|detective|det|officer|captain|capt|coach|commissioner|"
    r"secretary|minister|sir|bishop|archbishop|cardinal|pope|king|queen|prince|princess|director|"
    r"superintendent|sheriff|speaker|chairman|chairwoman|congressman|congresswoman|spokesman|"
    r"spokeswoman|spokesperson|principal|manager"
)
_CAPITAL = r"[^\W\d_a-z][\w.’'-]*"
_BEFORE = r"the|then|interim|acting|former|deputy|assistant|vice|police|fire|city|state|town|county"
_TITLED = re.compile(
    rf"(?:(?:{_BEFORE}|{_CAPITAL}) )*(?i:{_OFFICE})\.? (?P<name>{_CAPITAL}(?: {_CAPITAL}){{0,3}})$"
)


def same_value(one: str, other: str) -> bool:
    """Whether two answers to one question are the same value, however they are written.

    Numbers are compared as numbers with their units, and may have counted things behind them (18,
    18 homicides); of names, one may be a part of the other, and titles and initials don't count.
    """
    if words_of(one) == words_of(other):
        return True
    tokens, others = _compared(one), _compared(other)
    if bool(_NEGATIONS & set(tokens)) != bool(_NEGATIONS & set(others)):
        return False
    if any(isinstance(token, Decimal) for token in (*tokens, *others)):
        return _same_quantity(tokens, others) and _bounds_agree(one, other)
    return _same_words(one, other)


def kind_of(text: str) -> str:
    """What kind of value an answer is: "money", "share", "number", "time", "name" or "words".

    Only values of one kind can be different answers to one question.
    """
    tokens = _compared(text)
    numbers = [token for token in tokens if isinstance(token, Decimal)]
    words = {token for token in tokens if isinstance(token, str)}
    if words & _MONEY:
        return "money"
    if "percent" in words:
        return "share"
    is_year = len(tokens) == 1 and numbers and 1900 <= numbers[0] < 2100
    if is_year or words & (_DAYS | set(_MONTHS.values()) | {"pm", "am"}):
        return "time"
    if numbers:
        return "number"
    last = re.findall(r"\w+", text)[-1:]
    return "name" if last and last[0][0].isupper() else "words"


def _compared(text: str) -> list[Token]:
    """The tokens that count, dates in one order and words in the singular."""
    tokens = [token for token in tokens_of(_OF.sub(" ", text)) if token not in _ARTICLES]
    for at, token in enumerate(tokens):
        if isinstance(token, str) and token in _MONTHS and len(tokens) > 1:
            tokens[at] = _MONTHS[token]
            for beside in (at - 1, at + 1):
                if 0 <= beside < len(tokens) and (day := _ORDINAL.fullmatch(str(tokens[beside]))):
                    tokens[beside] = Decimal(day[1])
            if at and isinstance(tokens[at - 1], Decimal):
                tokens[at - 1], tokens[at] = tokens[at], tokens[at - 1]
    return tokens


def _same_quantity(tokens: list[Token], others: list[Token]) -> bool:
    short, long = sorted((_counting(tokens), _counting(others)), key=len)
    if short == long:
        return True
    if [t for t in short if isinstance(t, Decimal)] != [t for t in long if isinstance(t, Decimal)]:
        return False
    if long[: len(short)] != short:
        return False
    more = [token for token in long[len(short) :] if isinstance(token, str)]
    return len(more) <= _COUNTED and not _UNITS & set(more) and "to" not in more


def _counting(tokens: list[Token]) -> list[Token]:
    """Without "about" and bounds before the first number, and in the singular."""
    first = next((at for at, token in enumerate(tokens) if isinstance(token, Decimal)), 0)
    before = " ".join(str(token) for token in tokens[:first])
    before = _BOUND.sub(" ", before)
    kept: list[Token] = [word for word in before.split() if word not in _ABOUT]
    return [*kept, *(_singular(token) for token in tokens[first:])]


def _singular(token: Token) -> Token:
    if not isinstance(token, str) or len(token) <= 3 or token.endswith("ss"):
        return token
    return token.removesuffix("s")


def _bounds_agree(one: str, other: str) -> bool:
    """Whether not one says "more than" and the other "less than"."""
    signs = [
        {_BOUNDS[" ".join(found.group().lower().split())] for found in _BOUND.finditer(text)}
        for text in (one, other)
    ]
    return not (signs[0] and signs[1]) or signs[0] == signs[1]


def _same_words(one: str, other: str) -> bool:
    """Whether the words of one are in the other, or both are forms of one name."""
    if _within(one, other) or _within(other, one):
        return True
    name, others = _name(one), _name(other)
    if not name or not others:
        return False
    short, long = sorted((name, others), key=len)
    before = long[: -len(short)]
    if long[len(before) :] == short:
        return not _OTHERS & set(before)
    # "L. Bronin" and "Luke Bronin"
    first, same = long[len(before)], long[len(before) + 1 :] == short[1:]
    initial, full = sorted((short[0], first), key=len)
    return same and len(short) > 1 and len(initial) == 1 and full.startswith(initial)


def _within(one: str, other: str) -> bool:
    """Whether one is a shorter form of the other, and not of something that is named after it."""
    short, long = words_of(one), words_of(other)
    for at in range(len(long) - len(short) + 1 if short else 0):
        if long[at : at + len(short)] == short:
            before, after = long[at - 1 : at] if at else [], long[at + len(short) :]
            of_it = after[:1] == ["s"] and len(after) > 1
            return not of_it and not (_OTHERS & set(before))
    return False


def _name(text: str) -> list[str]:
    """The words of a name without title and middle initials; empty where it is no name."""
    titled = _TITLED.match(" ".join(text.split()))
    if not titled and not all(word[0].isupper() for word in re.findall(r"\w+", text)):
        return []
    words = [
        word for word in tokens_of(titled["name"] if titled else text) if word not in _ARTICLES
    ]
    names = [word for word in words if isinstance(word, str) and word not in ("jr", "sr")]
    return [word for at, word in enumerate(names) if len(word) > 1 or at in (0, len(names) - 1)]
