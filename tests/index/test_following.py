"""Readers follow an index that is built again: no question fails, and none is of two indexes."""

import logging
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from fakes import HashingEncoder
from numpy.typing import NDArray

from pullquote.index.build import build_index
from pullquote.index.holds import Hold, remove_unheld
from pullquote.index.retriever import Retriever
from pullquote.index.store import read_manifest
from pullquote.index.writing import sweep

TESTS = Path(__file__).parents[1]
EDITIONS = 8


def publish_edition(folder: Path, number: int) -> str:
    """Index a paper whose every article names the edition; returns the generation's name."""
    source = folder / "articles"
    source.mkdir(exist_ok=True)
    for page in range(3):
        text = f"The bridge was in edition {number} on page {page}."
        (source / f"page-{page}.txt").write_text(text, encoding="utf-8")
    build_index(source, folder / "index", HashingEncoder())
    return read_manifest(folder / "index").generation


def editions(retriever: Retriever) -> set[int]:
    hits = retriever.search("bridge edition page", 10)
    assert len(hits) == 3
    assert all(hit.article.text == hit.passage.text for hit in hits)
    return {int(hit.passage.text.split()[5]) for hit in hits}


def generations(folder: Path) -> set[str]:
    return {path.name for path in (folder / "index").glob("generation-*")}


def opened(folder: Path) -> Retriever:
    return Retriever.open(folder / "index", HashingEncoder())


def test_an_open_retriever_finds_what_a_build_has_written(tmp_path: Path) -> None:
    publish_edition(tmp_path, 1)
    retriever = opened(tmp_path)
    assert editions(retriever) == {1}
    second = publish_edition(tmp_path, 2)
    assert editions(retriever) == {2}
    assert retriever.manifest.generation == second
    retriever.close()


def test_what_one_question_asks_stays_the_same(tmp_path: Path) -> None:
    publish_edition(tmp_path, 1)
    retriever = opened(tmp_path)
    current = retriever.current()
    before = current.search("bridge")
    publish_edition(tmp_path, 2)
    (tmp_path / "articles" / "page-1.txt").unlink()
    publish_edition(tmp_path, 3)
    assert retriever.search("bridge") != before
    assert current.search("bridge") == before
    assert current.article("page-1.txt").text.startswith("The bridge was in edition 1")
    assert current.current() is current
    retriever.close()


READS = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from fakes import HashingEncoder
from pullquote.index.retriever import Retriever
retriever = Retriever.open(sys.argv[2], HashingEncoder())
seen = None
while True:
    current = retriever.current()
    hits = current.search("bridge edition page", 10)
    assert len(hits) == 3, hits
    assert all(current.article(hit.article.id) == hit.article for hit in hits)
    (edition,) = {hit.passage.text.split()[5] for hit in hits}
    if edition != seen:
        print(edition, flush=True)
        seen = edition
"""


def reading(folder: Path) -> "subprocess.Popen[str]":
    """A process that asks in a loop, and prints each edition when it first sees it."""
    return subprocess.Popen(
        [sys.executable, "-c", READS, TESTS, folder / "index"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_readers_in_other_processes_never_fail_and_end_on_the_newest(tmp_path: Path) -> None:
    publish_edition(tmp_path, 1)
    with reading(tmp_path) as one, reading(tmp_path) as other:
        for process in (one, other):
            assert process.stdout
            assert process.stdout.readline() == "1\n"
        for number in range(2, EDITIONS + 1):
            publish_edition(tmp_path, number)
        for process in (one, other):
            assert process.stdout
            assert process.stderr
            seen = [1]
            while seen[-1] != EDITIONS:
                line = process.stdout.readline()
                assert line, process.stderr.read()
                seen.append(int(line))
            assert seen == sorted(seen)
            process.kill()
    sweep(tmp_path / "index")
    assert generations(tmp_path) == {read_manifest(tmp_path / "index").generation}


HOLDS = """
import sys
sys.path.insert(0, sys.argv[1])
from fakes import HashingEncoder
from pullquote.index.retriever import Retriever
current = Retriever.open(sys.argv[2], HashingEncoder()).current()
print("open", flush=True)
for line in sys.stdin:
    print(current.search("bridge edition page")[0].passage.text.split()[5], flush=True)
