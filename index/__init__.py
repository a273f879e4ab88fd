"""Articles in, ranked passages out: the retriever that other tools embed."""

from typing import TYPE_CHECKING, Any

from pullquote.index.encoder import Encoder, MiniLMEncoder
from pullquote.index.errors import PullquoteError
from pullquote.index.retriever import Retriever
from pullquote.index.types import Article, Hit, Passage

if TYPE_CHECKING:
    from pullquote.index.articles import new_article
    from pullquote.index.build import BuildReport, build_index

__all__ = [
    "Article",
    "BuildReport",
    "Encoder",
    "Hit",
    "MiniLMEncoder",
    "Passage",
    "PullquoteError",
    "Retriever",
    "build_index",
    "new_article",
]


def __getattr__(name: str) -> Any:
    # Whoever only searches need not wait for what reads files and builds.
    if name in ("BuildReport", "build_index"):
        from pullquote.index import build

        return getattr(build, name)
    if name == "new_article":
        from pullquote.index.articles import new_article

        return new_article
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
