"""A conversation: its turns, which articles it is about, and how the next turn is made."""

import logging
import time
from dataclasses import dataclass, field

from pullquote.index.errors import PullquoteError
from pullquote.qa.protocols import Answering
from pullquote.qa.types import EVERYTHING, Answer, Citation, Message, Within
from pullquote.ui import words

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came of it: an answer, or the sentence `problem` where there is none.

    `within` is what was asked, and `seconds` how long the answer took.
    """

    question: str
    answer: Answer | None = None
    problem: str = ""
    within: Within = EVERYTHING
    seconds: float = 0.0

    def citations(self) -> list[Citation]:
        """Every place that the answer cites, in its order."""
        if self.answer is None or self.answer.text is None:
            return []
        return [citation for quote in self.answer.quotes for citation in quote.citations]

    def links(self) -> dict[str, str | None]:
        """The web addresses of the articles that were read, by their ids."""
        hits = self.answer.hits if self.answer else ()
        articles = [one for hit in hits for one in (hit.article, *hit.also)]
        return {article.id: article.url for article in articles}


@dataclass(slots=True)
class Conversation:
    """What one visitor has asked so far; it grows, and nobody else's does.

    `within` is what the next question is asked of. `judged` are the turns, by their places, whose
    answers the visitor has judged.
    """

    turns: list[Turn] = field(default_factory=list)
    within: Within = EVERYTHING
    judged: set[int] = field(default_factory=set)

    def messages(self, until: int | None = None) -> list[Message]:
        """The turns that have an answer, up to a place, as the assistant takes them."""
        return [Message(turn.question, turn.answer) for turn in self.turns[:until] if turn.answer]

    def forget(self) -> None:
        """Begin anew; what is asked stays narrowed down."""
        self.turns = []
        self.judged = set()


def next_turn(
    assistant: Answering, question: str, conversation: Conversation, alone: bool = False
) -> Turn:
    """Ask the question in the light of the turns before it, or alone; an error is a sentence."""
    within = conversation.within
    started = time.perf_counter()
    try:
        answer = assistant.ask(question, [] if alone else conversation.messages(), within)
    except PullquoteError as error:
        return Turn(question, problem=str(error), within=within)
    except Exception:
        # A chat must reply; the log has the traceback.
        logger.exception("The question could not be answered.")
        return Turn(question, problem=words.WENT_WRONG, within=within)
    return Turn(question, answer, within=within, seconds=time.perf_counter() - started)
