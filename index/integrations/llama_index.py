"""The retriever as LlamaIndex has one (`pip install 'pullquote[llama-index]'`)."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pullquote.index.encoder import Encoder
from pullquote.index.integrations.metadata import extra_missing, metadata_of, name_of
from pullquote.index.retriever import Retriever
from pullquote.index.types import Hit

try:
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import (
        NodeRelationship,
        NodeWithScore,
        QueryBundle,
        RelatedNodeInfo,
        TextNode,
    )
except ImportError as error:
    raise extra_missing("llama-index-core", "llama-index") from error


class PullquoteRetriever(BaseRetriever):
    """Finds passages; each becomes a TextNode whose source is its article.

    retriever = PullquoteRetriever.of_index(".pullquote", k=5)
    nodes = retriever.retrieve("homicides")
    """

    def __init__(
        self,
        retriever: Retriever,
        k: int = 5,
        since: date | None = None,
        until: date | None = None,
        source: str | Sequence[str] | None = None,
        article: str | Sequence[str] | None = None,
    ) -> None:
        """`retriever` is an opened one; for the others see its `search`."""
        super().__init__()
        self._retriever = retriever
        self._k = k
        self._filters = (since, until, source, article)

    @classmethod
    def of_index(
        cls, directory: str | Path, encoder: Encoder | None = None, **filters: Any
    ) -> "PullquoteRetriever":
        """A retriever over the index in a directory, with `k`, `since` and so on.

        Raises:
            IndexMissingError, IndexMismatchError, IndexDamagedError: see Retriever.open.
        """
        return cls(Retriever.open(directory, encoder), **filters)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return _nodes(self._retriever.search(query_bundle.query_str, self._k, *self._filters))

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return _nodes(
            await self._retriever.search_async(query_bundle.query_str, self._k, *self._filters)
        )


def _nodes(hits: Sequence[Hit]) -> list[NodeWithScore]:
    return [
        NodeWithScore(
            node=TextNode(
                id_=name_of(hit),
                text=hit.passage.text,
                start_char_idx=hit.passage.start,
                end_char_idx=hit.passage.end,
                metadata=metadata_of(hit),
                relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=hit.article.id)},
            ),
            score=float(hit.score),
        )
        for hit in hits
    ]
