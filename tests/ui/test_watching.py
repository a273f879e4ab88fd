"""An index that is kept current by a process of its own, over files that really come and go."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from fakes import HashingEncoder

from pullquote.index.retriever import Retriever
from pullquote.index.store import read_manifest
from pullquote.index.writing import building

# The command line with a small encoder; with "slow" it says when it embeds, and waits.
WATCHES = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from fakes import HashingEncoder
from pullquote.ui import cli, watching

class SlowEncoder(HashingEncoder):
    def encode_documents(self, texts):
        print("embedding", flush=True)
        sys.stdin.readline()
        return super().encode_documents(texts)

watching.MiniLMEncoder = SlowEncoder if sys.argv.pop(1) == "slow" else HashingEncoder
cli.main()
"""


@contextmanager
def watching(
    folder: Path, directory: Path, pace: str = "fast", as_json: bool = False
) -> Iterator["Watch"]:
    command = (sys.executable, "-c", WATCHES, Path(__file__).parents[1], pace)
    with subprocess.Popen(
        [*command, "watch", folder, "--index", directory, *(["--json"] if as_json else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Watch(process)
        finally:
            process.kill()


class Watch:
    """A running `pullquote watch`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def says(self) -> str:
        """Its next line, as soon as it says one."""
        assert self._process.stdout
        return self._process.stdout.readline().rstrip("\n")

    def interrupt(self) -> tuple[int, str]:
        """Ctrl-C: its exit code, and what it says last."""
        self._process.send_signal(signal.SIGINT)
        return self.end()

    def end(self) -> tuple[int, str]:
        out, err = self._process.communicate()
        return self._process.returncode, out + err


def put(folder: Path, name: str, text: str) -> None:
    """A file that is there at once and whole, so that one change is seen."""
    beside = folder / f".{name}"
    beside.write_text(text, encoding="utf-8")
    beside.rename(folder / name)


def counts(added: int, changed: int, unchanged: int, removed: int, failed: str = "0 failed") -> str:
    return (
        f"Indexed {added + changed + unchanged} articles: {added} added, {changed} changed, "
        f"{unchanged} unchanged, {removed} removed, {failed}."
    )


@pytest.mark.parametrize("place", ["index", "articles/.pullquote", "articles/index"])
def test_each_change_is_indexed_and_told_in_a_line(
    articles: Path, tmp_path: Path, place: str
) -> None:
    with watching(articles, tmp_path / place) as watch:
        assert "3 added, 0 changed, 0 unchanged, 0 removed" in watch.says()
        assert watch.says() == f"Watching {articles}; Ctrl+C stops it."
        retriever = Retriever.open(tmp_path / place, HashingEncoder())
        put(articles, "tunnel.txt", "The tunnel under the Lea has opened.")
        assert "1 added, 0 changed, 3 unchanged, 0 removed" in watch.says()
        assert retriever.search("tunnel")[0].article.path == "tunnel.txt"
        put(articles, "tunnel.txt", "The tunnel under the Lea has closed.")
        assert "0 added, 1 changed, 3 unchanged, 0 removed" in watch.says()
        assert "closed" in retriever.search("tunnel")[0].passage.text
        (articles / "tunnel.txt").unlink()
        assert "0 added, 0 changed, 3 unchanged, 1 removed" in watch.says()
        assert "tunnel.txt" not in [hit.article.path for hit in retriever.search("tunnel")]
        retriever.close()
        assert watch.interrupt() == (0, "Stopped.\n")


def test_what_cannot_be_read_is_told_and_the_rest_indexed(articles: Path, tmp_path: Path) -> None:
    with watching(articles, tmp_path / "index") as watch:
        watch.says()
        watch.says()
        put(articles, "a\x1b[2J\nb.txt", "")
        reason = "1 failed (a\ufffd[2J\ufffdb.txt: It has no text; fill it or remove it.)"
        assert watch.says() == counts(0, 0, 3, 0, reason)
        assert watch.interrupt() == (0, "Stopped.\n")


def test_a_folder_that_becomes_empty_leaves_the_index_as_it_was(
    articles: Path, tmp_path: Path
) -> None:
    with watching(articles, tmp_path / "index") as watch:
        watch.says()
        watch.says()
        (tmp_path / "away").mkdir()
        for file in articles.iterdir():
            file.rename(tmp_path / "away" / file.name)
        while "There is no file in" not in (line := watch.says()):
            assert line.startswith("Indexed")  # it may have seen some of them go
        retriever = Retriever.open(tmp_path / "index", HashingEncoder())
        assert retriever.search("bridge")
        put(articles, "tunnel.txt", "The tunnel under the Lea has opened.")
        assert watch.says().startswith("Indexed 1 articles")
        assert [hit.article.path for hit in retriever.search("tunnel")] == ["tunnel.txt"]
        retriever.close()


def test_an_index_that_is_current_is_not_made_again(articles: Path, tmp_path: Path) -> None:
    for _ in range(2):
        with watching(articles, tmp_path / "index") as watch:
            while not (line := watch.says()).startswith("Watching"):
                assert line == counts(3, 0, 0, 0)
            made = read_manifest(tmp_path / "index").generation
            assert watch.interrupt() == (0, "Stopped.\n")
    assert read_manifest(tmp_path / "index").generation == made


def test_another_build_is_waited_for(articles: Path, tmp_path: Path) -> None:
    directory = tmp_path / "index"
    with ExitStack() as other:
        other.enter_context(building(directory))
        with watching(articles, directory) as watch:
            assert watch.says().startswith(f"Another build is writing to {directory}; wait")
            other.close()
            assert watch.says() == counts(3, 0, 0, 0)


def test_an_interrupted_update_leaves_the_index_as_it_was(articles: Path, tmp_path: Path) -> None:
    directory = tmp_path / "index"
    with watching(articles, directory) as watch:
        watch.says()
        watch.says()
        watch.interrupt()
    before = read_manifest(directory)
    put(articles, "tunnel.txt", "The tunnel under the Lea has opened.")
    with watching(articles, directory, "slow") as watch:
        assert watch.says() == "embedding"
        assert watch.interrupt() == (0, "Stopped.\n")
    assert read_manifest(directory) == before
    assert [path.name for path in directory.glob("generation-*")] == [before.generation]


def test_what_is_wrong_at_first_ends_it_with_one_line(articles: Path, tmp_path: Path) -> None:
    with watching(tmp_path / "nowhere", tmp_path / "index") as watch:
        said = f"pullquote: {tmp_path / 'nowhere'} does not exist; check the path.\n"
        assert watch.end() == (2, said)
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    with watching(articles, tmp_path / "taken") as watch:
        code, said = watch.end()
    assert (code, said.count("\n")) == (2, 1)
    assert "name another directory with --index" in said


def test_it_ends_when_its_folder_is_gone(articles: Path, tmp_path: Path) -> None:
    with watching(articles, tmp_path / "index") as watch:
        watch.says()
        watch.says()
        articles.rename(tmp_path / "elsewhere")
        assert watch.end() == (2, f"pullquote: {articles} does not exist; check the path.\n")


def test_one_file_can_be_watched(articles: Path, tmp_path: Path) -> None:
    with watching(articles / "market.txt", tmp_path / "index") as watch:
        assert watch.says() == counts(1, 0, 0, 0)
        watch.says()
        put(articles, "other.txt", "The tunnel under the Lea has opened.")
        put(articles, "market.txt", "The fish market has moved.")
        assert watch.says() == counts(0, 1, 0, 0)


def test_as_json_an_update_is_an_object_and_all_else_stands_aside(
    articles: Path, tmp_path: Path
) -> None:
    with watching(articles, tmp_path / "index", as_json=True) as watch:
        assert json.loads(watch.says())["added"] == 3
        put(articles, "new.txt", "The tunnel has opened.")
        report = json.loads(watch.says())
        assert (report["articles"], report["added"], report["skipped"]) == (4, 1, [])
        code, rest = watch.interrupt()
    assert code == 0
    assert rest.splitlines() == [f"Watching {articles}; Ctrl+C stops it.", "Stopped."]
