"""Whose words a question asks for: "What did Segarra say about …?"; another's are trusted less."""

import re
from collections.abc import Sequence

from pullquote.qa.attribution.people import ROLES
from pullquote.qa.dates import without_dates
from pullquote.qa.spans import words_of
from pullquote.qa.speakers import attributions, speaker_of
from pullquote.qa.types import Span, Speaker

OTHER_SPEAKER = 4.0  # logits
ANY_STATEMENT = 6.0  # logits
_SAYS = (
    "say|said|think|thought|hope|hoped|urge|urged|claim|claimed|warn|warned|tell|told|argue|argued|"
    "believe|believed|promise|promised|explain|explained|announce|announced|want|wanted|call|predict|"
    "respond|reply|comment|complain|describe|suggest|note|add|ask"
)
_ASKS = re.compile(
    rf"\b(?:what|how|why|when|where)\b.{{0,60}}?\b(?:did|does|do|has|have|had)\s+"
    rf"(?P<who>.{{1,80}}?)\s+(?:ever |also |just )?(?:{_SAYS})\b",
    re.I,
)

_SAID = (
    "said|says|told|tells|called|calls|asked|credited|thanked|agreed|remarked|claimed|claims|warned|"
    "argued|argues|explained|announced|promised|vowed|pledged|predicted|complained|described|"
    "suggested|noted|added|mentioned|criticized|blamed|praised|urged|stated|confirmed|denied|"
    "commented|testified|recalled|recalls|remembers|believes|thinks|hopes|expects"
)
_WHO_SAID = re.compile(
    r"\baccording to whom\b|"
    rf"\b(?:who|(?:which|what) [\w-]+)(?: (?!is\b|was\b|are\b|were\b|did\b|be\b)[\w'’-]+){{0,4}}? "
    rf"(?:{_SAID})\b",
    re.I,
)


def asks_who_said(question: str) -> bool:
    """Whether it asks whose words some are: "Who called …?", "Which pastor said …?"."""
    return bool(_WHO_SAID.search(question))


def other_speakers(question: str, spans: Sequence[Span]) -> list[bool]:
    """For each span, whether somebody else says it than the person whose words are asked for.

    False for all where the question asks for nobody's words, or for those of somebody who is no
    speaker of the articles: then the name may be written in some other way.
    """
    wanted = _asked_for(question)
    texts = {span.article.id: span.article.text for span in spans} if wanted else {}
    known = (one.speaker for text in texts.values() for one in attributions(text))
    if not any(speaker and _is(speaker, wanted) for speaker in known):
        return [False] * len(spans)
    speakers = [speaker_of(texts[span.article.id], span.start, span.end) for span in spans]
    return [
        speaker is not None and speaker.office is not None and not _is(speaker, wanted)
        for speaker in speakers
    ]


def asks_for_any_statement(question: str) -> bool:
    """Whether whatever somebody says will do: "What did Segarra say?".

    A reader cannot know that: it looks for what the question is about.
    """
    found = _ASKS.search(question)
    about = without_dates(re.sub(r"\([^)]*\)", " ", question[found.end() :])) if found else "about"
    return not re.search(r"\w", about)


def answering_statements(question: str, spans: Sequence[Span]) -> list[bool]:
    """For each span, whether it is said by somebody of whom the question asks no more than that."""
    wanted = _asked_for(question) if asks_for_any_statement(question) else frozenset()
    return [
        bool(wanted)
        and (speaker := speaker_of(span.article.text, span.start, span.end)) is not None
        and _is(speaker, wanted)
        for span in spans
    ]


def _asked_for(question: str) -> frozenset[str]:
    """The words of the person's name, or of the office where there is no name."""
    found = _ASKS.search(question)
    words = frozenset(words_of(re.sub(r"['’]s\b", "", found["who"]))) if found else frozenset()
    return words - ROLES or words


def _is(speaker: Speaker, words: frozenset[str]) -> bool:
    """Whether the speaker is named by one of the words."""
    return not words.isdisjoint(words_of(speaker.text))
