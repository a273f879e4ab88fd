"""The web chat: a question box, answers as pull quotes, and the cited articles beside them."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from pullquote.index.errors import PullquoteError
from pullquote.index.types import Article
from pullquote.qa.protocols import Answering
from pullquote.ui.collection import Collection
from pullquote.ui.conversation import (
    Turn,
    chat_messages,
    error_turn,
    next_turn,
    turn_sources_html,
)
from pullquote.ui.json_format import answer_json
from pullquote.ui.limits import BusyError, Queue
from pullquote.ui.markup import literal
from pullquote.ui.offline import gr
from pullquote.ui.taking import Taking
from pullquote.ui.theme import PANEL_SCRIPT
from pullquote.ui.uploads import upload_section

PROMISE = "Answers are quotes, word for word, from the articles."
WELCOME = '<p class="welcome">Ask a question about the articles, in your own words.</p>'
# Questions wait in a queue of ours, which tells how many are before them; in gradio's they would
# also hold up what costs nothing, like opening a source.
EVENTS_AT_ONCE = 256


def build_app(
    assistant: Answering,
    article: Callable[[str], Article],
    about: Callable[[], Collection],
    examples: Sequence[str] = (),
    queue: Queue | None = None,
    taking: Taking | None = None,
) -> gr.Blocks:
    """The chat page, ready for `serve`, with the endpoint `/ask` for programs.

    Args:
        assistant: answers the questions; called from several threads at once.
        article: the stored article of an id, for the panel; raises KeyError.
        about: what the line under the product's name says whenever the page is opened.
        examples: questions to click on before the first one is asked.
        queue: where questions wait, which may be the API's too; one of its own if none is given.
        taking: takes articles that people upload; nothing can be uploaded without it.
    """
    queue = queue or Queue()
    app = gr.Blocks(
        title="Pullquote",
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(3600, 3600),  # of files that are uploaded and then not added
    )
    with app:
        # First, for gradio names the chat's own events after their functions and numbers namesakes.
        gr.events.api(_ask_endpoint(assistant, queue), api_name="ask", concurrency_limit=None)
        turns = gr.State(list[Turn]())  # one list per browser session
        masthead = gr.HTML(_masthead_html(about()), elem_id="masthead")
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="conversation"):
                chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    container=False,
                    height=None,
                    autoscroll=False,  # panel.js scrolls to the question instead
                    placeholder=WELCOME,
                    latex_delimiters=[],
                    buttons=[],
                    layout="panel",
                )
                with gr.Row(elem_id="examples", visible=bool(examples)) as suggestions:
                    suggested = [gr.Button(example, size="sm") for example in examples]
                with gr.Row(elem_id="ask"):
                    box = gr.Textbox(
                        elem_id="question",
                        placeholder="Ask the articles …",
                        label="Your question",
                        show_label=False,
                        container=False,
                        max_lines=4,
                        autofocus=True,
                        scale=1,
                    )
                    send = gr.Button("Ask", variant="primary", elem_id="send", scale=0)
                again = gr.Button("New conversation", elem_id="again", size="sm", visible=False)
            with gr.Column(elem_id="sources-column"):
                gr.HTML("<h2>Sources</h2>")
                panel = gr.HTML(
                    turn_sources_html(None, article),
                    elem_id="sources",
                    js_on_load=PANEL_SCRIPT.read_text("utf-8"),
                )

        async def converse(question: str, so_far: list[Turn]) -> AsyncIterator[dict[Any, Any]]:
            if not question.strip():
                yield {box: ""}
                return
            yield {
                box: "",
                chat: chat_messages(so_far, pending=question),
                suggestions: gr.Row(visible=False),
                again: gr.Button(visible=True),
            }
            try:
                with queue.place() as place:
                    async for ahead in place.ahead():
                        yield {chat: chat_messages(so_far, pending=question, ahead=ahead)}
                    turn = await place.run(next_turn, assistant, question, so_far)
            except BusyError as error:
                turn = error_turn(question, error)
            yield {
                turns: [*so_far, turn],
                chat: chat_messages([*so_far, turn]),
                panel: turn_sources_html(turn, article),
            }

        def show(so_far: list[Turn], event: gr.EventData) -> str:
            # What the browser says was clicked: a turn and a number, or anything at all.
            turn, number = event._data.get("turn"), event._data.get("number")
            if not isinstance(turn, int) or not 0 <= turn < len(so_far):
                return turn_sources_html(so_far[-1] if so_far else None, article)
            return turn_sources_html(
                so_far[turn], article, number if isinstance(number, int) else None
            )

        def come_in() -> str:
            return _masthead_html(about())

        def start_again() -> dict[Any, Any]:
            return {
                box: "",
                turns: [],
                chat: [],
                panel: turn_sources_html(None, article),
                suggestions: gr.Row(visible=bool(examples)),
                again: gr.Button(visible=False),
            }

        changed = [box, turns, chat, panel, suggestions, again]
        hidden: dict[str, Any] = {
            "api_visibility": "private",
            "show_progress": "hidden",
            "concurrency_limit": None,
        }
        gr.on([box.submit, send.click], converse, [box, turns], changed, **hidden)
        for button in suggested:
            button.click(converse, [button, turns], changed, **hidden)
        again.click(start_again, None, changed, **hidden)
        panel.select(show, [turns], [panel], **hidden)
        app.load(come_in, None, [masthead], **hidden)
        if taking:
            upload_section(taking).then(come_in, None, [masthead], **hidden)
    app.max_threads = EVENTS_AT_ONCE
    app.queue(max_size=EVENTS_AT_ONCE)
    return app


def _masthead_html(about: Collection) -> str:
    return (
        f'<header><h1>Pullquote</h1><p class="promise">{literal(PROMISE)}</p>'
        f'<p class="collection">{literal(about.in_words())}</p></header>'
    )


def _ask_endpoint(assistant: Answering, queue: Queue) -> Callable[[str], Awaitable[dict[str, Any]]]:
    async def ask(question: str) -> dict[str, Any]:
        """Answer one question, without a history, as the JSON object of `answer_json`."""
        started = time.perf_counter()
        try:
            answer = await queue.run(assistant.ask, question)
        except PullquoteError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return answer_json(answer, time.perf_counter() - started)

    return ask
