"""The chat in a real browser: what a reader sees, and that hostile articles do nothing."""

import json
import re
import socket
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from fakes_ui import (
    ABOUT,
    ARTICLES,
    BRIDGE,
    BUDGET,
    COST,
    HOSTILE,
    HOSTILE_SENTENCE,
    HOSTILE_TITLE,
    STORED,
    FakeAssistant,
)

from pullquote.qa.types import Within
from pullquote.ui import words
from pullquote.ui.app import build_app
from pullquote.ui.feedback import FeedbackFile
from pullquote.ui.listening import AddressError
from pullquote.ui.server import background, serve
from pullquote.ui.takeaway import quote_text

pytest.importorskip("playwright.sync_api", reason="playwright is missing: pip install playwright")
from browsers import ask, browser, no_serious_fault, opened
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

__all__ = ["browser"]  # a fixture

EXAMPLES = ["What did the repairs cost?", "Who is the <b>mayor</b>?"]


@pytest.fixture(scope="module")
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index") / "feedback.jsonl"


@pytest.fixture(scope="module")
def address(assistant: FakeAssistant, kept: Path) -> Iterator[str]:
    app = build_app(
        assistant, STORED.__getitem__, lambda: ABOUT, lambda: EXAMPLES, FeedbackFile(kept)
    )
    with background(app) as url:
        yield url


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as visited:
        yield visited


def address_of(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def test_page_says_what_it_is_and_what_it_holds(page: Page) -> None:
    expect(page).to_have_title("Pullquote")
    expect(page.locator("#masthead")).to_contain_text(words.PROMISE)
    expect(page.locator("#masthead .collection li")).to_have_text(ABOUT.facts())
    expect(page.locator("#examples button")).to_have_text(EXAMPLES)
    expect(page.locator("footer")).to_have_count(0)
    expect(page.locator("#again")).not_to_be_visible()
    expect(page.locator("#sources-column")).not_to_be_visible()


def test_answer_is_a_quote_with_its_source_beside_it(page: Page) -> None:
    ask(page, "What did the repairs cost in 2023?")
    reply = page.locator("#chat .reply")
    expect(reply.locator("blockquote strong")).to_have_text("$14.2 million")
    expect(reply.locator("sup")).to_have_text(["1", "2"])
    expect(reply.locator(".notice")).to_have_text("Only articles from 2023 were searched.")
    expect(reply.locator(".confidence")).to_have_attribute("title", "confidence 0.93")
    expect(page.locator("#sources mark")).to_have_text("$14.2 million")
    # The quote stands far down in the article; the panel has scrolled to it.
    expect(page.locator("#sources mark#quote-1")).to_be_in_viewport()
    text = page.locator("#sources .body").evaluate("body => body.textContent")
    assert text == BRIDGE.text
    expect(page.locator("#sources h2")).to_have_text(BRIDGE.title)
    expect(page.locator("#sources .byline")).to_contain_text("Riverton Courier · May 12, 2023")
    expect(page.locator("#sources .byline a")).to_have_attribute("href", str(BRIDGE.url))
    # What opens by itself takes nobody away from where they are.
    assert page.evaluate("document.activeElement.closest('#conversation') !== null")
    # A screen reader is told the answer, and nothing else of what the page shows.
    expect(page.locator("#announcer [role=status]")).to_contain_text("Answer: $14.2 million.")


def test_citation_opens_its_article_at_the_quote(page: Page) -> None:
    ask(page, "What did the repairs cost?")
    ask(page, "Who is the mayor?")
    expect(page.locator("#sources mark")).to_have_text("Ines Okafor")
    page.locator("#chat .reply").first.locator("sup a").nth(1).click()
    expect(page.locator("#sources h2")).to_have_text(BUDGET.title)
    expect(page.locator("#sources mark")).to_have_text("$14.2 million")
    expect(page.locator("#sources mark#quote-2")).to_be_in_viewport()
    page.get_by_label(words.PREVIOUS).click()
    expect(page.locator("#sources h2")).to_have_text(BRIDGE.title)
    expect(page.locator("#sources .steps")).to_contain_text("Quote 1 of 2")
    expect(page.locator("#sources mark#quote-1")).to_be_in_viewport()
    page.get_by_label(words.NEXT).click()
    expect(page.locator("#sources h2")).to_have_text(BUDGET.title)


def test_address_keeps_the_place_and_opens_it_again(page: Page, browser: Browser) -> None:
    ask(page, "What did the repairs cost?")
    start = BRIDGE.text.index("$14.2 million")
    page.wait_for_url(f"**/?article=bridge&start={start}&end={start + 13}")
    page.locator("#chat .citation a").nth(1).click()
    expect(page.locator("#sources h2")).to_have_text(BUDGET.title)
    assert address_of(page)["article"] == "budget"
    linked = page.url
    page.go_back()
    expect(page.locator("#sources h2")).to_have_text(BRIDGE.title)
    with opened(browser, linked) as other:
        expect(other.locator("#sources mark.active")).to_have_text("$14.2 million")
        expect(other.locator("#sources h2")).to_have_text(BUDGET.title)
        expect(other.locator("#chat .turn")).to_have_count(0)
        other.locator("#sources header .close").click()
        expect(other.locator("#sources .source")).to_have_count(0)
        assert address_of(other) == {}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("article=bridge&start=5&end=99999999", words.NO_SUCH_PLACE),
        ("article=bridge&start=-1&end=<script>alert(9)</script>", BRIDGE.title),
        ("article=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(9)%3E&start=0&end=1", words.NO_SUCH_ARTICLE),
        ("article=../../etc/passwd&start=0&end=1", words.NO_SUCH_ARTICLE),
    ],
)
def test_hostile_addresses_are_harmless(
    browser: Browser, address: str, query: str, said: str
) -> None:
    with opened(browser, f"{address}?{query}") as page:
        expect(page.locator("#sources .source")).to_contain_text(said)
        expect(page.locator("#sources mark, #sources img, #sources script")).to_have_count(0)
        ask(page, "Who is the mayor?")
        expect(page.locator("#sources mark")).to_have_text("Ines Okafor")


