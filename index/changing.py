"""Add articles to an index and remove some, without the folder that it was made of."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from pullquote.index.articles import Skipped, new_article, same_paper
from pullquote.index.build import BuildReport, write_generation
from pullquote.index.catalog import Catalog
from pullquote.index.earlier import EarlierIndex
from pullquote.index.encoder import Encoder
from pullquote.index.errors import ArticleError, IndexMismatchError, SourceError
from pullquote.index.reading import Progress
from pullquote.index.store import check, remedy
from pullquote.index.types import Article
from pullquote.index.writing import building


def make_index(
    articles: Iterable[Article], directory: Path, encoder: Encoder, progress: Progress
) -> BuildReport:
    """Index these articles, in place of what is in the directory; raises as `change_index` does."""
    kept, skipped = _without_repeats(_checked(articles), lambda _sha256: [])
    with building(directory):
        return write_generation(directory, [*kept, *skipped], encoder, None, progress)


def change_index(
    directory: Path,
    encoder: Encoder,
    added: Iterable[Article],
    removed: Collection[str],
    progress: Progress,
) -> BuildReport:
    """Write an index anew with some articles more and some, by their ids, less.

    What is in it already is copied and not embedded again. An added article takes the place of the
    one with its id; one whose text is there already is a further path of that one.

    Raises:
        ArticleError: an article cannot be indexed, or two have the same id.
        SourceError: no article would be left.
        IndexMissingError, IndexMismatchError, IndexDamagedError: there is no index to change.
        IndexBusyError: another build is writing to the directory.
    """
    new = _checked(added)
    with building(directory):
        manifest = check(directory)
        earlier = EarlierIndex.open(directory, encoder)
        if earlier is None:
            raise IndexMismatchError(
                f"The index in {directory} was made with the encoder {manifest.encoder}, not "
                f"{encoder.name}; {remedy(directory, manifest.source)}"
            )
        with closing(earlier):
            if not new and not earlier.catalog.numbers_of(list(removed)):
                return BuildReport(manifest.articles, manifest.passages, (), 0, 0, 0)
            articles = _changed(earlier.catalog, new, removed)
            return write_generation(directory, articles, encoder, earlier, progress)


def _checked(articles: Iterable[Article]) -> list[Article]:
    """The articles as they can be stored, whoever made them."""
    checked: dict[str, Article] = {}
    for each in articles:
        article = new_article(
            each.id, each.text, each.title, each.source, each.published, each.url, each.path
        )
        if article.id in checked:
            raise ArticleError(f"Two of the articles have the id {article.id}; give each its own.")
        checked[article.id] = replace(article, other_paths=each.other_paths)
    return list(checked.values())


def _changed(
    earlier: Catalog, added: Sequence[Article], removed: Collection[str]
) -> Iterator[Article | Skipped]:
    """What the index will hold: each article in its old place, the new ones behind."""
    gone = {*removed, *(article.id for article in added)}

    def stays(sha256: str) -> list[Article]:
        return [article for article in earlier.articles_of_text(sha256) if article.id not in gone]

    kept, skipped = _without_repeats(added, stays)
    waiting = {article.id: article for article in kept}
    count = 0
    for article in earlier.articles():
        if article.id not in gone:
            count += 1
            yield article
        elif article.id in waiting:
            count += 1
            yield waiting.pop(article.id)
    yield from waiting.values()
    yield from skipped
    if not count + len(waiting):
        raise SourceError(
            "No article would be left in the index; delete its directory if nothing is to stay."
        )


def _without_repeats(
    added: Sequence[Article], known: Callable[[str], list[Article]]
) -> tuple[list[Article], list[Skipped]]:
    """The articles, less those whose text is known, or one before them has, in the same paper."""
    kept: list[Article] = []
    skipped: list[Skipped] = []
    by_text: dict[str, list[Article]] = {}
    for article in added:
        others = by_text.setdefault(article.sha256, known(article.sha256))
        same = next((each for each in others if same_paper(article.source, each.source)), None)
        if same:
            reason = f"It has the same text as {same.id}."
            skipped.append(Skipped(article.path, reason, same_as=same.id))
        else:
            others.append(article)
            kept.append(article)
    return kept, skipped
