"""The retriever as LangChain has one (`pip install 'pullquote[langchain]'`)."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pullquote.index.encoder import Encoder
from pullquote.index.integrations.metadata import extra_missing, metadata_of, name_of
from pullquote.index.retriever import Retriever
from pullquote.index.types import Hit

try:
    from langchain_core.callbacks import (
        AsyncCallbackManagerForRetrieverRun,
        CallbackManagerForRetrieverRun,
    )
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
except ImportError as error:
    raise extra_missing("langchain-core", "langchain") from error


class PullquoteRetriever(BaseRetriever):
    """Finds passages; each becomes a Document with its place in its article as metadata.

    The fields are the parameters of `pullquote.index.Retriever.search`; `retriever` is an opened
    one.

        retriever = PullquoteRetriever.of_index(".pullquote", k=5)
        documents = retriever.invoke("homicides")
    """

    retriever: Retriever
    k: int = 5
    since: date | None = None
    until: date | None = None
    source: str | list[str] | None = None
    article: str | list[str] | None = None

    @classmethod
    def of_index(
        cls, directory: str | Path, encoder: Encoder | None = None, **fields: Any
    ) -> "PullquoteRetriever":
        """A retriever over the index in a directory, with fields such as `k` or `since`.

        Raises:
            IndexMissingError, IndexMismatchError, IndexDamagedError: see Retriever.open.
        """
        return cls(retriever=Retriever.open(directory, encoder), **fields)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 (a BaseRetriever's signature)
    ) -> list[Document]:
        return _documents(
            self.retriever.search(query, self.k, self.since, self.until, self.source, self.article)
        )

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,  # noqa: ARG002
    ) -> list[Document]:
        return _documents(
            await self.retriever.search_async(
                query, self.k, self.since, self.until, self.source, self.article
            )
        )


def _documents(hits: Sequence[Hit]) -> list[Document]:
    return [
        Document(id=name_of(hit), page_content=hit.passage.text, metadata=metadata_of(hit))
        for hit in hits
    ]
