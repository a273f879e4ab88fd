"""BM25 over passages and their headers, with tantivy."""

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import tantivy

from pullquote.index.filters import ANYTHING, Wanted
from pullquote.index.types import Article, Passage

HEADER_WEIGHT = 1.0  # what a word in the title, source or date counts beside one in the passage
# In a large index words of more than a tenth of the passages are left out: they say next to nothing
# about a passage and take nearly all of the time.
LARGE = 100_000  # passages
COMMON = 0.1
MISSPELT = 5  # letters; a word as long that is nowhere is looked for with one letter changed
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
        wanted: Wanted = ANYTHING,
    ) -> list[tuple[int, float]]:
        """Ids and BM25 scores of at most k passages that share a word with the question."""
        searcher = self._index.searcher()
        words = self._telling(list(dict.fromkeys(self._analyzer.analyze(question))), searcher)
        if not words:
            return []
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.boost_query(either, weight))
                for word, times in words.items()
                for either, weight in self._either(word, times, searcher.num_docs)
            ]
        )
        if filters := self._filters(wanted):
            # Filters take part without adding to the score.
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query)]
                + [
                    (tantivy.Occur.Must, tantivy.Query.const_score_query(one, 0.0))
                    for one in filters
                ]
            )
        found = searcher.search(query, k, count=False).hits
        return [(searcher.doc(address)["id"][0], score) for score, address in found]

    def _telling(self, words: Sequence[str], searcher: tantivy.Searcher) -> dict[str, int]:
        """The words that are worth looking for, and how many passages or headers have each."""
        times = {
            word: searcher.doc_freq("passage", word) + searcher.doc_freq("header", word)
            for word in words
        }
        if searcher.num_docs < LARGE:
            return times
        most = COMMON * searcher.num_docs
        return {word: many for word, many in times.items() if many <= most} or times

    def _either(self, word: str, times: int, passages: int) -> list[tuple[tantivy.Query, float]]:
        """A word in a passage or in its header, with weights; a misspelt one as they spell it."""
        misspelt = times == 0 and len(word) >= MISSPELT
        # It scores one whatever it finds: weighed as a word that is neither rare nor common.
        weight = math.log(1 + passages) / 2 if misspelt else 1.0

        def term(field: str) -> tantivy.Query:
            if misspelt:
                return tantivy.Query.fuzzy_term_query(self._schema, field, word)  # one letter
            return tantivy.Query.term_query(self._schema, field, word)

        return [(term("passage"), weight), (term("header"), weight * HEADER_WEIGHT)]

    def _filters(self, wanted: Wanted) -> list[tantivy.Query]:
        filters = []
        if wanted.days:
            filters.append(
                tantivy.Query.range_query(
                    self._schema, "published", tantivy.FieldType.Unsigned, *wanted.days
                )
            )
        if wanted.sources is not None:
            named = [source.casefold() for source in wanted.sources]
            filters.append(tantivy.Query.term_set_query(self._schema, "source", named))
        if wanted.articles is not None:
            named = list(wanted.articles)
            filters.append(tantivy.Query.term_set_query(self._schema, "article", named))
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
            if article.source is not None:
                document.add_text("source", article.source.casefold())
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


def stems_of(text: str) -> list[str]:
    """What of a text counts in BM25, in its order: its words' stems, without case and accents."""
    return list(_ANALYZED.analyze(text))


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


_ANALYZED = _analyzer()
