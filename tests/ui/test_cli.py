"""What the command line says of input it cannot use, before any model is loaded."""

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import HashingEncoder

from pullquote.index.build import build_index
from pullquote.index.encoder import MiniLMEncoder
from pullquote.index.errors import SourceError
from pullquote.index.store import read_manifest
from pullquote.index.writing import building
from pullquote.ui import cli
from pullquote.ui.batch import Asked, read_batch
from pullquote.ui.indexing import ensure_index

Failing = Callable[..., str]


@pytest.fixture
def failing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Failing:
    """Runs a command that must fail in the way users can mend; returns the one line it says."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> str:
        monkeypatch.setattr(sys, "argv", ["pullquote", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        said = capsys.readouterr()
        assert caught.value.code == 2
        assert said.out == ""
        assert said.err.startswith("pullquote: ")
        assert said.err.endswith("\n")
        assert said.err.count("\n") == 1
        return said.err.removeprefix("pullquote: ").rstrip()

    return run


@pytest.fixture
def index(articles: Path, tmp_path: Path) -> Path:
    directory = tmp_path / "an index"
    build_index(articles, directory, HashingEncoder())
    return directory


def command_in(message: str) -> list[str]:
    return shlex.split(message[message.index("pullquote index") :])


def test_a_folder_that_does_not_exist(failing: Failing) -> None:
    assert failing("index", "nowhere") == "nowhere does not exist; check the path."


def test_an_empty_folder(failing: Failing, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    message = failing("index", "empty", "--json")
    assert "no file in empty" in message
    assert "another folder" in message


def test_a_folder_without_an_article(failing: Failing, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "zero.txt").write_bytes(b"")
    (tmp_path / "empty" / "image.png").write_bytes(b"\x89PNG")
    message = failing("index", "empty")
    assert "No article in empty can be read" in message
    assert "zero.txt: " in message
    assert "image.png: " in message
    assert "no index" in failing("ask", "Who?")


def test_an_index_where_a_file_is(failing: Failing, articles: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    assert "--index" in failing("index", articles, "--index", "taken")


@pytest.mark.parametrize("question", ["", "  ", "\n"])
@pytest.mark.parametrize("command", ["ask", "search"])
def test_an_empty_question(
    failing: Failing, index: Path, command: str, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_shipped(index)
    message = failing(command, question, "--index", index)
    assert message.startswith("The question is empty; ")


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_that_is_far_too_long(failing: Failing, index: Path, command: str) -> None:
    as_shipped(index)
    message = failing(command, "x" * 10_000, "--index", index)
    assert "10,000 characters; at most 2,000" in message


def as_shipped(index: Path) -> None:
    """Makes the index say that it is of the encoder that is shipped."""
    file = index / "manifest.json"
    stored = json.loads(file.read_text(encoding="utf-8"))
    stored |= {"encoder": MiniLMEncoder.name, "dimension": 384}
    file.write_text(json.dumps(stored), encoding="utf-8")


@pytest.mark.parametrize(
    "command",
    [
        ("ask", "Who?"),
        ("search", "Who?"),
        ("serve", "--no-browser"),
    ],
)
def test_a_missing_index_names_the_command_that_makes_one(
    failing: Failing, command: tuple[str, ...]
) -> None:
    message = failing(*command, "--index", "my index")
    assert message.startswith("There is no index in my index; ")
    assert command_in(message) == ["pullquote", "index", "FOLDER", "--index", "my index"]
    assert "pullquote index FOLDER" in failing(*command)


@pytest.mark.parametrize(
    "command", [("ask", "Who?"), ("search", "Who?"), ("serve", "--no-browser")]
)
@pytest.mark.parametrize("name", ["catalog.sqlite", "vectors.faiss", "words/meta.json"])
def test_an_index_that_is_cut_short_names_the_command_that_mends_it(
    failing: Failing, articles: Path, index: Path, command: tuple[str, ...], name: str
) -> None:
    file = index / read_manifest(index).generation / name
    file.write_bytes(file.read_bytes()[:-1])
    message = failing(*command, "--index", index)
    assert name in message
    assert command_in(message) == ["pullquote", "index", str(articles), "--index", str(index)]


def test_a_chat_need_not_wait_for_a_build_that_is_under_way(
    articles: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (articles / "new.txt").write_text("The tunnel has opened.", encoding="utf-8")
    with building(index):
        ensure_index(index, update=True)
    assert "Another build is updating it already" in capsys.readouterr().err


def test_an_index_with_a_manifest_of_garbage(failing: Failing, index: Path) -> None:
    (index / "manifest.json").write_text("[", encoding="utf-8")
    message = failing("search", "Who?", "--index", index)
    assert command_in(message) == ["pullquote", "index", "FOLDER", "--index", str(index)]


def test_an_index_of_another_encoder(failing: Failing, articles: Path, index: Path) -> None:
    message = failing("search", "Who?", "--index", index)
    assert "hashing (64 dimensions), not all-MiniLM-L6-v2, 8 bits (384)" in message
    assert command_in(message) == ["pullquote", "index", str(articles), "--index", str(index)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"who won?\n", "line 1: expected"),
        (b'{"question": "Who?"}\n\n{"query": "Who?"}\n', "line 3: expected"),
        (b'{"question": "Who?", "history": "Who?"}', "line 1: expected"),
        (b'["Who?"]', "line 1: expected"),
        (b'{"question": "Who?"}\n{"question": " "}', "line 2: The question is empty"),
        (b'{"question": "' + b"x" * 10_000 + b'"}', "line 1: The question has 10,000"),
        ('{"question": "Who?"}'.encode("utf-16"), "not UTF-8"),
        (b'{"question": "\xff"}', "not UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_a_malformed_file_of_questions(
    failing: Failing, index: Path, tmp_path: Path, content: bytes | None, says: str
) -> None:
    if content is not None:
        (tmp_path / "questions.jsonl").write_bytes(content)
    message = failing("ask", "--questions", "questions.jsonl", "--index", index)
    assert message.startswith("questions.jsonl")
    assert says in message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("questions.json", b"{}"),
        ("questions.json", b"[]"),
        ("questions.json", b'{"data": []}'),
        ("questions.json", b"\xff\xfe"),
        ("questions.json.gz", b"not gzip"),
        ("questions.jsonl", b'{"question": "Who?"}'),
        ("questions.jsonl", b""),
        ("questions.jsonl", b"Who?"),
        ("questions.csv", b"Who?,Ann"),
        ("questions.json", None),
    ],
)
@pytest.mark.parametrize("own", [(), ("--own",)])
def test_an_evaluation_of_a_file_of_another_form(
    failing: Failing, tmp_path: Path, name: str, content: bytes | None, own: tuple[str, ...]
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert failing("eval", name, *own).startswith(name)


def test_an_evaluation_on_own_paragraphs_needs_paragraphs(failing: Failing, tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text('{"question": "Who?", "answers": []}', "utf-8")
    assert "--own needs a SQuAD file" in failing("eval", "questions.jsonl", "--own")


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "Who?", "--threshold", "2"),
        ("ask", "Who?", "--threshold", "much"),
        ("search", "Who?", "-k", "0"),
        ("search",),
        ("serve", "--port", "70000"),
        ("nonsense",),
    ],
)
def test_wrong_usage_is_an_error_too(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["pullquote", *arguments])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 2
    assert capsys.readouterr().out == ""


def test_the_program_as_a_whole_exits_with_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pullquote.ui.cli", "search", b"caf\xe9", "--index", "nowhere"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().count("\n") == 1
    assert "pullquote index FOLDER --index nowhere" in done.stderr.decode()


def test_a_file_of_questions(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(
        '\ufeff{"question": " Who? "}\n\n{"id": 7, "question": "Où?", "history": ["Who?"]}\n'
        '{"id": "a", "question": "Why?", "other": 1}',
        encoding="utf-8",
    )
    batch = list(read_batch(file))
    assert [(one.id, one.question) for one in batch] == [("1", "Who?"), ("7", "Où?"), ("a", "Why?")]
    assert [[turn.question for turn in one.history] for one in batch] == [[], ["Who?"], []]
    assert all(isinstance(one, Asked) for one in batch)


def test_a_folder_is_no_file_of_questions(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        list(read_batch(tmp_path))


def test_options_of_serve_that_cannot_be_used(
    failing: Failing, articles: Path, index: Path
) -> None:
    as_shipped(index)
    at = ("serve", "--no-browser", "--index", index)
    assert "nobody.txt cannot be read" in failing(*at, "--auth-file", "nobody.txt")
    assert "--root-path must be" in failing(*at, "--root-path", "news")
    assert "--allow-fetch is of no use" in failing(*at, "--no-uploads", "--allow-fetch")
