"""A question that was understood in the light of earlier ones can be asked as it was typed."""

from fakes_ui import ABOUT, ARTICLES, FakeAssistant

from pullquote.ui.actions import Actions
from pullquote.ui.turns import Conversation


def test_a_question_is_taken_literally_without_the_turns_before_it() -> None:
    assistant = FakeAssistant()
    do = Actions(assistant, ARTICLES.__getitem__, lambda: ABOUT, tuple, None)
    conversation = Conversation()
    do.answer("Who is the mayor?", conversation)
    do.answer("And what did it cost?", conversation)
    do.answer("And what did it cost?", conversation, alone=True)
    assert [len(history) for _, history in assistant.asked] == [0, 1, 0]
    assert len(conversation.turns) == 3
