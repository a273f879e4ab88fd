"""A folder of files in, articles out, one at a time; what cannot be read is told, never fatal."""

import hashlib
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from pullquote.index.errors import ArticleError
from pullquote.index.files import LARGEST as LARGEST
from pullquote.index.files import bytes_of, cannot_open, files_of, lines_of
from pullquote.index.formats import READERS, Draft, json_draft
from pullquote.index.metadata import site_of, title_of
from pullquote.index.types import Article

_LINES = (".jsonl", ".jsonl.gz")
KINDS = (*READERS, *_LINES)
_EMPTY = "It has no text; fill it or remove it."
_LONGEST_ID = 1000  # characters; a longer one could not be searched for
_SURROGATE = re.compile("[\ud800-\udfff]")  # cannot be stored as UTF-8
_From = TypeVar("_From")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or line of a file (`path:17`), that gave no article, and what to do about it.

    `same_as` is the id of the article that has the same text, where that is the reason.
    """

    path: str
    reason: str
    same_as: str | None = None


def read_articles(source: Path) -> Iterator[Article | Skipped]:
    """The articles of a folder, or of a single file, in the order of their paths.

    Reads text, Markdown, HTML, PDF and JSON lines, folders inside folders too. Only one article
    is in memory at a time. A file that cannot be read, is of another kind or repeats an earlier
    text comes as Skipped. Raises SourceError, before the first article, where the source does not
    exist, cannot be opened or holds no file.
    """
    return _read(files_of(source))


def new_article(
    id: str,  # noqa: A002
    text: str,
    title: str | None = None,
    source: str | None = None,
    published: date | None = None,
    url: str | None = None,
    path: str | None = None,
) -> Article:
    """An article that a program has, for `Retriever.add`.

    Args:
        id: the program's name for it, at most 1,000 characters; the same id again replaces it.
        text: what passages and quotes are cut out of, character by character.
        title: its headline; the beginning of the text if there is none.
        source: the publication; the site of `url` if there is none.
        published: its day.
        url: where it is on the web.
        path: where it is kept; the id if that is not given.

    Raises:
        ArticleError: the text is empty or has NUL characters, or the id is empty or too long.
    """
    wanted, text = _SURROGATE.sub("\ufffd", id), _SURROGATE.sub("\ufffd", text)
    if not wanted.strip() or len(wanted) > _LONGEST_ID or "\0" in wanted:
        raise ArticleError(
            f"An article's id has 1 to {_LONGEST_ID:,} characters and no NUL; give it such a name."
        )
    if reason := _unusable(text):
        raise ArticleError(f"The article {wanted} cannot be added. {reason}")
    return Article(
        id=wanted,
        title=_one_line(title) or title_of(text),
        text=text,
        source=_one_line(source) or site_of(url),
        published=published,
        url=_one_line(url),
        path=_one_line(path) or _one_line(wanted) or wanted,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def same_paper(source: str | None, other: str | None) -> bool:
    """Whether one text under both names is one article; of two papers it is an article of each."""
    return source is None or other is None or source.casefold() == other.casefold()


def fingerprint(source: Path) -> str:
    """A SHA-256 in hex that changes when a file is added, removed or written to.

    It is made of paths, sizes and times of writing; no file is opened. Raises SourceError as
    read_articles does.
    """
    digest = hashlib.sha256()
    for name, path in files_of(source):
        try:
            about = path.stat()
            line = f"{name}\0{about.st_size}\0{about.st_mtime_ns}\n"
        except OSError:  # a link that leads nowhere
            line = f"{name}\0\0\n"
        digest.update(line.encode())
    return digest.hexdigest()


def _read(files: list[tuple[str, Path]]) -> Iterator[Article | Skipped]:
    ids: set[str] = set()
    # SHA-256 of each text: source and id of its articles.
    texts: dict[bytes, list[tuple[str | None, str]]] = {}
    for name, path in files:
        for line, draft in _drafts(path):
            shown = f"{name}:{line}" if line else name
            if isinstance(draft, ArticleError):
                yield Skipped(shown, str(draft))
                continue
            text = _SURROGATE.sub("\ufffd", draft.text)
            digest = hashlib.sha256(text.encode())
            if reason := _unusable(text):
                yield Skipped(shown, reason)
                continue
            source = _one_line(draft.source) or site_of(draft.url)
            known = texts.setdefault(digest.digest(), [])
            if (same := _of_one_source(known, source)) is not None:
                yield Skipped(shown, f"It has the same text as {same}.", same_as=same)
            else:
                article_id = _free_id(ids, draft.id, f"{name}#{line}" if line else name)
                ids.add(article_id)
                known.append((source, article_id))
                yield Article(
                    id=article_id,
                    title=_one_line(draft.title) or title_of(text),
                    text=text,
                    source=source,
                    published=draft.published,
                    url=_one_line(draft.url),
                    path=name,
                    sha256=digest.hexdigest(),
                )


def _drafts(path: Path) -> Iterator[tuple[int, Draft | ArticleError]]:
    """What a file holds, with the number of its line; 0 where the file is one article."""
    name = path.name.lower()
    if name.endswith(_LINES):
        for number, line in lines_of(path):
            if isinstance(line, ArticleError):
                yield number, line
            elif line.startswith((b"\xff\xfe", b"\xfe\xff")):  # each line would fail for itself
                yield number, ArticleError("The file is in UTF-16; save it as UTF-8.")
                return
            elif line.strip():
                yield number, _tried(json_draft, line)
    else:
        yield 0, _tried(_whole, path)


def _whole(path: Path) -> Draft:
    if reader := READERS.get(path.suffix.lower()):
        data = bytes_of(path)
        if not data.strip():
            raise ArticleError(_EMPTY)
        return reader(data)
    if not path.is_file():
        bytes_of(path)  # a broken link is worse than an unknown ending, and this says so
    raise ArticleError(f"Files of this kind are not read, only {', '.join(KINDS)}.")


def _tried(read: Callable[[_From], Draft], what: _From) -> Draft | ArticleError:
    try:
        return read(what)
    except ArticleError as error:
        return error
    except OSError as error:
        return ArticleError(cannot_open(error))


def _unusable(text: str) -> str | None:
    if not text.strip():
        return _EMPTY
    if "\0" in text:
        return "It is not a text (it has NUL characters); save it as UTF-8 text."
    return None


def _of_one_source(known: Iterable[tuple[str | None, str]], source: str | None) -> str | None:
    """The article that a text belongs to; one that two sources publish is an article of each."""
    for other, article_id in known:
        if same_paper(source, other):
            return article_id
    return None


def _free_id(ids: set[str], wanted: str | None, otherwise: str) -> str:
    wanted = _SURROGATE.sub("\ufffd", wanted or "").replace("\0", "\ufffd")
    if len(wanted) > _LONGEST_ID:
        wanted = ""
    numbered = (f"{otherwise}#{number}" for number in itertools.count(2))
    candidates = itertools.chain([wanted, otherwise], numbered)
    return next(each for each in candidates if each.strip() and each not in ids)


def _one_line(value: str | None) -> str | None:
    """The value as it can be stored and shown in one line; None for an empty one."""
    return _SURROGATE.sub("\ufffd", " ".join((value or "").replace("\0", " ").split())) or None
