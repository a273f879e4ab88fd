"""Turns of a conversation, without a page."""

from dataclasses import replace

import pytest
from fakes_ui import FakeAssistant

from pullquote.ui.conversation import Turn, literal_turn, next_turn


@pytest.fixture
def turns() -> list[Turn]:
    """A question that stands alone, and one that leans on it."""
    assistant = FakeAssistant()
    first = next_turn(assistant, "Who is the mayor?", [])
    second = next_turn(assistant, "And what did it cost?", [first])
    assert second.answer
    understood = replace(second.answer, understood="And what did it cost (mayor)?")
    return [first, replace(second, answer=understood)]


def test_a_question_is_taken_literally_without_the_turns_before_it(turns: list[Turn]) -> None:
    assistant = FakeAssistant()
    turn = literal_turn(assistant, turns, 1)
    assert turn
    assert turn.question == "And what did it cost?"
    assert assistant.asked == [("And what did it cost?", ())]


def test_what_was_taken_literally_is_not_asked_again(turns: list[Turn]) -> None:
    assistant = FakeAssistant()
    failed = next_turn(assistant, "crash", [])
    asked = len(assistant.asked)
    for place in (0, 2, 3, -1):
        assert literal_turn(assistant, [*turns, failed], place) is None
    assert len(assistant.asked) == asked
