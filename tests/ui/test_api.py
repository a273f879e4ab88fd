"""What programs get over HTTP, from the application that also serves the chat."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from fakes_ui import ABOUT, ARTICLES, FakeAssistant, fake_search
from pydantic import TypeAdapter

from pullquote.qa.types import EVERYTHING, Answer, Message, Within
from pullquote.ui.api import api_of
from pullquote.ui.app import build_app
from pullquote.ui.json_format import answer_json, article_json, hits_json, json_text
from pullquote.ui.limits import LARGEST_BODY
from pullquote.ui.requests import LONGEST_HISTORY, LONGEST_NAME, MOST_ARTICLES, MOST_PASSAGES
from pullquote.ui.schemas import AnswerBody, ArticleBody, HitBody, ProblemBody
from pullquote.ui.server import background
from pullquote.ui.service import Service


class GatedAssistant(FakeAssistant):
    """Answers a question with "wait" in it only once the gate is open."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.waiting = threading.Semaphore(0)

    def ask(
        self, question: str, history: Sequence[Message] = (), within: Within = EVERYTHING
    ) -> Answer:
        if "wait" in question:
            self.waiting.release()
            assert self.gate.wait(timeout=30)
        return super().ask(question, history, within)


@pytest.fixture(scope="module")
def assistant() -> GatedAssistant:
    return GatedAssistant()


@pytest.fixture(scope="module")
def client(assistant: GatedAssistant) -> Iterator[httpx.Client]:
    chat = build_app(assistant, ARTICLES.__getitem__, lambda: ABOUT)
    api = api_of(Service(assistant, fake_search, ARTICLES.__getitem__))
    with background(chat, api=api) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def problem(response: httpx.Response, status: int) -> ProblemBody:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    found = ProblemBody.model_validate_json(response.content)
    assert (found.type, found.status) == ("about:blank", status)
    return found


@pytest.mark.parametrize("question", ["What did the repairs cost in 2023?", "Who won?", "banner?"])
def test_an_answer_is_the_bytes_of_the_command_line(client: httpx.Client, question: str) -> None:
    response = client.post("/api/ask", json={"question": question, "id": "ä 1"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    seconds = response.json()["seconds"]
    expected = json_text(answer_json(FakeAssistant().ask(question), seconds, "ä 1"))
    assert response.content == expected.encode()


def test_an_answer_leans_on_the_history(client: httpx.Client, assistant: GatedAssistant) -> None:
    client.post("/api/ask", json={"question": "And the cost?", "history": ["Who?", "Why?"]})
    question, history = assistant.asked[-1]
    assert question == "And the cost?"
    assert [turn.question for turn in history] == ["Who?", "Why?"]


def test_passages_are_the_bytes_of_the_command_line(client: httpx.Client) -> None:
    response = client.get("/api/search", params={"question": "bridge", "k": 2})
    assert response.content == json_text(hits_json(fake_search("bridge", 2))).encode()


def test_a_search_can_be_narrowed(client: httpx.Client) -> None:
    def found(**narrowed: Any) -> list[str]:
        response = client.get("/api/search", params={"question": "bridge", **narrowed})
        assert response.status_code == 200
        return [hit["article_id"] for hit in response.json()]

    assert found() == ["bridge", "budget", "hostile"]
    assert found(since="2024-01-01") == ["hostile"]
    assert found(until="2023-12-31") == ["bridge"]
    assert found(source="riverton COURIER") == ["bridge"]
    assert found(article=["budget", "hostile"]) == ["budget", "hostile"]


@pytest.mark.parametrize("id", ARTICLES)
def test_an_article(client: httpx.Client, id: str) -> None:  # noqa: A002
    response = client.get(f"/api/articles/{id}")
    assert response.content == json_text(article_json(ARTICLES[id])).encode()


def test_quotes_stand_in_the_article_that_is_served(client: httpx.Client) -> None:
    answer = client.post("/api/ask", json={"question": "What did it cost?"}).json()
    for citation in answer["answers"][0]["citations"]:
        text = client.get(f"/api/articles/{citation['article_id']}").json()["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_an_article_that_is_not_there(client: httpx.Client) -> None:
    for missing in ("nothing", "a/b", "%00", ""):
        assert "There is no article" in problem(client.get(f"/api/articles/{missing}"), 404).detail


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/question"),
        ({"question": ""}, "/question"),
        ({"question": " \n"}, "/question"),
        ({"question": "x" * 2001}, "/question"),
        ({"question": 7}, "/question"),
        ({"question": "Who?", "history": "Who?"}, "/history"),
        ({"question": "Who?", "history": ["a", "x" * 2001]}, "/history/1"),
        ({"question": "Who?", "history": ["a"] * (LONGEST_HISTORY + 1)}, "/history"),
        ({"question": "Who?", "id": "x" * (LONGEST_NAME + 1)}, "/id"),
        ({"question": "Who?", "thresh/old": 0}, "/thresh~1old"),
        ([], ""),
    ],
)
def test_a_request_of_another_form(client: httpx.Client, body: Any, pointer: str) -> None:
    found = problem(client.post("/api/ask", json=body), 422)
    assert [(one.where, one.pointer) for one in found.errors or ()] == [("body", pointer)]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'{"question": "\\ud800"}', b'{"\\ud800": 1}']
)
def test_a_body_that_is_no_json(client: httpx.Client, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    response = client.post("/api/ask", content=body, headers=headers)
    problem(response, response.status_code)
    assert response.status_code in {400, 422}


def test_a_question_that_only_the_assistant_refuses(client: httpx.Client) -> None:
    found = problem(client.post("/api/ask", json={"question": "x" * 501}), 422)
    assert found.detail == "The question is <b>too long</b>: at most 500 characters."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("k", "0"),
        ("k", str(MOST_PASSAGES + 1)),
        ("k", "many"),
        ("since", "0"),
        ("since", "2017-13-01"),
        ("until", "yesterday"),
        ("source", "x" * (LONGEST_NAME + 1)),
        ("article", ["x"] * (MOST_ARTICLES + 1)),
        ("question", ""),
        ("K", "5"),
    ],
)
def test_a_search_of_another_form(client: httpx.Client, name: str, value: Any) -> None:
    params = {"question": "Who?", name: value}
    found = problem(client.get("/api/search", params=params), 422)
    assert [(one.where, one.pointer) for one in found.errors or ()] == [("query", f"/{name}")]


