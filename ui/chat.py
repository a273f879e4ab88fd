"""The chat over one index: what it says of the collection, and the questions it suggests."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pullquote.index import Retriever
from pullquote.qa import Assistant
from pullquote.ui.app import build_app
from pullquote.ui.collection import Collection

if TYPE_CHECKING:
    import gradio as gr

EXAMPLES = ".questions"  # in the indexed folder: example questions, one a line
SHOWN = 4


def chat_of(assistant: Assistant, retriever: Retriever) -> "gr.Blocks":
    """The chat page over an opened index."""
    return build_app(
        assistant,
        assistant.article,
        partial(_about, retriever),
        _examples(retriever.manifest.source),
    )


def _about(retriever: Retriever) -> Collection:
    index = retriever.current()
    first, last = index.catalog.dates()
    return Collection(index.manifest.articles, tuple(index.catalog.sources()), first, last)


def _examples(folder: str) -> list[str]:
    if not folder:  # a program gave the articles
        return []
    try:
        lines = (Path(folder) / EXAMPLES).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [line.strip() for line in lines if line.strip()][:SHOWN]
