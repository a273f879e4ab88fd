"""Searching embeddings: one by one or in lists, in one file or several, with filters or without."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pullquote.index import families
from pullquote.index.families import lists_for, write_vectors
from pullquote.index.rows import RowWriter, read_rows
from pullquote.index.store import Layout
from pullquote.index.vectors import VectorIndex

DIMENSION = 16
IN_LISTS = 0.01  # how far 8 bits are off


def unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


def clustered(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Unit rows around some centres, as those of texts are."""
    chooser = np.random.default_rng(seed)
    centres = chooser.standard_normal((20, DIMENSION))
    rows = centres[chooser.integers(0, 20, count)] + chooser.standard_normal((count, DIMENSION)) / 2
    return unit(rows)


def made(
    directory: Path, rows: NDArray[np.float32], exact_up_to: int
) -> tuple[VectorIndex, NDArray[np.float32]]:
    """An index of rows, and the rows as they are stored."""
    directory.mkdir(exist_ok=True)
    layout = Layout(directory)
    with RowWriter(layout.rows) as writer:
        writer.append(rows)
    write_vectors(layout, rows.shape[1], exact_up_to)
    stored = read_rows(layout.rows, rows.shape[1]).astype(np.float32)
    return VectorIndex.open(layout), stored


def nearest(
    rows: NDArray[np.float32], row: NDArray[np.float32], k: int, allowed: NDArray[np.bool_]
) -> list[tuple[int, float]]:
    """What a search should find, by comparing with everything."""
    scores = rows @ row
    places = np.flatnonzero(allowed)
    places = places[np.argsort(-scores[places])][:k]
    return [(int(place) + 1, float(scores[place])) for place in places]


def recall(
    index: VectorIndex, rows: NDArray[np.float32], allowed: NDArray[np.bool_] | None = None
) -> float:
    """The share of the ten nearest passages to some questions that are found."""
    everything = np.ones(len(rows), np.bool_)
    shares = []
    for question in clustered(50, seed=1):
        found = {number for number, _ in index.search(question, 10, allowed)}
        wanted = nearest(rows, question, 10, everything if allowed is None else allowed)
        shares.append(len(found & {number for number, _ in wanted}) / len(wanted))
    return float(np.mean(shares))


@pytest.fixture(scope="module")
def in_lists(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[VectorIndex, NDArray[np.float32]]:
    return made(tmp_path_factory.mktemp("lists"), clustered(4000), exact_up_to=100)


@given(data=st.data())
@settings(max_examples=40)
def test_an_exact_index_finds_the_nearest_of_those_allowed(data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 40))
    values = st.integers(-3, 3)
    table = data.draw(st.lists(st.lists(values, min_size=4, max_size=4), min_size=count))[:count]
    rows = unit(np.array(table, np.float64).reshape(-1, 4))
    flags = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    allowed = np.array(flags, np.bool_) if data.draw(st.booleans()) else None
    k = data.draw(st.integers(1, 50))
    question = unit(np.array([[1.0, 2.0, -1.0, 0.5]]))[0]
    with tempfile.TemporaryDirectory() as scratch:
        index, stored = made(Path(scratch), rows, exact_up_to=1000)
        found = index.search(question, k, allowed)
    fits = np.ones(len(rows), np.bool_) if allowed is None else allowed
    expected = nearest(stored, question, k, fits)
    # Of equal scores any may be found.
    scores = [score for _, score in expected]
    assert [score for _, score in found] == pytest.approx(scores, abs=1e-6)
    for number, score in found:
        assert fits[number - 1]
        assert score == pytest.approx(float(stored[number - 1] @ question), abs=1e-6)


def test_lists_find_nearly_what_is_nearest(
    in_lists: tuple[VectorIndex, NDArray[np.float32]], monkeypatch: pytest.MonkeyPatch
) -> None:
    index, rows = in_lists
    monkeypatch.setattr("pullquote.index.vectors.PROBES", 15)  # of 100
    assert recall(index, rows) >= 0.95
    for number, score in index.search(rows[7], 20):
        assert score == pytest.approx(float(rows[number - 1] @ rows[7]), abs=IN_LISTS)


