"""The wheel beside another program that has an index, a qa and a ui of its own."""

import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

PARTS = ("pyproject.toml", "README.md", "LICENSE", "index", "qa", "ui")

# A program in a folder of its own; HashingEncoder comes from this folder's fakes.
PROGRAM = {
    "index.py": "NAME = 'the index of the program'\n",
    "qa/__init__.py": "NAME = 'the qa of the program'\n",
    "ui/__init__.py": "NAME = 'the ui of the program'\n",
    "main.py": """
import index, qa, ui
import pullquote.index, pullquote.qa, pullquote.ui
from encoder import HashingEncoder
from pullquote.index import Retriever, new_article
from pullquote.qa import Assistant

with Retriever.create("found", [new_article("a", "The dam holds.")], HashingEncoder()) as retriever:
    print(retriever.search("dam")[0].passage.text)
print(index.NAME, qa.NAME, ui.NAME, sep="; ")
print(pullquote.index.__file__, pullquote.qa.__file__, pullquote.ui.__file__, sep="\\n")
""",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of what is in the repository now."""
    source = tmp_path_factory.mktemp("source")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("*.pyc"))
        else:
            shutil.copy(ROOT / part, source / part)
    program = "from setuptools import build_meta; build_meta.build_wheel('dist')"
    subprocess.run([sys.executable, "-c", program], cwd=source, check=True, capture_output=True)
    (built,) = (source / "dist").glob("pullquote-*.whl")
    return built


def test_everything_in_it_is_under_one_name(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"pullquote"}
    for part in ("index", "qa", "ui"):
        files = {
            file.relative_to(ROOT).as_posix()
            for file in (ROOT / part).rglob("*.py")
            if "__pycache__" not in file.parts
        }
        assert {f"pullquote/{file}" for file in files} <= set(names)
        assert f"pullquote/{part}/py.typed" in names


def test_a_program_with_folders_of_the_same_names(wheel: Path, tmp_path: Path) -> None:
    environment, folder = tmp_path / "environment", tmp_path / "program"
    venv.create(environment, with_pip=False)
    (site,) = environment.glob("[Ll]ib/**/site-packages")
    with zipfile.ZipFile(wheel) as archive:  # as pip does for a wheel that has no scripts
        archive.extractall(site)
    # The other packages are those of this environment; the new one's own come first.
    (site / "others.pth").write_text("\n".join(one for one in sys.path if "site-packages" in one))
    for name, text in PROGRAM.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    fakes = (ROOT / "tests" / "fakes.py").read_text(encoding="utf-8")
    (folder / "encoder.py").write_text(fakes, encoding="utf-8")
    done = subprocess.run(
        [environment / ("Scripts" if sys.platform == "win32" else "bin") / "python", "main.py"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    passage, names, *files = done.stdout.splitlines()
    assert passage == "The dam holds."
    assert names == "the index of the program; the qa of the program; the ui of the program"
    assert [Path(file).is_relative_to(site) for file in files] == [True, True, True]
