"""Turn text from articles, questions and file names into markup that can only be text."""

import string
from collections.abc import Iterable
from datetime import date

NO_DATE = "no date given"

# A chat message is parsed as Markdown and then as HTML, a panel as a template and then as HTML, so
# every ASCII sign that could mean something to any of them is written as a character reference.
# Line breaks too: a blank line would end the HTML block and start Markdown again.
_REFERENCES = str.maketrans({sign: f"&#{ord(sign)};" for sign in string.punctuation + "\n\r\t"})


def literal(text: str) -> str:
    """Markup that shows exactly `text`: in a Markdown message, in HTML and in an attribute."""
    return text.translate(_REFERENCES)


def day(published: date | None) -> str:
    """The date as 2017-01-12, or words that say there is none."""
    return published.isoformat() if published else NO_DATE


def byline(source: str | None, published: date | None) -> str:
    """Source and date, escaped, as they stand below a headline."""
    return dotted([literal(source or ""), literal(day(published))])


def dotted(parts: Iterable[str]) -> str:
    """The parts that are not empty, with a middle dot between them."""
    return " · ".join(part for part in parts if part)


def is_web_address(url: str | None) -> bool:
    """Whether a link may be made of it; `javascript:` and its like are no web addresses."""
    return url is not None and url.lower().startswith(("http://", "https://"))
