"""Articles are read while passages are embedded, and never all of them are in memory."""

import json
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from fakes import HashingEncoder
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pullquote.index import embedding
from pullquote.index.build import build_index
from pullquote.index.catalog import Catalog
from pullquote.index.embedding import embedded
from pullquote.index.passages import header_of
from pullquote.index.rows import read_rows
from pullquote.index.store import Layout, read_manifest
from pullquote.index.types import Article, Passage

WAIT = 20  # seconds


class WatchedEncoder(HashingEncoder):
    """Remembers what it was given at once; waits or fails before it gives anything back."""

    def __init__(self, wait: Event | None = None, fail: BaseException | None = None) -> None:
        super().__init__()
        self.calls: list[list[str]] = []
        self._wait = wait
        self._fail = fail

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls.append(list(texts))
        assert self._wait is None or self._wait.wait(WAIT)
        if self._fail:
            raise self._fail
        return super().encode_documents(texts)


def source_of(folder: Path, texts: Sequence[str]) -> Path:
    file = folder / "articles.jsonl"
    file.write_text("\n".join(json.dumps({"text": text}) for text in texts), encoding="utf-8")
    return file


def test_reading_goes_on_while_passages_are_embedded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pullquote.index.build.AT_ONCE", 1)
    source = source_of(tmp_path, [f"Story number {number}." for number in range(30)])
    all_read = Event()
    told: list[tuple[str, int, int | None]] = []

    def progress(stage: str, done: int, total: int | None) -> None:
        told.append((stage, done, total))
        if (stage, done) == ("articles", 30):
            all_read.set()

    encoder = WatchedEncoder(wait=all_read)
    assert build_index(source, tmp_path / "index", encoder, progress).passages == 30
    assert len(encoder.calls) == 30
    assert told[-1] == ("passages", 30, 30)  # the end is known as soon as everything is read


@pytest.mark.parametrize("error", [RuntimeError("out of memory"), KeyboardInterrupt()])
def test_reading_stops_where_embedding_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr("pullquote.index.build.AT_ONCE", 1)
    source = source_of(tmp_path, [f"Story number {number}." for number in range(500)])
    begun, read = Event(), []

    def progress(stage: str, done: int, total: int | None) -> None:
        read.append(done)
        if done == 5:
            assert begun.wait(WAIT)

    class FailingEncoder(WatchedEncoder):
        def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
            begun.set()
            return super().encode_documents(texts)

    with pytest.raises(type(error)):
        build_index(source, tmp_path / "index", FailingEncoder(fail=error), progress)
    assert max(read) < 500
    assert not list((tmp_path / "index").glob("generation-*"))


def test_what_goes_wrong_with_reading_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spans(text: str) -> list[tuple[int, int]]:
        if "7" in text:
            raise ZeroDivisionError
        return [(0, len(text))]

    monkeypatch.setattr("pullquote.index.reading.story_spans", spans)
    monkeypatch.setattr("pullquote.index.build.AT_ONCE", 2)
    source = source_of(tmp_path, [f"Story number {number}." for number in range(30)])
    with pytest.raises(ZeroDivisionError):
        build_index(source, tmp_path / "index", HashingEncoder())
    assert not list((tmp_path / "index").glob("generation-*"))


def test_memory_does_not_grow_with_the_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pullquote.index.build.AT_ONCE", 16)
    monkeypatch.setattr("pullquote.index.reading.story_spans", lambda text: [(0, 20)])
    peaks = []
    for count in (40, 240):
        source = source_of(tmp_path, [f"Story {number}. {'x' * 30_000}" for number in range(count)])
        tracemalloc.start()
        build_index(source, tmp_path / f"{count}", HashingEncoder())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # 200 more articles are 6 MB of text.
    assert peaks[1] < peaks[0] + 1_500_000


def test_a_long_article_is_in_memory_once_however_many_passages_it_has(tmp_path: Path) -> None:
    catalog = Catalog.create(tmp_path / "catalog")
    article = Article("a", "", "x" * 1000, None, None, None, "a.txt", "")
    catalog.add(article, [(start, start + 10) for start in range(0, 1000, 10)])
    behind = catalog.passages_behind(10, 50)
    assert [passage.id for passage, _ in behind] == list(range(11, 61))
    for found in (behind, catalog.passages([7, 90, 3])):
        assert len({id(one) for _, one in found}) == 1
    catalog.close()


@given(lengths=st.lists(st.integers(0, 30), min_size=1, max_size=20), together=st.integers(1, 7))
@settings(max_examples=30)
def test_passages_of_like_length_are_embedded_together(lengths: list[int], together: int) -> None:
    article = Article("a", "Title", "word " * 30, None, None, None, "a.txt", "")
    passages = [
        (Passage(number, "a", 0, 5 * length, "word " * length), article)
        for number, length in enumerate(lengths, start=1)
    ]
    encoder = WatchedEncoder()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedding, "TOGETHER", together)
        rows = {
            place: row
            for places, some in embedded(passages, encoder, None)
            for place, row in zip(places, some, strict=True)
        }
    given_lengths = [len(text) for call in encoder.calls for text in call]
    assert given_lengths == sorted(given_lengths, reverse=True)
    assert all(len(call) <= together for call in encoder.calls)
    assert sorted(rows) == list(range(len(passages)))
    for place, (passage, _) in enumerate(passages):
        assert (rows[place] == encoder.encode_question(f"Title\n{passage.text}")).all()


def test_row_i_belongs_to_passage_i(articles: Path, tmp_path: Path) -> None:
    encoder = HashingEncoder()
    build_index(articles, tmp_path / "index", encoder)
    layout = Layout(tmp_path / "index" / read_manifest(tmp_path / "index").generation)
    catalog = Catalog.open(layout.catalog)
    passages = catalog.passages_behind(0, 100)
    rows = read_rows(layout.rows, encoder.dimension)
    assert len(rows) == len(passages)
    for passage, article in passages:
        row = encoder.encode_question(f"{header_of(article)}\n{passage.text}")
        assert rows[passage.id - 1].astype(np.float32) == pytest.approx(row, abs=1e-3)
    catalog.close()
