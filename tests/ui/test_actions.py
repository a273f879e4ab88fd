"""What a click does, whatever a browser says was clicked."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fakes_ui import ABOUT, ARTICLES, BRIDGE, BUDGET, FakeAssistant
from hypothesis import given
from hypothesis import strategies as st

from pullquote.qa.types import EVERYTHING, Within
from pullquote.ui import words
from pullquote.ui.actions import Actions
from pullquote.ui.feedback import FeedbackFile
from pullquote.ui.markup import literal
from pullquote.ui.places import Place, count_in, place_in
from pullquote.ui.turns import Conversation

ANYTHING: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)
KEYS = (
    *("article", "start", "end", "turn", "number", "kind", "name", "since", "until", "source"),
    *("liked", "comment", "right", "nowhere"),
)
VALUES: Any = st.dictionaries(
    st.sampled_from(KEYS),
    ANYTHING
    | st.sampled_from(["0", "1", "9999999999", "-1", "٣", "bridge", "2023-05-12", "dates", "yes"]),
)


def actions(feedback: FeedbackFile | None = None) -> Actions:
    return Actions(FakeAssistant(), ARTICLES.__getitem__, lambda: ABOUT, tuple, feedback)


def asked(do: Actions, *questions: str) -> Conversation:
    conversation = Conversation()
    for question in questions:
        do.answer(question, conversation)
    return conversation


@given(VALUES)
def test_any_click_is_survived(tmp_path_factory: pytest.TempPathFactory, values: Any) -> None:
    do = actions(FeedbackFile(tmp_path_factory.mktemp("kept") / "feedback.jsonl"))
    conversation = asked(do, "What did it cost?")
    for act in (do.open, do.narrow, do.drop, do.only, do.judge):
        assert "<script" not in act(conversation, values)
    assert do.saved(conversation, values)["text"]
    assert len(conversation.turns) == 1
    assert set(conversation.within.articles) <= set(ARTICLES)
    assert set(conversation.within.sources) <= set(ABOUT.sources)


@given(st.text(max_size=30), st.integers(0, 10**9 - 1), st.integers(0, 10**9 - 1))
def test_an_address_leads_back_to_its_place(article_id: str, start: int, end: int) -> None:
    from urllib.parse import parse_qsl

    place = Place(article_id.encode(errors="replace").decode(), start, end)
    values = dict(parse_qsl(place.address().removeprefix("?"), keep_blank_values=True))
    assert place_in(values) == (place if place.article_id else None)


@pytest.mark.parametrize(
    "value", [None, True, -1, 1.0, "", " 1", "+1", "1e3", "٣", "9" * 10, 10**9]
)
def test_what_is_no_number(value: object) -> None:
    assert count_in(value) is None


def test_a_link_of_another_conversation_opens_its_own_place() -> None:
    do = actions()
    conversation = asked(do, "What did it cost?")
    start = BUDGET.text.index("council")
    other = {"article": "budget", "start": start, "end": start + 7, "turn": 0, "number": 2}
    assert 'data-turn="0"' not in do.open(conversation, other)
    cited = conversation.turns[0].citations()[1]
    own = {**other, "start": cited.start, "end": cited.end}
    assert 'data-turn="0"' in do.open(conversation, own)


def test_the_form_narrows_and_chips_widen() -> None:
    do = actions()
    conversation = Conversation()
    form = {"since": "2023-01-01", "until": "", "source": ["Daily", "nobody's"]}
    shown = do.narrow(conversation, form)
    assert conversation.within == Within(date(2023, 1, 1), None, ("Daily",))
    assert "since January 1" in shown
    do.only(conversation, {"article": "bridge"})
    assert conversation.within == Within(articles=("bridge",))
    do.only(conversation, {"article": "gone"})
    assert conversation.within.articles == ("bridge",)
    do.drop(conversation, {"kind": "article", "name": "bridge"})
    assert conversation.within == EVERYTHING


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"since": "2023-02-30"}, words.NO_DAY),
        ({"since": "x" * 5000}, words.NO_DAY),
        ({"since": ["2023-01-01"]}, words.NO_DAY),
        ({"since": "2024-01-02", "until": "2023-01-02"}, words.FIRST_AFTER_LAST),
    ],
)
def test_what_cannot_be_is_said(form: dict[str, Any], said: str) -> None:
    conversation = Conversation()
    shown = actions().narrow(conversation, form)
    assert 'role="alert"' in shown
    assert said.split()[0] in shown
    assert conversation.within == EVERYTHING


def test_questions_are_asked_within_and_say_so() -> None:
    assistant = FakeAssistant()
    do = Actions(assistant, ARTICLES.__getitem__, lambda: ABOUT, tuple, None)
    conversation = Conversation()
    do.only(conversation, {"article": "bridge"})
    do.answer("What did it cost?", conversation)
    assert assistant.within == [Within(articles=("bridge",))]
    assert f"only “{BRIDGE.title}”" in do.chat(conversation).replace("&#45;", "-")


def test_an_answer_is_judged_once(tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    do = actions(FeedbackFile(file))
    conversation = asked(do, "What did it cost?", "crash")
    assert "judge" in do.chat(conversation)
    do.judge(conversation, {"turn": "0", "liked": "yes", "comment": "Good"})
    do.judge(conversation, {"turn": "0", "liked": "no"})
    do.judge(conversation, {"turn": "1", "liked": "no"})  # there was no answer
    (line,) = map(json.loads, file.read_text("utf-8").splitlines())
    assert (line["liked"], line["comment"]) == (True, "Good")
    assert "judge" not in actions().chat(conversation)  # nobody keeps judgements there


def test_an_answer_that_comes_after_a_new_beginning_is_dropped() -> None:
    conversation = Conversation()

    class Slow(FakeAssistant):
        def ask(self, *arguments: Any, **named: Any) -> Any:
            conversation.forget()  # the visitor did not wait
            return super().ask(*arguments, **named)

    do = Actions(Slow(), ARTICLES.__getitem__, lambda: ABOUT, tuple, None)
    do.answer("What did it cost?", conversation)
    assert conversation.turns == []


def test_what_is_read_out() -> None:
    do = actions()
    told = do.answer("How is it over time?", Conversation())
    assert "Ines Okafor" in told
    assert "1 further answer" in told
    assert do.answer("Who won?", Conversation()) == literal(words.ABSTENTION)
    cost = do.answer("What did it cost?", Conversation())
    assert "Riverton Courier" in cost
    assert "May 12" in cost
