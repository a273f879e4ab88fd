"""A throw-away index of the articles that a question file brings along."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pullquote.index.build import build_index
from pullquote.index.reading import Progress
from pullquote.index.types import Article


@contextmanager
def scratch_index(
    articles: Sequence[Article], progress: Progress = lambda _stage, _done, _total: None
) -> Iterator[Path]:
    """The directory of an index of these articles, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="pullquote-eval-") as scratch:
        lines = Path(scratch) / "articles.jsonl"
        with lines.open("w", encoding="utf-8") as stream:
            for article in articles:
                line = {"id": article.id, "title": article.title, "text": article.text}
                stream.write(json.dumps(line) + "\n")
        build_index(lines, Path(scratch) / "index", progress=progress)
        yield Path(scratch) / "index"
