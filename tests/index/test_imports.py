"""What importing the packages loads: nothing heavy before there is something to encode."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

MODELS = {"torch", "transformers", "sentence_transformers", "gradio"}
INDEXES = {"faiss", "trafilatura", "pypdf"}

RETRIEVE = """
from fakes import HashingEncoder
from pullquote.index import Retriever, new_article
article = new_article("a", "The bridge has closed.")
with Retriever.create("index", [article], HashingEncoder()) as retriever:
    assert retriever.search("bridge")
"""


def loaded(program: str, directory: Path) -> set[str]:
    """The top-level modules that a program has loaded at its end."""
    listing = "\nprint(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {str(ROOT / 'tests')!r})\n{program}{listing}",
        ],
        cwd=directory,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "program", ["import pullquote.index", "from pullquote.index import Retriever, build_index"]
)
def test_importing_the_retriever_loads_no_models(program: str, tmp_path: Path) -> None:
    assert not loaded(program, tmp_path) & (MODELS | INDEXES)


def test_importing_the_assistant_loads_no_models(tmp_path: Path) -> None:
    assert not loaded("from pullquote.qa import Assistant", tmp_path) & (MODELS | INDEXES)


def test_torch_is_for_encoding_only(tmp_path: Path) -> None:
    names = loaded(RETRIEVE, tmp_path)
    assert "faiss" in names
    assert not names & MODELS
