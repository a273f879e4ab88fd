"""Make an index of a folder of articles."""

from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pullquote.index.articles import Skipped, fingerprint, read_articles
from pullquote.index.catalog import Catalog
from pullquote.index.earlier import EarlierIndex
from pullquote.index.encoder import Encoder, MiniLMEncoder
from pullquote.index.errors import SourceError
from pullquote.index.lexical import LexicalIndex
from pullquote.index.passages import story_spans
from pullquote.index.store import FORMAT, Layout, Manifest
from pullquote.index.stories import Stories
from pullquote.index.types import Article
from pullquote.index.vectors import VectorIndex
from pullquote.index.writing import building, new_generation, publish, stored_files, written

AT_ONCE = 2048  # passages that are embedded together: enough to sort them by length

Progress = Callable[[str, int, int | None], None]
"""Called with a stage ("articles" or "passages"), how many are done, and of how many if known."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What went into an index and what did not.

    Of the articles, `added` are new since the index before this one, `changed` have another text,
    title, source or date, and the rest are as they were; `removed` are there no more.
    """

    articles: int
    passages: int
    skipped: tuple[Skipped, ...]
    added: int
    changed: int
    removed: int

    @property
    def unchanged(self) -> int:
        """Articles that are as they were."""
        return self.articles - self.added - self.changed

    @property
    def failed(self) -> int:
        """What was left out for another reason than that its text is there already."""
        return sum(one.same_as is None for one in self.skipped)


def build_index(
    source: str | Path,
    directory: str | Path,
    encoder: Encoder | None = None,
    progress: Progress = lambda _stage, _done, _total: None,
) -> BuildReport:
    """Index all articles of a folder (or of one file) into a directory, in place of what is there.

    What an index in the directory has of these articles is not embedded again.

    Raises:
        SourceError: the folder does not exist, or has no article that can be read.
        IndexBusyError: another build is writing to the directory.
        IndexDamagedError: the directory cannot be written.
    """
    source, directory = Path(source), Path(directory)
    encoder = encoder or MiniLMEncoder()
    seen = fingerprint(source)
    with building(directory), new_generation(directory) as layout:
        earlier = EarlierIndex.open(directory, encoder)
        with closing(earlier) if earlier else nullcontext():
            report = _fill(layout, source, encoder, earlier, progress)
        with written(directory):
            publish(
                directory,
                Manifest(
                    format=FORMAT,
                    generation=layout.directory.name,
                    encoder=encoder.name,
                    dimension=encoder.dimension,
                    articles=report.articles,
                    passages=report.passages,
                    source=str(source.resolve()),
                    fingerprint=seen,
                    files=stored_files(layout),
                ),
            )
    return report


def _fill(
    layout: Layout,
    source: Path,
    encoder: Encoder,
    earlier: EarlierIndex | None,
    progress: Progress,
) -> BuildReport:
    """Write the catalog, the words and the vectors of a generation."""
    with written(layout.index):
        created = Catalog.create(layout.catalog)
    with closing(created) as catalog:
        report = _read(source, catalog, layout, earlier, progress)
        if not report.articles:
            reasons = "; ".join(f"{each.path}: {each.reason}" for each in report.skipped[:3])
            raise SourceError(f"No article in {source} can be read. {reasons}")
        vectors = VectorIndex.create(encoder.dimension)
        for some in catalog.all_passages(AT_ONCE):
            rows = np.empty((len(some), encoder.dimension), np.float32)
            known = earlier.rows(some) if earlier else {}
            for place, row in known.items():
                rows[place] = row
            new = [place for place in range(len(some)) if place not in known]
            if new:
                texts = [f"{header_of(some[at][1])}\n{some[at][0].text}" for at in new]
                rows[new] = encoder.encode_documents(texts)
            vectors.add([passage.id for passage, _ in some], rows)
            progress("passages", len(vectors), report.passages)
        with written(layout.index):
            vectors.save(layout.vectors)
    return report


def _read(
    source: Path,
    catalog: Catalog,
    layout: Layout,
    earlier: EarlierIndex | None,
    progress: Progress,
) -> BuildReport:
    """Store every article and index its words."""
    articles, passages, added, changed = 0, 0, 0, 0
    skipped: list[Skipped] = []
    with written(layout.index):
        words = LexicalIndex.create(layout.words).writer()
    stories = Stories(catalog.article)
    for item in read_articles(source):
        if isinstance(item, Skipped):
            skipped.append(item)
            if item.same_as is not None:
                catalog.add_path(item.same_as, item.path)
            continue
        spans = story_spans(item.text)
        with written(layout.index):
            stored = catalog.add(item, spans)
            words.add(item, header_of(item), stored)
        stories.add(item)
        articles += 1
        passages += len(stored)
        same = earlier.had(item) if earlier else None
        added += same is None
        changed += same is False
        progress("articles", articles, None)
    with written(layout.index):
        words.commit()
        catalog.link(stories.groups())
        catalog.commit()
    removed = earlier.articles - (articles - added) if earlier else 0
    return BuildReport(articles, passages, tuple(skipped), added, changed, removed)


def header_of(article: Article) -> str:
    """What a passage is indexed together with: title, source and date, as far as they are known.

    Vectors are kept from one build to the next: a change here needs another FORMAT.
    """
    published = (
        article.published
        and f"{article.published:%B} {article.published.day}, {article.published.year}"
    )
    return " | ".join(part for part in (article.title, article.source, published) if part)
