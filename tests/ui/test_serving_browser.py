"""Signing in, waiting in line and standing behind a proxy, in a real browser."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes_ui import ABOUT, ARTICLES, FakeAssistant

from pullquote.qa.types import EVERYTHING, Answer, Message, Within
from pullquote.ui.accounts import Accounts, add_person
from pullquote.ui.app import build_app
from pullquote.ui.limits import Queue
from pullquote.ui.listening import Server, listen
from pullquote.ui.server import House, background

pytest.importorskip("playwright.sync_api", reason="playwright is missing: pip install playwright")
from browsers import ask, browser, opened
from playwright.sync_api import Browser, expect
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

pytestmark = pytest.mark.browser

__all__ = ["browser"]  # a fixture

PASSWORD = "correct horse"  # noqa: S105


class SlowAssistant(FakeAssistant):
    """Thinks about a question with "slow" in it until it is let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def ask(
        self, question: str, history: Sequence[Message] = (), within: Within = EVERYTHING
    ) -> Answer:
        if "slow" in question:
            assert self.go_on.wait(timeout=60)
        return super().ask(question, history, within)


def chat(assistant: FakeAssistant, queue: Queue | None = None) -> Any:
    return build_app(assistant, ARTICLES.__getitem__, lambda: ABOUT, queue=queue)


def test_a_person_signs_in_and_asks(browser: Browser, tmp_path: Path) -> None:
    add_person(tmp_path / "accounts", "ann", PASSWORD)
    house = House(Accounts(tmp_path / "accounts"))
    with background(chat(FakeAssistant()), house=house) as address:
        context = browser.new_context()
        page = context.new_page()
        page.set_default_timeout(30_000)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        expect(page.get_by_text("Sign in to ask the articles.")).to_be_visible()
        expect(page.locator("#question")).to_have_count(0)
        page.get_by_label("username").fill("ann")
        page.get_by_label("password").fill("wrong horse")
        page.get_by_role("button", name="Login").click()
        expect(page.get_by_text("Incorrect Credentials")).to_be_visible()
        page.get_by_label("username").fill("ann")
        page.get_by_label("password").fill(PASSWORD)
        page.get_by_role("button", name="Login").click()
        expect(page.locator("#question textarea")).to_be_visible()
        ask(page, "Who is mayor?")
        expect(page.locator("#chat blockquote strong")).to_have_text("Ines Okafor")
        context.close()
        assert not wrong


def test_who_waits_is_told_their_place_and_may_read_on(browser: Browser) -> None:
    assistant, queue = SlowAssistant(), Queue(at_once=1)
    with (
        background(chat(assistant, queue)) as address,
        opened(browser, address) as first,
        opened(browser, address) as second,
        opened(browser, address) as third,
    ):
        try:
            ask(third, "What did it cost?")
            first.fill("#question textarea", "a slow question about the mayor")
            first.click("#send")
            expect(first.get_by_text("Looking through")).to_be_visible()
            second.fill("#question textarea", "Who is mayor?")
            second.click("#send")
            expect(second.get_by_text("your question is next")).to_be_visible()
            third.fill("#question textarea", "And the banner?")
            third.click("#send")
            expect(third.get_by_text("1 question is waiting before yours")).to_be_visible()
            # What costs nothing is not held up.
            with opened(browser, address) as fourth:
                expect(fourth.locator("#masthead .collection li")).to_have_text(ABOUT.facts())
            third.locator("#chat .reply a").nth(2).click()
            expect(third.locator("#sources mark").first).to_be_visible()
        finally:
            assistant.go_on.set()
        for page in (first, second):
            expect(page.locator("#chat blockquote strong")).to_have_text("Ines Okafor")
        expect(third.locator("#chat blockquote")).to_have_count(2)


def test_who_closes_the_page_waits_no_longer(browser: Browser) -> None:
    assistant, queue = SlowAssistant(), Queue(at_once=1)
    with background(chat(assistant, queue)) as address, opened(browser, address) as first:
        try:
            first.fill("#question textarea", "a slow question about the mayor")
            first.click("#send")
            expect(first.get_by_text("Looking through")).to_be_visible()
            with opened(browser, address) as second:
                second.fill("#question textarea", "Who is mayor?")
                second.click("#send")
                expect(second.get_by_text("your question is next")).to_be_visible()
                assert queue.waiting == 1
        finally:
            assistant.go_on.set()
        expect(first.locator("#chat blockquote strong")).to_have_text("Ines Okafor")
        ask(first, "Who is mayor?")
        assert (queue.running, queue.waiting) == (0, 0)


@contextmanager
def proxied(target: str, prefix: str) -> Iterator[str]:
    """A proxy that puts a server under a path; gives the address there."""

    async def forward(request: Request) -> Response:
        path = request.url.path.removeprefix(prefix)
        query = f"?{request.url.query}" if request.url.query else ""
        url = f"{target.rstrip('/')}{path}{query}"
        headers = {k: v for k, v in request.headers.items() if k not in ("connection",)}
        client = httpx.AsyncClient(timeout=60)
        asked = client.build_request(
            request.method, url, headers=headers, content=await request.body()
        )
        answer = await client.send(asked, stream=True)

        async def closing() -> None:
            await answer.aclose()
            await client.aclose()

        kept = {k: v for k, v in answer.headers.items() if k not in ("transfer-encoding",)}
        response = StreamingResponse(answer.aiter_raw(), answer.status_code, kept)
        response.background = BackgroundTask(closing)
        return response

    up = threading.Event()
    found: list[str] = []

    def announce(address: str) -> None:
        found.append(address)
        up.set()

    methods = ["GET", "HEAD", "POST"]
    routes = [
        Route(prefix + "/{path:path}", forward, methods=methods),
        Route("/favicon.ico", lambda _: Response(status_code=204)),  # of the proxy's own site
    ]
    app = Starlette(routes=routes)
    server = Server(app, "127.0.0.1", listen("127.0.0.1", 0), announce)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert up.wait(timeout=30)
    yield f"{found[0].rstrip('/')}{prefix}/"
    server.should_exit = True
    thread.join(timeout=10)


def test_the_page_works_behind_a_proxy(browser: Browser) -> None:
    with (
        background(chat(FakeAssistant()), house=House(root_path="/the/news")) as address,
        proxied(address, "/the/news") as public,
        opened(browser, public) as page,
    ):
        ask(page, "Who is mayor?")
        expect(page.locator("#chat blockquote strong")).to_have_text("Ines Okafor")
        expect(page.locator("#sources mark")).to_have_text("Ines Okafor")
