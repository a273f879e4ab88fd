"""Each example of another tool prints the passages of `pullquote search`, offline."""

import json
import runpy
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from pullquote.index import build_index

QUESTION = "How did Hartford's violent crime change?"

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("examples") / "index"
    build_index(ROOT / "corpus", directory)
    return directory


@pytest.fixture(scope="module")
def searched(index: Path) -> list[tuple[str, str]]:
    """The place and the text of each passage that the command finds."""
    done = subprocess.run(
        [sys.executable, "-m", "pullquote.ui.cli", "search", QUESTION, "--index", index, "--json"],
        capture_output=True,
        check=True,
    )
    hits = json.loads(done.stdout)
    return [(f"{hit['path']}:{hit['start']}-{hit['end']}", hit["text"]) for hit in hits]


@pytest.mark.parametrize("name", ["with_langchain", "with_llama_index", "with_haystack"])
def test_an_example_prints_what_the_command_finds(
    name: str,
    index: Path,
    searched: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("It calls somebody."))
    monkeypatch.setattr(sys, "argv", [name, str(index), QUESTION])
    runpy.run_path(str(ROOT / "docs" / "examples" / f"{name}.py"))
    printed = capsys.readouterr().out
    assert len(searched) == 5
    at = 0
    for place, text in searched:
        at = printed.index(place, at)
        at = printed.index(text, at)
    if name == "with_haystack":
        assert printed[at + len(text) :].strip().startswith("“")
