"""Builds that replace each other, and indexes that are missing, cut short or made by others."""

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import HashingEncoder
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pullquote.index.build import build_index
from pullquote.index.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    SourceError,
)
from pullquote.index.retriever import Retriever
from pullquote.index.store import FORMAT, Manifest, check, read_manifest
from pullquote.index.writing import building, publish

BUILT = 10  # generations that replace one another while somebody reads
FILES = ("catalog.sqlite", "vectors.faiss", "words/meta.json")


class FailingEncoder(HashingEncoder):
    """Fails after as many texts as it is told."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._left = after

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self._left -= len(texts)
        if self._left < 0:
            raise RuntimeError("out of memory")
        return super().encode_documents(texts)


@pytest.fixture
def index(articles: Path, tmp_path: Path) -> Path:
    directory = tmp_path / "index"
    build_index(articles, directory, HashingEncoder())
    return directory


@pytest.fixture(scope="module")
def index_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("once")
    (folder / "rain.txt").write_text("Rain fell on Riverton all night.", encoding="utf-8")
    build_index(folder / "rain.txt", folder / "index", HashingEncoder())
    return folder / "index"


def found(directory: Path, question: str = "Why did the bridge close?") -> list[str]:
    retriever = Retriever.open(directory, HashingEncoder())
    try:
        return [hit.article.path for hit in retriever.search(question)]
    finally:
        retriever.close()


def generation(directory: Path) -> Path:
    return directory / read_manifest(directory).generation


def files_of(directory: Path) -> list[str]:
    return sorted(read_manifest(directory).files)


def mends(message: str, source: str, directory: Path) -> bool:
    """Whether the message ends in the command that makes the index anew."""
    command = shlex.split(message.partition("again with: ")[2])
    return command == ["pullquote", "index", source, "--index", str(directory)]


def test_the_report_counts_what_went_in_and_names_what_did_not(
    articles: Path, tmp_path: Path
) -> None:
    (articles / "zero.txt").write_bytes(b"")
    (articles / "broken.jsonl").write_text('{"text": "Rain fell."}\n{"text":\n', encoding="utf-8")
    report = build_index(articles, tmp_path / "index", HashingEncoder())
    assert report.articles == 4
    assert report.passages >= 4
    assert {skipped.path for skipped in report.skipped} == {"zero.txt", "broken.jsonl:2"}
    assert all(skipped.reason for skipped in report.skipped)


def test_files_of_one_text_are_one_article_with_several_paths(
    articles: Path, tmp_path: Path
) -> None:
    text = (articles / "market.txt").read_text(encoding="utf-8")
    (articles / "z-copy.txt").write_text(text, encoding="utf-8")
    (articles / "wire.jsonl").write_text(
        "".join(json.dumps({"text": each}) + "\n" for each in ("Rain fell.", text, "Rain fell.")),
        encoding="utf-8",
    )
    for _ in range(2):
        report = build_index(articles, tmp_path / "index", HashingEncoder())
        assert (report.articles, report.failed) == (4, 0)
        assert [(one.path, one.same_as) for one in report.skipped] == [
            ("wire.jsonl:2", "market.txt"),
            ("wire.jsonl:3", "wire.jsonl#1"),
            ("z-copy.txt", "market.txt"),
        ]
    retriever = Retriever.open(tmp_path / "index", HashingEncoder())
    market = retriever.article("market.txt")
    assert (market.path, market.other_paths) == ("market.txt", ("wire.jsonl:2", "z-copy.txt"))
    assert retriever.search("fish market")[0].article == market
    (articles / "market.txt").unlink()  # what is left of the copies is the article then
    report = build_index(articles, tmp_path / "index", HashingEncoder())
    assert (report.articles, report.added, report.removed) == (4, 1, 1)
    (hit, *_) = retriever.search("fish market")
    assert (hit.article.path, hit.article.other_paths) == ("wire.jsonl", ("z-copy.txt",))
    retriever.close()


def test_folders_may_be_named_by_strings(articles: Path, tmp_path: Path) -> None:
    build_index(str(articles), str(tmp_path / "index"), HashingEncoder())
    assert Retriever.open(str(tmp_path / "index"), HashingEncoder()).search("bridge")


def test_the_manifest_says_what_the_index_holds(articles: Path, index: Path) -> None:
    manifest = read_manifest(index)
    assert (manifest.articles, manifest.passages) == (3, 3)
    assert (manifest.encoder, manifest.dimension) == ("hashing", 64)
    assert Path(manifest.source) == articles.resolve()
    assert set(FILES) <= set(manifest.files)


def test_progress_ends_with_everything_done(articles: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    build_index(
        articles,
        tmp_path / "index",
        HashingEncoder(),
        lambda stage, done, total: told.append((stage, done, total)),
    )
    assert [one for one in told if one[0] == "articles"][-1] == ("articles", 3, None)
    assert told[-1] == ("passages", 3, 3)


def test_a_new_build_replaces_the_old_one_and_removes_it(articles: Path, index: Path) -> None:
    old = generation(index)
    (articles / "bridge-2021.md").unlink()
    (articles / "tunnel.txt").write_text("The tunnel under the Lea has opened.", encoding="utf-8")
    build_index(articles, index, HashingEncoder())
    assert not old.exists()
    assert [path.name for path in index.glob("generation-*")] == [generation(index).name]
    assert "tunnel.txt" in found(index, "tunnel")
    assert "bridge-2021.md" not in found(index)


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_build_that_fails_leaves_the_old_index_answering(
    articles: Path, index: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr("pullquote.index.build.AT_ONCE", 1)
    before = found(index)
    for name in ("tunnel", "ferry", "canal"):
        (articles / f"{name}.txt").write_text(f"The {name} at Lea has opened.", encoding="utf-8")
    with pytest.raises(RuntimeError, match="out of memory"):
        build_index(articles, index, FailingEncoder(after))
    assert found(index) == before
    assert len(list(index.glob("generation-*"))) == 1
    build_index(articles, index, HashingEncoder())
    assert "tunnel.txt" in found(index, "tunnel")
    assert len(list(index.glob("generation-*"))) == 1


def test_a_first_build_that_fails_leaves_no_index(articles: Path, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="out of memory"):
        build_index(articles, tmp_path / "index", FailingEncoder(0))
    with pytest.raises(IndexMissingError):
        Retriever.open(tmp_path / "index", HashingEncoder())


def test_articles_that_are_gone_do_not_take_the_index_along(articles: Path, index: Path) -> None:
    before = found(index)
    shutil.rmtree(articles)
    with pytest.raises(SourceError, match="does not exist"):
        build_index(articles, index, HashingEncoder())
    assert found(index) == before


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [(None, "", "no file"), ("empty.txt", " \n", "empty.txt"), ("a.xyz", "text", "a.xyz")],
)
def test_a_folder_without_an_article_is_refused(
    tmp_path: Path, name: str | None, text: str, says: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    if name:
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=says) as caught:
        build_index(folder, tmp_path / "index", HashingEncoder())
    assert str(folder) in str(caught.value)


def test_a_directory_that_is_a_file_is_refused(articles: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    with pytest.raises(IndexDamagedError, match="--index"):
        build_index(articles, taken, HashingEncoder())
    assert taken.read_text(encoding="utf-8") == "mine"


def test_a_missing_index_says_how_to_make_one(tmp_path: Path) -> None:
    directory = tmp_path / "no index"
    with pytest.raises(IndexMissingError) as caught:
        Retriever.open(directory, HashingEncoder())
    assert f"pullquote index FOLDER --index {shlex.quote(str(directory))}" in str(caught.value)


@pytest.mark.parametrize("damage", ["cut", "emptied", "deleted", "longer"])
def test_each_file_that_is_not_whole_is_noticed(
    articles: Path, index: Path, tmp_path: Path, damage: str
) -> None:
    source = read_manifest(index).source
    for name in files_of(index):
        copy = tmp_path / "copy"
        shutil.copytree(index, copy)
        file = generation(copy) / name
        whole = file.read_bytes()
        if damage == "deleted":
            file.unlink()
        elif damage == "longer":
            file.write_bytes(whole + b"\0")
        else:
            file.write_bytes(whole[:-1] if damage == "cut" else b"")
        if damage == "emptied" and not whole:
            shutil.rmtree(copy)
            continue
        with pytest.raises(IndexDamagedError) as caught:
            Retriever.open(copy, HashingEncoder())
        assert name in str(caught.value)
        assert mends(str(caught.value), source, copy)
        shutil.rmtree(copy)


def test_a_generation_that_is_gone_is_noticed(index: Path) -> None:
    shutil.rmtree(generation(index))
    with pytest.raises(IndexDamagedError):
        Retriever.open(index, HashingEncoder())


@pytest.mark.parametrize("name", FILES)
def test_files_of_the_right_size_with_other_bytes_are_noticed(index: Path, name: str) -> None:
    file = generation(index) / name
    file.write_bytes(b"x" * file.stat().st_size)
    with pytest.raises(IndexDamagedError) as caught:
        Retriever.open(index, HashingEncoder()).search("bridge")
    assert mends(str(caught.value), read_manifest(index).source, index)


def test_a_whole_index_is_checked_to_the_end(index: Path) -> None:
    assert check(index) == read_manifest(index)


@given(data=st.data())
def test_one_changed_byte_anywhere_is_named(index_once: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(files_of(index_once)))
    file = generation(index_once) / name
    whole = file.read_bytes()
    if not whole:
        return
    at = data.draw(st.integers(0, len(whole) - 1))
    file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    try:
        with pytest.raises(IndexDamagedError, match="other bytes") as caught:
            check(index_once)
        assert name in str(caught.value)
        assert mends(str(caught.value), read_manifest(index_once).source, index_once)
    finally:
        file.write_bytes(whole)


def test_two_builds_do_not_write_to_one_directory(articles: Path, index: Path) -> None:
    before = found(index)
    with (
        building(index),
        pytest.raises(IndexBusyError, match="Another build is writing") as caught,
    ):
        build_index(articles, index, HashingEncoder())
    assert str(index) in str(caught.value)
    assert found(index) == before
    build_index(articles, index, HashingEncoder())


BUILDS = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from fakes import HashingEncoder
from pullquote.index.build import build_index
print("ready", flush=True)
while True:
    for source in sys.argv[3:]:
        build_index(source, sys.argv[2], HashingEncoder())
"""


