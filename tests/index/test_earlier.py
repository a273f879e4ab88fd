"""Indexing a folder again: only what is new is embedded, and nothing else is different."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import KEPT, HashingEncoder, place
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pullquote.index.build import BuildReport, build_index
from pullquote.index.families import EXACT_UP_TO
from pullquote.index.retriever import Retriever


class CountingEncoder(HashingEncoder):
    """Remembers what it was given."""

    def __init__(self, name: str = "hashing") -> None:
        super().__init__(name)
        self.embedded: list[str] = []

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        return super().encode_documents(texts)


def indexed(
    lines: Sequence[dict[str, str]],
    folder: Path,
    encoder: HashingEncoder,
    exact_up_to: int = EXACT_UP_TO,
    kept: str = "files",
) -> BuildReport:
    """Index articles that are given as the lines of a JSON-lines file, into the same place."""
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return build_index(folder / "a.jsonl", place(folder, kept), encoder, exact_up_to=exact_up_to)


BRIDGE = {"id": "bridge", "title": "Bridge", "text": "The bridge opens on Monday."}
MARKET = {"id": "market", "title": "Market", "text": "The market closes at noon."}
MAYOR = {"id": "mayor", "title": "Mayor", "text": "Ada Moss was elected mayor."}


@pytest.mark.parametrize("kept", KEPT)
def test_only_new_and_changed_articles_are_embedded(tmp_path: Path, kept: str) -> None:
    first = indexed([BRIDGE, MARKET, MAYOR], tmp_path, HashingEncoder(), kept=kept)
    assert (first.added, first.changed, first.unchanged, first.removed) == (3, 0, 0, 0)
    encoder = CountingEncoder()
    changed = {**MARKET, "text": "The market closes at one."}
    fair = {"id": "fair", "text": "The fair comes in May."}
    report = indexed([fair, changed, BRIDGE], tmp_path, encoder, kept=kept)
    assert (report.added, report.changed, report.unchanged, report.removed) == (1, 1, 1, 1)
    assert len(encoder.embedded) == 2
    assert not any("bridge" in text for text in encoder.embedded)


@pytest.mark.parametrize(
    "change", [{"title": "Bridges"}, {"source": "The Lamp"}, {"published": "2021-05-02"}]
)
def test_what_is_embedded_with_a_passage_counts_as_a_change(
    change: dict[str, str], tmp_path: Path
) -> None:
    indexed([BRIDGE], tmp_path, HashingEncoder())
    encoder = CountingEncoder()
    assert indexed([{**BRIDGE, **change}], tmp_path, encoder).changed == 1
    assert len(encoder.embedded) == 1


@pytest.mark.parametrize("kept", KEPT)
def test_an_article_of_another_name_is_not_embedded_again(tmp_path: Path, kept: str) -> None:
    indexed([BRIDGE], tmp_path, HashingEncoder(), kept=kept)
    encoder = CountingEncoder()
    report = indexed([{**BRIDGE, "id": "moved"}], tmp_path, encoder, kept=kept)
    assert (report.added, report.removed, encoder.embedded) == (1, 1, [])


@pytest.mark.parametrize("kept", KEPT)
def test_another_encoder_embeds_everything(tmp_path: Path, kept: str) -> None:
    indexed([BRIDGE, MARKET], tmp_path, HashingEncoder(), kept=kept)
    encoder = CountingEncoder("other")
    assert indexed([BRIDGE, MARKET], tmp_path, encoder, kept=kept).added == 2
    assert len(encoder.embedded) == 2


@pytest.mark.parametrize("end", [b"", b"12345678"])
def test_a_damaged_index_is_not_trusted(end: bytes, tmp_path: Path) -> None:
    indexed([BRIDGE, MARKET], tmp_path, HashingEncoder())
    (vectors,) = tmp_path.glob("index/generation-*/vectors.faiss")
    vectors.write_bytes(vectors.read_bytes()[:-8] + end)
    encoder = CountingEncoder()
    indexed([BRIDGE, MARKET], tmp_path, encoder)
    assert len(encoder.embedded) == 2


WORDS = st.sampled_from(["bridge", "market", "mayor", "Lea", "closes.", "Opens", "May", "\n"])
ARTICLES = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(
        st.lists(WORDS, min_size=1, max_size=40).map(" ".join), st.sampled_from(["", "One", "Two"])
    ),
    min_size=1,
)


def lines_of(articles: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
    # A word of its own keeps each text different from the others: the same text is one article.
    return [
        {"id": name, "text": f"{name}. {text}", "title": title}
        for name, (text, title) in articles.items()
    ]


@pytest.mark.parametrize("exact_up_to", [EXACT_UP_TO, 3])
@given(before=ARTICLES, after=ARTICLES)
@settings(max_examples=20, deadline=None)
def test_an_index_made_again_is_the_one_made_anew(
    before: dict[str, tuple[str, str]], after: dict[str, tuple[str, str]], exact_up_to: int
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        again, anew = Path(scratch) / "again", Path(scratch) / "anew"
        for folder in (again, anew):
            folder.mkdir()
        indexed(lines_of(before), again, HashingEncoder(), exact_up_to)
        report = indexed(lines_of(after), again, HashingEncoder(), exact_up_to)
        indexed(lines_of(after), anew, HashingEncoder(), exact_up_to)
        rows = [
            next(folder.glob("index/generation-*/rows.f16")).read_bytes()
            for folder in (again, anew)
        ]
        found = [
            [
                (hit.passage, hit.article.title, hit.score)
                for hit in Retriever.open(folder / "index", HashingEncoder()).search("market May")
            ]
            for folder in (again, anew)
        ]
    assert found[0] == found[1]
    assert rows[0] == rows[1]
    assert report.added == len(after.keys() - before.keys())
    assert report.removed == len(before.keys() - after.keys())
