"""Archives larger than any that is at hand: like the news, but made up.

An embedding is that of a real passage moved some way along the difference of two others, so that
the made-up ones spread as the real ones do. They are no easier to find: among 12,288 of each, the
mean cosine with the nearest other one is 0.72 where that of the real ones is 0.76.
An article is made of sentences of several real ones, so that no two tell the same story.
"""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pullquote.index import Article, MiniLMEncoder
from pullquote.index.articles import read_articles
from pullquote.index.passages import header_of, story_spans
from pullquote.index.sentences import sentence_spans

NEAREST, FARTHEST = 0.2, 0.6  # how far an embedding is moved, of the difference
SENTENCES = 58  # of an article, which are about 13 passages, as many as a real one has
_BLOCK = 1 << 13  # rows made at once


@dataclass(frozen=True, slots=True)
class Real:
    """Embeddings of real passages and questions."""

    passages: NDArray[np.float32]  # (passages, dimension)
    questions: NDArray[np.float32]  # (questions, dimension)
    texts: list[str]  # of the questions


def embed_real(articles: Path, questions: Path, passages: int, asked: int, cache: Path) -> Real:
    """Embed some passages and questions at random, or take them from the cache."""
    with gzip.open(questions, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["question"].strip() for line in lines]
    random.Random(0).shuffle(texts)
    texts = texts[:asked]
    if not cache.exists():
        found = [
            f"{header_of(each)}\n{each.text[start:end]}"
            for each in read_articles(articles)
            if isinstance(each, Article)
            for start, end in story_spans(each.text)
        ]
        random.Random(0).shuffle(found)
        encoder = MiniLMEncoder()
        asked_rows = np.stack([encoder.encode_question(text) for text in texts])
        np.savez(cache, passages=encoder.encode_documents(found[:passages]), questions=asked_rows)
    with np.load(cache) as stored:
        return Real(stored["passages"], stored["questions"], texts)


def rows_like(real: Real, count: int, seed: int = 0) -> Iterator[NDArray[np.float32]]:
    """Blocks of unit rows, (rows, dimension), `count` in all."""
    chooser = np.random.default_rng(seed)
    for first in range(0, count, _BLOCK):
        some = min(_BLOCK, count - first)
        own, to, away = real.passages[chooser.integers(0, len(real.passages), (3, some))]
        far = chooser.uniform(NEAREST, FARTHEST, (some, 1)).astype(np.float32)
        rows: NDArray[np.float32] = own + far * (to - away)  # (rows, dimension)
        yield rows / np.linalg.norm(rows, axis=1, keepdims=True)


class SyntheticEncoder:
    """Gives passages made-up embeddings, at once, and questions their real ones."""

    name = "synthetic"

    def __init__(self, real: Real) -> None:
        self.dimension = real.passages.shape[1]
        self._real = real
        self._questions = dict(zip(real.texts, real.questions, strict=True))
        self._calls = 0

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self._calls += 1
        return np.concatenate(list(rows_like(self._real, len(texts), self._calls)))

    def encode_question(self, question: str) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self._questions[question]
        return row


def write_articles(articles: Path, file: Path, count: int) -> None:
    """Write that many made-up articles as JSON lines, over ten years and twenty sources."""
    read = (each.text for each in read_articles(articles) if isinstance(each, Article))
    real = list(islice(read, 1000))
    sentences = [text[start:end] for text in real for start, end in sentence_spans(text)]
    chooser = random.Random(0)
    with file.open("w", encoding="utf-8") as stream:
        for number in range(count):
            text = " ".join(part.strip() for part in chooser.choices(sentences, k=SENTENCES))
            article = {
                "id": f"{number}",
                "title": f"Article {number}",
                "source": f"Paper {number % 20}",
                "published": f"{2010 + chooser.randrange(10)}-{chooser.randrange(12) + 1:02}-15",
                "text": text,
            }
            stream.write(json.dumps(article) + "\n")
