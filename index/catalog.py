"""The articles and where their passages begin and end, in one SQLite file."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from pullquote.index.types import Article, Passage

_SCHEMA = """
    CREATE TABLE articles (
        id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, source TEXT,
        published TEXT, url TEXT, path TEXT NOT NULL, sha256 TEXT NOT NULL,
        story INTEGER -- the same number for articles that tell one story
    ) STRICT;
    CREATE TABLE other_paths (
        article_id TEXT NOT NULL REFERENCES articles, path TEXT NOT NULL,
        PRIMARY KEY (article_id, path)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE passages (
        id INTEGER PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles,
        start INTEGER NOT NULL, end INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX passages_of_article ON passages (article_id);
    CREATE INDEX articles_by_date ON articles (published);
    CREATE INDEX articles_by_text ON articles (sha256);
    CREATE INDEX articles_by_story ON articles (story) WHERE story IS NOT NULL;
"""
_ARTICLE = (
    "articles.id, title, text, source, published, url, articles.path, sha256, "
    "(SELECT json_group_array(path) FROM other_paths WHERE article_id = articles.id)"
)


class Catalog:
    """Articles and passages by their ids. One writer while it is built, many threads afterwards."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        # SQLite's own NOCASE knows the case of ASCII letters alone.
        connection.create_function("casefold", 1, _casefold, deterministic=True)
        self._connection = connection
        self._lock = Lock()

    @classmethod
    def create(cls, file: Path) -> "Catalog":
        """A new, empty catalog."""
        connection = sqlite3.connect(file)
        connection.executescript(_SCHEMA)
        return cls(connection)

    @classmethod
    def open(cls, file: Path) -> "Catalog":
        """An existing catalog, for reading; raises sqlite3.Error if it is damaged."""
        uri = f"{file.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        connection.execute("SELECT 1 FROM passages LIMIT 1")  # connecting alone reads nothing
        return cls(connection)

    def add(self, article: Article, spans: Iterable[tuple[int, int]]) -> list[Passage]:
        """Store an article and its passages; their ids go on from the last one."""
        self._connection.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            (
                article.id,
                article.title,
                article.text,
                article.source,
                article.published.isoformat() if article.published else None,
                article.url,
                article.path,
                article.sha256,
            ),
        )
        passages = []
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
        self._connection.execute(
            "INSERT OR IGNORE INTO other_paths VALUES (?, ?)", (article_id, path)
        )

    def link(self, stories: Iterable[Sequence[str]]) -> None:
        """Store which articles tell one story: the ids of those of each."""
        self._connection.executemany(
            "UPDATE articles SET story = ? WHERE id = ?",
            ((story, one) for story, ids in enumerate(stories, start=1) for one in ids),
        )

    def commit(self) -> None:
        """Make what was added durable."""
        self._connection.commit()

    def article(self, article_id: str) -> Article:
        """The article of that id; raises KeyError."""
        rows = self._rows(f"SELECT {_ARTICLE} FROM articles WHERE id = ?", (article_id,))  # noqa: S608
        if not rows:
            raise KeyError(article_id)
        return _article(rows[0])

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
        rows = self._rows(
            f"SELECT passages.id, start, end, {_ARTICLE} FROM passages "  # noqa: S608
            "JOIN articles ON articles.id = article_id "
            "WHERE passages.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        found = {}
        for number, start, end, *columns in rows:
            article = _article(columns)
            found[number] = (
                Passage(number, article.id, start, end, article.text[start:end]),
                article,
            )
        return [found[number] for number in ids]

    def all_passages(self, at_once: int) -> Iterator[list[tuple[Passage, Article]]]:
        """Every passage in the order of the ids, in lists of at most `at_once`."""
        last = 0
        while True:
            rows = self._rows(
                "SELECT id FROM passages WHERE id > ? ORDER BY id LIMIT ?", (last, at_once)
            )
            if not rows:
                return
            ids = [number for (number,) in rows]
            yield self.passages(ids)
            last = ids[-1]

    def passage_ids(
        self,
        since: date | None,
        until: date | None,
        source: str | None,
        articles: Sequence[str] | None,
    ) -> list[int]:
        """Ids of the passages whose article fits; an undated article fits no range of dates.

        `articles` are ids; None of them means any, an empty sequence none.
        """
        rows = self._rows(
            """
            SELECT id FROM passages WHERE article_id IN (
                SELECT id FROM articles
                WHERE (?1 IS NULL OR published >= ?1)
                AND (?2 IS NULL OR published <= ?2)
                AND (?3 IS NULL OR casefold(source) = casefold(?3))
                AND (?4 IS NULL OR id IN (SELECT value FROM json_each(?4)))
            )
            """,
            (
                since and since.isoformat(),
                until and until.isoformat(),
                source,
                None if articles is None else json.dumps(list(articles)),
            ),
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


def _casefold(text: str | None) -> str | None:
    return text.casefold() if text is not None else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _article(columns: Sequence[Any]) -> Article:
    identity, title, text, source, published, url, path, sha256, others = columns
    paths = tuple(sorted(json.loads(others)))
    return Article(identity, title, text, source, _date(published), url, path, sha256, paths)
