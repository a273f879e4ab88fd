"""The contestants and an environment for each, made once and kept."""

import hashlib
import os
import shutil
import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
PARTS = ("pyproject.toml", "README.md", "LICENSE", "index", "qa", "ui")
MODELS = ("sentence-transformers>=6.2,<7", "torch>=2.6,<2.14", "transformers>=5.5,<6")


@dataclass(frozen=True)
class Peer:
    """A contestant, the file that runs it, and what it needs from PyPI."""

    name: str
    file: str
    packages: tuple[str, ...] = ()  # none: this repository
    variant: str = ""
    reads: bool = True

    @property
    def environment(self) -> str:
        """Variants share one."""
        return self.file.removeprefix("contestant_").removesuffix(".py")


HAYSTACK = (
    "haystack-ai>=3.4,<4",
    "transformers-haystack>=2,<3",
    "sentence-transformers-haystack",
    *MODELS,
)
LANGCHAIN = (
    "langchain-community>=0.4",
    "langchain-huggingface>=1",
    "faiss-cpu>=1.15",
    *MODELS,
)
TXTAI = ("txtai>=9.14", *MODELS)
PEERS = (
    Peer("Pullquote", "contestant_pullquote.py"),
    Peer("Pullquote, search alone", "contestant_pullquote.py", variant="search", reads=False),
    Peer("Haystack 3, hybrid", "contestant_haystack.py", HAYSTACK),
    Peer("Haystack 3, BM25", "contestant_haystack.py", HAYSTACK, "words"),
    Peer("txtai, extractor (3 passages)", "contestant_txtai.py", TXTAI),
    Peer("txtai, passage by passage", "contestant_txtai.py", TXTAI, "each"),
    Peer("LangChain FAISS", "contestant_langchain.py", LANGCHAIN),
)


def python_of(peer: Peer, environments: Path) -> Path:
    """The interpreter of a contestant's environment, which is made where it is missing.

    Raises subprocess.CalledProcessError where something cannot be installed.
    """
    folder = environments / peer.environment
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not peer.packages:
        if not python.exists():
            venv.create(folder, with_pip=True)
        _install_ours(python, folder / "source")
        return python
    wanted = hashlib.sha256("\n".join(peer.packages).encode()).hexdigest()
    mark = folder / "installed"
    if not (mark.exists() and mark.read_text(encoding="utf-8") == wanted):
        venv.create(folder, with_pip=True, clear=True)
        _pip(python, *peer.packages)
        mark.write_text(wanted, encoding="utf-8")
    return python


def versions(python: Path) -> str:
    """Names and versions of everything in an environment."""
    command = (python, "-m", "pip", "freeze")
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _install_ours(python: Path, source: Path) -> None:
    # From a copy: building leaves files behind that a later build would pack too.
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("*.pyc"))
        else:
            shutil.copy(ROOT / part, source / part)
    _pip(python, source)
    _pip(python, "--force-reinstall", "--no-deps", source)  # the version is the same as before


def _pip(python: Path, *what: str | Path) -> None:
    subprocess.run([python, "-m", "pip", "install", "--quiet", *what], check=True)
