"""Make an index of a folder of articles."""

from collections.abc import Iterable
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pullquote.index.articles import Skipped, fingerprint, read_articles
from pullquote.index.catalog import Catalog
from pullquote.index.earlier import Earlier, EarlierIndex
from pullquote.index.embedding import embedded
from pullquote.index.encoder import Encoder, MiniLMEncoder
from pullquote.index.errors import SourceError
from pullquote.index.milvus.address import address_of
from pullquote.index.reading import Progress, Read, Reading
from pullquote.index.rows import RowWriter
from pullquote.index.store import FORMAT, Layout, Manifest
from pullquote.index.types import Article
from pullquote.index.writing import building, new_generation, publish, stored_files, written

AT_ONCE = 512  # passages that are embedded together; reading is ahead of that after a moment


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
    exact_up_to: int | None = None,
    follow: bool = True,
) -> BuildReport:
    """Index all articles of a folder (or of one file) into a directory, in place of what is there.

    What an index in the directory has of these articles is not embedded again. Neither texts nor
    embeddings are kept in memory; of each article a few bytes are.

    Args:
        source: the folder or file.
        directory: where the index is, or will be; or `milvus://HOST:PORT/NAME`, which keeps the
            index in Milvus.
        encoder: what embeds passages; all-MiniLM-L6-v2 if none is given.
        progress: is told how far the build is.
        exact_up_to: how many passages are searched one by one, 200,000 if it is not given; more are
            put into lists, which is faster and finds nearly the same. In Milvus it is 200,000.
        follow: whether `serve` updates the index when the folder has changed.

    Raises:
        SourceError: the folder does not exist, or has no article that can be read.
        IndexBusyError: another build is writing to the directory.
        IndexDamagedError: the directory cannot be written.
        IndexUnreachableError: Milvus does not do what it is asked.
        ExtraMissingError: the package that speaks to Milvus is not installed.
    """
    encoder = encoder or MiniLMEncoder()
    if address := address_of(directory):
        from pullquote.index.milvus.build import build_in_milvus  # only here: it takes an extra

        return build_in_milvus(Path(source), address, encoder, progress)
    source, directory = Path(source), Path(directory)
    seen = fingerprint(source)
    with building(directory):
        earlier = EarlierIndex.open(directory, encoder)
        with closing(earlier) if earlier else nullcontext():
            return write_generation(
                directory,
                read_articles(source),
                encoder,
                earlier,
                progress,
                exact_up_to,
                source,
                seen if follow else None,
            )


def write_generation(
    directory: Path,
    articles: Iterable[Article | Skipped],
    encoder: Encoder,
    earlier: EarlierIndex | None,
    progress: Progress,
    exact_up_to: int | None = None,
    folder: Path | None = None,
    seen: str | None = None,
) -> BuildReport:
    """Make these articles the index in a directory, which must be locked with `building`.

    `folder` is where they come from and `seen` its fingerprint; without that it is not followed.

    Raises:
        SourceError: there is no article among them.
        IndexDamagedError: the directory cannot be written.
    """
    from pullquote.index.families import EXACT_UP_TO, write_vectors  # FAISS, only when it is needed

    with new_generation(directory) as layout:
        report = fill(layout, articles, encoder, earlier, progress, folder)
        with written(directory):
            write_vectors(
                layout,
                encoder.dimension,
                EXACT_UP_TO if exact_up_to is None else exact_up_to,
                lambda done, total: progress("vectors", done, total),
            )
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
                    source=str(folder.resolve()) if folder and seen else "",
                    fingerprint=seen or "",
                    files=stored_files(layout),
                ),
            )
    return report


def fill(
    layout: Layout,
    articles: Iterable[Article | Skipped],
    encoder: Encoder,
    earlier: Earlier | None,
    progress: Progress,
    folder: Path | None = None,
) -> BuildReport:
    """Write the catalog, the words and the rows of a generation; raises as build_index does."""
    with written(layout.index):
        created = Catalog.create(layout.catalog)
    with closing(created) as catalog:
        read = _embed(Reading(articles, catalog, layout), layout, encoder, earlier, progress)
    if not read.articles:
        reasons = "; ".join(f"{each.path}: {each.reason}" for each in read.skipped[:3])
        raise SourceError(f"No article in {folder or 'what was given'} can be read. {reasons}")
    return BuildReport(
        read.articles,
        read.passages,
        tuple(read.skipped),
        read.added,
        read.changed,
        earlier.articles - (read.articles - read.added) if earlier else 0,
    )


def _embed(
    reading: Reading,
    layout: Layout,
    encoder: Encoder,
    earlier: Earlier | None,
    progress: Progress,
) -> Read:
    """Read everything, and write a row for each passage as soon as it is stored."""
    with written(layout.index):
        writer = RowWriter(layout.rows)
    with writer, reading.in_thread(earlier, progress):
        done = 0
        for block in reading.blocks(AT_ONCE):
            rows = np.empty((len(block), encoder.dimension), np.float32)
            for places, some in embedded(block, encoder, earlier):
                rows[places] = some
                done += len(places)
                progress("passages", done, reading.total())
            with written(layout.index):
                writer.append(rows)
        read = reading.result()
        progress("passages", read.passages, read.passages)
        return read