@pytest.mark.parametrize("every", [2, 10, 100])
def test_a_filtered_search_in_lists_finds_as_much_as_an_index_of_what_fits(
    in_lists: tuple[VectorIndex, NDArray[np.float32]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    every: int,
) -> None:
    index, rows = in_lists
    allowed = np.arange(len(rows)) % every == 0
    monkeypatch.setattr("pullquote.index.vectors._AT_ONCE", 37)
    assert recall(index, rows, allowed) == 1.0  # each is compared
    monkeypatch.setattr("pullquote.index.vectors.FEW", 0)
    monkeypatch.setattr("pullquote.index.vectors.SMALL_SHARE", 0)
    monkeypatch.setattr("pullquote.index.vectors.PROBES", 15)
    alone, own = made(tmp_path, rows[allowed], exact_up_to=10)
    assert recall(index, rows, allowed) >= min(0.95, recall(alone, own) - 0.02)


@given(k=st.integers(1, 5000), share=st.sampled_from([None, 0.0, 0.001, 0.3, 1.0]))
@settings(max_examples=30)
def test_lists_give_as_many_as_are_asked_for_or_all_there_are(
    in_lists: tuple[VectorIndex, NDArray[np.float32]], k: int, share: float | None
) -> None:
    index, rows = in_lists
    allowed = None if share is None else np.random.default_rng(k).random(len(rows)) < share
    fitting = len(rows) if allowed is None else int(allowed.sum())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pullquote.index.vectors.FEW", 0)
        patch.setattr("pullquote.index.vectors.SMALL_SHARE", 0)
        patch.setattr("pullquote.index.vectors.PROBES", 1)
        found = index.search(rows[k % len(rows)], k, allowed)
    numbers = [number for number, _ in found]
    assert len(set(numbers)) == len(numbers) == min(k, fitting)
    assert allowed is None or all(allowed[number - 1] for number in numbers)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)


def test_an_index_in_several_files_is_the_one_in_one_file(
    in_lists: tuple[VectorIndex, NDArray[np.float32]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, rows = in_lists
    monkeypatch.setattr(families, "_PART", 1500)
    monkeypatch.setattr(families, "_AT_ONCE", 700)
    parted, _ = made(tmp_path, rows, exact_up_to=100)
    assert [file.name for file in Layout(tmp_path).parts()] == [
        "vectors.faiss",
        "vectors-1.faiss",
        "vectors-2.faiss",
    ]
    every_third = np.arange(len(rows)) % 3 == 0
    for question in clustered(20, seed=2):
        for allowed in (None, every_third):
            assert parted.search(question, 30, allowed) == whole.search(question, 30, allowed)
    expected = parted.search(rows[0], 30)
    for _ in range(20):  # what belongs to whom is FAISS's business in C++
        again = VectorIndex.open(Layout(tmp_path))
        assert again.search(rows[0], 30) == expected
        del again


def test_the_same_rows_give_the_same_files(tmp_path: Path) -> None:
    written = []
    for name in ("first", "second"):
        made(tmp_path / name, clustered(1000), exact_up_to=100)
        written.append(Layout(tmp_path / name).part(0).read_bytes())
    assert written[0] == written[1]


def test_progress_ends_with_every_row_in_a_list(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    made(tmp_path, clustered(1000), exact_up_to=100)
    layout = Layout(tmp_path)
    write_vectors(layout, DIMENSION, 100, lambda done, total: told.append((done, total)))
    assert (told[0], told[-1]) == ((0, 1000), (1000, 1000))


@given(st.integers(1, 10**9))
def test_every_list_has_rows_to_learn_from(passages: int) -> None:
    lists = lists_for(passages)
    assert 1 <= lists <= families._MOST_LISTS
    assert lists == 1 or passages / lists >= families._TRAINED_ON


@given(st.lists(st.integers(0, 5), max_size=6))
def test_rows_come_back_in_the_order_they_were_appended(counts: list[int]) -> None:
    blocks = [clustered(count, seed) for seed, count in enumerate(counts)]
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "rows"
        with RowWriter(file) as writer:
            for block in blocks:
                writer.append(block)
        rows = read_rows(file, DIMENSION).astype(np.float32)
    expected = np.concatenate([np.empty((0, DIMENSION), np.float32), *blocks])
    assert rows == pytest.approx(expected, abs=1e-3)


def test_files_that_do_not_belong_together_are_noticed(tmp_path: Path) -> None:
    made(tmp_path / "larger", clustered(50), exact_up_to=100)
    made(tmp_path / "smaller", clustered(49), exact_up_to=100)
    larger, smaller = Layout(tmp_path / "larger"), Layout(tmp_path / "smaller")
    larger.part(0).write_bytes(smaller.part(0).read_bytes())
    with pytest.raises(ValueError, match="other rows"):
        VectorIndex.open(larger)
    larger.rows.write_bytes(larger.rows.read_bytes()[:-2])
    with pytest.raises(ValueError, match="reshape"):
        VectorIndex.open(larger)
    larger.rows.unlink()
    with pytest.raises(OSError, match="rows"):
        VectorIndex.open(larger)
    smaller.part(0).write_bytes(b"")
    with pytest.raises(RuntimeError):
        VectorIndex.open(smaller)
