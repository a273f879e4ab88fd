"""A real Chromium for tests, in which nothing may go wrong unseen."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is missing: pip install playwright")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, expect, sync_playwright

# A busy machine is slow, not wrong.
expect.set_options(timeout=30_000)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = "no Chromium here; on Debian or Ubuntu: apt-get install chromium"
        print(reason)
        pytest.skip(reason)
    with sync_playwright() as tool:
        # A container has neither the privileges of the sandbox nor much shared memory.
        started = tool.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


@contextmanager
def opened(browser: Browser, url: str, width: int = 1280, height: int = 800) -> Iterator[Page]:
    """A fresh visitor; no script error, no dialog and no request to elsewhere is let pass."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.set_default_timeout(30_000)
    wrong: list[str] = []
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(f"console: {message.text} ({message.location['url']})")

    page.on("console", on_console)

    def on_dialog(dialog: Dialog) -> None:
        wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", on_dialog)
    page.goto(url)
    expect(page.locator("#question textarea")).to_be_visible(timeout=30_000)
    yield page
    context.close()
    local = re.compile(r"^(http://127\.0\.0\.1:\d+/|data:|blob:)")
    assert requests
    foreign = [one for one in requests if not local.match(one)]
    assert not foreign, foreign
    assert not wrong, wrong


def ask(page: Page, question: str) -> None:
    turns = page.locator("#chat .turn:not(.pending)")
    before = turns.count()
    page.fill("#question textarea", question)
    page.click("#send")
    expect(turns).to_have_count(before + 1)


def no_serious_fault(page: Page) -> None:
    """Assert that axe finds no serious fault on the page as it stands."""
    found = Axe().run(page).response["violations"]
    told = [
        (one["id"], one["impact"], [node["html"][:200] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert told == [], told