def test_newest_question_and_its_answer_are_in_view(page: Page) -> None:
    for question in ("Who won the cup?", "Who won the race?", "What did the repairs cost?"):
        ask(page, question)
        expect(page.locator("#chat .question").last).to_be_in_viewport()
    expect(page.locator("#chat blockquote")).to_be_in_viewport()
    expect(page.locator("#chat .question").first).not_to_be_in_viewport()
    expect(page.locator("#question textarea")).to_be_in_viewport()


def test_abstention_shows_the_nearest_passages_and_opens_them(page: Page) -> None:
    ask(page, "Who won the cup?")
    reply = page.locator("#chat .reply")
    expect(reply).to_contain_text(words.ABSTENTION)
    expect(reply.locator("li")).to_have_count(3)
    expect(page.locator("#sources .source")).to_have_count(0)
    reply.locator("li a").nth(1).click()
    expect(page.locator("#sources mark.active")).to_have_text(BUDGET.text)


def test_answers_over_time_are_a_chart_and_a_list(page: Page) -> None:
    ask(page, "Who was mayor over time?")
    chart = page.get_by_role("img", name="Which answer the articles give when")
    expect(chart.locator("circle")).to_have_count(2)
    expect(page.locator("#chat .timeline .when")).to_have_text(["May 12, 2023", "March 9, 2017"])
    last, first = (chart.locator("circle").nth(n).bounding_box() for n in (0, 1))
    assert last is not None
    assert first is not None
    assert last["x"] > first["x"] + 200


def test_while_an_answer_is_sought_it_says_so(page: Page, assistant: FakeAssistant) -> None:
    with assistant.held:
        page.fill("#question textarea", "What did the repairs cost?")
        page.press("#question textarea", "Enter")
        expect(page.locator("#chat .pending")).to_contain_text("Looking through 3 articles …")
        expect(page.get_by_role("progressbar")).to_be_visible()
        expect(page.locator("#chat .elapsed")).to_contain_text(re.compile(r"\d s"))
    expect(page.locator("#chat .pending")).to_have_count(0)
    expect(page.locator("#chat blockquote")).to_be_visible()


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


def test_a_follow_up_is_taken_literally_with_one_click(
    page: Page, assistant: FakeAssistant
) -> None:
    ask(page, "Who is the mayor?")
    ask(page, "And what did it cost?")
    reply = page.locator("#chat .reply").last
    expect(reply).to_contain_text(words.understood_as("And what did it cost? (Riverton)"))
    reply.get_by_role("button", name=words.LITERALLY).click()
    expect(page.locator("#chat .turn")).to_have_count(3)
    expect(page.locator("#chat .question").last).to_have_text("And what did it cost?")
    expect(page.locator("#chat .reply").last.locator(".understood")).to_have_count(0)
    assert assistant.asked[-1] == ("And what did it cost?", ())


