"""The command line in pipes: standard input in, results and nothing else out, help and shells."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from fakes import HashingEncoder

from pullquote.index import Retriever, build_index
from pullquote.index.errors import SourceError
from pullquote.index.store import read_manifest
from pullquote.ui import cli
from pullquote.ui.batch import Asked, read_batch, read_plain
from pullquote.ui.indexing import ensure_index
from pullquote.ui.piped import STANDARD_INPUT, from_file

Running = Callable[..., tuple[int, str, str]]
COMMANDS = ["index", "watch", "ask", "search", "serve", "mcp", "check", "eval", "calibrate"]


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], None]:
    """Puts text into standard input."""

    def put(text: str | bytes) -> None:
        data = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return put


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Running:
    """Runs a command with a small encoder; gives its exit code and what it prints."""
    monkeypatch.chdir(tmp_path)
    for module in ("build", "retriever"):
        monkeypatch.setattr(f"pullquote.index.{module}.MiniLMEncoder", HashingEncoder)

    def running(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["pullquote", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        said = capsys.readouterr()
        code = caught.value.code
        assert isinstance(code, int)
        return code, said.out, said.err

    return running


@pytest.fixture
def index(articles: Path, tmp_path: Path) -> Path:
    build_index(articles, tmp_path / "index", HashingEncoder())
    return tmp_path / "index"


def found(out: str) -> list[list[str]]:
    """The ids of the articles that each line of JSON names."""
    return [[hit["article_id"] for hit in json.loads(line)] for line in out.splitlines()]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), {"bridge-2015.md", "bridge-2021.md", "market.txt"}),
        (("--since", "2016-01-01"), {"bridge-2021.md"}),
        (("--until", "2015-05-02"), {"bridge-2015.md"}),
        (("--since", "2015-05-02", "--until", "2021-11-20"), {"bridge-2015.md", "bridge-2021.md"}),
        (("--source", "the lamp"), {"bridge-2021.md"}),
        (("--source", "The Lamp", "--source", "The Ferry"), {"bridge-2015.md", "bridge-2021.md"}),
        (("--article", "market.txt"), {"market.txt"}),
        (("--article", "market.txt", "--source", "The Lamp"), set()),
    ],
)
def test_a_search_of_some_articles(
    run: Running, index: Path, options: tuple[str, ...], expected: set[str]
) -> None:
    code, out, err = run("search", "bridge", "--index", index, "--json", *options)
    assert ({*found(out)[0]}, code, err) == (expected, 0 if expected else 1, "")


@pytest.mark.parametrize("day", ["2016", "yesterday", "2016-13-01", "2016-01-01T10:00:00"])
def test_a_day_that_is_none(run: Running, index: Path, day: str) -> None:
    code, out, err = run("search", "bridge", "--index", index, "--since", day)
    assert (code, out) == (2, "")
    assert "--since" in err


def test_every_line_of_a_pipe_is_searched(
    run: Running, index: Path, piped: Callable[[str], None]
) -> None:
    piped("fish market\n\nbridge pier sinking\r\n")
    code, out, err = run("search", "-", "-k", "1", "--index", index, "--json")
    assert (code, found(out), err) == (0, [["market.txt"], ["bridge-2021.md"]], "")
    piped("")
    assert run("search", "-", "--index", index, "--json") == (1, "", "")


def test_articles_come_through_a_pipe(run: Running, piped: Callable[[str], None]) -> None:
    lines = [{"id": "a", "text": "The dam holds."}, {"id": "b", "text": "The dam has broken."}, {}]
    piped("\n".join(map(json.dumps, lines)))
    code, out, err = run("index", "-", "--index", "piped", "--json")
    report = json.loads(out)
    assert (code, report["articles"], report["failed"]) == (0, 2, 1)
    assert report["skipped"][0]["path"] == "stdin.jsonl:3"
    with Retriever.open("piped", HashingEncoder()) as retriever:
        assert retriever.article("b").text == "The dam has broken."
    assert read_manifest(Path("piped")).source == ""
    ensure_index(Path("piped"), update=True)  # there is no folder to look at
    piped("no JSON")
    code, out, err = run("index", "-", "--index", "piped")
    assert (code, out) == (2, "")
    assert err.startswith("pullquote: No article in standard input can be read.")


def test_questions_come_through_a_pipe_one_by_one(piped: Callable[[str | bytes], None]) -> None:
    piped("Who won?\n\n  And who lost? \n")
    assert [(one.id, one.question) for one in read_plain(["Who ran?"])] == [
        ("1", "Who won?"),
        ("3", "And who lost?"),
    ]
    piped('{"question": "Who won?", "id": 7}\n{"query": "Who?"}\n')
    questions = read_batch(STANDARD_INPUT)
    assert next(questions) == Asked("7", "Who won?", [])
    with pytest.raises(SourceError, match=r"^standard input, line 2: expected"):
        next(questions)
    piped(b"\xff\n")
    with pytest.raises(SourceError, match=r"^standard input is not UTF-8"):
        list(read_plain())


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ('{"question": "Who?", "answers": []}\n{"question": "Who?", "answers": []}\n', ".jsonl"),
        ('{"question": "Who?", "answers": []}', ".jsonl"),
        ('{"version": "2.0", "data": []}', ".json"),
        ('{\n "version": "2.0",\n "data": []\n}', ".json"),
        ("", ".jsonl"),
    ],
)
def test_what_is_piped_is_a_file_for_a_while(
    text: str, ending: str, piped: Callable[[str], None]
) -> None:
    piped(text)
    with from_file(STANDARD_INPUT) as file:
        assert (file.read_text(encoding="utf-8"), file.suffix) == (text, ending)
    assert not file.exists()


@pytest.mark.parametrize("command", ["eval", "calibrate"])
def test_what_is_wrong_with_a_pipe_is_said_of_it(
    run: Running, piped: Callable[[str], None], command: str
) -> None:
    piped('{"query": "Who?"}\n')
    code, out, err = run(command, "-")
    assert (code, out) == (2, "")
    assert err.startswith("pullquote: standard input, line 1, question: Field required; ")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_examples(run: Running, command: str) -> None:
    code, out, err = run(command, "--help")
    assert (code, err) == (0, "")
    assert "Examples:" in out
    assert f"pullquote {command}" in out.partition("Examples:")[2]


def test_every_command_that_gives_results_gives_json() -> None:
    known: dict[str, Any] = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    servers = {"serve", "mcp"}  # they give theirs over the network
    for name in COMMANDS:
        if name not in servers:
            assert "--json" in [each for one in known[name].params for each in one.opts]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("pullquote se", {"search", "serve"}),
        ("pullquote search --so", {"--source"}),
        ("pullquote search --index index --source The\\ L", {"The Lamp"}),
        ("pullquote search --index nowhere --source t", set()),
    ],
)
def test_a_shell_completes(
    run: Running, index: Path, monkeypatch: pytest.MonkeyPatch, words: str, expected: set[str]
) -> None:
    monkeypatch.setenv("_PULLQUOTE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.replace("\\ ", "_").count(" ")))
    code, out, _ = run()
    assert (code, {*out.split()} if not expected else {*out.splitlines()}) == (0, expected)
