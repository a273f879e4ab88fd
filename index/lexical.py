"""BM25 over passages and their headers, with tantivy."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import tantivy

from pullquote.index.types import Article, Passage

HEADER_WEIGHT = 1.0  # what a word in the title, source or date counts beside one in the passage
_ANALYZER = "pullquote"
_MEMORY = 128_000_000  # bytes that the writer may fill before it flushes


class LexicalIndex:
    """Finds passages by the words of a question."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._analyzer = _analyzer()
        index.register_tokenizer(_ANALYZER, self._analyzer)
        self._schema = index.schema

    @classmethod
    def create(cls, directory: Path) -> "LexicalIndex":
        """A new, empty index in an existing, empty directory."""
        schema = tantivy.SchemaBuilder()
        for field in ("passage", "header"):
            schema.add_text_field(field, tokenizer_name=_ANALYZER, index_option="freq")
        for field in ("source", "article"):
            schema.add_text_field(field, tokenizer_name="raw", index_option="basic")
        schema.add_unsigned_field("id", stored=True, fast=True)
        schema.add_unsigned_field("published", indexed=True, fast=True)  # days since year 1
        return cls(tantivy.Index(schema.build(), path=str(directory)))

    @classmethod
    def open(cls, directory: Path) -> "LexicalIndex":
        """An existing index; raises ValueError if it is damaged."""
        return cls(tantivy.Index.open(str(directory)))

    def writer(self) -> "LexicalWriter":
        """What adds passages; only one at a time."""
        return LexicalWriter(self._index)

    def search(
        self,
        question: str,
        k: int,
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] | None = None,
        articles: Sequence[str] | None = None,
    ) -> list[tuple[int, float]]:
        """Ids and BM25 scores of at most k passages that share a word with the question.

        The filters are those of Retriever.search; `articles` are ids.
        """
        words = list(dict.fromkeys(self._analyzer.analyze(question)))
        if not words:
            return []
        should = [
            (tantivy.Occur.Should, query)
            for word in words
            for query in (
                tantivy.Query.term_query(self._schema, "passage", word),
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(self._schema, "header", word), HEADER_WEIGHT
                ),
            )
        ]
        clauses = [(tantivy.Occur.Must, tantivy.Query.boolean_query(should))]
        clauses += [
            # Filters take part without adding to the score.
            (tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0))
            for query in self._filters(since, until, sources, articles)
        ]
        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.boolean_query(clauses), k, count=False).hits
        return [(searcher.doc(address)["id"][0], score) for score, address in found]

    def _filters(
        self,
        since: date | None,
        until: date | None,
        sources: Sequence[str] | None,
        articles: Sequence[str] | None,
    ) -> list[tantivy.Query]:
        filters = []
        if since or until:
            first, last = _day(since or date.min), _day(until or date.max)
            filters.append(
                tantivy.Query.range_query(
                    self._schema, "published", tantivy.FieldType.Unsigned, first, last
                )
            )
        if sources is not None:
            named = [source.casefold() for source in sources]
            filters.append(tantivy.Query.term_set_query(self._schema, "source", named))
        if articles is not None:
            filters.append(tantivy.Query.term_set_query(self._schema, "article", list(articles)))
        return filters


class LexicalWriter:
    """Adds passages to a lexical index; nothing is kept before `commit`."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._writer = index.writer(heap_size=_MEMORY, num_threads=1)

    def add(self, article: Article, header: str, passages: Sequence[Passage]) -> None:
        """Index passages of one article, each together with the article's header."""
        for passage in passages:
            document = tantivy.Document()
            document.add_text("passage", passage.text)
            document.add_text("header", header)
            document.add_text("source", (article.source or "").casefold())
            document.add_text("article", article.id)
            document.add_unsigned("id", passage.id)
            document.add_unsigned("published", _day(article.published))
            self._writer.add_document(document)

    def commit(self) -> None:
        """Make what was added durable and searchable."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._index.reload()

    def close(self) -> None:
        """Wait until nothing is written any more; what was not committed is lost."""
        del self._writer  # its threads end with it


def _day(published: date | None) -> int:
    """Days since the year 1, from 1; an undated article is at 0, before every range."""
    return published.toordinal() if published else 0


def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(40))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )
