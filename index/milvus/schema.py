"""How an index lies in Milvus: two collections a generation, and an alias that says which counts.

    NAME                              the alias: of the passages of the generation that counts
    NAME_0123456789abcdef_passages    vectors, words, and what filters ask for
    NAME_0123456789abcdef_articles    the articles, in pieces, and the manifest

No text of a user stands in a filter: articles and sources are asked for by a digest of theirs.
"""

import hashlib
import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from pullquote.index.errors import ExtraMissingError, IndexUnreachableError
from pullquote.index.families import EXACT_UP_TO, lists_for
from pullquote.index.filters import Wanted, folded
from pullquote.index.lexical import stems_of
from pullquote.index.milvus.address import Address

try:
    from pymilvus import CollectionSchema, DataType, Function, FunctionType, MilvusClient
    from pymilvus.exceptions import MilvusException
    from pymilvus.milvus_client import IndexParams
except ImportError as error:
    raise ExtraMissingError(
        "An index in Milvus takes the package pymilvus; run: pip install 'pullquote[milvus]'"
    ) from error

SEGMENT = 600_000  # passages: Milvus indexes every gigabyte by itself
PIECE = 16_000  # characters of an article in one row; Milvus takes 65,535 bytes
LONGEST = 65_535
MANIFEST = "manifest"  # in place of an article's digest


@dataclass(frozen=True, slots=True)
class Names:
    """The collections of one generation."""

    passages: str

    @property
    def articles(self) -> str:
        """The collection of its articles."""
        return self.passages.removesuffix("_passages") + "_articles"

    @classmethod
    def new(cls, index: str) -> "Names":
        """Those of a generation that is to be; later ones sort behind earlier ones."""
        return cls(f"{index}_{time.time_ns():016x}_passages")


@cache  # a milvus-lite is opened once in a process
def client_of(address: Address) -> MilvusClient:
    """A connection; raises IndexUnreachableError."""
    # Every error is raised as well, and said in a sentence.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    with asking(address):
        return MilvusClient(address.uri, token=address.token)


@contextmanager
def asking(address: Address) -> Iterator[None]:
    """Says in one sentence that Milvus does not do what it is asked: IndexUnreachableError."""
    try:
        yield
    except MilvusException as error:
        raise IndexUnreachableError(
            f"Milvus does not answer at {address} ({error.message}); see that it runs, and that "
            "this machine may use it."
        ) from error


def digest(text: str) -> str:
    """What an article's id, or a source whatever its case, is asked for by."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def words_of(text: str) -> list[str]:
    """The stems of a text, in letters that any analyzer leaves alone."""
    return [stem if stem.isascii() else stem.encode().hex() for stem in stems_of(text)]


def filter_of(wanted: Wanted) -> str:
    """What is wanted in Milvus's language; empty where anything is."""
    parts = []
    if wanted.days:
        first, last = wanted.days
        parts.append(f"day >= {max(first, 1)} and day <= {last}")
    if wanted.sources is not None:
        named = [digest(folded(one) or "") for one in wanted.sources]
        parts.append(f"source in {json.dumps(named)}")
    if wanted.articles is not None:
        parts.append(f"article in {json.dumps([digest(one) for one in wanted.articles])}")
    return " and ".join(parts)


def passages_schema(dimension: int) -> CollectionSchema:
    """A row for each passage."""
    schema = MilvusClient.create_schema(auto_id=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("article", DataType.VARCHAR, max_length=32)  # digest of its id
    schema.add_field("source", DataType.VARCHAR, max_length=32)  # digest, or ""
    schema.add_field("day", DataType.INT64)  # from the year 1; 0 without a date
    schema.add_field("story", DataType.INT64)  # 0 where only one article tells it
    schema.add_field("first", DataType.INT64)
    schema.add_field("behind", DataType.INT64)
    schema.add_field("row", DataType.FLOAT_VECTOR, dim=dimension)
    # What the other indexes have, stem by stem: an analyzer has nothing to do but to cut.
    schema.add_field(
        "stems",
        DataType.VARCHAR,
        max_length=LONGEST,
        enable_analyzer=True,
        analyzer_params={"tokenizer": "standard"},
    )
    schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_function(Function("bm25", FunctionType.BM25, ["stems"], ["words"]))
    return schema


def passages_indexes(passages: int) -> IndexParams:
    """As in other indexes: compared one by one, or in lists with 8 bits a number."""
    indexes = MilvusClient.prepare_index_params()
    if passages <= EXACT_UP_TO:
        indexes.add_index("row", index_type="FLAT", metric_type="IP")
    else:
        lists = {"nlist": lists_for(min(passages, SEGMENT))}
        indexes.add_index("row", index_type="IVF_SQ8", metric_type="IP", params=lists)
    # BM25 as tantivy has it.
    bm25 = {"bm25_k1": 1.2, "bm25_b": 0.75}
    indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=bm25)
    for field in ("article", "source"):
        indexes.add_index(field, index_type="INVERTED")
    return indexes


def articles_schema() -> CollectionSchema:
    """A row for each piece of an article, and the manifest."""
    schema = MilvusClient.create_schema(auto_id=False)
    schema.add_field("id", DataType.INT64, is_primary=True)  # pieces of an article in their order
    schema.add_field("article", DataType.VARCHAR, max_length=32)  # digest of its id
    schema.add_field("story", DataType.INT64)
    schema.add_field("sha256", DataType.VARCHAR, max_length=64)  # of its text
    schema.add_field("piece", DataType.VARCHAR, max_length=LONGEST)  # of its JSON
    schema.add_field("nothing", DataType.FLOAT_VECTOR, dim=2)  # no collection is without vectors
    return schema


def articles_indexes() -> IndexParams:
    """What articles are found by."""
    indexes = MilvusClient.prepare_index_params()
    indexes.add_index("nothing", index_type="FLAT", metric_type="L2")
    for field in ("article", "story", "sha256"):
        indexes.add_index(field, index_type="INVERTED")
    return indexes


def current(client: MilvusClient, address: Address) -> Names | None:
    """The generation that counts; None where there is none."""
    with asking(address):
        try:
            return Names(str(client.describe_alias(address.name)["collection_name"]))
        except MilvusException as error:
            # No code says it in all versions.
            if "not exist" in error.message or "not found" in error.message:
                return None
            raise
