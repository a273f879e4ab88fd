"""The tools of MCP, asked by the real client of its Python SDK over both transports."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import ROOT
from fakes_ui import ARTICLES, BRIDGE, FakeAssistant, fake_search
from mcp import Client, MCPError, StdioServerParameters
from mcp_types import CallToolResult, TextContent

from pullquote.ui.json_format import answer_json, article_json, hits_json, json_text
from pullquote.ui.limits import LARGEST_BODY
from pullquote.ui.requests import AskRequest, ReadRequest, SearchRequest
from pullquote.ui.schemas import AnswerBody, ArticleBody, FoundBody

FAKES = ROOT / "tests" / "mcp_fakes.py"
STDIO = StdioServerParameters(command=sys.executable, args=[str(FAKES)])

Server = StdioServerParameters | str


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, str(FAKES), "0"], stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout
        line = process.stdout.readline()
        try:
            yield next(word for word in line.split() if word.startswith("http://"))
        finally:
            process.terminate()


@pytest.fixture(params=["stdio", "http"])
def server(request: pytest.FixtureRequest) -> Server:
    if request.param == "stdio":
        return STDIO
    return str(request.getfixturevalue("address"))


def talk(server: Server, saying: Callable[[Client], Awaitable[None]]) -> None:
    async def connected() -> None:
        async with Client(server, read_timeout_seconds=60) as client:
            await saying(client)

    asyncio.run(connected())


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def test_the_tools_and_their_schemas(server: Server) -> None:
    async def saying(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"ask", "search", "read_article"}
        for name, takes, gives in (
            ("ask", AskRequest, AnswerBody),
            ("search", SearchRequest, FoundBody),
            ("read_article", ReadRequest, ArticleBody),
        ):
            assert tools[name].input_schema == takes.model_json_schema()
            assert tools[name].output_schema == gives.model_json_schema(mode="serialization")
            assert tools[name].description

    talk(server, saying)


def test_every_tool_gives_the_json_of_the_command_line(server: Server) -> None:
    async def saying(client: Client) -> None:
        for question in ("What did the repairs cost in 2023?", "Who won?", "banner?"):
            arguments = {"question": question, "id": "ä", "history": ["Why?"]}
            result = await client.call_tool("ask", arguments)
            seconds = json.loads(text_of(result))["seconds"]
            expected = answer_json(FakeAssistant().ask(question), seconds, "ä")
            assert text_of(result) == json_text(expected)
            assert result.structured_content == expected
        found = await client.call_tool("search", {"question": "bridge", "k": 2})
        assert text_of(found) == json_text(hits_json(fake_search("bridge", 2)))
        assert found.structured_content == {"result": hits_json(fake_search("bridge", 2))}
        narrowed = {"question": "bridge", "since": "2024-01-01", "article": ["bridge", "hostile"]}
        found = await client.call_tool("search", narrowed)
        assert [hit["article_id"] for hit in json.loads(text_of(found))] == ["hostile"]
        article = await client.call_tool("read_article", {"article_id": BRIDGE.id})
        assert text_of(article) == json_text(article_json(ARTICLES[BRIDGE.id]))
        assert article.structured_content == article_json(BRIDGE)

    talk(server, saying)


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("ask", {}, "question: "),
        ("ask", {"question": " "}, "question: "),
        ("ask", {"question": "x" * 2001}, "question: "),
        ("ask", {"question": "Who?", "history": ["x"] * 21}, "history: "),
        ("ask", {"question": "Who?", "threshold": 0}, "threshold: "),
        ("ask", {"question": "x" * 501}, "too long"),
        ("search", {"question": "Who?", "k": 0}, "k: "),
        ("search", {"question": "Who?", "k": 101}, "k: "),
        ("search", {"question": "Who?", "since": "yesterday"}, "since: "),
        ("read_article", {"article_id": "nothing"}, "There is no article"),
        ("read_article", {}, "article_id: "),
    ],
)
def test_what_cannot_be_used_is_an_error_that_the_model_can_read(
    address: str, tool: str, arguments: dict[str, Any], says: str
) -> None:
    async def saying(client: Client) -> None:
        result = await client.call_tool(tool, arguments)
        assert result.is_error
        assert says in text_of(result)
        assert "\n" not in text_of(result)

    talk(address, saying)


@pytest.mark.parametrize(("tool", "question"), [("guess", "Who?"), ("ask", "crash")])
def test_faults_tell_nothing_and_the_server_goes_on(
    server: Server, tool: str, question: str
) -> None:
    async def saying(client: Client) -> None:
        with pytest.raises(MCPError) as caught:
            await client.call_tool(tool, {"question": question})
        assert "nobody foresaw" not in str(caught.value)
        assert not (await client.call_tool("ask", {"question": "cost"})).is_error

    talk(server, saying)


def test_answers_do_not_wait_for_each_other(address: str) -> None:
    async def saying(client: Client) -> None:
        asked = (client.call_tool("ask", {"question": f"cost {n}"}) for n in range(20))
        answers = [json.loads(text_of(result)) for result in await asyncio.gather(*asked)]
        assert [answer["question"] for answer in answers] == [f"cost {n}" for n in range(20)]

    talk(address, saying)


def test_a_request_that_is_too_large_or_of_another_host(address: str) -> None:
    assert httpx.post(address, content=b" " * (LARGEST_BODY + 1)).status_code == 413
    assert httpx.post(address, json={}, headers={"host": "example.com"}).status_code == 421


def test_without_the_package_one_line_names_the_command(tmp_path: Path) -> None:
    # A folder without the modules of mcp 2 stands for an environment without it.
    (tmp_path / "mcp").mkdir()
    (tmp_path / "mcp" / "__init__.py").touch()
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv = ['pullquote', 'mcp']; "
            "from pullquote.ui.cli import main; main()",
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "pip install 'pullquote[mcp]'" in done.stderr


def test_a_missing_index_is_said_before_anything_is_loaded(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pullquote.ui.cli", "mcp", "--index", "nowhere"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "pullquote index FOLDER --index nowhere" in done.stderr