def test_narrowing_holds_for_follow_ups_until_its_chips_are_removed(
    page: Page, assistant: FakeAssistant
) -> None:
    page.locator("#narrowing summary").click()
    page.get_by_label("from", exact=True).fill("2023-01-01")
    page.get_by_label("Daily").check()
    page.get_by_role("button", name=words.APPLY).click()
    chips = page.locator("#narrowing .chips li")
    expect(chips).to_have_count(2)
    ask(page, "What did the repairs cost?")
    expect(page.locator("#chat .asked-of")).to_have_text("Asked of: since January 1, 2023, Daily")
    ask(page, "Who is its mayor?")
    since = date(2023, 1, 1)
    assert assistant.within[-2:] == [Within(since, None, ("Daily",))] * 2
    chips.first.get_by_role("button").click()
    expect(chips).to_have_count(1)
    page.get_by_role("button", name=words.ONLY_THIS).click()
    expect(chips).to_have_text([re.compile(f"only “{BRIDGE.title}”")])
    ask(page, "Who won the cup?")
    assert assistant.within[-1] == Within(articles=("bridge",))
    page.get_by_role("button", name=words.EVERYWHERE).click()
    expect(page.locator("#chat .turn:not(.pending)")).to_have_count(4)
    expect(chips).to_have_count(0)
    assert assistant.within[-1] == Within()


def test_a_day_after_the_last_is_refused_in_words(page: Page) -> None:
    page.locator("#narrowing summary").click()
    page.get_by_label("from", exact=True).fill("2023-12-01")
    page.get_by_label("until", exact=True).fill("2023-06-01")
    page.get_by_role("button", name=words.APPLY).click()
    expect(page.get_by_role("alert")).to_have_text(words.FIRST_AFTER_LAST)
    expect(page.locator("#narrowing .chips li")).to_have_count(0)


def test_new_conversation_forgets(page: Page, assistant: FakeAssistant) -> None:
    ask(page, "What did the repairs cost?")
    page.click("#again")
    expect(page.locator("#chat .turn")).to_have_count(0)
    expect(page.locator("#sources mark")).to_have_count(0)
    expect(page.locator("#examples button").first).to_be_visible()
    ask(page, "Who is the mayor?")
    assert assistant.asked[-1][1] == ()


def test_clicking_an_example_asks_it(page: Page, assistant: FakeAssistant) -> None:
    page.locator("#examples button").nth(1).click()
    expect(page.locator("#chat .reply strong")).to_have_text("Ines Okafor")
    expect(page.locator("#chat .question")).to_have_text(EXAMPLES[1])
    assert assistant.asked[-1][0] == EXAMPLES[1]
    expect(page.locator("#examples button")).to_have_count(0)


def test_quotes_are_copied_with_their_citation(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "What did the repairs cost?")
    page.get_by_role("button", name=words.COPY, exact=True).click()
    expect(page.locator("#chat .under button").first).to_have_text(words.COPIED)
    text = page.evaluate("navigator.clipboard.readText()")
    assert text == quote_text(COST, {"bridge": BRIDGE.url})
    page.get_by_role("button", name=words.COPY_MARKDOWN).click()
    expect(page.locator("#chat .under button").nth(1)).to_have_text(words.COPIED)
    assert "**\\$14.2 million**" in page.evaluate("navigator.clipboard.readText()")


def test_conversation_is_saved_as_markdown_and_json(page: Page) -> None:
    ask(page, "What did the repairs cost?")
    ask(page, f"The banner? {HOSTILE_TITLE}")
    saved = {}
    for label in (words.SAVE_MARKDOWN, words.SAVE_JSON, words.SAVE_JSON):
        with page.expect_download() as started:
            page.get_by_role("button", name=label).click()
        file = started.value
        saved[file.suggested_filename] = Path(file.path()).read_text("utf-8")
    told = saved["pullquote-conversation.md"]
    assert "## What did the repairs cost?" in told
    assert "[Harbor bridge reopens after a year of repairs](<https://example.com/" in told
    turns = json.loads(saved["pullquote-conversation.json"])["turns"]
    assert [turn["answer"] for turn in turns] == ["$14.2 million", HOSTILE_SENTENCE[:-14]]