def test_an_index_can_be_opened_while_it_is_replaced(articles: Path, index: Path) -> None:
    before = found(index)
    with subprocess.Popen(
        [sys.executable, "-c", BUILDS, Path(__file__).parents[1], index, articles],
        stdout=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdout
            process.stdout.readline()
            generations: set[str] = set()
            while len(generations) < BUILT:
                retriever = Retriever.open(index, HashingEncoder())
                hits = retriever.search("Why did the bridge close?")
                assert [hit.article.path for hit in hits] == before
                generations.add(retriever.manifest.generation)
                retriever.close()
        finally:
            process.kill()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '"manifest"',
        "{}",
        f'{{"format": {FORMAT}}}',
        f'{{"format": {FORMAT}, "generation": 5}}',
        "[" * 100_000,
        "\udcff",
    ],
)
def test_a_manifest_of_garbage_is_noticed(index: Path, text: str) -> None:
    (index / "manifest.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(IndexDamagedError) as caught:
        Retriever.open(index, HashingEncoder())
    assert mends(str(caught.value), "FOLDER", index)


def test_a_manifest_that_is_a_folder_is_noticed(index: Path) -> None:
    (index / "manifest.json").unlink()
    (index / "manifest.json").mkdir()
    with pytest.raises(IndexDamagedError):
        Retriever.open(index, HashingEncoder())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(
    key=st.sampled_from(
        ["format", "generation", "encoder", "dimension", "articles", "source", "files"]
    ),
    value=JSON,
)
def test_no_value_in_the_manifest_gives_an_unexpected_error(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: object
) -> None:
    directory = tmp_path_factory.mktemp("index")
    whole = {
        "format": FORMAT,
        "generation": "generation-1",
        "encoder": "hashing",
        "dimension": 64,
        "articles": 1,
        "passages": 1,
        "source": "articles",
        "fingerprint": "",
        "files": {},
    }
    text = json.dumps(whole | {key: value})
    (directory / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises((IndexDamagedError, IndexMismatchError)):
        Retriever.open(directory, HashingEncoder())


def test_an_index_of_another_format_names_both_and_the_command(index: Path) -> None:
    file = index / "manifest.json"
    stored = json.loads(file.read_text(encoding="utf-8")) | {"format": 99, "new": True}
    file.write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(IndexMismatchError, match=rf"format 99.* format {FORMAT};") as caught:
        Retriever.open(index, HashingEncoder())
    assert mends(str(caught.value), stored["source"], index)


@pytest.mark.parametrize("encoder", [HashingEncoder("other"), HashingEncoder(dimension=32)])
def test_an_index_of_another_encoder_names_both_and_the_command(
    index: Path, encoder: HashingEncoder
) -> None:
    with pytest.raises(IndexMismatchError) as caught:
        Retriever.open(index, encoder)
    message = str(caught.value)
    assert "hashing (64 dimensions)" in message
    assert f"{encoder.name} ({encoder.dimension})" in message
    assert mends(message, read_manifest(index).source, index)


@pytest.mark.parametrize(
    "name", ["with space", "a#b", "a?b=c", "100%25", "Zeitung äöü 新聞 😀", "'\""]
)
def test_indexes_and_articles_may_lie_at_odd_paths(
    articles: Path, tmp_path: Path, name: str
) -> None:
    folder = articles.rename(tmp_path / f"{name} articles")
    directory = tmp_path / name / "index"
    build_index(folder, directory, HashingEncoder())
    assert "bridge-2021.md" in found(directory)
    (directory / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(IndexDamagedError) as caught:
        Retriever.open(directory, HashingEncoder())
    assert mends(str(caught.value), "FOLDER", directory)


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.builds(Manifest, format=st.just(FORMAT), files=st.just({})))
def test_a_manifest_comes_back_as_it_was_published(
    tmp_path_factory: pytest.TempPathFactory, manifest: Manifest
) -> None:
    directory = tmp_path_factory.mktemp("index")
    publish(directory, manifest)
    assert read_manifest(directory) == manifest
