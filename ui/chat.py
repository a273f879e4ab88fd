"""The chat over one index: what it says of the collection, and the questions it suggests."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pullquote.index import Retriever
from pullquote.index.generation import Generation
from pullquote.index.types import Article
from pullquote.qa.protocols import Answering
from pullquote.ui.app import build_app
from pullquote.ui.collection import Collection
from pullquote.ui.feedback import FeedbackFile
from pullquote.ui.limits import Queue
from pullquote.ui.suggestions import SHOWN, Suggestions
from pullquote.ui.taking import Taking

if TYPE_CHECKING:
    import gradio as gr

EXAMPLES = ".questions"  # in the indexed folder: example questions, one a line


def chat_of(
    assistant: Answering,
    retriever: Retriever,
    queue: Queue | None = None,
    taking: Taking | None = None,
    feedback: FeedbackFile | None = None,
) -> "gr.Blocks":
    """The chat page over an opened index.

    Questions wait in `queue`, uploads go to `taking` and judgements to `feedback`, if these are
    given.
    """
    drawn = Suggestions(assistant, lambda: _State(retriever.current()))
    return build_app(
        assistant,
        retriever.article,
        partial(_about, retriever),
        lambda: _written(retriever.manifest.source) or drawn(),
        feedback,
        queue,
        taking,
    )


@dataclass(frozen=True, slots=True)
class _State:
    """One generation, as far as suggestions need it."""

    generation: Generation

    @property
    def name(self) -> str:
        return self.generation.manifest.generation

    def articles(self, count: int) -> Sequence[Article]:
        return self.generation.catalog.spread(count)


def _about(retriever: Retriever) -> Collection:
    index = retriever.current()
    first, last = index.catalog.dates()
    return Collection(index.manifest.articles, tuple(index.catalog.sources()), first, last)


def _written(folder: str) -> list[str]:
    """The examples that somebody has written for a folder; none where nobody has."""
    if not folder:  # a program gave the articles
        return []
    try:
        lines = (Path(folder) / EXAMPLES).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [line.strip() for line in lines if line.strip()][:SHOWN]
