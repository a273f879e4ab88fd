"""Uploading in a real browser: the page tells what was taken, and answers from it at once."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fakes import HashingEncoder, SubstringReader

from pullquote.index import Retriever
from pullquote.index.build import build_index
from pullquote.qa import Assistant
from pullquote.qa.calibration import Calibration
from pullquote.ui import words
from pullquote.ui.chat import chat_of
from pullquote.ui.fetching import Fetched
from pullquote.ui.offers import MOST_TOGETHER
from pullquote.ui.server import House, background
from pullquote.ui.taking import Taking

pytest.importorskip("playwright.sync_api", reason="playwright is missing: pip install playwright")
from browsers import ask, browser, no_serious_fault, opened
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

__all__ = ["browser"]  # a fixture

HOSTILE = "<img src=x onerror=alert(1)>"
PIER = "The pier at Lower Wick reopened on Friday. Its owners paid $3 million for repairs."


def fetched(url: str) -> Fetched:
    return Fetched(url, ".txt", b"The lighthouse was sold for a song.")


@pytest.fixture
def address(articles: Path, tmp_path: Path) -> Iterator[str]:
    build_index(articles, tmp_path / "index", HashingEncoder())
    retriever = Retriever.open(tmp_path / "index", HashingEncoder())
    reader = SubstringReader({"$3 million": 2.0})
    assistant = Assistant(retriever, reader, Calibration(1.0, 0.0, 0.5, 0.0))
    taking = Taking(tmp_path / "index", fetched, HashingEncoder())
    chat = chat_of(assistant, retriever, taking=taking)
    with background(chat, house=House(largest_upload=MOST_TOGETHER)) as url:
        yield url
    retriever.close()


def test_what_is_uploaded_is_asked_at_once(
    browser: Browser, address: str, tmp_path: Path, articles: Path
) -> None:
    sent = {"pier.txt": PIER, "empty.txt": "", f"{HOSTILE}.png": "?", "bad.pdf": "%PDF-1.4"}
    for name, content in sent.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with opened(browser, address) as page:
        expect(page.locator("#masthead .collection")).to_contain_text("3 articles")
        page.get_by_role("button", name=words.ADD_YOUR_OWN).click()
        page.get_by_role("button", name=words.ADD, exact=True).click()
        expect(page.locator("#upload-said")).to_contain_text("Choose a file")
        page.set_input_files("#upload-files input", [tmp_path / name for name in sent])
        expect(page.locator("#upload-files")).to_contain_text("pier")
        page.get_by_role("button", name=words.PASTE).click()
        page.get_by_label(words.PASTED_TITLE).fill(f"The bakery {HOSTILE}")
        page.get_by_label(words.PASTED_TEXT, exact=True).fill("The bakery burned down on Sunday.")
        page.get_by_label(words.ADDRESSES).fill("https://news.example/lighthouse")
        page.get_by_role("button", name=words.ADD, exact=True).click()
        expect(page.locator("#upload-said h3").first).to_have_text("Taken: 3 articles")
        expect(page.locator(".upload-taken li")).to_have_text(
            ["pier.txt", f"The bakery {HOSTILE}", "https://news.example/lighthouse"]
        )
        left = page.locator(".upload-left")
        for reason in ("empty.txt: It has no text", ".png: Files of this kind", "bad.pdf: The PDF"):
            expect(left).to_contain_text(reason)
        expect(page.locator("#masthead .collection")).to_contain_text("6 articles")
        ask(page, "What did the owners of the pier pay?")
        expect(page.locator("#chat blockquote strong").first).to_have_text("$3 million")
    assert (articles / "uploaded" / "pier.txt").read_text("utf-8") == PIER


def fits(page: Page) -> bool:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width <= 360


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_serious_fault(
    browser: Browser, address: str, tmp_path: Path, theme: str
) -> None:
    (tmp_path / "pier.txt").write_text(PIER, encoding="utf-8")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    with opened(browser, f"{address}?__theme={theme}") as page:
        page.get_by_role("button", name=words.ADD_YOUR_OWN).click()
        page.get_by_role("button", name=words.PASTE).click()
        expect(page.get_by_label(words.PASTED_TEXT, exact=True)).to_be_visible()
        no_serious_fault(page)
        files = [tmp_path / "pier.txt", tmp_path / "empty.txt"]
        page.set_input_files("#upload-files input", files)
        expect(page.locator("#upload-files")).to_contain_text("pier")
        page.get_by_role("button", name=words.ADD, exact=True).click()
        expect(page.locator("#upload-said h3").first).to_have_text(words.taken(1))
        no_serious_fault(page)


def test_it_fits_on_a_phone(browser: Browser, address: str) -> None:
    with opened(browser, address, width=360, height=740) as page:
        page.get_by_role("button", name=words.ADD_YOUR_OWN).click()
        expect(page.locator("#upload-add")).to_be_visible()
        assert fits(page)


def test_far_too_much_is_refused(address: str) -> None:
    # A body that says how large it is and is not sent.
    content = iter([b"x" * 1_000_000] * (2 * MOST_TOGETHER // 1_000_000 + 1))
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = httpx.post(
        f"{address}gradio_api/upload", content=content, headers=headers, timeout=60
    )
    assert response.status_code in (400, 413)
