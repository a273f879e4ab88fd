"""Articles in, ranked passages out: the retriever that other tools embed."""

from pullquote.index.articles import new_article
from pullquote.index.build import BuildReport, build_index
from pullquote.index.encoder import Encoder, MiniLMEncoder
from pullquote.index.errors import PullquoteError
from pullquote.index.retriever import Retriever
from pullquote.index.types import Article, Hit, Passage

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
