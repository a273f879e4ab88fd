"""What is known about a passage, in the plain values that every tool can store."""

from pullquote.index.errors import ExtraMissingError
from pullquote.index.types import Hit

Metadata = dict[str, str | int | float | None]


def metadata_of(hit: Hit) -> Metadata:
    """Article, source, date, exact characters and score, under the names of `search --json`.

    The passage is `article.text[start:end]` of the article `article_id`. The date is written
    2017-01-31, which sorts as it should.
    """
    article, passage = hit.article, hit.passage
    return {
        "article_id": article.id,
        "title": article.title,
        "source": article.source,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "path": article.path,
        "start": passage.start,
        "end": passage.end,
        "score": float(hit.score),
        "rank": hit.rank,
    }


def name_of(hit: Hit) -> str:
    """A name for the passage that is the same in every search."""
    return f"{hit.article.id}:{hit.passage.start}-{hit.passage.end}"


def extra_missing(package: str, extra: str) -> ExtraMissingError:
    """The error for an adapter whose package is not installed."""
    return ExtraMissingError(
        f"The package {package} is missing; install it with: pip install 'pullquote[{extra}]'"
    )
