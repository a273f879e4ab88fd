"""Example questions drawn from the articles themselves, each of which they do answer."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from threading import Lock
from typing import Protocol

from pullquote.index.errors import PullquoteError
from pullquote.index.types import Article
from pullquote.qa.protocols import Answering
from pullquote.qa.speakers import attributions
from pullquote.qa.types import Answer, Speaker

SHOWN = 4
LOOKED_AT = 12  # articles
TRIED = 10  # questions that are asked to see whether they are answered
LIKELY = 0.5  # the confidence from which an example is a good one
READ = 20_000  # characters of an article
LONGEST = 60  # characters of a name with its office
ROLES = {
    *("ambassador", "bishop", "captain", "chair", "chairman", "chairwoman", "chancellor", "chief"),
    *("coach", "commissioner", "director", "executive", "governor", "judge", "lieutenant"),
    *("manager", "mayor", "minister", "president", "principal", "professor", "secretary"),
    *("senator", "sheriff", "spokesman", "spokesperson", "spokeswoman", "superintendent"),
    *("treasurer",),
}


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
        found: list[str] = []
        candidates = list(dict.fromkeys(_questions(articles)))[:TRIED]
        for question, name in candidates:
            try:
                answer = self._assistant.ask(question)
            except PullquoteError:
                continue
            if _is_good(answer, name):
                found.append(question)
            if len(found) == SHOWN:
                break
        return found


def _is_good(answer: Answer, name: str) -> bool:
    return answer.text is not None and answer.confidence >= LIKELY and name in answer.text


def _questions(articles: Iterable[Article]) -> Iterator[tuple[str, str]]:
    """Questions with a word that their answers must have, first one of each article."""
    each = [_about(article) for article in articles]
    return (one for one in chain.from_iterable(zip_longest(*each)) if one)


def _about(article: Article) -> list[tuple[str, str]]:
    said = [one.speaker for one in attributions(article.text[:READ]) if one.speaker]
    named = [one for one in dict.fromkeys(said) if _is_person(one)]
    asked: list[tuple[str, str]] = []
    for speaker in named:
        title = f"{speaker.office} {speaker.name}" if speaker.office else speaker.name
        asked.append((f"What did {title} say?", ""))
        if speaker.office and speaker.office.split()[-1].lower() in ROLES:
            asked.append((f"Who is the {speaker.office}?", speaker.name.split()[-1]))
    # A question that has a name for its answer is the better example.
    return sorted(asked, key=lambda one: not one[1])


def _is_person(speaker: Speaker) -> bool:
    parts = [*(speaker.office or "").split(), *speaker.name.split()]
    return (
        len(speaker.name.split()) in (2, 3)
        and len(" ".join(parts)) <= LONGEST
        and all(part[0].isupper() for part in speaker.name.split())
        and not any(sign in speaker.text for sign in ',;:()"“”\n')
    )