def test_an_answer_is_judged_and_kept(page: Page, kept: Path) -> None:
    ask(page, "What did the repairs cost?")
    page.locator("#chat summary", has_text=words.WRONG).click()
    page.get_by_label(words.RIGHT_ANSWER).fill("$14 million")
    page.get_by_label(words.COMMENT).last.fill("Rounded, <b>please</b>")
    page.get_by_role("button", name=words.SEND).last.click()
    expect(page.locator("#chat .judged")).to_have_text(words.JUDGED)
    expect(page.locator("#chat .judge")).to_have_count(0)
    line = json.loads(kept.read_text("utf-8").splitlines()[-1])
    assert (line["question"], line["answers"]) == ("What did the repairs cost?", ["$14 million"])
    assert line["comment"] == "Rounded, <b>please</b>"


def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    def focused() -> str:
        return str(page.evaluate("document.activeElement.textContent.trim()"))

    def tab_to(text: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if focused().startswith(text):
                return
        raise AssertionError(f"{text} cannot be reached; last {focused()!r}")

    page.keyboard.type("What did the repairs cost?")  # the box has the focus
    page.keyboard.press("Enter")
    expect(page.locator("#chat blockquote")).to_be_visible()
    page.locator("#masthead").evaluate("document.activeElement.blur()")
    tab_to("1")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#sources h2")).to_be_focused()
    expect(page.locator("#sources h2")).to_have_text(BUDGET.title)
    page.keyboard.press("Escape")
    expect(page.locator("#sources .source")).to_have_count(0)
    expect(page.locator("#chat sup a").nth(1)).to_be_focused()
    tab_to("very likely right")
    tab_to(words.COPY)
    tab_to(words.RIGHT)
    page.keyboard.press("Enter")
    expect(page.get_by_label(words.COMMENT).first).to_be_visible()
    tab_to(words.SEND)
    page.keyboard.press("Enter")
    expect(page.locator("#chat .judged")).to_be_visible()
    tab_to(words.NARROW)
    page.keyboard.press("Enter")
    tab_to(words.APPLY)
    tab_to(words.NEW_CONVERSATION)
    page.keyboard.press("Enter")
    expect(page.locator("#chat .turn")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_no_serious_fault(browser: Browser, address: str, theme: str, width: int) -> None:
    with opened(browser, f"{address}?__theme={theme}", width=width) as page:
        no_serious_fault(page)
        ask(page, "Who was mayor over time?")
        ask(page, "Who won the cup?")
        ask(page, "What did the repairs cost in 2023?")
        page.locator("#chat .judge summary").last.click()
        page.locator("#narrowing summary").click()
        page.get_by_label("Daily").check()
        page.get_by_role("button", name=words.APPLY).click()
        expect(page.locator("#narrowing .chips li")).to_have_count(1)
        page.locator("#narrowing summary").click()
        no_serious_fault(page)


def test_hostile_text_appears_literally_and_does_nothing(page: Page) -> None:
    question = f"The banner? {HOSTILE_TITLE} {HOSTILE_SENTENCE}"
    ask(page, question)
    expect(page.locator("#chat .question")).to_have_text(question)
    expect(page.locator("#chat strong")).to_have_text(HOSTILE_SENTENCE[:-14])
    expect(page.locator("#chat cite")).to_have_text(HOSTILE_TITLE)
    expect(page.locator("#sources mark")).to_have_text(HOSTILE_SENTENCE[:-14])
    expect(page.locator("#sources h2")).to_have_text(HOSTILE_TITLE)
    page.get_by_role("button", name=words.ONLY_THIS).click()
    expect(page.locator("#narrowing .chips li")).to_contain_text(HOSTILE_TITLE)
    text = page.locator("#sources .body").evaluate("body => body.textContent")
    assert text == HOSTILE.text
    ask(page, f"nothing <script>alert(8)</script> {HOSTILE_TITLE}")
    expect(page.locator("#chat li cite").last).to_have_text(HOSTILE_TITLE)
    inside = "#chat {0}, #sources {0}, #narrowing {0}, #masthead {0}"
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
        expect(page.locator("#chat .question")).not_to_be_in_viewport()
        page.get_by_role("button", name=words.BACK).click()
        expect(page.locator("#chat .citation a").first).to_be_in_viewport()
        for question in ("Who was mayor over time?", f"The banner? {HOSTILE_TITLE * 3}"):
            ask(page, question)
            assert page.evaluate(wide) <= 360


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
