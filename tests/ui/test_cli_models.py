"""The command line with the real encoder and reader."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import ROOT
from fakes import place
from mcp import Client, StdioServerParameters
from mcp_types import TextContent

from pullquote.index.retriever import Retriever
from pullquote.qa.checkpoint import WEIGHTS
from pullquote.ui.api import api_of
from pullquote.ui.chat import chat_of
from pullquote.ui.server import background
from pullquote.ui.service import Service, opened

CORPUS = ROOT / "corpus"
FILES = (
    "reader.safetensors",
    "skim.safetensors",
    "first.onnx",
    "second.onnx",
    "reader.json",
    "tokenizer.json",
    "calibration.json",
)
MISSING = [name for name in FILES if not (WEIGHTS / name).exists()]

pytestmark = pytest.mark.model
needs_reader = pytest.mark.skipif(
    bool(MISSING), reason=f"the reader's files are missing from {WEIGHTS}: {', '.join(MISSING)}"
)

ANSWER = {
    "id",
    "question",
    "answer",
    "confidence",
    "answers",
    "passages",
    "seconds",
    "notice",
    "timeline",
    "understood",
    "explanation",
}
QUOTE = {"text", "sentence", "confidence", "citations", "times"}
CITATION = {
    "number",
    "article_id",
    "title",
    "source",
    "published",
    "path",
    "start",
    "end",
    "quote",
    "speaker",
}
PASSAGE = {"article_id", "path", "start", "end", "text", "score"}
HIT = PASSAGE | {"title", "source", "published", "rank", "other_paths"}

ANSWERABLE = "How many kids signed up for the night gyms?"
UNANSWERABLE = "Who won the 1998 football world cup final in Paris?"


def pullquote(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pullquote.ui.cli", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the corpus and its index, under names with a space."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(CORPUS, folder / "my articles")
    done = pullquote(folder, "index", "my articles", "--index", "my index", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["articles"] == len(list(CORPUS.glob("*.md")))
    assert report["passages"] >= report["articles"]
    assert report["skipped"] == []
    return folder


@pytest.fixture(scope="module")
def retriever(home: Path) -> Retriever:
    return Retriever.open(home / "my index")


def is_exact(retriever: Retriever, piece: dict[str, Any], text: str) -> bool:
    """Whether the text stands in the stored article at the characters the piece names."""
    return retriever.article(piece["article_id"]).text[piece["start"] : piece["end"]] == text


def test_search_prints_exact_passages(home: Path, retriever: Retriever) -> None:
    done = pullquote(home, "search", "night gyms", "-k", "3", "--index", "my index", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    hits = json.loads(done.stdout)
    assert [hit["rank"] for hit in hits] == list(range(1, len(hits) + 1))
    assert 1 <= len(hits) <= 3
    assert hits[0]["path"] == "two-men-killed-overnight-2024-08.md"
    assert hits[0]["published"] == "2024-08-05"
    for hit in hits:
        assert set(hit) == HIT
        assert is_exact(retriever, hit, hit["text"])


def test_search_prints_passages_for_people(home: Path) -> None:
    done = pullquote(home, "search", "night gyms", "-k", "1", "--index", "my index")
    assert done.returncode == 0
    assert done.stdout.startswith("1. ")
    assert "2024-08-05" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("question", ["AND (", "🐟", 'bridge : " ^ ~ [ TO', "?!"])
def test_search_takes_any_characters(home: Path, question: str) -> None:
    done = pullquote(home, "search", question, "--index", "my index", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)


def test_a_folder_that_has_changed_is_told(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "my articles", tmp_path / "articles")
    assert pullquote(tmp_path, "index", "articles").returncode == 0
    (tmp_path / "articles" / "new.txt").write_text("The tunnel has opened.", encoding="utf-8")
    done = pullquote(tmp_path, "search", "tunnel", "--json")
    assert done.returncode == 0
    assert "has changed since it was indexed; update with: pullquote index" in done.stderr
    assert pullquote(tmp_path, "index", "articles").returncode == 0
    done = pullquote(tmp_path, "search", "tunnel", "--json")
    assert (done.stderr, json.loads(done.stdout)[0]["path"]) == ("", "new.txt")


def test_what_cannot_be_read_is_listed_and_the_rest_indexed(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    shutil.copytree(CORPUS, folder)
    (folder / "zero.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "huge.txt").write_bytes(b"The same words again. " * 1_000_000)
    (folder / "lines.jsonl").write_text(
        '{"text": "The ferry sank at noon.", "title": "Ferry"}\n{"text": "The\n', encoding="utf-8"
    )
    done = pullquote(tmp_path, "index", "articles", "--json")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert report["articles"] == len(list(CORPUS.glob("*.md"))) + 1
    reasons = {skipped["path"]: skipped["reason"] for skipped in report["skipped"]}
    assert set(reasons) == {"zero.txt", "binary.txt", "huge.txt", "lines.jsonl:2"}
    assert all(reasons.values())
    for path, reason in reasons.items():
        assert f"{path}: {reason}" in done.stderr
    found = pullquote(tmp_path, "search", "Which ferry sank?", "-k", "1", "--json")
    assert json.loads(found.stdout)[0]["path"] == "lines.jsonl"


@needs_reader
def test_an_answer_as_json(home: Path, retriever: Retriever) -> None:
    done = pullquote(home, "ask", ANSWERABLE, "--index", "my index", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert set(answer) == ANSWER
    assert (answer["id"], answer["question"]) == (None, ANSWERABLE)
    assert answer["answer"] == answer["answers"][0]["text"]
    assert "1,000" in answer["answer"]
    assert 0 <= answer["confidence"] <= 1
    assert answer["seconds"] > 0
    assert answer["passages"]
    for passage in answer["passages"]:
        assert set(passage) == PASSAGE
        assert is_exact(retriever, passage, passage["text"])
    citations = [citation for quote in answer["answers"] for citation in quote["citations"]]
    assert [citation["number"] for citation in citations] == list(range(1, len(citations) + 1))
    for citation in citations:
        assert set(citation) == CITATION
        assert is_exact(retriever, citation, citation["quote"])
        assert (home / "my articles" / citation["path"]).exists()
        assert citation["published"] is None or date.fromisoformat(citation["published"])
    for quote in answer["answers"]:
        assert set(quote) == QUOTE
        assert quote["text"] == quote["citations"][0]["quote"]
        assert quote["text"] in quote["sentence"]


@needs_reader
def test_an_answer_for_people(home: Path) -> None:
    done = pullquote(home, "ask", ANSWERABLE, "--index", "my index")
    assert done.returncode == 0
    assert "1,000" in done.stdout
    assert "[1]" in done.stdout
    assert "two-men-killed-overnight-2024-08.md:" in done.stdout
    assert "2024-08-05" in done.stdout


@needs_reader
def test_an_abstention(home: Path) -> None:
    done = pullquote(home, "ask", UNANSWERABLE, "--index", "my index", "--json")
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    assert set(answer) == ANSWER
    assert (answer["answer"], answer["answers"]) == (None, [])
    assert answer["passages"]
    shown = pullquote(home, "ask", UNANSWERABLE, "--index", "my index")
    assert shown.returncode == 1
    assert "The articles don't answer that." in shown.stdout


@needs_reader
def test_the_threshold_decides(home: Path) -> None:
    always = ("ask", ANSWERABLE, "--index", "my index", "--threshold")
    assert pullquote(home, *always, "0").returncode == 0
    assert pullquote(home, *always, "1").returncode == 1


@needs_reader
def test_a_file_of_questions(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    lines: list[dict[str, Any]] = [
        {"id": "gyms", "question": ANSWERABLE},
        {"question": UNANSWERABLE},
        {"id": 3, "question": "And when are they open?", "history": [ANSWERABLE]},
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    done = pullquote(home, "ask", "--questions", str(file), "--index", "my index", "--json")
    assert done.returncode == 0
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["gyms", "2", "3"]
    assert [answer["question"] for answer in answers] == [line["question"] for line in lines]
    assert answers[0]["answer"] is not None
    assert answers[1]["answer"] is None


@needs_reader
def test_questions_through_a_pipe_of_some_articles(home: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pullquote.ui.cli", "ask", "-", "--json"),
            *("--index", "my index", "--since", "2024-01-01", "--threshold", "0"),
        ],
        cwd=home,
        input=f"{ANSWERABLE}\nWho was shot in 2017?\n",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["1", "2"]
    for answer in answers:
        assert {passage["path"] for passage in answer["passages"]} == {
            "two-men-killed-overnight-2024-08.md"
        }


@needs_reader
def test_a_file_of_questions_without_answers(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"question": UNANSWERABLE}), encoding="utf-8")
    done = pullquote(home, "ask", "--questions", str(file), "--index", "my index", "--json")
    assert done.returncode == 1


@needs_reader
def test_the_same_question_gets_the_same_answer(home: Path) -> None:
    answers = []
    for _ in range(2):
        done = pullquote(home, "ask", ANSWERABLE, "--index", "my index", "--json")
        answers.append(json.loads(done.stdout) | {"seconds": 0})
    assert answers[0] == answers[1]


@needs_reader
def test_http_and_mcp_give_what_the_command_line_prints(home: Path) -> None:
    index = home / "my index"

    def timeless(printed: str) -> str:
        return re.sub(r'"seconds": [0-9.e-]+', '"seconds": 0', printed.rstrip("\n"))

    asked = timeless(pullquote(home, "ask", ANSWERABLE, "--index", str(index), "--json").stdout)
    found = pullquote(home, "search", ANSWERABLE, "--index", str(index), "--json").stdout.rstrip()
    assistant, retriever = opened(index, None)
    api = api_of(Service.of(assistant, retriever))
    with background(chat_of(assistant, retriever), api=api) as address:
        body = {"question": ANSWERABLE}
        assert timeless(httpx.post(f"{address}api/ask", json=body, timeout=60).text) == asked
        assert httpx.get(f"{address}api/search", params=body, timeout=60).text == found

    async def talk() -> None:
        arguments = ["-m", "pullquote.ui.cli", "mcp", "--index", str(index)]
        async with Client(StdioServerParameters(command=sys.executable, args=arguments)) as client:
            for tool, expected in (("ask", asked), ("search", found)):
                (content,) = (await client.call_tool(tool, body)).content
                assert isinstance(content, TextContent)
                assert timeless(content.text) == expected

    asyncio.run(talk())


@needs_reader
def test_an_index_in_milvus_is_asked_like_any_other(
    home: Path, retriever: Retriever, tmp_path: Path
) -> None:
    where = ("--index", str(place(tmp_path, "milvus")))
    done = pullquote(home, "index", "my articles", *where, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["articles"] == retriever.manifest.articles
    assert "is whole" in pullquote(home, "check", *where).stdout
    answer = json.loads(pullquote(home, "ask", ANSWERABLE, *where, "--json").stdout)
    assert "1,000" in answer["answer"]
    for passage in answer["passages"]:
        assert is_exact(retriever, passage, passage["text"])
    done = pullquote(home, "calibrate", str(tmp_path), *where)
    assert (done.returncode, "has no place for a threshold" in done.stderr) == (2, True)


@needs_reader
def test_calibrate_keeps_a_threshold_with_the_index(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "my index", tmp_path / "index")
    shutil.copytree(home / "my articles", tmp_path / "articles")
    lines = (ROOT / "tests/data/archive_questions.jsonl").read_text(encoding="utf-8").splitlines()
    tuned = [json.loads(line) for line in lines if '"tune"' in line]
    unanswerable = [entry for entry in tuned if not entry["answers"]]
    some = [entry for entry in tuned if entry["digests"]][:6] + unanswerable[:6]
    file = tmp_path / "mine.jsonl"
    keys = ("id", "question", "answers")
    file.write_text("".join(json.dumps({key: e[key] for key in keys}) + "\n" for e in some))
    done = pullquote(tmp_path, "calibrate", str(file), "--index", "index", "--json")
    assert done.returncode == 0, done.stderr
    fit = json.loads(done.stdout)
    assert (fit["answerable"], fit["unanswerable"]) == (6, 6)
    before, after = fit["before"], fit["after"]
    assert after["right"] + after["abstained"] >= before["right"] + before["abstained"]
    kept = json.loads((tmp_path / "index/threshold.json").read_text(encoding="utf-8"))
    assert kept["threshold"] == after["threshold"]
    # The next question is held to it.
    confidence = json.loads(
        pullquote(tmp_path, "ask", some[0]["question"], "--index", "index", "--json").stdout
    )["confidence"]
    (tmp_path / "index/threshold.json").write_text(json.dumps(kept | {"threshold": 1.0}))
    held = pullquote(tmp_path, "ask", some[0]["question"], "--index", "index", "--json")
    assert confidence < 1
    assert held.returncode == 1
