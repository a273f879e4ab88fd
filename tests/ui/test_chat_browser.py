"""The chat in a real browser: what a reader sees, and that hostile articles do nothing."""

import json
import re
import socket
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from fakes_ui import (
    ABOUT,
    ARTICLES,
    BRIDGE,
    HOSTILE,
    HOSTILE_SENTENCE,
    HOSTILE_TITLE,
    FakeAssistant,
)

from pullquote.ui.app import build_app
from pullquote.ui.listening import AddressError
from pullquote.ui.server import background, serve

pytest.importorskip("playwright.sync_api", reason="playwright is missing: pip install playwright")
from browsers import ask, browser, opened
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

__all__ = ["browser"]  # a fixture

EXAMPLES = ["What did the repairs cost?", "Who is the <b>mayor</b>?"]


@pytest.fixture(scope="module")
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="module")
def address(assistant: FakeAssistant) -> Iterator[str]:
    with background(build_app(assistant, ARTICLES.__getitem__, lambda: ABOUT, EXAMPLES)) as url:
        yield url


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as visited:
        yield visited


def test_page_says_what_it_is_and_what_it_holds(page: Page) -> None:
    expect(page).to_have_title("Pullquote")
    expect(page.locator("#masthead")).to_contain_text(
        "Answers are quotes, word for word, from the articles."
    )
    expect(page.locator("#masthead .collection")).to_have_text(ABOUT.in_words())
    expect(page.locator("#examples button")).to_have_text(EXAMPLES)
    expect(page.locator("footer")).to_have_count(0)
    expect(page.locator("#again")).not_to_be_visible()


def test_answer_is_a_quote_with_its_sources_beside_it(page: Page) -> None:
    ask(page, "What did the repairs cost in 2023?")
    reply = page.locator("#chat .reply")
    expect(reply.locator("blockquote strong")).to_have_text("$14.2 million")
    expect(reply.locator("sup")).to_have_text(["1", "2"])
    expect(reply.locator(".notice")).to_have_text("Only articles from 2023 were searched.")
    expect(reply.locator(".confidence")).to_have_attribute("title", "confidence 0.93")
    expect(page.locator("#sources details[open] mark")).to_have_text("$14.2 million")
    # The quote stands far down in the article; the panel has scrolled to it.
    expect(page.locator("#sources mark#quote-1")).to_be_in_viewport()
    text = page.locator("#sources details[open] .body").evaluate("body => body.textContent")
    assert text == BRIDGE.text


def test_citation_opens_its_source_also_of_an_earlier_answer(page: Page) -> None:
    ask(page, "What did the repairs cost?")
    ask(page, "Who is the mayor?")
    expect(page.locator("#sources mark")).to_have_text("Ines Okafor")
    page.locator("#chat .reply").first.locator(".citation a").nth(1).click()
    expect(page.locator("#sources details[open] summary")).to_contain_text("[2] Council passes")
    expect(page.locator("#sources mark#quote-2")).to_be_in_viewport()
    page.locator("#sources summary").first.click()
    expect(page.locator("#sources details[open] summary")).to_contain_text("[1] Harbor bridge")
    expect(page.locator("#sources mark#quote-1")).to_be_in_viewport()


def test_newest_question_and_its_answer_are_in_view(page: Page) -> None:
    for question in ("Who won the cup?", "Who won the race?", "What did the repairs cost?"):
        ask(page, question)
        expect(page.locator("#chat .question").last).to_be_in_viewport()
    expect(page.locator("#chat blockquote")).to_be_in_viewport()
    expect(page.locator("#chat .question").first).not_to_be_in_viewport()


def test_abstention_shows_the_nearest_passages(page: Page) -> None:
    ask(page, "Who won the cup?")
    reply = page.locator("#chat .reply")
    expect(reply).to_contain_text("The articles don't answer that.")
    expect(reply).to_contain_text("Nearest passages:")
    expect(reply.locator("li")).to_have_count(3)
    expect(page.locator("#sources details")).to_have_count(0)


def test_follow_up_is_asked_with_the_history(page: Page, assistant: FakeAssistant) -> None:
    ask(page, "What did the repairs cost?")
    page.fill("#question textarea", "Who is its mayor?")
    page.press("#question textarea", "Enter")
    expect(page.locator("#chat .reply strong")).to_have_text(["$14.2 million", "Ines Okafor"])
    question, history = assistant.asked[-1]
    assert question == "Who is its mayor?"
    assert [message.question for message in history] == ["What did the repairs cost?"]
    assert history[0].answer is not None
    assert history[0].answer.text == "$14.2 million"


def test_new_conversation_forgets(page: Page, assistant: FakeAssistant) -> None:
    ask(page, "What did the repairs cost?")
    page.click("#again")
    expect(page.locator("#chat .reply")).to_have_count(0)
    expect(page.locator("#sources mark")).to_have_count(0)
    expect(page.locator("#examples button").first).to_be_visible()
    ask(page, "Who is the mayor?")
    assert assistant.asked[-1][1] == ()


def test_clicking_an_example_asks_it(page: Page, assistant: FakeAssistant) -> None:
    page.locator("#examples button").nth(1).click()
    expect(page.locator("#chat .reply strong")).to_have_text("Ines Okafor")
    expect(page.locator("#chat .question")).to_have_text(EXAMPLES[1])
    assert assistant.asked[-1][0] == EXAMPLES[1]
    expect(page.locator("#examples")).not_to_be_visible()


