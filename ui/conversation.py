"""A conversation: its turns, how the next one is made, and what the chat shows of them."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pullquote.index.errors import PullquoteError
from pullquote.index.types import Article
from pullquote.qa.protocols import Answering
from pullquote.qa.types import Answer, Citation, Message
from pullquote.ui.markup import literal
from pullquote.ui.render import answer_html, message_html
from pullquote.ui.sources import sources_html

WENT_WRONG = "Something went wrong; see the server's log."
LOOKING = "Looking through the articles …"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what was replied; `answer` is None where there was an error instead."""

    question: str
    reply: str
    answer: Answer | None = None


def next_turn(assistant: Answering, question: str, turns: Sequence[Turn]) -> Turn:
    """Ask the question in the light of the turns before it; an error becomes a reply in words."""
    history = [Message(turn.question, turn.answer) for turn in turns if turn.answer]
    try:
        answer = assistant.ask(question, history)
    except PullquoteError as error:
        return error_turn(question, error)
    except Exception:
        # A chat must reply; the log has the traceback.
        logger.exception("The question could not be answered.")
        return Turn(question, message_html(WENT_WRONG))
    return Turn(question, answer_html(answer), answer)


def error_turn(question: str, error: PullquoteError) -> Turn:
    """A question that cannot be asked, with what is wrong as the reply."""
    return Turn(question, message_html(str(error)))


def chat_messages(
    turns: Sequence[Turn], pending: str | None = None, ahead: int | None = None
) -> list[dict[str, str]]:
    """The turns as chat messages; `pending` is a question whose answer is still being sought.

    `ahead` is how many questions of other people are answered before it, if it has to wait.
    """
    shown = [*turns]
    if pending is not None:
        shown.append(Turn(pending, message_html(LOOKING if ahead is None else waiting(ahead))))
    return [
        message
        for turn in shown
        for message in (
            {"role": "user", "content": f'<p class="question">{literal(turn.question)}</p>'},
            {"role": "assistant", "content": turn.reply},
        )
    ]


def waiting(ahead: int) -> str:
    """What somebody reads whose question waits for its turn."""
    if not ahead:
        return "Many people are asking; your question is next …"
    questions = "1 question is" if ahead == 1 else f"{ahead:,} questions are"
    return f"Many people are asking; {questions} waiting before yours …"


def turn_sources_html(
    turn: Turn | None, article: Callable[[str], Article], active: int | None = None
) -> str:
    """The panel for one turn: the articles that its answer cites."""
    answer = turn.answer if turn else None
    quotes = answer.quotes if answer and answer.text is not None else ()
    citations = [citation for quote in quotes for citation in quote.citations]
    return sources_html(citations, _cited_articles(citations, article), active)


def _cited_articles(
    citations: Sequence[Citation], article: Callable[[str], Article]
) -> dict[str, Article]:
    found: dict[str, Article] = {}
    for article_id in dict.fromkeys(citation.article_id for citation in citations):
        try:
            found[article_id] = article(article_id)
        except KeyError:
            # The folder was indexed anew since the answer was given; the panel says so.
            logger.warning("The cited article %s is no longer in the index.", article_id)
    return found
