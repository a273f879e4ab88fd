"""A paragraph with its quotations masked, and its sentences: what is quoted divides none."""

import re
from collections.abc import Sequence

from pullquote.qa.attribution.people import NAMES
from pullquote.qa.attribution.quotations import Quotation

MASK = "\x01"
LONGEST = 1500  # characters outside of quotations; a longer sentence is cut
_OPENING, _CLOSING = "“\"„«‹「‘'", "”\"“»›」’'"
_END = re.compile(r"[.?!…]+[”\"’')»\]]*(?=\s)|[”\"’'»](?=\s)")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(“\"‘'.-])(?:[^\W\d_]|Mr|Mrs|Ms|Dr|Gov|Lt|Sen|Rep|Sens|Reps|St|Jr|Sr|Gen|Col|Sgt|Capt|"
    r"Rev|Maj|Cmdr|Adm|Cpl|Pfc|Brig|Atty|Cllr|Prof|Jan|Feb|Aug|Sept|Oct|Nov|Dec|No|vs|Inc|Corp|Co|Ltd|Ave|Det|Supt|Hon|approx)\.$"
)
# “Why?” Howell asked: no sentence ends there.
_SAID_AFTER = re.compile(
    rf" (?:he|she|they|{NAMES}|the \w+) "
    r"(?:said|says|asked|asks|wrote|wondered|added|joked|tweeted)\b"
)
_AHEAD = 90  # characters that are looked at behind an end


class Skeleton:
    """The paragraph `text[start:end]`; all places are places of the whole text."""

    def __init__(self, text: str, start: int, end: int, quotes: Sequence[Quotation]) -> None:
        self._whole, self._start = text, start
        parts, at = [], start
        for each in quotes:
            parts += [text[at : each.start], MASK * (each.end - each.start)]
            at = each.end
        parts.append(text[at:end])
        self.text = "".join(parts)

    def slice(self, start: int, end: int) -> str:
        """What stands there, masked."""
        return self.text[max(0, start - self._start) : max(0, end - self._start)]

    def before(self, at: int, begin: int) -> str:
        """The last characters between two places, without spaces at the end."""
        return self.slice(max(begin, at - 400), at).rstrip()

    def rstrip(self, at: int, begin: int, also: str = "") -> int:
        """The place, moved back over spaces and the other characters."""
        while at > begin and (self._whole[at - 1].isspace() or self._whole[at - 1] in also):
            at -= 1
        return at

    def lstrip(self, at: int, end: int) -> int:
        """The place, moved on over spaces and what ends a clause."""
        while at < end and (self._whole[at].isspace() or self._whole[at] in ",;.–—”"):
            at += 1
        return at

    def is_whole(self, quote_start: int, quote_end: int) -> bool:
        """Whether a quotation is whole sentences, and begins where one may."""
        before = self.before(quote_start - 1, self._start)
        last = self._whole[quote_start:quote_end].rstrip()[-1:]
        return last in {".", "?", "!"} and (not before or before[-1] in '.?!”"')

    def sentences(self) -> list[tuple[int, int]]:
        """Characters (start, end) of each sentence, in order."""
        spans, begin = [], 0
        for match in _END.finditer(self.text):
            if self._ends(match):
                spans += _pieces(self.text, begin, match.end())
                begin = match.end() + 1
        spans += _pieces(self.text, begin, len(self.text))
        found = []
        for start, end in spans:
            inner = self.text[start:end]
            if text := inner.strip():
                start += len(inner) - len(inner.lstrip())
                found.append((self._start + start, self._start + start + len(text)))
        return found

    def _ends(self, match: re.Match[str]) -> bool:
        """Whether a sentence ends with these marks."""
        text, at, stop = self.text, match.start(), match.end()
        following = text[stop : stop + _AHEAD].lstrip()[:1]
        if not (following.isupper() or following.isdigit() or following in (*_OPENING, "(", "•")):
            return False
        said_after = _SAID_AFTER.match(text, stop, stop + _AHEAD)
        if match.group()[0] not in _CLOSING:
            if match.group() == "." and _ABBREVIATED.search(text[max(0, stop - 12) : stop]):
                return False
            return not (said_after and len(match.group()) > 1 and match.group()[0] in "?!")
        if not at or text[at - 1] != MASK:
            return False
        last = self._whole[self._start + at - 1]
        return last in ".…" or (last in "?!" and not said_after)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence that is too long in pieces, cut at spaces; what is quoted does not count."""
    pieces, begin, outside = [], start, 0
    if end - start > LONGEST:
        for at in range(start, end):
            outside += text[at] != MASK
            if outside > LONGEST and text[at].isspace():
                pieces.append((begin, at))
                begin, outside = at + 1, 0
    return [*pieces, (begin, end)]
