"""The articles of an index in Milvus."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from pullquote.index.errors import IndexDamagedError
from pullquote.index.milvus.address import Address
from pullquote.index.milvus.schema import MANIFEST, PIECE, Names, asking, digest
from pullquote.index.store import remedy
from pullquote.index.types import Article, Passage

if TYPE_CHECKING:
    from pymilvus import MilvusClient

AT_ONCE = 1000  # rows that are asked for at once; Milvus gives 16,384 at most


class MilvusArticles:
    """Articles and passages by their ids, for many threads; see Articles in protocols.py."""

    def __init__(
        self, client: "MilvusClient", address: Address, names: Names, facts: dict[str, Any]
    ) -> None:
        """`facts` are the sources and dates that the manifest tells."""
        self._client = client
        self._address = address
        self._names = names
        self._facts = facts

    def article(self, article_id: str) -> Article:
        """The article of that id; raises KeyError."""
        return self._of([digest(article_id)])[digest(article_id)]

    def passages(self, ids: Sequence[int]) -> list[tuple[Passage, Article]]:
        """The passages of those ids, in that order, each with its article."""
        rows = {row["id"]: row for row in self._rows(ids, ("article", "first", "behind"))}
        articles = self._of({row["article"] for row in rows.values()})
        found = []
        for number in ids:
            row = rows[number]
            article, first, behind = articles[row["article"]], row["first"], row["behind"]
            text = article.text[first:behind]
            found.append((Passage(number, article.id, first, behind, text), article))
        return found

    def stories_of(self, ids: Sequence[int]) -> dict[int, int]:
        """Of the passages of those ids, those whose story other articles tell too: its number."""
        return {row["id"]: row["story"] for row in self._rows(ids, ("story",)) if row["story"]}

    def articles_of_story(self, story: int) -> list[Article]:
        """The articles that tell a story, in the order of their ids."""
        return self._where(f"story == {story}")

    def articles_of_text(self, sha256: str) -> list[Article]:
        """The articles whose text has that SHA-256, in hex."""
        return self._where(f'sha256 == "{sha256}"')

    def spread(self, count: int) -> list[Article]:
        """At most so many articles, of passages at even distances."""
        passages = self._facts["passages"]
        ids = sorted({1 + place * passages // count for place in range(count)})
        found = self.passages(ids if passages else [])
        return list({article.id: article for _, article in found}.values())

    def sources(self) -> list[str]:
        """The distinct sources, those with the most articles first."""
        return list(self._facts["sources"])

    def dates(self) -> tuple[date | None, date | None]:
        """The first and the last date of an article; None where no article has one."""
        first, last = (_date(each) for each in self._facts["dates"])
        return first, last

    def newest(self) -> date | None:
        """The last date of an article; None where none has one."""
        return self.dates()[1]

    def rows_of(self, article: Article) -> list[dict[str, Any]]:
        """Where the passages of an article begin and end, and their vectors."""
        of_it = f'article == "{digest(article.id)}"'
        return self._asked(self._names.passages, of_it, ("first", "behind", "row"))

    def _where(self, which: str) -> list[Article]:
        rows = self._asked(self._names.articles, which, ("article",))
        return sorted(self._of(row["article"] for row in rows).values(), key=lambda it: it.id)

    def _rows(self, ids: Sequence[int], fields: Sequence[str]) -> list[dict[str, Any]]:
        return [
            row
            for at in range(0, len(ids), AT_ONCE)
            for row in self._asked(
                self._names.passages,
                f"id in {json.dumps(list(ids[at : at + AT_ONCE]))}",
                ("id", *fields),
            )
        ]

    def _of(self, digests: Iterable[str]) -> dict[str, Article]:
        found = pieces_in(self._client, self._address, self._names, digests)
        return {one: article_from(text) for one, text in found.items()}

    def _asked(self, collection: str, which: str, fields: Sequence[str]) -> list[dict[str, Any]]:
        with asking(self._address):
            return list(self._client.query(collection, filter=which, output_fields=list(fields)))


def pieces_in(
    client: "MilvusClient", address: Address, names: Names, digests: Iterable[str]
) -> dict[str, str]:
    """The JSON of each digest."""
    asked = sorted(set(digests))
    pieces: dict[str, list[tuple[int, str]]] = {}
    with asking(address):
        for at in range(0, len(asked), 100):  # an article has a few pieces, each of 16 KB or more
            for row in client.query(
                names.articles,
                filter=f"article in {json.dumps(asked[at : at + 100])}",
                output_fields=["id", "article", "piece"],
            ):
                pieces.setdefault(row["article"], []).append((row["id"], row["piece"]))
    return {of: "".join(piece for _, piece in sorted(some)) for of, some in pieces.items()}


def manifest_in(client: "MilvusClient", address: Address, names: Names) -> dict[str, Any]:
    """What the generation says of itself; raises IndexDamagedError where it says nothing."""
    with asking(address):  # a Milvus that was started anew may have released them
        client.load_collection(names.articles)
        client.load_collection(names.passages)
    try:
        stored = json.loads(pieces_in(client, address, names, [MANIFEST])[MANIFEST])
    except (KeyError, ValueError) as error:
        raise IndexDamagedError(f"The index in {address} is damaged; {remedy(address)}") from error
    return dict(stored)


def pieces_of(text: str) -> list[str]:
    """A text in pieces that Milvus takes."""
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)]


def article_json(article: Article) -> str:
    """An article as it is stored."""
    published = article.published.isoformat() if article.published else None
    return json.dumps(asdict(article) | {"published": published}, ensure_ascii=False)


def article_from(text: str) -> Article:
    """The article that was stored."""
    stored = json.loads(text)
    stored["published"] = _date(stored["published"])
    stored["other_paths"] = tuple(stored["other_paths"])
    return Article(**stored)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