def test_hostile_text_appears_literally_and_does_nothing(page: Page) -> None:
    question = f"The banner? {HOSTILE_TITLE} {HOSTILE_SENTENCE}"
    ask(page, question)
    expect(page.locator("#chat .question")).to_have_text(question)
    expect(page.locator("#chat strong")).to_have_text(HOSTILE_SENTENCE[:-14])
    expect(page.locator("#chat cite")).to_have_text(HOSTILE_TITLE)
    expect(page.locator("#sources mark")).to_have_text(HOSTILE_SENTENCE[:-14])
    expect(page.locator("#sources h3")).to_have_text(HOSTILE_TITLE)
    text = page.locator("#sources .body").evaluate("body => body.textContent")
    assert text == HOSTILE.text
    ask(page, f"nothing <script>alert(8)</script> {HOSTILE_TITLE}")
    expect(page.locator("#chat li cite").last).to_have_text(HOSTILE_TITLE)
    inside = "#chat {0}, #sources {0}"
    for selector in ("img", "script", "code", ".katex", "[onclick]", "[onerror]"):
        expect(page.locator(inside.format(selector))).to_have_count(0)
    expect(page.locator('a[href^="javascript:"]')).to_have_count(0)


def test_errors_are_told_in_words(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    ask(page, "long " * 200)
    expect(page.locator("#chat .reply").last).to_have_text(
        "The question is <b>too long</b>: at most 500 characters."
    )
    ask(page, "crash")
    expect(page.locator("#chat .reply").last).to_have_text(
        "Something went wrong; see the server's log."
    )
    assert "a fault that nobody foresaw" in caplog.text


def test_empty_question_is_not_asked(page: Page, assistant: FakeAssistant) -> None:
    before = len(assistant.asked)
    page.fill("#question textarea", "   ")
    page.click("#send")
    expect(page.locator("#question textarea")).to_have_value("")
    expect(page.locator("#chat .question")).to_have_count(0)
    assert len(assistant.asked) == before


def test_two_pages_do_not_share_a_conversation(
    browser: Browser, address: str, assistant: FakeAssistant
) -> None:
    with opened(browser, address) as one, opened(browser, address) as other:
        ask(one, "What did the repairs cost?")
        ask(other, "Who is the mayor?")
        assert assistant.asked[-1][1] == ()
        expect(one.locator("#chat .question")).to_have_text(["What did the repairs cost?"])
        expect(other.locator("#chat .question")).to_have_text(["Who is the mayor?"])


def test_phone(browser: Browser, address: str) -> None:
    with opened(browser, address, width=360, height=740) as page:
        ask(page, "What did the repairs cost?")
        wide = "() => document.documentElement.scrollWidth"
        assert page.evaluate(wide) <= 360
        chat, sources = (
            page.locator("#chat").bounding_box(),
            page.locator("#sources").bounding_box(),
        )
        assert chat is not None
        assert sources is not None
        assert sources["y"] > chat["y"] + chat["height"]
        # A tap on a citation leads down to the panel.
        page.locator("#chat .citation a").first.click()
        expect(page.locator("#sources mark#quote-1")).to_be_in_viewport()


@pytest.mark.parametrize(("theme", "is_dark"), [("light", False), ("dark", True)])
def test_light_and_dark(browser: Browser, address: str, theme: str, is_dark: bool) -> None:
    with opened(browser, f"{address}?__theme={theme}") as page:
        ask(page, "What did the repairs cost?")
        for selector in ("#masthead h1", "#chat blockquote", "#sources mark"):
            colours = page.locator(selector).first.evaluate(
                "element => [getComputedStyle(element).color, "
                "getComputedStyle(document.querySelector('gradio-app')).backgroundColor]"
            )
            ink, paper = (sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours)
            assert (ink > paper) is is_dark


def test_endpoint_for_programs(address: str) -> None:
    told = call_ask(address, "What did the repairs cost?")
    assert told["answer"] == "$14.2 million"
    assert told["answers"][0]["citations"][1]["published"] is None
    assert call_ask(address, "Who won the cup?")["answer"] is None
    with urllib.request.urlopen(f"{address}gradio_api/info") as reply:  # noqa: S310
        assert list(json.load(reply)["named_endpoints"]) == ["/ask"]


def call_ask(address: str, question: str) -> dict[str, Any]:
    """Ask as a program would: post the question, then read the event that carries the answer."""
    endpoint = f"{address}gradio_api/call/ask"
    request = urllib.request.Request(  # noqa: S310
        endpoint, json.dumps({"data": [question]}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as reply:  # noqa: S310
        event = json.load(reply)["event_id"]
    with urllib.request.urlopen(f"{endpoint}/{event}") as reply:  # noqa: S310
        told = re.search(r"event: complete\ndata: (.*)", reply.read().decode())
    assert told
    (answer,) = json.loads(told[1])
    assert isinstance(answer, dict)
    return answer


def test_port_in_use_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    app = build_app(FakeAssistant(), ARTICLES.__getitem__, lambda: ABOUT)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AddressError, match=rf"Port {port} .* --port\.$"):
            serve(app, "127.0.0.1", port)
    assert capsys.readouterr().out == ""