"""


@pytest.mark.parametrize("killed", [True, False])
def test_a_generation_stays_while_another_process_reads_it(tmp_path: Path, killed: bool) -> None:
    first = publish_edition(tmp_path, 1)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, TESTS, tmp_path / "index"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        second = publish_edition(tmp_path, 2)
        third = publish_edition(tmp_path, 3)
        assert generations(tmp_path) == {first, third}
        assert not (tmp_path / "index" / second).exists()
        print("ask", file=process.stdin, flush=True)
        assert process.stdout.readline() == "1\n"
        if killed:
            process.kill()
    if killed:  # it had no time to tidy up; whoever lets go next does
        assert generations(tmp_path) == {first, third}
        opened(tmp_path).close()
    assert generations(tmp_path) == {third}


def test_many_threads_follow_without_a_failed_question(tmp_path: Path) -> None:
    publish_edition(tmp_path, 1)
    retriever = opened(tmp_path)

    def ask(_: int) -> set[int]:
        return editions(retriever)

    with ThreadPoolExecutor(4) as pool:
        asked = pool.map(ask, range(400))
        for number in range(2, EDITIONS + 1):
            publish_edition(tmp_path, number)
        assert all(len(seen) == 1 for seen in asked)
    assert editions(retriever) == {EDITIONS}
    assert generations(tmp_path) == {retriever.manifest.generation}
    retriever.close()


def test_a_new_index_that_cannot_be_opened_leaves_the_old_one_answering(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publish_edition(tmp_path, 1)
    retriever = opened(tmp_path)
    build_index(tmp_path / "articles", tmp_path / "index", HashingEncoder("other"))
    with caplog.at_level(logging.WARNING):
        assert [editions(retriever), editions(retriever)] == [{1}, {1}]
    (said,) = caplog.messages
    assert "made with the encoder other" in said
    publish_edition(tmp_path, 2)
    assert editions(retriever) == {2}
    retriever.close()


def test_an_index_that_is_gone_is_answered_from_all_the_same(tmp_path: Path) -> None:
    publish_edition(tmp_path, 1)
    retriever = opened(tmp_path)
    (tmp_path / "index").rename(tmp_path / "elsewhere")
    assert editions(retriever) == {1}
    retriever.close()


class InterruptedEncoder(HashingEncoder):
    """Does something else before it embeds."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self._meanwhile()
        return super().encode_documents(texts)


def test_what_a_build_writes_is_no_left_over(tmp_path: Path) -> None:
    publish_edition(tmp_path, 1)
    (tmp_path / "articles" / "late.txt").write_text("The bridge again.", encoding="utf-8")
    left_over = tmp_path / "index" / "generation-of-a-killed-build"
    left_over.mkdir()

    def come_and_go() -> None:
        opened(tmp_path).close()
        assert not left_over.exists()

    build_index(tmp_path / "articles", tmp_path / "index", InterruptedEncoder(come_and_go))
    retriever = opened(tmp_path)
    assert len(retriever.search("bridge", 10)) == 4
    retriever.close()


def test_a_directory_is_removed_when_the_last_hold_is_let_go(tmp_path: Path) -> None:
    directory = tmp_path / "held"
    (directory / "inside").mkdir(parents=True)
    holds = [Hold(directory), Hold(directory)]
    for hold in holds:
        remove_unheld(directory, wanted=lambda: False)
        assert directory.exists()
        hold.release()
        hold.release()
    remove_unheld(directory, wanted=lambda: True)
    assert directory.exists()
    remove_unheld(directory, wanted=lambda: False)
    assert list(tmp_path.iterdir()) == []
    remove_unheld(directory, wanted=lambda: False)
    with pytest.raises(FileNotFoundError):
        Hold(directory)
