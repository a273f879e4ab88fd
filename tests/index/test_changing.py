"""Adding articles to an index and removing some: as if it had been made of what it then holds."""

import asyncio
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fakes import HashingEncoder
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pullquote.index import Article, Retriever, build_index, new_article
from pullquote.index.catalog import Catalog
from pullquote.index.errors import (
    ArticleError,
    ClosedError,
    IndexBusyError,
    IndexMismatchError,
    IndexMissingError,
    SourceError,
)
from pullquote.index.store import check, read_manifest
from pullquote.index.writing import building
from pullquote.ui.indexing import ensure_index

TUNNEL = new_article(
    "tunnel", "The tunnel under the Lea has opened.", "Tunnel", "The Lamp", date(2022, 3, 4)
)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80)


class CountingEncoder(HashingEncoder):
    """Remembers what it was given to embed."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded: list[str] = []

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        return super().encode_documents(texts)


@pytest.fixture
def retriever(articles: Path, tmp_path: Path) -> Retriever:
    build_index(articles, tmp_path / "index", HashingEncoder())
    return Retriever.open(tmp_path / "index", HashingEncoder())


def held(retriever: Retriever) -> list[Article]:
    catalog = retriever.current().catalog
    assert isinstance(catalog, Catalog)
    return list(catalog.articles())


def test_an_added_article_is_found_and_the_others_still_are(retriever: Retriever) -> None:
    report = retriever.add([TUNNEL])
    assert (report.articles, report.added, report.unchanged, report.removed) == (4, 1, 3, 0)
    found = retriever.search("Has the tunnel opened?", since=date(2022, 1, 1))
    assert [(hit.article, hit.passage.text) for hit in found] == [(TUNNEL, TUNNEL.text)]
    assert retriever.search("fish market")[0].article.id == "market.txt"


def test_a_removed_article_is_found_no_more(retriever: Retriever) -> None:
    report = retriever.remove("market.txt")
    assert (report.articles, report.removed) == (2, 1)
    assert "market.txt" not in {hit.article.id for hit in retriever.search("fish market")}
    before = read_manifest(retriever.directory)
    assert retriever.remove(["market.txt", "nothing"]).removed == 0
    assert read_manifest(retriever.directory) == before


def test_an_article_of_the_same_id_takes_the_place_of_the_other(retriever: Retriever) -> None:
    retriever.add([TUNNEL])
    closed = replace(TUNNEL, text="The tunnel has flooded.")
    report = retriever.add([closed])
    assert (report.articles, report.added, report.changed) == (4, 0, 1)
    assert retriever.article("tunnel").text == closed.text
    assert retriever.search("tunnel flooded")[0].passage.text == closed.text


def test_only_what_is_new_is_embedded(articles: Path, tmp_path: Path) -> None:
    encoder = CountingEncoder()
    build_index(articles, tmp_path / "index", encoder)
    encoder.embedded.clear()
    with Retriever.open(tmp_path / "index", encoder) as retriever:
        retriever.add([TUNNEL])
        retriever.remove("market.txt")
    assert len(encoder.embedded) == 1
    assert TUNNEL.text in encoder.embedded[0]


def test_a_text_that_is_there_already_becomes_a_path_of_its_article(retriever: Retriever) -> None:
    market = retriever.article("market.txt")
    report = retriever.add([new_article("copy", market.text, path="copies/1")])
    assert [(each.path, each.same_as) for each in report.skipped] == [("copies/1", "market.txt")]
    assert retriever.article("market.txt").other_paths == ("copies/1",)
    retriever.add([TUNNEL])
    assert retriever.article("market.txt").other_paths == ("copies/1",)


def test_the_same_text_in_another_paper_is_an_article_of_that_paper(retriever: Retriever) -> None:
    retriever.add([TUNNEL, replace(TUNNEL, id="wire", source="The Ferry", path="wire")])
    assert {article.id for article in held(retriever)} >= {"tunnel", "wire"}


def test_an_open_chat_follows_and_no_folder_takes_the_articles_back(
    retriever: Retriever, articles: Path
) -> None:
    other = Retriever.open(retriever.directory, HashingEncoder())
    retriever.add([TUNNEL])
    assert other.search("tunnel")[0].article == TUNNEL
    (articles / "more.txt").write_text("A bakery opens.", encoding="utf-8")
    ensure_index(retriever.directory, update=True)
    assert other.article("tunnel") == TUNNEL
    assert check(retriever.directory).articles == 4


def test_nothing_changes_where_one_article_cannot_be_added(retriever: Retriever) -> None:
    before = read_manifest(retriever.directory)
    for wrong in (
        [TUNNEL, replace(TUNNEL, id="empty", text=" ")],
        [TUNNEL, TUNNEL],
        [replace(TUNNEL, id="")],
        [replace(TUNNEL, text="\0")],
    ):
        with pytest.raises(ArticleError):
            retriever.add(wrong)
    with pytest.raises(SourceError, match="No article would be left"):
        retriever.remove([article.id for article in held(retriever)])
    assert read_manifest(retriever.directory) == before


def test_another_build_or_encoder_is_said(retriever: Retriever) -> None:
    with building(retriever.directory), pytest.raises(IndexBusyError):
        retriever.add([TUNNEL])
    with pytest.raises(IndexMismatchError):
        Retriever.open(retriever.directory, HashingEncoder("another"))


def test_an_index_is_made_of_a_programs_own_articles(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No article in what was given"):
        Retriever.create(tmp_path / "own", [], HashingEncoder())
    with pytest.raises(IndexMissingError):
        Retriever.open(tmp_path / "own", HashingEncoder())
    with Retriever.create(tmp_path / "own", [TUNNEL], HashingEncoder()) as retriever:
        assert held(retriever) == [TUNNEL]
        assert retriever.search("tunnel")[0].article == TUNNEL


def test_threads_that_add_wait_for_each_other(retriever: Retriever) -> None:
    new = [replace(TUNNEL, id=f"{number}", text=f"Tunnel {number}.") for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        searches = [pool.submit(retriever.search, "bridge") for _ in range(6)]
        list(pool.map(lambda article: retriever.add([article]), new))
    assert {article.id for article in held(retriever)} >= {article.id for article in new}
    assert all(search.result() for search in searches)


def test_the_same_without_holding_up_an_event_loop(retriever: Retriever) -> None:
    async def run() -> None:
        opened = await Retriever.open_async(retriever.directory, HashingEncoder())
        await opened.add_async([TUNNEL])
        assert (await opened.search_async("tunnel", k=1))[0].article == TUNNEL
        await opened.remove_async("tunnel")
        assert TUNNEL not in held(opened)

    asyncio.run(run())


def test_what_is_closed_says_so(retriever: Retriever) -> None:
    with retriever:
        pass
    with pytest.raises(ClosedError, match="open it again"):
        retriever.search("bridge")
    with pytest.raises(ClosedError):
        retriever.add([TUNNEL])


@settings(max_examples=15)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.sampled_from("abcd"), TEXTS.filter(str.strip)),
            st.tuples(st.just("remove"), st.sampled_from("abcd"), st.just("")),
        ),
        max_size=6,
    )
)
def test_whatever_was_done_it_holds_what_it_should(steps: list[tuple[str, str, str]]) -> None:
    first = new_article("first", "The one that stays, so that there is something to find.")
    expected = {"first": first.text}
    with (
        tempfile.TemporaryDirectory() as directory,
        Retriever.create(directory, [first], HashingEncoder()) as retriever,
    ):
        for what, name, text in steps:
            if what == "remove":
                retriever.remove(name)
                expected.pop(name, None)
                continue
            retriever.add([new_article(name, text)])
            others = {one: told for one, told in expected.items() if one != name}
            expected = others if text in others.values() else others | {name: text}
        assert {article.id: article.text for article in held(retriever)} == expected
        assert check(Path(directory)).articles == len(expected)
        for hit in retriever.search("something to find", k=100):
            passage = hit.passage
            assert expected[hit.article.id][passage.start : passage.end] == passage.text
