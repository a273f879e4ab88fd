"""Numbers in running text, in figures or in words: "half a million dollars" is 500000 dollar."""

import re
import unicodedata
from decimal import Decimal

Token = str | Decimal

_ONES = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
"""
_TENFOLD = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: n for n, word in enumerate(_ONES.split())}
_TENS = {word: 10 * n for n, word in enumerate(_TENFOLD.split(), 2)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_SCALES |= {"trillion": 10**12}
_SUFFIXES = {"k": "thousand", "m": "million", "bn": "billion", "b": "billion"}
_MONEY = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}
_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th"}
_ORDINALS |= {"sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th"}
_SAME = _ORDINALS | {"%": "percent", "dollars": "dollar", "euros": "euro", "pounds": "pound"}
_TO = {"to", "until", "till", "through", "-"}
_TOKEN = re.compile(
    r"(?P<money>[$€£¥])|(?P<ordinal>\d+(?:st|nd|rd|th)\b)"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)(?:(?P<suffix>k|m|bn|b)\b)?"
    r"|(?P<dash>[–—-])|%|[¼¾⅐-⅞]|[^\W\d_]+(?:'[^\W\d_]+)*"
)
_LONGEST = 30  # digits: a number with more is none that could be compared


def tokens_of(text: str) -> list[Token]:
    """The words and numbers of a text in small letters and one spelling.

    A currency stands behind its number, "p.m." is one word, a dash between numbers is "to". Units
    that stand at both ends of a range are kept at its end.
    """
    plain = "".join(
        sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign)
    )
    plain = plain.lower().replace("’", "'").replace("½", " and a half").replace("per cent", "%")
    plain = re.sub(r"\b[a-z]\.(?: ?[a-z]\.)+", lambda m: re.sub(r"\W", "", m.group()), plain)
    found = _range(_folded(_spelled(plain)))
    return [token for at, token in enumerate(found) if not at or token != found[at - 1]]


def _spelled(text: str) -> list[Token]:
    tokens: list[Token] = []
    money: str | None = None
    for match in _TOKEN.finditer(text):
        if match["money"]:
            money = _MONEY[match["money"]]
        elif match["number"]:
            if len(match["number"]) > _LONGEST:
                tokens.append(match["number"])
            else:
                tokens.append(Decimal(match["number"].replace(",", "")))
            if match["suffix"]:
                tokens.append(_SUFFIXES[match["suffix"]] if money else match["suffix"])
            if money:
                tokens.append(f"${money}")  # moved behind "million" by _folded
                money = None
        elif match["dash"]:
            tokens.append("-")
        else:
            word = re.sub(r"'s?$", "", match[0])
            tokens.append(_SAME.get(word, word))
    return tokens


def _folded(tokens: list[Token]) -> list[Token]:
    """Number words become numbers, and scales are multiplied in."""
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        number, after = _number(tokens, at)
        if number is None:
            token = tokens[at]
            out.append(token.removeprefix("$") if isinstance(token, str) else token)
            at += 1
            continue
        unit = None
        if after < len(tokens) and str(tokens[after]).startswith("$"):
            unit, after = str(tokens[after])[1:], after + 1
            while after < len(tokens) and tokens[after] in _SCALES:
                number, after = number * _SCALES[str(tokens[after])], after + 1
        out.append(number)
        if unit:
            out.append(unit)
        at = after
    return out


def _number(tokens: list[Token], at: int) -> tuple[Decimal | None, int]:
    """The number that begins at a token, and where it ends."""

    def word(index: int) -> str:
        token = tokens[index] if index < len(tokens) else ""
        return token if isinstance(token, str) else ""

    half = word(at) == "half" and word(at + 1) in ("a", "of")
    if half:
        scale = at + 2 + (word(at + 2) == "a")
        if word(scale) in _SCALES:
            return Decimal(_SCALES[word(scale)]) / 2, scale + 1
        return None, at
    first = tokens[at]
    if isinstance(first, Decimal):
        return _scaled(tokens, first, at + 1)
    if first in ("a", "an") and word(at + 1) in _SCALES:
        return _scaled(tokens, Decimal(1), at + 1)
    if first not in _SMALL and first not in _TENS:
        return None, at
    total, current = 0, 0
    while True:
        here = word(at)
        if here in _SMALL or here in _TENS:
            current += _SMALL.get(here, 0) + _TENS.get(here, 0)
        elif here in ("hundred", "dozen") and current:
            current *= _SCALES[here]
        elif here in _SCALES and current:
            total, current = total + current * _SCALES[here], 0
        elif (here == "-" or (here == "and" and (total or current >= 100))) and (
            (here == "and" or word(at - 1) in _TENS) and word(at + 1) in _SMALL | _TENS
        ):
            pass
        elif here == "and" and word(at + 1) == "a" and word(at + 2) == "half":
            return _scaled(tokens, Decimal(total + current), at)
        else:
            return Decimal(total + current), at
        at += 1


def _scaled(tokens: list[Token], number: Decimal, at: int) -> tuple[Decimal, int]:
    """A number times the scales behind it: 1.5 million, one and a half million."""
    if tokens[at : at + 3] == ["and", "a", "half"]:
        number, at = number + Decimal("0.5"), at + 3
    while at < len(tokens) and tokens[at] in _SCALES:
        number, at = number * _SCALES[str(tokens[at])], at + 1
    return number, at


def _range(tokens: list[Token]) -> list[Token]:
    """One way to write a range, and no other dashes."""
    between = tokens[:1] == ["between"]
    out: list[Token] = []
    at = 1 if between or tokens[:1] == ["from"] else 0
    while at < len(tokens):
        token = tokens[at]
        to = at + 1 if isinstance(token, Decimal) else len(tokens)
        unit = tokens[to] if to < len(tokens) and to + 1 < len(tokens) else None
        if isinstance(unit, str) and unit not in _TO and tokens[to + 1] in _TO:
            to += 1
        joined = to + 1 < len(tokens) and (tokens[to] in _TO or (between and tokens[to] == "and"))
        if joined and isinstance(tokens[to + 1], Decimal):
            repeats = to > at + 1 and tokens[to + 2 : to + 3] == [tokens[at + 1]]
            out += [token, *([] if repeats or to == at + 1 else [tokens[at + 1]]), "to"]
            at = to + 1
        elif tokens[at] == "-":
            at += 1
        else:
            out.append(token)
            at += 1
    return out
