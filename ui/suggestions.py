"""Example questions drawn from the articles themselves, each of which they do answer."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from pullquote.index.errors import PullquoteError
from pullquote.index.types import Article
from pullquote.qa.protocols import Answering
from pullquote.qa.speakers import attributions
from pullquote.qa.types import Speaker

SHOWN = 4
OF_ONE_KIND = 2
LOOKED_AT = 40  # articles
TRIED = 12  # questions that are asked to see whether they are answered
LIKELY = 0.5  # the confidence from which an example is a good one
READ = 20_000  # characters of an article
FEWEST, MOST = 5, 13  # words of a statement
SHORTEST = 5  # letters of a word that says what a headline is about
LONGEST = 60  # characters of a name with its office
ROLES = {
    *("ambassador", "bishop", "captain", "chair", "chairman", "chairwoman", "chancellor", "chief"),
    *("coach", "commissioner", "director", "executive", "governor", "judge", "manager", "mayor"),
    *("minister", "president", "principal", "secretary", "senator", "sheriff", "spokesman"),
    *("spokesperson", "spokeswoman", "superintendent", "treasurer"),
}
# What refers to something before it, or makes a clause that cannot be asked about.
_LEANS = re.compile(
    r"\b(?:he|him|his|she|her|hers|they|them|their|it|its|this|that|these|those|there|here|we|us|our|"
    r"i|my|you|your|now|same|then)\b|[\"“”:;()—?!]|^(?:if|when|while|as|although|though|because|and|but)\b",
    re.I,
)
_ARTICLE = re.compile(r"^(?:The|A|An|All|Both|Each|Half|Many|Most|No|Some)\b")
# "the fire", "the new police chief": what something can be said about.
_WORD = r"(?!\w+(?:ed|ing|ly)\b)[a-z]{3,}"
_TOPIC = re.compile(
    rf"\bthe (?:{_WORD} )?{_WORD}\b"
    r"(?= (?:in|of|at|on|for|to|is|was|are|were|has|will|would|and)\b|[.,;:”\"]|$)"
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question, what kind of question it is, and a word that its answer must have."""

    question: str
    kind: str
    word: str = ""


class State(Protocol):
    """One state of an index."""

    @property
    def name(self) -> str:
        """Another one for another state."""
        ...

    def articles(self, count: int) -> Sequence[Article]:
        """So many of its articles at most, from all over it."""
        ...


class Suggestions:
    """Questions about people whom the articles quote; found at the first call for each state."""

    def __init__(self, assistant: Answering, state: Callable[[], State]) -> None:
        self._assistant = assistant
        self._state = state
        self._lock = Lock()
        self._found: tuple[str, list[str]] | None = None

    def __call__(self) -> list[str]:
        """At most SHOWN questions that are answered; none where nobody is quoted."""
        state = self._state()
        with self._lock:  # the second visitor waits for what the first one has begun
            if self._found is None or self._found[0] != state.name:
                self._found = (state.name, self._answered(state.articles(LOOKED_AT)))
            return self._found[1]

    def _answered(self, articles: Iterable[Article]) -> list[str]:
        found: dict[str, str] = {}  # the question and its kind
        tried = 0
        for one in _candidates(articles):
            if len(found) == SHOWN or tried == TRIED:
                break
            if one.question in found or Counter(found.values())[one.kind] == OF_ONE_KIND:
                continue
            tried += 1
            if self._is_answered(one):
                found[one.question] = one.kind
        return list(found)

    def _is_answered(self, one: _Candidate) -> bool:
        try:
            answer = self._assistant.ask(one.question)
        except PullquoteError:
            return False
        return answer.text is not None and answer.confidence >= LIKELY and one.word in answer.text


def _candidates(articles: Iterable[Article]) -> Iterator[_Candidate]:
    """Of each article one question of each kind."""
    for article in articles:
        kinds = set()
        for one in _about(article):
            if one.kind not in kinds:
                kinds.add(one.kind)
                yield one


def _about(article: Article) -> Iterator[_Candidate]:
    text = article.text[:READ]
    for one in attributions(text):
        if one.speaker is None or not _is_person(one.speaker):
            continue
        office, name = one.speaker.office or "", one.speaker.name
        said = " ".join(text[one.start : one.end].split()).rstrip(" .,")
        if not one.quoted and FEWEST <= len(said.split()) <= MOST and not _LEANS.search(said):
            said = _ARTICLE.sub(lambda match: match[0].lower(), said)
            yield _Candidate(f"Who said {said}?", "said", name.split()[-1])
        if len(office.split()) > 1 and office.split()[-1].lower() in ROLES:
            yield _Candidate(f"Who is the {office}?", "office")
        if topic := _topic(said, article.title):
            who = f"{office} {name}".strip()
            yield _Candidate(f"What did {who} say about {topic}?", "topic")


def _topic(said: str, title: str) -> str:
    """What a statement is about: words behind an article that the headline has too; or ""."""
    known = {word for word in _words(title) if len(word) >= SHORTEST}
    found = [match[0] for match in _TOPIC.finditer(said)]
    return max((one for one in found if known & set(_words(one))), key=len, default="")


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def _is_person(speaker: Speaker) -> bool:
    parts = speaker.name.split()
    return (
        len(parts) in (2, 3)
        and len(speaker.text) <= LONGEST
        and all(part[0].isupper() for part in parts)
        and not any(sign in speaker.text for sign in ',;:()"“”\n')
    )
