"""What happens when a visitor does something: each action changes a conversation and draws it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pullquote.index.types import Article
from pullquote.qa.protocols import Answering
from pullquote.qa.types import EVERYTHING
from pullquote.ui import words
from pullquote.ui.collection import Collection
from pullquote.ui.conversation import announcement, conversation_html, examples_html, tools_html
from pullquote.ui.feedback import FeedbackError, FeedbackFile, Judgement, feedback_line
from pullquote.ui.markup import literal
from pullquote.ui.narrowing import NarrowingError, narrowing_html, within_of_form, without
from pullquote.ui.places import count_in, place_in, place_of
from pullquote.ui.sources import linked_panel_html, quoted_panel_html
from pullquote.ui.takeaway import conversation_json, conversation_markdown
from pullquote.ui.turns import Conversation, Turn, next_turn

Values = Mapping[str, Any]  # what a browser says of a click: what is expected, or anything at all


class Actions:
    """Everything the page can do, without the page; safe to use from many threads."""

    def __init__(
        self,
        assistant: Answering,
        article: Callable[[str], Article],
        about: Callable[[], Collection],
        examples: Callable[[], Sequence[str]],
        feedback: FeedbackFile | None,
    ) -> None:
        """The parameters are those of `build_app`."""
        self._assistant = assistant
        self._article = article
        self._about = about
        self._examples = examples
        self._feedback = feedback

    def masthead(self) -> str:
        """The name, the promise, and what the collection holds now."""
        facts = "".join(f"<li>{literal(fact)}</li>" for fact in self._about().facts())
        return (
            f'<header><h1>{words.TITLE}</h1><p class="promise">{literal(words.PROMISE)}</p>'
            f'<ul class="collection">{facts}</ul></header>'
        )

    def examples(self) -> str:
        """Questions to click on."""
        return examples_html(list(self._examples()))

    def chat(
        self, conversation: Conversation, asking: str | None = None, meanwhile: str = ""
    ) -> str:
        """All turns; `asking` is a question whose answer is sought, and `meanwhile` says so."""
        pending = None
        if asking is not None:
            pending = (asking, meanwhile or words.looking(self._about().articles))
        judging = self._feedback is not None
        return conversation_html(conversation, self._title, pending, judging)

    def narrowing(self, conversation: Conversation, problem: str = "") -> str:
        """The chips, and the form."""
        return narrowing_html(conversation.within, self._about(), self._title, problem)

    def tools(self) -> str:
        """What can be done with a whole conversation."""
        return tools_html()

    def answer(self, question: str, conversation: Conversation, alone: bool = False) -> str:
        """Ask it; what is returned is read out to those who cannot see the answer.

        `alone`: not in the light of the turns before it.
        """
        turns = conversation.turns
        turn = next_turn(self._assistant, question, conversation, alone)
        turns.append(turn)  # which are no longer the conversation's where it was begun anew
        return announcement(turn)

    def refuse(self, question: str, conversation: Conversation, problem: str) -> str:
        """Say why a question is not asked; what is returned is read out."""
        turn = Turn(question, problem=problem, within=conversation.within)
        conversation.turns.append(turn)
        return announcement(turn)

    def panel(self, conversation: Conversation) -> str:
        """The article of the newest answer's first quote; nothing where it has none."""
        citations = conversation.turns[-1].citations() if conversation.turns else []
        if not citations:
            return ""
        return self._quoted(conversation, len(conversation.turns) - 1, citations[0].number)

    def open(self, conversation: Conversation, values: Values) -> str:
        """The article of a citation, of a passage, or of an address; nothing for anything else."""
        turn, number = count_in(values.get("turn")), count_in(values.get("number"))
        place = place_in(values)
        if turn is not None and number is not None and turn < len(conversation.turns):
            citations = conversation.turns[turn].citations()
            # An address may be of another conversation than this one.
            if any(one.number == number and place_of(one) == place for one in citations):
                return self._quoted(conversation, turn, number)
        return linked_panel_html(self._stored(place.article_id), place) if place else ""

    def narrow(self, conversation: Conversation, values: Values) -> str:
        """Take over the form; the problem, where it cannot be used."""
        try:
            conversation.within = within_of_form(values, conversation.within, self._about())
        except NarrowingError as error:
            return self.narrowing(conversation, str(error))
        return self.narrowing(conversation)

    def drop(self, conversation: Conversation, values: Values) -> str:
        """Take a chip away."""
        conversation.within = without(conversation.within, values)
        return self.narrowing(conversation)

    def only(self, conversation: Conversation, values: Values) -> str:
        """Ask one article only: dates and sources could do no more than leave it out."""
        place = place_in(values)
        if place and self._stored(place.article_id):
            conversation.within = replace(EVERYTHING, articles=(place.article_id,))
        return self.narrowing(conversation)

    def judge(self, conversation: Conversation, values: Values) -> str:
        """Keep a judgement; what is returned is said to the visitor."""
        turn = count_in(values.get("turn"))
        if self._feedback is None or turn is None or turn >= len(conversation.turns):
            return ""
        if turn in conversation.judged or conversation.turns[turn].answer is None:
            return ""
        try:
            self._feedback.add(feedback_line(conversation, turn, Judgement.of_form(values)))
        except FeedbackError as error:
            return literal(str(error))
        conversation.judged.add(turn)
        return literal(words.JUDGED)

    def saved(self, conversation: Conversation, values: Values) -> dict[str, str]:
        """The conversation as a file: its name, its type and its text."""
        if values.get("kind") == "json":
            return {
                "name": f"{words.FILE}.json",
                "type": "application/json",
                "text": conversation_json(conversation.turns),
            }
        return {
            "name": f"{words.FILE}.md",
            "type": "text/markdown",
            "text": conversation_markdown(conversation.turns),
        }

    def _quoted(self, conversation: Conversation, turn: int, number: int) -> str:
        citations = conversation.turns[turn].citations()
        active = next((one for one in citations if one.number == number), None)
        if active is None:
            return ""
        return quoted_panel_html(self._stored(active.article_id), citations, active, turn)

    def _stored(self, article_id: str) -> Article | None:
        try:
            return self._article(article_id)
        except KeyError:
            # Perhaps the folder was indexed anew since the answer was given; the panel says so.
            return None

    def _title(self, article_id: str) -> str:
        stored = self._stored(article_id)
        return stored.title if stored else words.MISSING
