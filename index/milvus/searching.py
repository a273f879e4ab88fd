"""The two lists of an index in Milvus: its BM25 function, and its vectors."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pullquote.index.filters import Wanted
from pullquote.index.milvus.address import Address
from pullquote.index.milvus.schema import Names, asking, filter_of, words_of
from pullquote.index.vectors import PROBES

if TYPE_CHECKING:
    from pymilvus import MilvusClient

MOST = 16_384  # what Milvus gives at once


class MilvusLists:
    """Searches one generation; safe to use from many threads. See Lists in protocols.py.

    Two searches, fused by us and not by Milvus, whose hybrid search adds up the same reciprocal
    ranks: what repeats another passage must be taken out of each list before.
    """

    def __init__(self, client: "MilvusClient", address: Address, names: Names) -> None:
        self._client = client
        self._address = address
        self._names = names

    def by_words(self, question: str, k: int, wanted: Wanted) -> list[tuple[int, float]]:
        """At most k passages that share a word with the question, by BM25."""
        stems = list(dict.fromkeys(words_of(question)))
        return self._found(" ".join(stems), "words", k, wanted, {}) if stems else []

    def by_vector(
        self, row: NDArray[np.float32], k: int, wanted: Wanted
    ) -> list[tuple[int, float]]:
        """The k passages whose vectors are nearest to a unit vector, (dimension,)."""
        return self._found(row.tolist(), "row", k, wanted, {"nprobe": PROBES})

    def _found(
        self, asked: object, field: str, k: int, wanted: Wanted, how: dict[str, Any]
    ) -> list[tuple[int, float]]:
        if wanted.articles == () or wanted.sources == ():
            return []
        with asking(self._address):
            (hits,) = self._client.search(
                self._names.passages,
                [asked],
                anns_field=field,
                filter=filter_of(wanted),
                limit=min(k, MOST),
                search_params={"params": how},
            )
        return [(hit["id"], hit["distance"]) for hit in hits]
