"""Turn text from articles, questions and file names into markup that can only be text."""

import string
from collections.abc import Iterable
from datetime import date

from pullquote.ui import words

# The page's parts are parsed as templates of JavaScript and then as HTML, so every ASCII sign that
# could mean something to either is written as a character reference; line breaks too, for those of
# an attribute.
_REFERENCES = str.maketrans({sign: f"&#{ord(sign)};" for sign in string.punctuation + "\n\r\t"})


def literal(text: str) -> str:
    """Markup that shows exactly `text`: in a template, in HTML and in an attribute."""
    return text.translate(_REFERENCES)


def byline(source: str | None, published: date | None) -> str:
    """Source and date, escaped, as they stand below a headline."""
    return dotted([literal(source or ""), literal(words.day(published))])


def dotted(parts: Iterable[str]) -> str:
    """The parts that are not empty, with a middle dot between them."""
    return " · ".join(part for part in parts if part)


def is_web_address(url: str | None) -> bool:
    """Whether a link may be made of it; `javascript:` and its like are no web addresses."""
    return url is not None and url.lower().startswith(("http://", "https://"))
