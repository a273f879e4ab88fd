"""Small real parts that stand in for the models, and a story to read."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from pullquote.index.passages import passage_spans
from pullquote.index.types import Article, Hit, Passage
from pullquote.qa.networks import Logits, Worth, everything
from pullquote.qa.types import Span
from pullquote.qa.windows import Window

STORY = (
    "The old mill at Lower Wick burned down on Tuesday night. Fire chief Rosa Blum said that "
    "nobody was hurt. The owners had paid $1.4 million for it in 2019."
)


class HashingEncoder:
    """Bag of words, each word hashed to a place in the vector."""

    def __init__(self, name: str = "hashing", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self.encode_question(text) for text in texts])

    def encode_question(self, question: str) -> NDArray[np.float32]:
        row = np.zeros(self.dimension, np.float32)
        for word in re.findall(r"\w+", question.lower()):
            row[int(hashlib.md5(word.encode()).hexdigest(), 16) % self.dimension] += 1  # noqa: S324
        return row / max(float(np.linalg.norm(row)), 1e-12)


KEPT = ("files", "milvus")
"""Where an index may be: the tests of both are the same."""


def place(folder: Path, kept: str) -> str | Path:
    """Where a test's index is: a directory, or a milvus-lite in a file."""
    return folder / "index" if kept == "files" else f"milvus://{quote(str(folder))}/lite.db/news"


class SubstringReader:
    """Finds given texts in passages: a text that is found scores what is given for it."""

    def __init__(self, scores: dict[str, float]) -> None:
        self.scores = scores
        self.asked: list[str] = []

    def read(self, question: str, hits: Sequence[Hit], spans_each: int = 3) -> list[Span]:
        self.asked.append(question)
        spans = []
        for hit in hits:
            for text, score in self.scores.items():
                at = hit.passage.text.find(text)
                if at >= 0:
                    start = hit.passage.start + at
                    spans.append(Span(hit.passage, hit.article, start, start + len(text), score))
        return sorted(spans, key=lambda span: -span.score)[: spans_each * len(hits)]


class GuessingNetwork:
    """Logits from nowhere, always the same for the same tokens: any span may come out best."""

    def logits(self, windows: Sequence[Window], worth: Worth = everything) -> list[Logits | None]:
        found: list[Logits | None] = []
        chosen = worth(np.zeros(len(windows), np.float32))
        for window, wanted in zip(windows, chosen, strict=True):
            chance = np.random.default_rng(window.token_ids.astype(np.uint32))
            starts, ends = chance.normal(0, 5, (2, len(window.token_ids))).astype(np.float32)
            found.append((starts, ends) if wanted else None)
        return found


class FixedRetriever:
    """Finds the passages it is given, whatever the question; its stored articles may differ."""

    def __init__(
        self, hits: Sequence[Hit], stored: Sequence[Article] = (), newest: date | None = None
    ) -> None:
        self._hits = list(hits)
        self._newest = newest
        self._stored = {hit.article.id: hit.article for hit in hits}
        self._stored |= {article.id: article for article in stored}

    def current(self) -> "FixedRetriever":
        return self

    def newest(self) -> date | None:
        return self._newest

    def search(
        self,
        question: str,
        k: int = 5,
        since: date | None = None,
        until: date | None = None,
        source: str | Sequence[str] | None = None,
        article: str | Sequence[str] | None = None,
    ) -> list[Hit]:
        def fits(published: date | None) -> bool:
            if since is None and until is None:
                return True
            return bool(published and (since or date.min) <= published <= (until or date.max))

        ids = [article] if isinstance(article, str) else article
        found = [hit for hit in self._hits if fits(hit.article.published)]
        return [hit for hit in found if ids is None or hit.article.id in ids][:k]

    def article(self, article_id: str) -> Article:
        return self._stored[article_id]

    def close(self) -> None:
        self._hits = []


def hit(number: int, text: str, published: date | None = None, before: str = "") -> Hit:
    """A hit for a passage that stands behind some other text of its article."""
    article = Article(
        f"a{number}", f"Title {number}", before + text, None, published, None, f"{number}.txt", ""
    )
    start = len(before)
    return Hit(Passage(number, article.id, start, start + len(text), text), article, 1.0, number)


def hits_of(text: str, title: str = "") -> list[Hit]:
    """The passages of one article, all of them found."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    article = Article("a", title, text, None, None, None, "a.txt", sha256)
    return [
        Hit(Passage(number, "a", start, end, text[start:end]), article, 0.0, number)
        for number, (start, end) in enumerate(passage_spans(text), start=1)
    ]
