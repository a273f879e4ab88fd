"""A real `pullquote serve` beside a real `pullquote watch`: no question fails, and it follows."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import httpx
import pytest
from conftest import ROOT

from pullquote.qa.checkpoint import WEIGHTS

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        not (WEIGHTS / "reader.safetensors").exists(),
        reason=f"the reader's weights are missing from {WEIGHTS}",
    ),
]


@contextmanager
def pullquote(folder: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """A command that runs until the block ends."""
    with subprocess.Popen(
        [sys.executable, "-m", "pullquote.ui.cli", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line_with(process: "subprocess.Popen[str]", part: str) -> str:
    """The next line that says so, as soon as it is there."""
    assert process.stdout
    for line in process.stdout:
        if part in line:
            return line
    raise AssertionError(f"it ended without saying {part!r}")


def test_a_server_follows_what_is_watched_and_no_question_fails(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    shutil.copytree(ROOT / "corpus", folder)
    with pullquote(tmp_path, "watch", "articles") as watch:
        line_with(watch, "Watching articles")
        with pullquote(tmp_path, "serve", "--no-browser", "--port", "0") as serve:
            address = line_with(serve, "Pullquote is at").split()[3]
            ended, statuses = Event(), []

            def ask_on() -> None:
                with httpx.Client(timeout=60) as client:
                    while not ended.is_set():
                        body = {"question": "How many kids signed up for the night gyms?"}
                        answer = client.post(f"{address}api/ask", json=body)
                        right = "1,000" in str(answer.json().get("answer"))
                        statuses.append((answer.status_code, right))

            with ThreadPoolExecutor(1) as pool:
                asking = pool.submit(ask_on)
                try:
                    for number in range(3):
                        beside = folder / ".new"
                        beside.write_text(f"Tunnel {number} under the Lea has opened.", "utf-8")
                        beside.rename(folder / f"tunnel{number}.txt")
                        assert "1 added" in line_with(watch, "Indexed")
                        query = {"question": f"Has tunnel {number} opened?"}
                        found = httpx.get(f"{address}api/search", params=query, timeout=60).json()
                        assert f"tunnel{number}.txt" in [hit["path"] for hit in found[:3]]
                finally:
                    ended.set()
                asking.result()
    assert statuses
    assert set(statuses) == {(200, True)}
    assert len(list((tmp_path / ".pullquote").glob("generation-*"))) <= 2
