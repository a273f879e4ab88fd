"""A conversation as HTML: each question with its answer, what it was asked of, and what to do."""

from collections.abc import Callable

from pullquote.ui import words
from pullquote.ui.feedback import LONGEST_COMMENT
from pullquote.ui.markup import byline, literal
from pullquote.ui.narrowing import chips
from pullquote.ui.render import answer_html, message_html
from pullquote.ui.turns import Conversation, Turn

Title = Callable[[str], str]  # of an article, by its id

# A thumb, drawn here so that it looks the same whatever fonts there are; downwards it is turned.
_THUMB = (
    '<svg class="thumb" viewBox="0 0 20 20" width="15" height="15" aria-hidden="true"><path d="'
    "M2 9h3v9H2zM7 17.5V8.6L10.6 2c1.7.1 2.3 1.5 2 3l-.6 3h4.3c1.2 0 1.9 1 1.6 2.1l-1.7 "
    '6.2c-.2.8-.9 1.3-1.8 1.3z"/></svg>'
)


def conversation_html(
    conversation: Conversation,
    title: Title,
    pending: tuple[str, str] | None = None,
    judging: bool = False,
) -> str:
    """All turns, or a welcome before the first.

    `pending` is a question whose answer is being sought, and what is said meanwhile. Where
    `judging`, answers can be judged.
    """
    shown = [
        _turn_html(turn, number, title, _after_html(conversation, number) if judging else "")
        for number, turn in enumerate(conversation.turns)
    ]
    if pending:
        shown.append(_pending_html(*pending))
    if not shown:
        welcome = f"<h2>{literal(words.WELCOME)}</h2><p>{literal(words.WELCOME_HINT)}</p>"
        return f'<div class="welcome">{welcome}</div>'
    return "".join(shown)


def announcement(turn: Turn) -> str:
    """A new answer in one sentence, for a screen reader; it is markup."""
    if turn.answer is None:
        return literal(turn.problem)
    if turn.answer.text is None:
        return literal(words.ABSTENTION)
    first, *others = turn.answer.quotes
    cited = first.citations[0]
    where = byline(cited.source, cited.published)
    return f"{literal(words.announced(first.text, len(others)))} {where}"


def examples_html(examples: list[str]) -> str:
    """Questions to click on; each is a button that asks it."""
    if not examples:
        return ""
    items = "".join(
        f'<li><button type="button" data-event="select" data-question="{literal(example)}">'
        f"{literal(example)}</button></li>"
        for example in examples
    )
    return f'<p class="kicker">{literal(words.EXAMPLES)}</p><ul>{items}</ul>'


def tools_html() -> str:
    """Buttons for the whole conversation."""
    return "".join(
        f'<button type="button" class="quiet" {data}>{literal(label)}</button>'
        for label, data in (
            (words.NEW_CONVERSATION, 'id="again" data-event="again"'),
            (words.SAVE_MARKDOWN, 'data-event="save" data-kind="markdown"'),
            (words.SAVE_JSON, 'data-event="save" data-kind="json"'),
        )
    )


def _turn_html(turn: Turn, number: int, title: Title, after: str) -> str:
    if turn.answer is None:
        return _frame_html(turn.question, message_html(turn.problem), number)
    reply = answer_html(turn.answer, turn.links())
    told = [said for _, _, said in chips(turn.within, title)]
    asked = f'<p class="asked-of">{literal(words.asked_of(told))}</p>' if told else ""
    everywhere = ""
    if told and turn.answer.text is None:
        everywhere = (
            f'<p><button type="button" data-event="select" data-everywhere="yes" '
            f'data-question="{literal(turn.question)}">{literal(words.EVERYWHERE)}</button></p>'
        )
    return _frame_html(turn.question, asked + reply + everywhere + after, number)


def _frame_html(question: str, inside: str, number: int) -> str:
    return (
        f'<article class="turn" data-turn="{number}"><h2 class="question">{literal(question)}</h2>'
        f"{inside}</article>"
    )


def _pending_html(question: str, said: str) -> str:
    return (
        f'<article class="turn pending"><h2 class="question">{literal(question)}</h2>'
        f'<div class="reply"><p class="plain">{literal(said)} '
        f'<span class="elapsed" data-unit="{words.SECONDS}"></span></p>'
        f'<div class="progress" role="progressbar" aria-label="{literal(said)}"></div></div>'
        "</article>"
    )


def _after_html(conversation: Conversation, number: int) -> str:
    """Thumbs up and down; each opens a form for a comment. An answer is judged once."""
    if number in conversation.judged:
        return f'<p class="judged">{literal(words.JUDGED)}</p>'
    answer = conversation.turns[number].answer
    wrong = _field_html("right", words.RIGHT_ANSWER)
    if answer and answer.text is not None:
        wrong += (
            '<label class="choice"><input type="checkbox" name="nowhere" value="yes"> '
            f"{literal(words.NOT_THERE)}</label>"
        )
    return (
        f'<div class="judging">{_thumb_html(number, "yes", words.RIGHT, "")}'
        f"{_thumb_html(number, 'no', words.WRONG, wrong)}</div>"
    )


def _thumb_html(number: int, liked: str, label: str, fields: str) -> str:
    # Of one name, so that opening the one closes the other.
    return (
        f'<details class="judge {liked}" name="judge-{number}">'
        f"<summary>{_THUMB} {literal(label)}</summary>"
        f'<form data-event="judge"><input type="hidden" name="turn" value="{number}">'
        f'<input type="hidden" name="liked" value="{liked}">{fields}'
        f"{_field_html('comment', words.COMMENT)}"
        f'<button type="submit">{literal(words.SEND)}</button></form></details>'
    )


def _field_html(name: str, label: str) -> str:
    return (
        f'<label>{literal(label)} <input type="text" name="{name}" '
        f'maxlength="{LONGEST_COMMENT}" autocomplete="off"></label>'
    )