def test_a_body_that_is_far_too_large(client: httpx.Client) -> None:
    found = problem(client.post("/api/ask", content=b" " * (LARGEST_BODY + 1)), 413)
    assert f"{LARGEST_BODY:,} bytes" in found.detail


def test_the_longest_request_is_not_too_large(client: httpx.Client) -> None:
    astral = "\U0001f4f0" * 2000
    body = {"question": "\U0001f4f0" * 500, "history": [astral] * LONGEST_HISTORY, "id": "ä" * 1000}
    content = json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    assert client.post("/api/ask", content=content, headers=headers).status_code == 200


def test_paths_and_methods_that_are_not_there(client: httpx.Client) -> None:
    for path in ("/api/nothing", "/api/articles/a%0Ab"):
        problem(client.get(path), 404)
    response = client.get("/api/ask")
    problem(response, 405)
    assert response.headers["allow"] == "POST"


def test_a_fault_is_a_problem_that_tells_nothing(client: httpx.Client) -> None:
    found = problem(client.post("/api/ask", json={"question": "crash"}), 500)
    assert "nobody foresaw" not in found.detail


def test_a_slow_answer_holds_up_nobody_and_too_many_are_refused(
    client: httpx.Client, assistant: GatedAssistant
) -> None:
    def ask(number: int) -> int:
        body = {"question": f"wait {number}"}
        return httpx.post(f"{client.base_url}api/ask", json=body, timeout=60).status_code

    with ThreadPoolExecutor(80) as pool:
        asked = [pool.submit(ask, number) for number in range(4 + 64 + 5)]
        try:
            for _ in range(4):
                assert assistant.waiting.acquire(timeout=30)
            deadline = time.monotonic() + 30
            while sum(one.done() for one in asked) < 5 and time.monotonic() < deadline:
                time.sleep(0.02)
            assert client.get("/healthz").json() == {"status": "ok"}
            assert client.get("/api/articles/bridge").status_code == 200
            refused = client.post("/api/ask", json={"question": "Who?"})
            assert "waiting" in problem(refused, 503).detail
            assert refused.headers["retry-after"]
        finally:
            assistant.gate.set()
        statuses = sorted(one.result() for one in asked)
    assert statuses == [200] * 68 + [503] * 5


def test_every_answer_is_as_the_document_says() -> None:
    service = Service(FakeAssistant(), fake_search, ARTICLES.__getitem__)
    for question in ("cost 2023", "mayor", "banner", "nothing"):
        value = service.ask(question)
        assert AnswerBody.model_validate(value).model_dump(mode="json") == value
    found = service.search("bridge")
    hits = TypeAdapter(list[HitBody])
    assert hits.dump_python(hits.validate_python(found), mode="json") == found
    article = service.read_article("bridge")
    assert ArticleBody.model_validate(article).model_dump(mode="json") == article


def test_the_document_describes_what_is_served(client: httpx.Client) -> None:
    document = client.get("/api/openapi.json").json()
    assert document["servers"] == [{"url": "/api"}]
    assert set(document["paths"]) == {"/ask", "/search", "/articles/{id}"}
    refused = document["paths"]["/ask"]["post"]["responses"]["422"]["content"]
    assert set(refused) == {"application/problem+json"}


def test_the_chat_is_where_it_was(client: httpx.Client) -> None:
    assert "Pullquote" in client.get("/").text
    assert client.get("/config").status_code == 200
