"""The part of the page where people add articles of their own."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pullquote.index.articles import LARGEST
from pullquote.ui import words
from pullquote.ui.markup import literal
from pullquote.ui.offers import (
    MOST_OFFERED,
    TAKEN_KINDS,
    AddressOffer,
    FileOffer,
    Offer,
    TextOffer,
)
from pullquote.ui.offline import gr
from pullquote.ui.taking import Outcome, Step, Taken, Taking

SHOWN = 50  # outcomes of each kind
NOTHING = f'<p class="upload-said">{words.NOTHING_OFFERED}</p>'

logger = logging.getLogger(__name__)


def upload_section(taking: Taking) -> Any:
    """Build the section into the page that is being built; gives the event of an upload's end."""
    with gr.Accordion(words.ADD_YOUR_OWN, open=False, elem_id="uploads"):
        gr.Markdown(
            words.about_uploads(TAKEN_KINDS, MOST_OFFERED, round(LARGEST / 1e6)),
            elem_id="upload-about",
        )
        files = gr.File(
            label=words.FILES, file_count="multiple", elem_id="upload-files", height=120
        )
        with gr.Accordion(words.PASTE, open=False):
            titles = gr.Textbox(label=words.PASTED_TITLE, max_lines=1, elem_id="upload-title")
            texts = gr.Textbox(
                label=words.PASTED_TEXT, lines=4, max_lines=12, elem_id="upload-text"
            )
        address = gr.Textbox(
            label=words.ADDRESSES,
            lines=1,
            max_lines=5,
            elem_id="upload-address",
            visible=taking.fetches,
        )
        add = gr.Button(words.ADD, elem_id="upload-add", size="sm")
        said = gr.HTML("", elem_id="upload-said")

    def take(
        paths: list[str] | None, title: str | None, text: str | None, addresses: str | None
    ) -> Iterator[dict[Any, Any]]:
        # A box in a part that was never opened has no value at all.
        offers = _offers(paths or [], title or "", text or "", addresses or "")
        if not offers:
            yield {said: NOTHING}
            return
        yield {said: step_html(Step(words.BEGINNING)), add: gr.Button(interactive=False)}
        for step in taking.take(offers):
            if isinstance(step, Step):
                yield {said: step_html(step)}
            else:
                yield {
                    said: taken_html(step),
                    add: gr.Button(interactive=True),
                    files: None,
                    titles: "",
                    texts: "",
                    address: "",
                }
        _discard(paths or [])

    return add.click(
        take,
        [files, titles, texts, address],
        [said, add, files, titles, texts, address],
        api_visibility="private",
        show_progress="hidden",
        concurrency_limit=None,
    )


def step_html(step: Step) -> str:
    """What is done now, with a bar."""
    known = f' value="{step.done}" max="{step.total}"' if step.total else ""
    count = f" {words.done_of(step.done, step.total)}" if step.total else ""
    return (
        f'<p class="upload-step" role="status"><label>{literal(step.doing)}{count} … '
        f"<progress{known}></progress></label></p>"
    )


def taken_html(taken: Taken) -> str:
    """What was taken and what was not, and why; all text in it is escaped."""
    good = [one for one in taken.outcomes if one.reason is None]
    bad = [one for one in taken.outcomes if one.reason is not None]
    number = sum(one.articles for one in good)
    heading = words.taken(number) if good else words.NOTHING_TAKEN
    left = _list_html("upload-left", bad)
    return (
        f'<div class="upload-said" role="status"><h3>{heading}</h3>'
        f"{_list_html('upload-taken', good)}"
        f"{f'<h3>{words.LEFT_OUT}</h3>{left}' if bad else ''}</div>"
    )


def _list_html(name: str, outcomes: Sequence[Outcome]) -> str:
    lines = [f"<li>{_line(one)}</li>" for one in outcomes[:SHOWN]]
    if len(outcomes) > SHOWN:
        lines.append(f"<li>{words.and_more(len(outcomes) - SHOWN)}</li>")
    return f'<ul class="{name}">{"".join(lines)}</ul>' if lines else ""


def _line(outcome: Outcome) -> str:
    if outcome.reason is not None:
        return f"{literal(outcome.name)}: {literal(outcome.reason)}"
    count = f" ({words.counted(outcome.articles, 'article')})" if outcome.articles > 1 else ""
    return f"{literal(outcome.name)}{count}"


def _offers(paths: Sequence[str], title: str, text: str, addresses: str) -> list[Offer]:
    offers: list[Offer] = [FileOffer(Path(path).name, Path(path)) for path in paths]
    if text.strip():
        offers.append(TextOffer(title, text))
    offers += [AddressOffer(line) for line in addresses.splitlines() if line.strip()]
    return offers


def _discard(paths: Sequence[str]) -> None:
    """Remove what gradio has kept of an upload."""
    for path in map(Path, paths):
        try:
            path.unlink()
        except OSError as error:
            logger.warning("An uploaded file stays in the temporary folder: %s", error)
