"""The reader as a component of Haystack 3 (`pip install 'pullquote[haystack]'`)."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pullquote.index.generation import RRF_CONSTANT, checked
from pullquote.index.integrations.metadata import extra_missing
from pullquote.index.types import Article, Hit, Passage
from pullquote.qa.calibration import Calibration
from pullquote.qa.protocols import Reader
from pullquote.qa.ranking import ranked
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.types import Span

try:
    from haystack import Document, ExtractedAnswer, component, default_from_dict, default_to_dict
except ImportError as error:
    raise extra_missing("haystack-ai", "haystack") from error


@component
class PullquoteReader:
    """Lifts answers out of documents, word for word, with how likely each is right.

    The documents may come from any retriever, best first. Those of PullquoteRetriever keep their
    place: `meta` of an answer has article_id and its exact characters, start and end.
    """

    def __init__(self, top_k: int = 3, threshold: float | None = None) -> None:
        """Load nothing yet: that is for `warm_up`, or the first `run`.

        Args:
            top_k: how many answers at most.
            threshold: answers of a lower confidence are left out; None takes the reader's own.
        """
        self.top_k = top_k
        self.threshold = threshold
        self._loaded: tuple[Reader, Calibration] | None = None

    def warm_up(self) -> None:
        """Load the reader; raises ModelError."""
        self._opened()

    @component.output_types(answers=list[ExtractedAnswer])
    def run(
        self, query: str, documents: list[Document], top_k: int | None = None
    ) -> dict[str, list[ExtractedAnswer]]:
        """The answers under "answers", best first.

        Where the documents do not answer, there is one whose `data` is None; its score is how
        likely it is that nothing in them is right.

        Raises:
            QuestionError: the query is empty or longer than 2,000 characters.
            ModelError: the reader's files are missing or damaged.
        """
        query = checked(query)
        reader, calibration = self._opened()
        of_passage = dict(enumerate((each for each in documents if each.content), start=1))
        hits = _hits(list(of_passage.values()))
        spans = ranked(query, reader.read(query, hits), hits, calibration.retrieval)
        likely = [span for span in spans if calibration.answers([span])]
        answers = [
            _answer(query, span, calibration.confidence(span.score), of_passage[span.passage.id])
            for span in likely[: self.top_k if top_k is None else top_k]
        ]
        if not likely:
            best = calibration.confidence(spans[0].score) if spans else 0.0
            answers = [ExtractedAnswer(query=query, score=1 - best)]
        return {"answers": answers}

    @component.output_types(answers=list[ExtractedAnswer])
    async def run_async(
        self, query: str, documents: list[Document], top_k: int | None = None
    ) -> dict[str, list[ExtractedAnswer]]:
        """The same without holding up an event loop; see `run`."""
        return await asyncio.to_thread(self.run, query, documents, top_k)

    def to_dict(self) -> dict[str, Any]:
        """What `from_dict` makes the component of."""
        stored: dict[str, Any] = default_to_dict(self, top_k=self.top_k, threshold=self.threshold)
        return stored

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "PullquoteReader":
        """The component that `to_dict` told of."""
        made: PullquoteReader = default_from_dict(cls, data)
        return made

    def _opened(self) -> tuple[Reader, Calibration]:
        if self._loaded is None:
            calibration = Calibration.open().with_threshold(self.threshold)
            self._loaded = ExtractiveReader.open(), calibration
        return self._loaded


def _hits(documents: Sequence[Document]) -> list[Hit]:
    """The documents as passages of their articles, as far as these are known."""
    hits = []
    for rank, document in enumerate(documents, start=1):
        text, meta = document.content or "", document.meta
        at = meta.get("start")
        placed = isinstance(at, int) and at >= 0 and "article_id" in meta
        article_id, start = (str(meta["article_id"]), int(at or 0)) if placed else (document.id, 0)
        # Scores of other retrievers have other scales, but the order says what it says.
        score = document.score if placed and document.score else 2 / (RRF_CONSTANT + rank)
        passage = Passage(rank, article_id, start, start + len(text), text)
        hits.append(Hit(passage, _article(article_id, document), score, rank))
    texts: dict[str, str] = {}
    for hit in hits:
        passage = hit.passage
        known = texts.get(passage.article_id, "").ljust(passage.end)
        texts[passage.article_id] = known[: passage.start] + passage.text + known[passage.end :]
    return [replace(hit, article=replace(hit.article, text=texts[hit.article.id])) for hit in hits]


def _article(article_id: str, document: Document) -> Article:
    """The article of a document; its text is put together from all documents of it."""
    meta = document.meta
    try:
        published = date.fromisoformat(str(meta.get("published") or "")[:10])
    except ValueError:
        published = None
    title, source = meta.get("title"), meta.get("source")
    return Article(
        article_id,
        title if isinstance(title, str) else "",
        "",
        source if isinstance(source, str) else None,
        published,
        None,
        str(meta.get("path", article_id)),
        "",
    )


def _answer(query: str, span: Span, confidence: float, document: Document) -> ExtractedAnswer:
    start, end = span.start - span.passage.start, span.end - span.passage.start
    return ExtractedAnswer(
        query=query,
        score=confidence,
        data=span.passage.text[start:end],
        document=document,
        context=span.passage.text,
        document_offset=ExtractedAnswer.Span(start, end),
        context_offset=ExtractedAnswer.Span(start, end),
        meta={"article_id": span.article.id, "start": span.start, "end": span.end},
    )
