"""Make an index of a folder of articles in Milvus.

Articles are read and embedded into a folder of this machine, as always, and put into Milvus from
there: so only unchanged passages' vectors have to come back, and nothing is in Milvus by halves.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pullquote.index.articles import fingerprint, read_articles
from pullquote.index.build import BuildReport, fill
from pullquote.index.catalog import Catalog
from pullquote.index.earlier import indexed
from pullquote.index.encoder import Encoder
from pullquote.index.errors import PullquoteError
from pullquote.index.filters import folded
from pullquote.index.milvus.address import Address
from pullquote.index.milvus.articles import (
    MilvusArticles,
    article_json,
    manifest_in,
    pieces_of,
)
from pullquote.index.milvus.schema import (
    MANIFEST,
    Names,
    articles_indexes,
    articles_schema,
    asking,
    client_of,
    current,
    digest,
    passages_indexes,
    passages_schema,
    words_of,
)
from pullquote.index.passages import header_of
from pullquote.index.reading import Progress
from pullquote.index.rows import read_rows
from pullquote.index.store import FORMAT, Layout
from pullquote.index.types import Article, Passage

if TYPE_CHECKING:
    from pymilvus import MilvusClient

AT_ONCE = 256  # rows in one request: one or two megabytes


def build_in_milvus(
    source: Path, address: Address, encoder: Encoder, progress: Progress
) -> BuildReport:
    """Index all articles of a folder into Milvus, in place of what is there; see build_index.

    The generation that counted until now stays for whoever is still reading it, until the next
    build. Of two builds at once the last to end counts.

    Raises:
        SourceError: the folder does not exist, or has no article that can be read.
        IndexUnreachableError: Milvus does not do what it is asked.
        IndexDamagedError: there is no room for temporary files.
    """
    client, seen = client_of(address), fingerprint(source)
    before = current(client, address)
    with tempfile.TemporaryDirectory(prefix="pullquote-") as scratch:
        layout = Layout(Path(scratch) / "generation")
        layout.words.mkdir(parents=True)
        earlier = EarlierInMilvus.open(client, address, encoder)
        report = fill(layout, read_articles(source), encoder, earlier, progress, source)
        names = Names.new(address.name)
        try:
            with closing(Catalog.open(layout.catalog)) as catalog, asking(address):
                manifest = {
                    "format": FORMAT,
                    "encoder": encoder.name,
                    "dimension": encoder.dimension,
                    "articles": report.articles,
                    "passages": report.passages,
                    "source": str(source.resolve()),
                    "fingerprint": seen,
                    "sources": catalog.sources(),
                    "dates": [each and each.isoformat() for each in catalog.dates()],
                }
                _write_articles(client, names, catalog, manifest)
                rows = read_rows(layout.rows, encoder.dimension)
                _write_passages(client, names, catalog, rows, progress)
                if before:
                    client.alter_alias(names.passages, address.name)
                else:
                    client.create_alias(names.passages, address.name)
        except BaseException:  # an interrupted build leaves nothing behind either
            with suppress(Exception):
                _drop(client, names)
            raise
    with asking(address):
        _sweep(client, address, before)
    return report


class EarlierInMilvus:
    """What need not be embedded again; see Earlier."""

    def __init__(self, articles: MilvusArticles, count: int) -> None:
        self._stored = articles
        self.articles = count

    @classmethod
    def open(
        cls, client: "MilvusClient", address: Address, encoder: Encoder
    ) -> "EarlierInMilvus | None":
        """The index that counts; None where there is none, or none that this encoder made."""
        names = current(client, address)
        if names is None:
            return None
        try:
            stored = manifest_in(client, address, names)
            made = (stored["format"], stored["encoder"], stored["dimension"])
            if made != (FORMAT, encoder.name, encoder.dimension):
                return None
            return cls(MilvusArticles(client, address, names, stored), stored["articles"])
        except (PullquoteError, KeyError):  # damaged: nothing of it is trusted
            return None

    def had(self, article: Article) -> bool | None:
        """Whether the article was in it as it is now; None if it was not in it at all."""
        try:
            return indexed(self._stored.article(article.id)) == indexed(article)
        except KeyError:
            return None

    def rows(self, passages: Sequence[tuple[Passage, Article]]) -> dict[int, NDArray[np.float32]]:
        """The vectors of those of the passages that it has, by their places in the sequence."""
        found = {}
        known: dict[str, dict[tuple[int, int], Any]] = {}  # of each article, its passages' rows
        for place, (passage, article) in enumerate(passages):
            if article.id not in known:
                known[article.id] = {
                    (row["first"], row["behind"]): row["row"]
                    for earlier in self._stored.articles_of_text(article.sha256)
                    if indexed(earlier) == indexed(article)
                    for row in self._stored.rows_of(earlier)
                }
            row = known[article.id].get((passage.start, passage.end))
            if row is not None:
                found[place] = np.asarray(row, np.float32)
        return found


def _write_articles(
    client: "MilvusClient", names: Names, catalog: Catalog, manifest: dict[str, Any]
) -> None:
    client.create_collection(names.articles, schema=articles_schema())
    client.create_index(names.articles, articles_indexes(), sync=False)
    numbers = iter(range(1, 1 << 62))

    def rows() -> Iterator[dict[str, Any]]:
        yield from pieces(MANIFEST, json.dumps(manifest), 0, "")
        for article, story in catalog.all_articles():
            yield from pieces(digest(article.id), article_json(article), story or 0, article.sha256)

    def pieces(name: str, text: str, story: int, sha256: str) -> Iterator[dict[str, Any]]:
        for piece in pieces_of(text):
            yield {
                "id": next(numbers),
                "article": name,
                "story": story,
                "sha256": sha256,
                "piece": piece,
                "nothing": [0.0, 0.0],
            }

    _insert(client, names.articles, rows())


def _write_passages(
    client: "MilvusClient",
    names: Names,
    catalog: Catalog,
    vectors: NDArray[np.float16],
    progress: Progress,
) -> None:
    """`vectors` are (passages, dimension), by the passages' ids less 1."""
    client.create_collection(names.passages, schema=passages_schema(vectors.shape[1]))
    client.create_index(names.passages, passages_indexes(len(vectors)), sync=False)

    def rows() -> Iterator[dict[str, Any]]:
        last = 0
        while some := catalog.passages_behind(last, AT_ONCE):
            stories = catalog.stories_of([passage.id for passage, _ in some])
            for passage, article in some:
                source = folded(article.source)
                yield {
                    "id": passage.id,
                    "article": digest(article.id),
                    "source": digest(source) if source is not None else "",
                    "day": article.published.toordinal() if article.published else 0,
                    "story": stories.get(passage.id, 0),
                    "first": passage.start,
                    "behind": passage.end,
                    "stems": " ".join(words_of(f"{header_of(article)}\n{passage.text}")),
                    "row": vectors[passage.id - 1].astype(np.float32).tolist(),
                }
            last = some[-1][0].id
            progress("vectors", last, len(vectors))

    _insert(client, names.passages, rows())


def _insert(client: "MilvusClient", collection: str, rows: Iterator[dict[str, Any]]) -> None:
    block: list[dict[str, Any]] = []
    for row in rows:
        block.append(row)
        if len(block) == AT_ONCE:
            client.insert(collection, block)
            block = []
    if block:
        client.insert(collection, block)
    client.flush(collection)
    client.load_collection(collection)


def _sweep(client: "MilvusClient", address: Address, before: Names | None) -> None:
    """Drop what is older than the generation that counted until now."""
    mine = f"{address.name}_"
    for name in client.list_collections():
        of = name.removeprefix(mine).partition("_")
        whole = name.startswith(mine) and len(of[0]) == 16 and of[2] in ("passages", "articles")
        if whole and before and name < before.articles:
            client.drop_collection(name)


def _drop(client: "MilvusClient", names: Names) -> None:
    for collection in (names.passages, names.articles):
        client.drop_collection(collection)
