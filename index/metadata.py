"""An article's date, source and title, from what it says itself."""

import re
from datetime import date, datetime
from urllib.parse import urlsplit

from pullquote.index.boilerplate import boilerplate_spans
from pullquote.index.sentences import sentence_spans

_ISO = re.compile(r"\s*([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt\s]\s*[0-9].*)?\s*")
_WRITTEN = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y")

SHORT_LINE = 15  # words up to which a first line is a headline
LONGEST_TITLE = 20  # words
_HEAD = 5_000  # characters in which a title is looked for


def date_in(value: str) -> date | None:
    """The day that the text names, as it is written there (time zones are not converted).

    Understood are ISO dates, with or without a time, and the forms "August 5, 2024" and
    "5 August 2024"; None for anything else, impossible dates included.
    """
    if iso := _ISO.fullmatch(value):
        try:
            return date.fromisoformat(iso[1])
        except ValueError:
            return None
    words = " ".join(value.replace(".", " ").split())
    for form in _WRITTEN:
        try:
            return datetime.strptime(words, form).date()
        except ValueError:
            continue
    return None


def site_of(url: str | None) -> str | None:
    """The site that an address belongs to, such as "example.org"; None where it names none."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:  # brackets that hold no address
        return None
    return host.removeprefix("www.") if host else None


def title_of(text: str) -> str:
    """A title for a text that has none: its first line if that is short, else its first sentence.

    Lines that are not the story are passed over; more than LONGEST_TITLE words are cut.
    """
    head = text[:_HEAD]
    position = 0
    for start, end in [*boilerplate_spans(head), (len(head), len(head))]:
        lines = head[position:start].strip().splitlines()
        if lines:
            return _cut(_first(lines))
        position = end
    return _cut(head)


def _first(lines: list[str]) -> str:
    line = lines[0]
    wrapped = len(lines) > 1 and lines[1].lstrip()[:1].islower()  # the line ends mid-sentence
    if len(line.split()) <= SHORT_LINE and not wrapped:
        return line
    text = "\n".join(lines) if wrapped else line
    start, end = next(iter(sentence_spans(text)), (0, len(text)))
    return text[start:end]


def _cut(text: str) -> str:
    words = text.split()
    if len(words) <= LONGEST_TITLE:
        return " ".join(words)
    return " ".join(words[:LONGEST_TITLE]).rstrip(",;:–— ") + "…"
