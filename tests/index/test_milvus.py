"""What is particular to an index in Milvus; what all indexes do is tested with the others."""

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from conftest import write_articles
from fakes import HashingEncoder, place
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pymilvus import AnnSearchRequest, RRFRanker

from pullquote.index.build import build_index
from pullquote.index.errors import (
    ExtraMissingError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnreachableError,
    SourceError,
)
from pullquote.index.generation import RRF_CONSTANT
from pullquote.index.milvus.address import Address, address_of
from pullquote.index.milvus.schema import client_of, current, words_of
from pullquote.index.places import check, manifest_of
from pullquote.index.retriever import Retriever
from pullquote.ui import cli


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("milvus://db.example:19530/news", Address("http://db.example:19530", "news")),
        ("milvus+tls://db.example/news_2", Address("https://db.example", "news_2")),
        ("milvus://u%40x:p%2F%3A@db:1/n", Address("http://db:1", "n", "u@x:p/:")),
        ("milvus:///srv/my%20data/lite.db/news", Address("/srv/my data/lite.db", "news")),
        ("news", None),
        ("./milvus/news", None),
        ("/data/milvus:/news", None),
        ("http://db:19530/news", None),
    ],
)
def test_addresses(text: str, address: Address | None) -> None:
    assert address_of(text) == address
    assert address_of(Path(text)) == address


@pytest.mark.parametrize(
    "text",
    ["milvus://", "milvus://db:19530", "milvus://db:1/", "milvus://db/a-b", "milvus:///news"],
)
def test_an_address_without_an_index_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="write milvus://HOST:19530/NAME"):
        address_of(text)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_a_password_is_never_shown(password: str) -> None:
    address = address_of(f"milvus://me:{quote(password, safe='')}@db:1/news")
    assert address == Address("http://db:1", "news", f"me:{password}")
    assert str(address) == "milvus://db:1/news"


@pytest.fixture
def index(tmp_path: Path) -> str:
    index = str(place(tmp_path, "milvus"))
    build_index(write_articles(tmp_path / "articles"), index, HashingEncoder())
    return index


def collections(index: str) -> list[str]:
    address = address_of(index)
    assert address
    return sorted(client_of(address).list_collections())


def test_an_open_retriever_follows_and_the_generation_before_stays_for_others(
    index: str, tmp_path: Path
) -> None:
    retriever = Retriever.open(index, HashingEncoder())
    old = retriever.current()
    texts = ["The tunnel under the Lea has opened.", "The tunnel has closed again."]
    for text in texts:
        (tmp_path / "articles" / "tunnel.txt").write_text(text, encoding="utf-8")
        before = collections(index)
        build_index(tmp_path / "articles", index, HashingEncoder())
        assert retriever.search("tunnel")[0].passage.text == text
        assert len(collections(index)) == 4
        assert set(before[-2:]) < set(collections(index))
    with pytest.raises(IndexUnreachableError):
        old.search("bridge")


def test_names_of_other_indexes_are_left_alone(index: str, tmp_path: Path) -> None:
    other = f"{index}_2"
    for _ in range(3):
        build_index(tmp_path / "articles", other, HashingEncoder())
    assert Retriever.open(index, HashingEncoder()).search("bridge")
    for _ in range(3):
        build_index(tmp_path / "articles", index, HashingEncoder())
    assert Retriever.open(other, HashingEncoder()).search("bridge")
    assert len(collections(index)) == 8


class FailingEncoder(HashingEncoder):
    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise KeyboardInterrupt


def test_a_build_that_is_interrupted_leaves_the_index_as_it_was(
    index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = collections(index)
    (tmp_path / "articles" / "tunnel.txt").write_text("A tunnel.", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        build_index(tmp_path / "articles", index, FailingEncoder())

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    address = address_of(index)
    assert address
    monkeypatch.setattr(type(client_of(address)), "alter_alias", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build_index(tmp_path / "articles", index, HashingEncoder())
    assert collections(index) == before
    assert Retriever.open(index, HashingEncoder()).search("bridge")


@pytest.mark.parametrize("question", ["Who is the mayor of the bridge?", "fish market", "pier"])
def test_its_own_hybrid_search_finds_the_same(index: str, question: str) -> None:
    address = address_of(index)
    assert address
    client, names = client_of(address), current(client_of(address), address)
    assert names
    asked: list[tuple[object, str]] = [
        (HashingEncoder().encode_question(question).tolist(), "row"),
        (" ".join(words_of(question)), "words"),
    ]
    requests = [AnnSearchRequest([one], field, {}, 10) for one, field in asked]
    (theirs,) = client.hybrid_search(names.passages, requests, RRFRanker(RRF_CONSTANT), limit=10)
    ours = Retriever.open(index, HashingEncoder()).search(question, 10)
    assert {hit["id"]: hit["distance"] for hit in theirs} == pytest.approx(
        {hit.passage.id: hit.score for hit in ours}
    )


def test_a_long_article_comes_back_whole(tmp_path: Path) -> None:
    text = " ".join(f"Nümber 😀 {n} saw event{n}." for n in range(6000))
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "long", "text": text}), encoding="utf-8")
    index = str(place(tmp_path, "milvus"))
    build_index(tmp_path / "a.jsonl", index, HashingEncoder())
    retriever = Retriever.open(index, HashingEncoder())
    assert retriever.article("long").text == text
    hits = retriever.search("event5999")
    assert any("event5999." in hit.passage.text for hit in hits)


def test_what_it_holds_and_whether_it_is_whole(index: str) -> None:
    manifest = manifest_of(Path(index))
    assert (manifest.articles, manifest.passages, manifest.encoder) == (3, 3, "hashing")
    assert check(Path(index)) == manifest
    address = address_of(index)
    assert address
    client, names = client_of(address), current(client_of(address), address)
    assert names
    client.delete(names.passages, ids=[1])
    with pytest.raises(IndexDamagedError, match=r"it has 2 of 3 passages; make it again with: "):
        check(Path(index))


def test_what_is_wrong_is_said_with_the_command_that_mends_it(index: str) -> None:
    with pytest.raises(IndexMissingError, match=f"pullquote index FOLDER --index {index}_none"):
        Retriever.open(f"{index}_none", HashingEncoder())
    with pytest.raises(IndexMismatchError, match=r"hashing \(64 dimensions\), not other \(64\)"):
        Retriever.open(index, HashingEncoder("other"))


def test_without_the_package_the_command_that_installs_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    for name in [name for name in sys.modules if name.startswith("pullquote.index.milvus.")]:
        monkeypatch.delitem(sys.modules, name)
    for use in (Retriever.open, partial(build_index, "articles"), check, manifest_of):
        with pytest.raises(ExtraMissingError, match=r"pip install 'pullquote\[milvus\]'"):
            use("milvus://db:19530/news")


def test_a_server_that_is_not_there_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--index", "milvus://me:secret@127.0.0.1:1/news"]
    monkeypatch.setattr(sys, "argv", ["pullquote", "search", "bridge", *where])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    said = capsys.readouterr()
    assert (caught.value.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "Milvus does not answer at milvus://127.0.0.1:1/news (" in said.err
    assert "secret" not in said.err
