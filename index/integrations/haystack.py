"""The retriever as a component of Haystack 3 (`pip install 'pullquote[haystack]'`)."""

from collections.abc import Sequence
from typing import Any

from pullquote.index.integrations.haystack_filters import search_filters
from pullquote.index.integrations.metadata import extra_missing, metadata_of, name_of
from pullquote.index.retriever import Retriever
from pullquote.index.types import Hit

try:
    from haystack import Document, component, default_from_dict, default_to_dict
except ImportError as error:
    raise extra_missing("haystack-ai", "haystack") from error


@component
class PullquoteRetriever:
    """Finds passages in an index; each becomes a Document with its place in its article as meta.

    Its arguments are plain values, so that a pipeline can be stored. Haystack loads components of
    others only where it is told to: `Pipeline.loads(stored, allowed_modules=["pullquote.*"])`.
    """

    def __init__(
        self, directory: str, top_k: int = 5, filters: dict[str, Any] | None = None
    ) -> None:
        """Open nothing yet: that is for `warm_up`, or the first `run`.

        Args:
            directory: where the index is.
            top_k: how many documents at most.
            filters: Haystack's, on meta.published, meta.source and meta.article_id, joined by AND.

        Raises:
            FilterError: the filters cannot be used.
        """
        search_filters(filters)
        self.directory = directory
        self.top_k = top_k
        self.filters = filters
        self._retriever: Retriever | None = None

    @classmethod
    def over(
        cls, retriever: Retriever, top_k: int = 5, filters: dict[str, Any] | None = None
    ) -> "PullquoteRetriever":
        """The component over an index that is open already."""
        made = cls(str(retriever.directory), top_k, filters)
        made._retriever = retriever
        return made

    def warm_up(self) -> None:
        """Open the index.

        Raises:
            IndexMissingError, IndexMismatchError, IndexDamagedError: see Retriever.open.
        """
        self._opened()

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, list[Document]]:
        """The passages under "documents", best first; filters given here replace the others.

        Raises:
            QuestionError: the query is empty or longer than 2,000 characters.
            FilterError: the filters cannot be used.
        """
        k = self.top_k if top_k is None else top_k
        narrowed = search_filters(self.filters if filters is None else filters)
        return {"documents": _documents(self._opened().search(query, k, **narrowed))}

    @component.output_types(documents=list[Document])
    async def run_async(
        self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, list[Document]]:
        """The same without holding up an event loop; see `run`."""
        k = self.top_k if top_k is None else top_k
        narrowed = search_filters(self.filters if filters is None else filters)
        return {"documents": _documents(await self._opened().search_async(query, k, **narrowed))}

    def to_dict(self) -> dict[str, Any]:
        """What `from_dict` makes the component of."""
        stored: dict[str, Any] = default_to_dict(
            self, directory=self.directory, top_k=self.top_k, filters=self.filters
        )
        return stored

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "PullquoteRetriever":
        """The component that `to_dict` told of."""
        made: PullquoteRetriever = default_from_dict(cls, data)
        return made

    def _opened(self) -> Retriever:
        if self._retriever is None:
            self._retriever = Retriever.open(self.directory)
        return self._retriever


def _documents(hits: Sequence[Hit]) -> list[Document]:
    return [
        Document(
            id=name_of(hit), content=hit.passage.text, meta=metadata_of(hit), score=float(hit.score)
        )
        for hit in hits
    ]
