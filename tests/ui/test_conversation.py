"""Turns of a conversation, without a page."""

from fakes_ui import FakeAssistant

from pullquote.ui.turns import Conversation, next_turn


def test_a_question_is_taken_literally_without_the_turns_before_it() -> None:
    assistant, conversation = FakeAssistant(), Conversation()
    conversation.turns.append(next_turn(assistant, "Who is the mayor?", conversation))
    next_turn(assistant, "And what did it cost?", conversation)
    turn = next_turn(assistant, "And what did it cost?", conversation, literally=True)
    assert turn.question == "And what did it cost?"
    assert [len(asked[1]) for asked in assistant.asked] == [0, 1, 0]
