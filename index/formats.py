"""One function a format: a file's bytes in, a draft of an article out."""

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import yaml

from pullquote.index.decoding import decoded
from pullquote.index.errors import ArticleError
from pullquote.index.metadata import date_in

# They complain on standard error about every other file, unless they have a handler; what matters
# is in the errors raised here. A program that sets up logging still gets their records.
for _name in ("pypdf", "trafilatura", "htmldate"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file says of its article; None where it says nothing."""

    text: str
    title: str | None = None
    source: str | None = None
    published: date | None = None
    url: str | None = None
    id: str | None = None


_DATE_LINE = re.compile(
    r"\s*date(?:\s*:\s*|\s+)([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s+|\Z)", re.IGNORECASE
)


def text_draft(data: bytes) -> Draft:
    """A plain text; a leading "date 2024-08-05" is its date and not part of the text."""
    text = decoded(data)
    if (line := _DATE_LINE.match(text)) and (published := date_in(line[1])):
        return Draft(text[line.end() :], published=published)
    return Draft(text)


class _FrontMatter(yaml.SafeLoader):
    """Leaves every value but null as it is written: a title may be "1984" or "No"."""


_FrontMatter.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

# The body must stay verbatim, and the package frontmatter strips it.
_FENCED = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"\s*#[ \t]+(.+?)[ \t#]*(?:[\r\n]|\Z)")


def markdown_draft(data: bytes) -> Draft:
    """Markdown, as it is written; title, source, published and url from YAML front matter.

    Raises ArticleError where the front matter is no YAML or a value in it is no text.
    """
    text = decoded(data)
    fields: Any = {}
    if fence := _FENCED.match(text):
        text = text[fence.end() :]
        try:
            fields = yaml.load(fence[1], _FrontMatter)  # noqa: S506 (a SafeLoader)
        except (yaml.YAMLError, ValueError, LookupError, RecursionError) as error:
            what = " ".join(str(error).split())
            raise ArticleError(f"Its front matter is not valid YAML; mend it ({what}).") from error
        if not isinstance(fields, dict | None):
            raise ArticleError("Its front matter is no list of `key: value` lines; mend it.")
    values = _texts(fields or {}, "front matter's", "title", "source", "published", "url", "byline")
    if not values["title"] and (heading := _HEADING.match(text)):
        values["title"] = heading[1]
    return _draft(text, values)


_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([a-zA-Z0-9_-]+)", re.IGNORECASE)
# Where a page states its own date; a date in the story is another matter.
_STATES_DATE = """.//*[self::time or contains(@itemprop, 'date') or contains(@class, 'publish')
    or contains(@class, 'byline') or contains(@class, 'date') or @type='application/ld+json'][
    not(ancestor::aside or ancestor::nav or ancestor::footer)]"""


def html_draft(data: bytes) -> Draft:
    """A web page's main text, without navigation and comments; its paragraphs a blank line apart.

    Raises ArticleError where no such text is found.
    """
    import trafilatura  # here, and pypdf below: they take longer to load than all the rest

    page = decoded(data, _declared(data))
    found: Any  # the annotation allows a dict, which only a deprecated option gives
    try:
        found = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
        published = _stated_date(page, found.url) if found else None
    except Exception as error:
        raise ArticleError("Its HTML cannot be read; save the article as text.") from error
    if not found or not found.text:
        raise ArticleError("No article was found in the page; save its text instead.")
    text = re.sub(r"\s*\n\s*", "\n\n", found.text.strip())
    return Draft(text, found.title, found.sitename, published, found.url)


def _declared(data: bytes) -> str:
    found = _CHARSET.search(data[:4096])
    name = found[1].decode("ascii").lower() if found else "utf-8"
    if name.startswith("utf-"):  # a page that says UTF-16 in ASCII is not in it
        return "utf-8"
    # As browsers do.
    return "cp1252" if name in ("iso-8859-1", "latin1", "us-ascii", "ascii") else name


def _stated_date(page: str, url: str | None) -> date | None:
    """The date in the page's head, data or byline; the story is taken out before looking."""
    import trafilatura

    tree = trafilatura.load_html(page)
    if tree is None:
        return None
    for body in tree.xpath("//body"):
        stated = body.xpath(_STATES_DATE)
        body.clear()
        for element in stated:
            element.tail = None
            body.append(element)
    for element in tree.xpath(
        "//meta[contains(@property, 'modif') or contains(@property, 'image')]"
    ):
        element.getparent().remove(element)
    options = {"extensive_search": False, "original_date": True}
    found = trafilatura.extract_metadata(tree, default_url=url, date_config=options)
    return date_in(found.date) if found.date else None


def pdf_draft(data: bytes) -> Draft:
    """A PDF's text: lines joined to paragraphs, pages a blank line apart. It has no date.

    Raises ArticleError where it is broken, locked, or has no text.
    """
    import pypdf.errors

    try:
        reader = pypdf.PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ArticleError("The PDF is locked with a password; save a copy without one.")
        pages = [_paragraphs(page.extract_text()) for page in reader.pages]
        title = (reader.metadata and reader.metadata.title) or ""
    except ArticleError:
        raise
    except Exception as error:
        if isinstance(error, pypdf.errors.DependencyError):
            reason = "The PDF is encrypted; save a copy without encryption."
        else:
            reason = "The PDF is damaged; save or download it again."
        raise ArticleError(reason) from error
    text = "\n\n".join(page for page in pages if page)
    if not text:
        raise ArticleError("The PDF has no text (it may be a scan); run text recognition on it.")
    named = title.strip().lower() not in ("untitled", "(anonymous)", "anonymous", "unspecified")
    return Draft(text, title.strip() if named else None)


def _paragraphs(page: str) -> str:
    lines = [" ".join(line.replace("\0", "").split()) for line in page.splitlines()]
    widest = max(map(len, lines), default=0)
    # A line much shorter than the others is a heading or the last of its paragraph.
    joined = "".join(line + (" " if len(line) > widest * 2 / 3 else "\n\n") for line in lines)
    return re.sub(r"\n\n\s+", "\n\n", joined).strip()


def json_draft(line: bytes) -> Draft:
    """A line of JSON with the keys id, title, source, published, url and text.

    Raises ArticleError where it is no JSON object, has no text, or a value has another type.
    """
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"The line is not valid JSON in UTF-8; mend it ({error}).") from error
    if not isinstance(fields, dict):
        raise ArticleError('The line is not a JSON object such as {"text": "…"}; mend it.')
    text = fields.get("text")
    if not isinstance(text, str):
        raise ArticleError("Its `text` is missing or no text; give the article's text there.")
    if type(fields.get("id")) is int:
        fields["id"] = str(fields["id"])
    values = _texts(fields, "line's", "id", "title", "source", "published", "url")
    return _draft(text, values)


def _texts(fields: dict[object, object], whose: str, *keys: str) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for key in keys:
        value = fields.get(key)
        if value is not None and not isinstance(value, str):
            raise ArticleError(f"The {whose} `{key}` is not a text; give a text or null.")
        values[key] = value
    return values


def _draft(text: str, values: dict[str, str | None]) -> Draft:
    return Draft(
        text=text,
        title=values["title"],
        source=values["source"],
        published=date_in(values["published"] or ""),
        url=values["url"],
        id=values.get("id"),
    )


READERS: dict[str, Callable[[bytes], Draft]] = {
    ".txt": text_draft,
    ".md": markdown_draft,
    ".markdown": markdown_draft,
    ".html": html_draft,
    ".htm": html_draft,
    ".pdf": pdf_draft,
}
