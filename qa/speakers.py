"""Who said what an article reports: quotations and reported speech, each with its speaker.

Rules for how news is written, and no model. Where they leave a doubt there is no speaker.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from pullquote.qa.attribution.cues import cues_in
from pullquote.qa.attribution.naming import Naming
from pullquote.qa.attribution.quotations import (
    FEWEST,
    Quotation,
    paragraph_spans,
    quotations_in,
    words_in,
)
from pullquote.qa.attribution.skeleton import Skeleton
from pullquote.qa.attribution.statements import Attribution, Sentence
from pullquote.qa.attribution.words import PRONOUN
from pullquote.qa.types import Speaker

_WORD = re.compile(r"\w")
_SAID = re.compile(r"\b(?:said|says|added|told)\b")


@lru_cache(maxsize=64)
def attributions(text: str) -> tuple[Attribution, ...]:
    """All statements of an article, in the order in which they begin. Never raises."""
    return tuple(_Reading(text).attributions())


def speaker_of(text: str, start: int, end: int) -> Speaker | None:
    """Who says `text[start:end]`: the speaker of the smallest statement that holds it.

    A whole sentence holds more than its statements, as its "… said" is not said. It is theirs
    whose statements make up half of it, if nobody else says any of it.
    """
    found = attributions(text)
    holding = [one for one in found if one.start <= start and end <= one.end]
    if holding:
        return min(holding, key=lambda one: one.end - one.start).speaker
    inside = [one for one in found if one.start < end and start < one.end]
    speakers = {one.speaker for one in inside}
    said = sum(min(one.end, end) - max(one.start, start) for one in inside)
    return speakers.pop() if len(speakers) == 1 and 2 * said >= end - start else None


class _Reading:
    """One article, read from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._naming = Naming(text)

    def attributions(self) -> list[Attribution]:
        paragraphs = paragraph_spans(self._text)
        found: list[Attribution] = []
        waiting: list[int] = []  # a quotation that goes on, and nobody is named yet
        before: Speaker | None = None  # of the paragraph before
        goes_on = False  # the last quotation of the paragraph before
        for index, (start, end) in enumerate(paragraphs):
            quotes = quotations_in(self._text, start, end)
            own = self._paragraph(start, end, quotes, before if goes_on else None)
            if waiting and own and own[0].speaker and _begins(start, quotes):
                for at in waiting:
                    found[at] = replace(found[at], speaker=own[0].speaker)
            waiting = []
            goes_on = bool(quotes) and quotes[-1].open
            named = [one.speaker for one in own if one.speaker]
            if own and not named and self._only_quoted(start, end, quotes):
                speaker = self._beside(before, paragraphs, index)
                own = [replace(one, speaker=speaker) for one in own]
                named = [speaker] if speaker else []
                if goes_on and not speaker:
                    waiting = list(range(len(found), len(found) + len(own)))
            found += own
            before = named[-1] if named else None
        tight = [_tight(self._text, one) for one in found]
        return sorted(tight, key=lambda one: (one.start, -one.end))

    def _paragraph(
        self, start: int, end: int, quotes: Sequence[Quotation], going_on: Speaker | None
    ) -> list[Attribution]:
        """The statements of a paragraph; `going_on` says the quotation with which it begins."""
        long = [each for each in quotes if self._is_quotation(each)]
        skeleton = Skeleton(self._text, start, end, long)
        found: list[Attribution] = []
        last = going_on if _begins(start, long) else None
        following = 0
        for begin, stop in skeleton.sentences():
            inside = []
            while following < len(long) and long[following].start < stop:
                inside.append(long[following])
                following += 1
            cues = [cue.moved(start) for cue in cues_in(skeleton.text, begin - start, stop - start)]
            if not cues:
                self._naming.subject(begin, stop)
            sentence = Sentence(self._text, skeleton, begin, stop, inside)
            made = sentence.statements(cues, self._naming)
            for quote in inside:
                if any(one.start <= quote.start < one.end for one in made):
                    continue
                speaker, before = None, skeleton.before(quote.start - 1, begin)
                if before.endswith(":"):
                    speaker = self._naming.announced(begin, quote.start - 1)
                elif not before:
                    speaker = last
                if speaker or words_in(self._text, quote.start, quote.end) >= FEWEST:
                    made.append(Attribution(quote.start, quote.end, speaker, True))
            spoken = [one.speaker for one in made if one.speaker]
            last = spoken[-1] if spoken else last
            found += made
        return _named_behind(found, skeleton)

    def _is_quotation(self, quote: Quotation) -> bool:
        """Whether it is somebody's words, and not a word or two set apart."""
        last = self._text[quote.start : quote.end].rstrip()[-1:]
        behind = self._text[quote.end + 1 : quote.end + 2]
        before = self._text[max(0, quote.start - 9) : quote.start - 1].rstrip()[-1:]
        return (
            last in {",", "?", "!", "—"}
            or behind == ","
            or (last == "." and before in {":", ","})
            or words_in(self._text, quote.start, quote.end) >= FEWEST
        )

    def _only_quoted(self, start: int, end: int, quotes: Sequence[Quotation]) -> bool:
        """Whether the paragraph is a quotation and nothing else; a headline is not."""
        if not _begins(start, quotes) or self._text[quotes[0].start - 1] in "‘'":
            return False
        ends = [start, *(each.end for each in quotes)]
        starts = [*(each.start for each in quotes), end]
        return not any(_WORD.search(self._text[a:b]) for a, b in zip(ends, starts, strict=True))

    def _beside(
        self, before: Speaker | None, paragraphs: Sequence[tuple[int, int]], index: int
    ) -> Speaker | None:
        """The speaker of a paragraph that is all quotation: of the one before, or named behind it.

        Where both name somebody they must agree.
        """
        if index and self._text[paragraphs[index - 1][1] - 1] == ":":
            return self._naming.announced(*paragraphs[index - 1])
        behind = self._opens(*paragraphs[index + 1]) if index + 1 < len(paragraphs) else None
        if before and behind:
            return before if before.name == behind.name else None
        return before or behind

    def _opens(self, start: int, end: int) -> Speaker | None:
        """Whoever is said to say something in the first words of a paragraph."""
        sentences = Skeleton(self._text, start, end, ()).sentences()
        for cue in cues_in(self._text, *sentences[0])[:1]:
            words = self._text[cue.subject_start : cue.subject_end]
            said = _SAID.search(self._text, cue.start, cue.end)
            if cue.start == start and words and said and not PRONOUN.match(words):
                return self._naming.named(cue.subject_start, cue.subject_end)
        return None


def _begins(start: int, quotes: Sequence[Quotation]) -> bool:
    """Whether a paragraph begins with a quotation."""
    return bool(quotes) and quotes[0].start - start == 1


def _named_behind(found: list[Attribution], skeleton: Skeleton) -> list[Attribution]:
    """“A.” “B,” Howell said: whole sentences, quoted before the one that names the speaker."""
    behind: Speaker | None = None
    for at in range(len(found) - 1, -1, -1):
        one = found[at]
        if one.speaker:
            behind = one.speaker if one.quoted else None
        elif one.quoted and behind and skeleton.is_whole(one.start, one.end):
            found[at] = replace(one, speaker=behind)
    return found


def _tight(text: str, one: Attribution) -> Attribution:
    """The statement without the white space around it."""
    inner = text[one.start : one.end]
    start = one.start + len(inner) - len(inner.lstrip())
    return replace(one, start=start, end=start + len(inner.strip()))
