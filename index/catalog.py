"""The articles and where their passages begin and end, in one SQLite file."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from pullquote.index.types import Article, Passage

_SCHEMA = """
    CREATE TABLE articles (
        number INTEGER PRIMARY KEY, -- from 1, in the order of their passages
        id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT,
        published TEXT, url TEXT, path TEXT NOT NULL, sha256 TEXT NOT NULL,
        passages INTEGER NOT NULL, -- how many
        story INTEGER, -- the same number for articles that tell one story
        text TEXT NOT NULL
    ) STRICT;
    CREATE TABLE other_paths (
        article_id TEXT NOT NULL REFERENCES articles (id), path TEXT NOT NULL,
        PRIMARY KEY (article_id, path)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE passages (
        id INTEGER PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles (id),
        start INTEGER NOT NULL, end INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX passages_of_article ON passages (article_id);
    -- All that a filter asks for, so that no search reads the texts.
    CREATE INDEX articles_by_date ON articles (published, source, passages);
    CREATE INDEX articles_by_text ON articles (sha256);
    CREATE INDEX articles_by_story ON articles (story) WHERE story IS NOT NULL;
"""
_ARTICLE = (
    "articles.id, title, text, source, published, url, articles.path, sha256, "
    "(SELECT json_group_array(path) FROM other_paths WHERE article_id = articles.id)"
)


class Catalog:
    """Articles and passages by their ids, for many threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = Lock()

    @classmethod
    def create(cls, file: Path) -> "Catalog":
        """A new, empty catalog."""
        connection = sqlite3.connect(file, check_same_thread=False)
        with _closed_if_it_fails(connection):
            connection.executescript(_SCHEMA)
        return cls(connection)

    @classmethod
    def open(cls, file: Path) -> "Catalog":
        """An existing catalog, for reading; raises sqlite3.Error if it is damaged."""
        uri = f"{file.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        with _closed_if_it_fails(connection):
            connection.execute("SELECT 1 FROM passages LIMIT 1")  # connecting alone reads nothing
        return cls(connection)

    def add(self, article: Article, spans: Sequence[tuple[int, int]]) -> list[Passage]:
        """Store an article and its passages; their ids go on from the last one, from 1."""
        row = {
            "id": article.id,
            "title": article.title,
            "text": article.text,
            "source": article.source,
            "published": article.published.isoformat() if article.published else None,
            "url": article.url,
            "path": article.path,
            "sha256": article.sha256,
            "passages": len(spans),
        }
        passages = []
        with self._lock:
            self._connection.execute(
                f"INSERT INTO articles ({', '.join(row)}) "  # noqa: S608
                f"VALUES ({', '.join(f':{column}' for column in row)})",
                row,
            )
            for start, end in spans:
                cursor = self._connection.execute(
                    "INSERT INTO passages (article_id, start, end) VALUES (?, ?, ?)",
                    (article.id, start, end),
                )
                number = int(cursor.lastrowid or 0)
                passages.append(Passage(number, article.id, start, end, article.text[start:end]))
        return passages

    def add_path(self, article_id: str, path: str) -> None:
        """Store a further place where an article's text stands."""
        with self._lock:
            self._connection.execute(
                "INSERT OR IGNORE INTO other_paths VALUES (?, ?)", (article_id, path)
            )

    def link(self, stories: Iterable[Sequence[str]]) -> None:
        """Store which articles tell one story: the ids of those of each."""
        with self._lock:
            self._connection.executemany(
                "UPDATE articles SET story = ? WHERE id = ?",
                ((story, one) for story, ids in enumerate(stories, start=1) for one in ids),
            )

    def commit(self) -> None:
        """Make what was added durable."""
        with self._lock:
            self._connection.commit()

    def article(self, article_id: str) -> Article:
        """The article of that id; raises KeyError."""
        rows = self._rows(f"SELECT {_ARTICLE} FROM articles WHERE id = ?", (article_id,))  # noqa: S608
        if not rows:
            raise KeyError(article_id)
        return _article(rows[0])

    def article_at(self, place: int) -> Article:
        """The article of a place in their order, from 0; raises KeyError."""
        rows = self._rows(f"SELECT {_ARTICLE} FROM articles WHERE number = ?", (place + 1,))  # noqa: S608
        if not rows:
            raise KeyError(place)
        return _article(rows[0])

    def articles(self) -> Iterator[Article]:
        """All articles, in the order of their passages; only one is in memory at a time."""
        last = 0
        while rows := self._rows(
            f"SELECT number, {_ARTICLE} FROM articles WHERE number > ? ORDER BY number LIMIT 1",  # noqa: S608
            (last,),
        ):
            last = rows[0][0]
            yield _article(rows[0][1:])

    def articles_of_text(self, sha256: str) -> list[Article]:
        """The articles whose text has that SHA-256."""
        rows = self._rows(f"SELECT {_ARTICLE} FROM articles WHERE sha256 = ?", (sha256,))  # noqa: S608
        return [_article(row) for row in rows]

    def passages_of(self, article: Article) -> list[Passage]:
        """All passages of an article, in the order of its text."""
        rows = self._rows(
            "SELECT id, start, end FROM passages WHERE article_id = ? ORDER BY id", (article.id,)
        )
        return [
            Passage(number, article.id, start, end, article.text[start:end])
            for number, start, end in rows
        ]

    def passages(self, ids: Sequence[int]) -> list[tuple[Passage, Article]]:
        """The passages of those ids, in that order, each with its article."""
        found = self._with_articles(
            self._rows(
                "SELECT id, article_id, start, end FROM passages "
                "WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            )
        )
        by_id = {passage.id: (passage, article) for passage, article in found}
        return [by_id[number] for number in ids]

    def passages_behind(self, last: int, at_most: int) -> list[tuple[Passage, Article]]:
        """The passages whose ids follow that of the last one, each with its article."""
        return self._with_articles(
            self._rows(
                "SELECT id, article_id, start, end FROM passages WHERE id > ? ORDER BY id LIMIT ?",
                (last, at_most),
            )
        )

    def _with_articles(self, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Passage, Article]]:
        # Of each article one object, however many of its passages there are.
        names = json.dumps(list({article_id for _, article_id, _, _ in rows}))
        found = self._rows(
            f"SELECT {_ARTICLE} FROM articles WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608
            (names,),
        )
        articles = {article.id: article for article in map(_article, found)}
        return [
            (Passage(number, name, start, end, articles[name].text[start:end]), articles[name])
            for number, name, start, end in rows
        ]

    def all_articles(self) -> Iterator[tuple[Article, int | None]]:
        """Every article and the number of its story, in the order of their passages."""
        last = 0
        while rows := self._rows(
            f"SELECT number, story, {_ARTICLE} FROM articles WHERE number > ? "  # noqa: S608
            "ORDER BY number LIMIT 100",
            (last,),
        ):
            for _, story, *columns in rows:
                yield _article(columns), story
            last = rows[-1][0]

    def spread(self, count: int) -> list[Article]:
        """At most so many articles, at even distances in their order."""
        ((articles,),) = self._rows("SELECT coalesce(max(number), 0) FROM articles", ())
        numbers = sorted({1 + place * articles // count for place in range(count)})
        rows = self._rows(
            f"SELECT {_ARTICLE} FROM articles "  # noqa: S608
            "WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number",
            (json.dumps(numbers if articles else []),),
        )
        return [_article(row) for row in rows]

    def facts(self) -> list[tuple[str | None, str | None, int]]:
        """Day of publication, source and number of passages of each article, in their order."""
        # Sorted here: SQLite would read the table, with its texts, instead of the index.
        rows = sorted(self._rows("SELECT number, published, source, passages FROM articles", ()))
        return [(published, source, passages) for _, published, source, passages in rows]

    def numbers_of(self, ids: Sequence[str]) -> list[int]:
        """The places of articles in their order, from 1, by their ids; unknown ids have none."""
        rows = self._rows(
            "SELECT number FROM articles WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return [number for (number,) in rows]

    def stories_of(self, ids: Sequence[int]) -> dict[int, int]:
        """Of the passages of those ids, those whose story other articles tell too: its number."""
        rows = self._rows(
            "SELECT passages.id, story FROM passages JOIN articles ON articles.id = article_id "
            "WHERE story IS NOT NULL AND passages.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return dict(rows)

    def articles_of_story(self, story: int) -> list[Article]:
        """The articles that tell a story, in the order of their ids."""
        rows = self._rows(f"SELECT {_ARTICLE} FROM articles WHERE story = ? ORDER BY id", (story,))  # noqa: S608
        return [_article(row) for row in rows]

    def sources(self) -> list[str]:
        """The distinct sources, those with the most articles first."""
        rows = self._rows(
            "SELECT source FROM articles WHERE source IS NOT NULL "
            "GROUP BY source ORDER BY count(*) DESC, source",
            (),
        )
        return [source for (source,) in rows]

    def dates(self) -> tuple[date | None, date | None]:
        """The first and the last date of an article; None where no article has one."""
        ((first, last),) = self._rows("SELECT min(published), max(published) FROM articles", ())
        return _date(first), _date(last)

    def newest(self) -> date | None:
        """The last date of an article; None where none has one."""
        ((last,),) = self._rows("SELECT max(published) FROM articles", ())  # one look at the index
        return _date(last)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _rows(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()


@contextmanager
def _closed_if_it_fails(connection: sqlite3.Connection) -> Iterator[None]:
    """Lets go of the file at once, and not when the error is forgotten."""
    try:
        yield
    except sqlite3.Error:
        connection.close()
        raise


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _article(columns: Sequence[Any]) -> Article:
    identity, title, text, source, published, url, path, sha256, others = columns
    paths = tuple(sorted(json.loads(others)))
    return Article(identity, title, text, source, _date(published), url, path, sha256, paths)
