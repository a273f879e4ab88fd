"""What is taken away says what the page says, and is no markup of anybody else's."""

import json
import re
from dataclasses import replace
from datetime import date

from fakes_ui import BANNER, BRIDGE, COST, HOSTILE_SENTENCE, HOSTILE_TITLE, FakeAssistant
from hypothesis import given
from hypothesis import strategies as st

from pullquote.qa.types import Within
from pullquote.ui import words
from pullquote.ui.takeaway import (
    conversation_json,
    conversation_markdown,
    markdown,
    quote_markdown,
    quote_text,
)
from pullquote.ui.turns import Conversation, Turn, next_turn

LINKS = {"bridge": BRIDGE.url, "budget": "javascript:alert(5)"}


def turns() -> list[Turn]:
    made = Conversation(within=Within(since=date(2023, 1, 1)))
    for question in ("What did the repairs cost?", "Who won the cup?", "crash", "And over time?"):
        made.turns.append(next_turn(FakeAssistant(), question, made))
    return made.turns


def test_quote_as_text() -> None:
    assert quote_text(COST, LINKS) == (
        f"“{COST.sentence}”\n"
        "— Harbor bridge reopens after a year of repairs, Riverton Courier, May 12, 2023, "
        "https://example.com/bridge?a=1&b=2\n"
        "— Council passes budget, closing a gap, no date given"
    )


def test_quote_as_markdown() -> None:
    assert quote_markdown(COST, LINKS) == (
        "> The repairs cost **\\$14.2 million**, Mayor Ines Okafor said, and 14 crews worked on "
        "them around the clock.\n>\n"
        "> — [Harbor bridge reopens after a year of repairs](<https://example.com/bridge?a=1&b=2>)"
        ", Riverton Courier, May 12, 2023\n>\n"
        "> — Council passes budget, closing a gap, no date given"
    )


def test_hostile_text_is_no_markdown() -> None:
    told = quote_markdown(BANNER, {"hostile": "https://a.example/> <script>"})
    assert not re.search(r"(?<!\\)\]\(", told)
    assert not re.search(r"(?<!\\)[<`$_|]", told)
    assert told.count("\n") == told.count("\n>")
    first = replace(BANNER, text="x", sentence="1. x\n\n# y")
    assert quote_markdown(first, {}).startswith("> \\1. **x** \\# y\n")


@given(st.text(max_size=80))
def test_markdown_shows_the_text(text: str) -> None:
    told = markdown(text)
    assert re.sub(r"\\([\\`*_\[\]<>#|~&$!])", r"\1", told) == text
    assert not re.search(r"(?<!\\)(?:\\\\)*[<\[*_`]", told)


def test_conversation_as_markdown() -> None:
    told = conversation_markdown(turns())
    headings = re.findall(r"^## (.*)$", told, re.M)
    assert headings == ["What did the repairs cost?", "Who won the cup?", "And over time?"]
    assert "**\\$14.2 million**" in told
    assert words.ABSTENTION in told
    assert "give different answers" in told
    assert told.index("Ines Okafor**") < told.index("**Bo Stern**")


def test_conversation_as_json() -> None:
    told = json.loads(conversation_json(turns()))["turns"]
    assert [turn["answer"] for turn in told] == ["$14.2 million", None, "Ines Okafor"]
    first = told[0]["answers"][0]["citations"][0]
    assert BRIDGE.text[first["start"] : first["end"]] == "$14.2 million"
    within: dict[str, object] = {
        "since": "2023-01-01",
        "until": None,
        "sources": [],
        "articles": [],
    }
    assert told[0]["within"] == within


def test_hostile_questions_are_text() -> None:
    made = Conversation()
    question = f"{HOSTILE_TITLE}\n# {HOSTILE_SENTENCE}"
    made.turns.append(next_turn(FakeAssistant(), question, made))
    told = conversation_markdown(made.turns)
    assert len(re.findall(r"^#", told, re.M)) == 2
    assert "<script" not in told.replace("\\<script", "")
    assert json.loads(conversation_json(made.turns))["turns"][0]["question"] == question
