"""What flows through: Article → Passage → Hit."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Article:
    """One news article, as it was read; `path` is relative to the indexed folder.

    `other_paths` are further files, or lines of files (`path:17`), that have the same text.
    """

    id: str
    title: str
    text: str
    source: str | None
    published: date | None
    url: str | None
    path: str
    sha256: str
    other_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A window of whole sentences: `article.text[start:end] == text`, always."""

    id: int
    article_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question; `rank` counts from 1, a higher `score` is better.

    `also` are other articles that tell the same story in nearly the same words. Their passages
    that say what this one says are not found beside it. `by_words` and `by_vectors` are its places,
    from 1, in the two lists that were fused; None where it is not in one, or nobody kept it.
    """

    passage: Passage
    article: Article
    score: float
    rank: int
    also: tuple[Article, ...] = ()
    by_words: int | None = None
    by_vectors: int | None = None
