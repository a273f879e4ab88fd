"""The statements of one sentence, by its cues: what is before them and what is behind them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pullquote.qa.attribution.cues import Cue, Form
from pullquote.qa.attribution.naming import Naming
from pullquote.qa.attribution.quotations import FEWEST, Quotation, words_in
from pullquote.qa.attribution.skeleton import MASK, Skeleton
from pullquote.qa.types import Speaker

_WORD = re.compile(r"\w")
# What does not begin a clause that is said: "…, Covelli said, without elaborating".
_NO_CLAUSE = re.compile(
    r"[\s,]*(?:\w+ing|who|which|whose|without|in|during|after|before|at|as|when|while|to|of|on|about|"
    r"from|with|by|according|and|but|along|despite|since|because|so|then|plus|up|down|compared)"
    r"(?![\w’'-])"
)
_COORDINATED = re.compile(r"[,;–—]\s*(?:and|but|while|though|although|whereas|as|so)?\s*$", re.I)
_CONCEDED = re.compile(r"(?:While|Although|Though|Whereas)\b")
_THAT = re.compile(
    r"\s*(?:(?:(?:in|on|at|to|during|before|after|over|with|for|of|by|earlier|last|this)\b"
    r"[^,.;:“”\"\x01]{1,70}? )?that(?![\w’'-])[ ,]*)?"
)
_FEWEST_BEFORE = 5  # words of reported speech before "police say"; "To date, he said" has none


@dataclass(frozen=True, slots=True)
class Attribution:
    """A statement, `article.text[start:end]`, and who makes it; None where that is in doubt.

    `quoted` where it is a direct quotation, the marks outside; else it is reported speech.
    """

    start: int
    end: int
    speaker: Speaker | None
    quoted: bool


@dataclass(frozen=True, slots=True)
class _Said:
    start: int
    end: int
    quoted: bool


class Sentence:
    """One sentence of a paragraph, with the quotations that begin in it."""

    def __init__(
        self,
        text: str,
        skeleton: Skeleton,
        start: int,
        end: int,
        quotes: Sequence[Quotation],
    ) -> None:
        self._text, self._skeleton, self._quotes = text, skeleton, quotes
        self._start, self._end = start, end

    def statements(self, cues: Sequence[Cue], naming: Naming) -> list[Attribution]:
        """What is said in the sentence, by its cues from left to right."""
        found: list[Attribution] = []
        done = self._start  # what is before has its statement
        clause: int | None = None  # the reported clause that goes on to the sentence's end
        opened = self._start  # where the words begin of which that clause is part
        named: Speaker | None = None  # the last speaker
        for cue in cues:
            if clause is not None:
                cut = self._cut(cue, found[clause].start)
                if cut is None and cue.form is not Form.SOURCE:
                    continue  # what is said in what is said
                end = self._skeleton.rstrip(cut or cue.start, found[clause].start)
                if end > found[clause].start:
                    found[clause] = replace(found[clause], end=end)
                done = opened if cue.form is Form.SOURCE else cue.start
                clause = None
            speaker = self._speaker(cue, naming, named)
            if cue.form is Form.QUOTATION:
                for each in self._quotes:
                    long = words_in(self._text, each.start, each.end) >= FEWEST
                    if each.start >= cue.end and long:
                        found.append(Attribution(each.start, each.end, speaker, True))
                named = speaker
                continue
            if speaker is None and not cue.has_subject:
                continue
            before, behind = self._before(cue, done), self._behind(cue, done)
            if before and not self._goes_with(before, behind, cue):
                before = None
            for said in (before, behind):
                if said:
                    found.append(self._attributed(said, speaker))
            if behind and not behind.quoted:
                clause, opened = len(found) - 1, cue.start if done > self._start else self._start
            done = behind.end if behind else cue.end
            named = speaker or named
        return found

    def _speaker(self, cue: Cue, naming: Naming, named: Speaker | None) -> Speaker | None:
        if cue.has_subject:
            return naming.speaker(cue.subject_start, cue.subject_end, self._start)
        return named or naming.subject(self._start, cue.start)

    def _cut(self, cue: Cue, clause: int) -> int | None:
        """Where the reported clause ends because this cue stands beside it; None if inside it."""
        before = self._skeleton.slice(max(self._start, cue.start - 16), cue.start)
        found = _COORDINATED.search(before)
        if not found or not cue.has_subject:
            return None
        if found.group().strip() == "," and not _CONCEDED.match(self._text, self._start):
            return None
        return max(clause, cue.start - len(found.group()))

    def _before(self, cue: Cue, done: int) -> _Said | None:
        """The statement before a cue: “…,” said Howell; …, police say."""
        if not cue.has_subject:
            return None
        skeleton, end = self._skeleton, self._skeleton.rstrip(cue.start, self._start)
        if quote := self._quote_before(cue, done):
            if not _WORD.search(skeleton.before(quote.start - 1, done)):
                return _Said(quote.start, quote.end, True)
            return _Said(skeleton.lstrip(done, quote.start), quote.end, False)
        last = skeleton.slice(max(done, end - 1), end)
        if last not in {",", "–", "—", "”", '"'} and cue.form is not Form.SOURCE:
            return None
        start, end = skeleton.lstrip(done, end), skeleton.rstrip(end, done, ",–—")
        fewest = 3 if cue.form is Form.SOURCE else _FEWEST_BEFORE
        return _Said(start, end, False) if self._words(start, end) >= fewest else None

    def _behind(self, cue: Cue, done: int) -> _Said | None:
        """The statement behind a cue: Howell said, “…”; Howell said that …"""
        skeleton = self._skeleton
        rest = skeleton.slice(cue.end, self._end)
        if not _WORD.search(rest) and MASK not in rest:
            return None
        end = skeleton.rstrip(self._end, cue.end, ".;")
        if quote := next((each for each in self._quotes if each.start >= cue.end), None):
            between = skeleton.slice(cue.end, quote.start - 1)
            close = not _WORD.search(re.sub(r"\bthat\b", "", between))
            if close or (cue.inverted and between.rstrip()[-1:] in {",", ":"}):
                whole = quote.end >= end - 2
                return _Said(quote.start, quote.end if whole else end, whole)
        if not self._clause_behind(cue, rest, done):
            return None
        start = cue.end + len(rest) - len(rest.lstrip(" ,:–—"))
        if that := _THAT.match(skeleton.slice(start, min(self._end, start + _THAT_WITHIN))):
            start += that.end()
        return _Said(start, end, False) if self._words(start, end) >= 2 else None

    def _clause_behind(self, cue: Cue, rest: str, done: int) -> bool:
        """Whether what is behind a cue is reported speech, when it is no quotation."""
        first = rest.lstrip()[:1]
        if first == ":":
            return True
        if cue.inverted:
            return False
        quoted, before = self._quote_before(cue, done), self._before(cue, done)
        if first in {",", "–", "—"}:
            if cue.form is Form.SOURCE and not before:
                return True
            return not quoted and before is not None and not _NO_CLAUSE.match(rest[1:])
        if quoted or not cue.clause_follows or cue.form is Form.SOURCE:
            return False
        adverbial = _NO_CLAUSE.match(rest) and not rest.split()[0].endswith("ing")
        return not (before and adverbial)

    def _goes_with(self, before: _Said, behind: _Said | None, cue: Cue) -> bool:
        """Whether what is before a cue is said as well, given what is behind it."""
        if before.quoted or self._quote_before(cue, self._start):
            return True
        rest = self._skeleton.slice(cue.end, self._end).lstrip()
        if behind:  # not so: "Asked about it, Rovella said: “…”"
            return not behind.quoted and rest.startswith((",", ":", "–", "—"))
        # not so: "Like Truss, Sunak promised a tough approach"
        ends = not _WORD.search(rest) or rest.startswith(",")
        plain = cue.form is Form.CLAUSE and not cue.inverted
        return ends or not plain or _NO_CLAUSE.match(rest) is not None

    def _quote_before(self, cue: Cue, done: int) -> Quotation | None:
        end = self._skeleton.rstrip(cue.start, self._start)
        return next((q for q in self._quotes if done <= q.start and end - 2 <= q.end <= end), None)

    def _words(self, start: int, end: int) -> int:
        return len(self._text[start : min(end, start + 200)].split())

    def _attributed(self, said: _Said, speaker: Speaker | None) -> Attribution:
        inner = self._text[said.start : said.end]
        start = said.start + len(inner) - len(inner.lstrip())
        return Attribution(start, start + len(inner.strip()), speaker, said.quoted)


_THAT_WITHIN = 90  # characters in which "in its hearing on Monday that" is looked for
