"""Builds that are killed or run out of room: the last good index answers."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from crashing import killed
from fakes import HashingEncoder

from pullquote.index.build import build_index
from pullquote.index.errors import IndexDamagedError
from pullquote.index.retriever import Retriever
from pullquote.index.store import check, read_manifest
from pullquote.index.writing import new_generation, publish

KILLS = 50
TESTS = Path(__file__).parents[1]


def found(directory: Path, question: str) -> list[str]:
    retriever = Retriever.open(directory, HashingEncoder())
    try:
        return [hit.article.path for hit in retriever.search(question)]
    finally:
        retriever.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_at_any_moment_leaves_the_old_index_or_the_new(
    articles: Path, tmp_path: Path
) -> None:
    crashes = killed(articles, tmp_path, KILLS)
    assert crashes.kills == KILLS
    assert (crashes.wrong_answers, crashes.damaged, crashes.left_over) == (0, 0, 0)


def test_an_interruption_behind_the_step_that_counts_takes_nothing_away(
    articles: Path, tmp_path: Path
) -> None:
    directory = tmp_path / "index"
    build_index(articles, directory, HashingEncoder())
    manifest = read_manifest(directory)

    def interrupted() -> None:
        with new_generation(directory) as layout:
            old = directory / manifest.generation
            shutil.copytree(old, layout.directory, dirs_exist_ok=True)
            publish(directory, replace(manifest, generation=layout.directory.name))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert check(directory).generation != manifest.generation
    assert found(directory, "bridge")


# Builds with ever more room for each file, and prints what comes of it.
LIMITED = """
import resource
import sys
sys.path.insert(0, sys.argv[1])
from fakes import HashingEncoder
from pullquote.index.build import build_index
from pullquote.index.errors import IndexDamagedError
for limit in sys.argv[4:]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), resource.RLIM_INFINITY))
    try:
        build_index(sys.argv[2], sys.argv[3], HashingEncoder(dimension=16384))
        print("built", flush=True)
    except IndexDamagedError as error:
        print(error, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on the size of files")
def test_files_that_may_not_grow_leave_the_old_index_answering(
    articles: Path, tmp_path: Path
) -> None:
    directory = tmp_path / "index"
    build_index(articles, directory, HashingEncoder())
    before = found(directory, "bridge")
    (articles / "tunnel.txt").write_text("The tunnel under the Lea has opened.", encoding="utf-8")
    limits = ("0", "1000", "20000", "80000")  # the catalog fits into the last, the vectors do not
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, TESTS, articles, directory, *limits],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.splitlines()
    assert len(said) == len(limits)
    for line in said:
        assert line.startswith(f"Cannot write an index to {directory} (")
        assert line.endswith("; make room there, or name another directory with --index.")
    assert found(directory, "bridge") == before
    assert len(list(directory.glob("generation-*"))) == 1


class SmallDisk:
    """A file system of its own that can be made larger."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def mount(self, kilobytes: int, *options: str) -> bool:
        size = ",".join([*options, f"size={kilobytes}k"])
        command = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(self.place)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    disk = SmallDisk(tmp_path / "small")
    disk.place.mkdir()
    if not (sys.platform == "linux" and os.geteuid() == 0 and disk.mount(400)):
        pytest.skip("only root can make a small disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk.place], check=True)


def test_a_full_disk_leaves_the_old_index_answering(articles: Path, small_disk: SmallDisk) -> None:
    directory = small_disk.place / "index"
    build_index(articles, directory, HashingEncoder())
    before = found(directory, "bridge")
    (articles / "tunnel.txt").write_text("The tunnel under the Lea has opened.", encoding="utf-8")
    used = sum(file.stat().st_blocks for file in directory.rglob("*")) // 2
    failed = 0
    for kilobytes in range(used + 8, 400, 8):  # each time it fails a little later
        assert small_disk.mount(kilobytes, "remount")
        try:
            build_index(articles, directory, HashingEncoder())
            break
        except IndexDamagedError as error:
            failed += "make room there" in str(error)
        assert found(directory, "bridge") == before
        assert len(list(directory.glob("generation-*"))) == 1
    assert failed > 3
    assert "tunnel.txt" in found(directory, "tunnel")
