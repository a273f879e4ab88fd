"""What people offer to the collection: files, pasted texts, addresses; each becomes one file."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from pullquote.index.articles import KINDS, LARGEST, Skipped, read_articles
from pullquote.index.errors import PullquoteError
from pullquote.index.types import Article
from pullquote.ui.fetching import Fetched
from pullquote.ui.workers import Tell

MOST_OFFERED = 20  # files, texts and addresses at once
MOST_TOGETHER = 50_000_000  # bytes of these
MOST_KEPT = 500_000_000  # bytes of all that was ever taken
MOST_ARTICLES = 1000  # in one file
TAKEN_KINDS = tuple(kind for kind in KINDS if not kind.endswith(".gz"))
LONGEST_NAME = 80  # characters

_UNSAFE = re.compile(r"[^\w.-]+")


class OfferError(PullquoteError):
    """What was offered cannot be taken."""


@dataclass(frozen=True, slots=True)
class FileOffer:
    """A file of any name; it is only read."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class TextOffer:
    """A text that somebody pasted, with a title."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class AddressOffer:
    """The address of an article on the web."""

    url: str


Offer = FileOffer | TextOffer | AddressOffer


@dataclass(frozen=True, slots=True)
class Staged:
    """An offer as a file, under a name that is safe; `shown` is what its giver calls it."""

    shown: str
    path: Path
    url: str | None = None  # that it was fetched from


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a staged file: how many articles, and what was left out."""

    number: int  # of the staged file
    path: Path  # where it is now
    articles: int
    skipped: tuple[Skipped, ...]


def shown_name(offer: Offer) -> str:
    """What the giver of an offer calls it."""
    if isinstance(offer, FileOffer):
        return offer.name
    if isinstance(offer, TextOffer):
        return offer.title.strip() or "the pasted text"
    return offer.url.strip()


def staged(offer: Offer, folder: Path, fetch: Callable[[str], Fetched] | None) -> Staged:
    """Write an offer to a folder, as a file of a name that is safe and free.

    Raises:
        OfferError, FetchError: it cannot be taken, for a reason that is said.
    """
    shown = shown_name(offer)
    if isinstance(offer, FileOffer):
        kind = Path(offer.name).suffix.lower()
        if kind not in TAKEN_KINDS:
            raise OfferError(f"Files of this kind are not taken, only {', '.join(TAKEN_KINDS)}.")
        if (size := offer.path.stat().st_size) > LARGEST:
            raise OfferError(f"It is {size / 1e6:.1f} MB and the limit is {LARGEST / 1e6:.0f} MB.")
        path = free_name(folder, Path(offer.name).stem, kind)
        shutil.copyfile(offer.path, path)
        return Staged(shown, path)
    if isinstance(offer, TextOffer):
        if not offer.text.strip():
            raise OfferError("There is no text; paste the article's text.")
        if len(offer.text) * 4 > LARGEST:
            raise OfferError(f"It is too long; the limit is {LARGEST // 4:,} characters.")
        path = free_name(folder, offer.title or "pasted", ".md")
        path.write_bytes(as_markdown({"title": offer.title.strip() or None}, offer.text))
        return Staged(shown, path)
    if fetch is None:
        raise OfferError("Addresses are not fetched here; save the page and upload it.")
    found = fetch(offer.url)
    parts = urlsplit(found.url)
    path = free_name(folder, f"{parts.hostname}{parts.path}", found.kind)
    path.write_bytes(found.data)
    return Staged(shown, path, found.url)


def check_all(tell: Tell, files: list[tuple[int, Path, str | None]]) -> None:
    """Read staged files, number, path and address each, and tell what is in them.

    What was fetched is replaced by its article as Markdown, so that its address is kept.
    """
    for number, path, url in files:
        found: list[Article] = []
        skipped: list[Skipped] = []
        for item in read_articles(path):
            if isinstance(item, Skipped):
                skipped.append(item)
            elif len(found) == MOST_ARTICLES:
                skipped.append(Skipped(path.name, f"It has more than {MOST_ARTICLES:,} articles."))
                found.clear()
                break
            else:
                found.append(item)
        if url is not None and found:
            path = free_name(path.parent, path.stem, ".md")
            path.write_bytes(_fetched_markdown(found[0], url))
        tell(Checked(number, path, len(found), tuple(skipped)))


def as_markdown(fields: dict[str, str | None], text: str) -> bytes:
    """A Markdown file with its facts in front of the text, which stays as it is."""
    known = {name: value for name, value in fields.items() if value}
    front = yaml.safe_dump(known, allow_unicode=True, sort_keys=False) if known else ""
    return f"---\n{front}---\n{text}".encode(errors="replace")


def free_name(folder: Path, stem: str, kind: str) -> Path:
    """A path in the folder that nothing is at, which shows where the file comes from."""
    stem = _UNSAFE.sub("-", stem).strip(".-_")[:LONGEST_NAME].rstrip(".-_") or "article"
    path, number = folder / f"{stem}{kind}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{kind}"
    return path


def _fetched_markdown(article: Article, url: str) -> bytes:
    published = article.published.isoformat() if article.published else None
    fields = {
        "title": article.title,
        "source": article.source or urlsplit(url).hostname,
        "published": published,
        "url": url,
    }
    return as_markdown(fields, article.text)
