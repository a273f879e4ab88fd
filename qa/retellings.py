"""Find a quote again in another telling of its story, to the letter of that telling."""

import re

from pullquote.index.types import Article
from pullquote.qa.spans import sentence_around
from pullquote.qa.types import Span


def retold(span: Span, article: Article) -> tuple[int, int] | None:
    """Where another article says the same: the characters of the quote in it; None if it does not.

    The whole sentence around the quote must stand there, so that a short quote such as "12" is not
    found where it means something else. Only the white space between words may differ.
    """
    text, begin = span.passage.text, span.passage.start
    start, end = span.start - begin, span.end - begin
    first, last = sentence_around(text, start, end)
    parts = (text[first:start], text[start:end], text[end:last])
    before, quote, after = (r"\s+".join(map(re.escape, re.split(r"\s+", part))) for part in parts)
    found = re.search(f"{before}({quote}){after}", article.text)
    return found.span(1) if found else None
