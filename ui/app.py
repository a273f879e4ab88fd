"""The web chat: a question box, answers as pull quotes, and the article of a citation beside them.

What is drawn is HTML of ours in gradio's frame; its scripts tell the functions here what was
clicked.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from pullquote.index.errors import PullquoteError
from pullquote.index.types import Article
from pullquote.qa.protocols import Answering
from pullquote.qa.types import EVERYTHING
from pullquote.ui import words
from pullquote.ui.actions import Actions
from pullquote.ui.collection import Collection
from pullquote.ui.feedback import FeedbackFile
from pullquote.ui.json_format import answer_json
from pullquote.ui.limits import BusyError, Queue
from pullquote.ui.offline import gr
from pullquote.ui.taking import Taking
from pullquote.ui.theme import script
from pullquote.ui.turns import Conversation
from pullquote.ui.uploads import upload_section

# Questions wait in a queue of ours, which tells how many are before them; in gradio's they would
# also hold up what costs nothing, like opening a source.
EVENTS_AT_ONCE = 256
LIVE = '<p role="status" class="unseen">${value}</p>'


def build_app(
    assistant: Answering,
    article: Callable[[str], Article],
    about: Callable[[], Collection],
    examples: Callable[[], Sequence[str]] = tuple,
    feedback: FeedbackFile | None = None,
    queue: Queue | None = None,
    taking: Taking | None = None,
) -> gr.Blocks:
    """The chat page, ready for `serve`, with the endpoint `/ask` for programs.

    Args:
        assistant: answers the questions; called from several threads at once.
        article: the stored article of an id, for the panel; raises KeyError.
        about: what is known of the collection; called whenever the page is opened.
        examples: questions to click on before the first one is asked; called then, too.
        feedback: where judgements of answers are kept; without it none are asked for.
        queue: where questions wait, which may be the API's too; one of its own if none is given.
        taking: takes articles that people upload; nothing can be uploaded without it.
    """
    do = Actions(assistant, article, about, examples, feedback)
    queue = queue or Queue()
    app = gr.Blocks(
        title=words.TITLE,
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(3600, 3600),  # of files that are uploaded and then not added
    )
    with app:
        # First, for gradio names events after their functions and numbers namesakes.
        gr.events.api(_ask_endpoint(assistant, queue), api_name="ask", concurrency_limit=None)
        visit = gr.State(Conversation())  # a copy for each browser session
        masthead = _part("masthead", do.masthead())
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="conversation"):
                chat = _part("chat", do.chat(Conversation()), "chat.js")
                with gr.Row(elem_id="ask"):
                    box = gr.Textbox(
                        elem_id="question",
                        placeholder=words.QUESTION_HINT,
                        label=words.QUESTION,
                        show_label=False,
                        container=False,
                        max_lines=4,
                        autofocus=True,
                        scale=1,
                    )
                    send = gr.Button(words.ASK, variant="primary", elem_id="send", scale=0)
                narrowing = _part("narrowing", do.narrowing(Conversation()), "narrowing.js")
                suggestions = _part("examples", "")
                tools = _part("tools", do.tools())
                outbox = _part("outbox", None, "outbox.js", html_template=" ")
                said = _part("announcer", "", html_template=LIVE)
            with gr.Column(elem_id="sources-column"):
                panel = _part("sources", "", "panel.js")

        async def converse(
            question: str, conversation: Conversation, event: gr.EventData
        ) -> AsyncIterator[dict[Any, Any]]:
            picked = _values(event)
            question = str(picked.get("question", question))
            if not question.strip():
                yield {box: ""}
                return
            if picked.get("everywhere"):
                conversation.within = EVERYTHING
            yield {
                box: "",
                chat: do.chat(conversation, asking=question),
                narrowing: do.narrowing(conversation),
                suggestions: "",
            }
            try:
                with queue.place() as place:
                    async for ahead in place.ahead():
                        yield {chat: do.chat(conversation, question, words.waiting(ahead))}
                    alone = bool(picked.get("literally"))
                    announced = await place.run(do.answer, question, conversation, alone)
            except BusyError as error:
                announced = do.refuse(question, conversation, str(error))
            yield {
                chat: do.chat(conversation),
                panel: do.panel(conversation),
                said: announced,
            }

        def come_in(conversation: Conversation) -> tuple[str, str]:
            return do.masthead(), do.narrowing(conversation)

        def suggest(conversation: Conversation) -> str:
            return "" if conversation.turns else do.examples()

        def start_again(conversation: Conversation) -> dict[Any, Any]:
            conversation.forget()
            return {
                box: "",
                chat: do.chat(conversation),
                panel: "",
                suggestions: do.examples(),
            }

        def open_source(conversation: Conversation, event: gr.EventData) -> str:
            return do.open(conversation, _values(event))

        def only(conversation: Conversation, event: gr.EventData) -> str:
            return do.only(conversation, _values(event))

        def narrow(conversation: Conversation, event: gr.EventData) -> str:
            return do.narrow(conversation, _values(event))

        def drop(conversation: Conversation, event: gr.EventData) -> str:
            return do.drop(conversation, _values(event))

        def judge(conversation: Conversation, event: gr.EventData) -> tuple[str, str]:
            told = do.judge(conversation, _values(event))
            return do.chat(conversation), told

        def save(conversation: Conversation, event: gr.EventData) -> dict[str, str]:
            return do.saved(conversation, _values(event))

        hidden: dict[str, Any] = {
            "api_visibility": "private",
            "show_progress": "hidden",
            "concurrency_limit": None,
        }
        # At once: what is clicked while answers are sought does not wait for them.
        quick: dict[str, Any] = {**hidden, "queue": False}
        asking = gr.on(
            [box.submit, send.click, suggestions.select, chat.select],
            converse,
            [box, visit],
            [box, chat, panel, narrowing, suggestions, said],
            **hidden,
        )
        tools.again(start_again, visit, [box, chat, panel, suggestions], cancels=[asking], **quick)
        tools.save(save, visit, outbox, **quick)
        panel.open(open_source, visit, panel, **quick)
        panel.shut(lambda: "", None, panel, **quick)
        panel.only(only, visit, narrowing, **quick)
        narrowing.narrow(narrow, visit, narrowing, **quick)
        narrowing.drop(drop, visit, narrowing, **quick)
        chat.judge(judge, visit, [chat, said], **quick)
        app.load(come_in, visit, [masthead, narrowing], **quick)
        app.load(suggest, visit, suggestions, **quick)
        if taking:
            upload_section(taking).then(come_in, visit, [masthead, narrowing], **quick)
    app.max_threads = EVENTS_AT_ONCE
    app.queue(max_size=EVENTS_AT_ONCE)
    return app


def _part(name: str, value: Any, *scripts: str, html_template: str = "${value}") -> gr.HTML:
    """A part of the page that is drawn by us, with the scripts of its own."""
    code = "\n".join(script(each) for each in ("parts.js", *scripts))
    return gr.HTML(
        value,
        elem_id=name,
        html_template=html_template,
        js_on_load=code,
        apply_default_css=False,
    )


def _values(event: gr.EventData) -> dict[str, Any]:
    """What the browser says of a click: what our scripts send, or anything at all."""
    return event._data if isinstance(event._data, dict) else {}


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
