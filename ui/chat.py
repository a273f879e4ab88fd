"""The chat over one index: what it says of the collection, and the questions it suggests."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pullquote.index import Retriever
from pullquote.qa.protocols import Answering
from pullquote.ui.app import build_app
from pullquote.ui.collection import Collection
from pullquote.ui.limits import Queue
from pullquote.ui.taking import Taking

if TYPE_CHECKING:
    import gradio as gr

EXAMPLES = ".questions"  # in the indexed folder: example questions, one a line
SHOWN = 4


def chat_of(
    assistant: Answering,
    retriever: Retriever,
    queue: Queue | None = None,
    taking: Taking | None = None,
) -> "gr.Blocks":
    """The chat page over an opened index; questions wait in `queue`, uploads go to `taking`."""
    return build_app(
        assistant,
        retriever.article,
        partial(_about, retriever),
        _examples(Path(retriever.manifest.source)),
        queue,
        taking,
    )


def _about(retriever: Retriever) -> Collection:
    index = retriever.current()
    first, last = index.catalog.dates()
    return Collection(index.manifest.articles, tuple(index.catalog.sources()), first, last)


def _examples(folder: Path) -> list[str]:
    try:
        lines = (folder / EXAMPLES).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [line.strip() for line in lines if line.strip()][:SHOWN]
