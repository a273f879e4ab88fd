"""Take the README's picture of the chat: `python tests/screenshot.py`, from the repository."""

import shutil
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import sync_playwright

from pullquote.ui.chat import chat_of
from pullquote.ui.indexing import DEFAULT_INDEX, ensure_index
from pullquote.ui.server import background
from pullquote.ui.service import opened

QUESTION = "Who was Hartford's mayor in January 2017?"


def main(
    out: Annotated[Path, typer.Option(help="Where the picture goes.")] = Path("docs/chat.png"),
    question: Annotated[str, typer.Option(help="What is asked.")] = QUESTION,
) -> None:
    """Ask one question in a real browser and photograph the page."""
    ensure_index(DEFAULT_INDEX, update=True)
    chat = chat_of(*opened(DEFAULT_INDEX, None))
    with background(chat) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 760})
        page.goto(address)
        page.get_by_label("Your question").fill(question)
        page.keyboard.press("Enter")
        page.locator("mark").first.wait_for()
        page.screenshot(path=out)
        browser.close()


if __name__ == "__main__":
    typer.run(main)
