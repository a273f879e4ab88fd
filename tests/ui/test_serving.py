"""What an operator relies on: keys, counts, logs, headers, and a place behind a proxy."""

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes import HashingEncoder
from fakes_ui import ABOUT, ARTICLES, FakeAssistant, fake_search
from gradio_client import Client

from pullquote.index import Retriever
from pullquote.index.build import build_index
from pullquote.ui.accounts import Accounts, add_key, add_person, remove
from pullquote.ui.api import api_of
from pullquote.ui.app import build_app
from pullquote.ui.headers import is_own_name
from pullquote.ui.limits import Queue
from pullquote.ui.logs import log_json
from pullquote.ui.metrics import Metrics, Observed
from pullquote.ui.schemas import ProblemBody
from pullquote.ui.server import House, background
from pullquote.ui.service import Service
from pullquote.ui.serving import Choices, OptionError, checked_root_path, uploads_wanted

PASSWORD = "correct horse"  # noqa: S105


class Site:
    """A server with everything on, over a small real index."""

    def __init__(self, folder: Path, log_questions: bool = False, root_path: str = "") -> None:
        articles = folder / "articles"
        articles.mkdir()
        for article in ARTICLES.values():
            (articles / f"{article.id}.txt").write_text(article.text, encoding="utf-8")
        build_index(articles, folder / "index", HashingEncoder())
        self.retriever = Retriever.open(folder / "index", HashingEncoder())
        self.file = folder / "accounts"
        self.key = add_key(self.file, "bot")
        add_person(self.file, "ann", PASSWORD)
        self.log_questions = log_questions
        self.root_path = root_path

    @contextmanager
    def served(self, with_accounts: bool = True) -> Iterator[str]:
        queue = Queue(at_once=2)
        metrics = Metrics(queue, lambda: self.retriever.current().manifest)
        assistant = Observed(FakeAssistant(), metrics, self.log_questions)
        accounts = Accounts(self.file) if with_accounts else None
        chat = build_app(assistant, ARTICLES.__getitem__, lambda: ABOUT, queue=queue)
        service = Service(assistant, fake_search, ARTICLES.__getitem__)
        api = api_of(service, queue, accounts, self.root_path)
        house = House(accounts, metrics, self.root_path)
        with background(chat, api=api, house=house) as address:
            yield address


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.retriever.close()


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with site.served() as address:
        yield address


@pytest.fixture(scope="module")
def with_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server whose accounts no test changes."""
    made = Site(tmp_path_factory.mktemp("with keys"))
    with made.served() as address:
        yield address
    made.retriever.close()


@pytest.fixture(scope="module")
def for_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server without accounts."""
    made = Site(tmp_path_factory.mktemp("for all"))
    with made.served(with_accounts=False) as address:
        yield address
    made.retriever.close()


def key_of(site: Site) -> dict[str, str]:
    return {"Authorization": f"Bearer {site.key}"}


@pytest.mark.parametrize(
    "sent", [None, "", "Bearer", "Bearer wrong", "Basic YW5uOmNvcnJlY3Q=", "Bearer \xe4"]
)
def test_without_a_good_key_nothing_is_answered(with_keys: str, sent: str | None) -> None:
    headers = {} if sent is None else {b"Authorization": sent.encode("latin-1")}
    for method, path in (
        ("POST", "api/ask"),
        ("GET", "api/search?question=Who"),
        ("GET", "api/articles/bridge"),
        ("GET", "metrics"),
    ):
        asked = {"question": "Who is mayor?"} if method == "POST" else None
        response = httpx.request(method, f"{with_keys}{path}", headers=headers, json=asked)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        if path != "metrics":
            assert response.headers["content-type"] == "application/problem+json"
            assert "accounts key" in ProblemBody.model_validate_json(response.content).detail


def test_with_a_key_programs_ask_as_ever(address: str, site: Site) -> None:
    body = {"question": "Who is mayor?"}
    response = httpx.post(f"{address}api/ask", json=body, headers=key_of(site))
    assert response.json()["answer"] == "Ines Okafor"
    found = httpx.get(f"{address}api/search?question=bridge", headers=key_of(site))
    assert len(found.json()) == 3
    remove(site.file, "bot")
    assert httpx.post(f"{address}api/ask", json=body, headers=key_of(site)).status_code == 401


def test_the_document_says_that_a_key_is_wanted(with_keys: str) -> None:
    document = httpx.get(f"{with_keys}api/openapi.json").json()
    ((name, scheme),) = document["components"]["securitySchemes"].items()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["security"] == [{name: []}]
            assert set(operation["responses"]["401"]["content"]) == {"application/problem+json"}


def test_the_chat_is_for_those_who_signed_in(address: str, site: Site) -> None:
    with httpx.Client(base_url=address) as client:
        assert "config" not in client.get("/config").json()
        assert client.get("/config").status_code == 401
        call = {"data": ["Who is mayor?"]}
        assert client.post("/gradio_api/call/ask", json=call).status_code == 401
        wrong = {"username": "ann", "password": "wrong horse"}
        assert client.post("/login", data=wrong).status_code == 400
        assert client.get("/healthz").json() == {"status": "ok"}
    asked = Client(address, auth=("ann", PASSWORD), verbose=False, download_files=False)
    assert asked.predict("Who is mayor?", api_name="/ask")["answer"] == "Ines Okafor"


def test_who_is_removed_is_signed_out(address: str, site: Site) -> None:
    add_person(site.file, "ben", PASSWORD)
    with httpx.Client(base_url=address) as ann, httpx.Client(base_url=address) as ben:
        for client, name in ((ann, "ann"), (ben, "ben")):
            client.post("/login", data={"username": name, "password": PASSWORD})
            assert client.get("/config").status_code == 200
        remove(site.file, "ben")
        assert ben.get("/config").status_code == 401
        assert ann.get("/config").status_code == 200


def values(text: str) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_questions_the_queue_and_the_index_are_counted(address: str, site: Site) -> None:
    for question in ("Who is mayor?", "What did it cost?", "Who won?", "x" * 501, "crash"):
        httpx.post(f"{address}api/ask", json={"question": question}, headers=key_of(site))
    response = httpx.get(f"{address}metrics", headers=key_of(site))
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = values(response.text)
    outcomes = ("answered", "abstained", "refused", "failed")
    assert [found[f'pullquote_questions_total{{outcome="{one}"}}'] for one in outcomes] == [
        2,
        1,
        1,
        1,
    ]
    assert found["pullquote_question_seconds_count"] == 5
    assert found["pullquote_questions_running"] == found["pullquote_questions_waiting"] == 0
    assert found["pullquote_index_articles"] == 3
    before = site.retriever.manifest.generation
    assert found[f'pullquote_index_generation{{generation="{before}"}}'] == 1
    (site.file.parent / "articles" / "new.txt").write_text("The pier is new.", encoding="utf-8")
    build_index(site.file.parent / "articles", site.file.parent / "index", HashingEncoder())
    found = values(httpx.get(f"{address}metrics", headers=key_of(site)).text)
    assert found["pullquote_index_articles"] == 4
    assert f'pullquote_index_generation{{generation="{before}"}}' not in found


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged as it goes to standard error."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root, level = logging.getLogger(), logging.getLogger("pullquote").level
    handlers, root_level = root.handlers[:], root.level
    log_json()
    yield stream
    root.handlers[:] = handlers
    root.setLevel(root_level)
    logging.getLogger("pullquote").setLevel(level)


def events(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_the_log_tells_what_happened_and_not_what_was_asked(site: Site, log: io.StringIO) -> None:
    with site.served() as address:
        asked = {"question": "Who is the mayor, secretly?", "history": ["A secret"]}
        httpx.post(f"{address}api/ask", json=asked, headers=key_of(site))
        httpx.get(f"{address}api/search?question=a+secret", headers=key_of(site))
        httpx.get(f"{address}api/articles/a%0Ab", headers=key_of(site))
        httpx.post(f"{address}login", data={"username": "ann", "password": "secret!"})
        httpx.post(f"{address}api/ask", json={"question": "crash secret"}, headers=key_of(site))
    told = events(log)
    assert all({"time", "level", "logger", "message"} <= one.keys() for one in told)
    question = next(one for one in told if one.get("event") == "question")
    assert (question["outcome"], question["turns_before"]) == ("answered", 1)
    assert question["seconds"] >= 0
    assert [(one["path"], one["status"]) for one in told if one.get("event") == "request"] == [
        ("/api/ask", 200),
        ("/api/search", 200),
        ("/api/articles/a%0Ab", 404),
        ("/login", 400),
        ("/api/ask", 500),
    ]
    assert any(one.get("event") == "sign-in" for one in told)
    assert any("nobody foresaw" in one.get("exc_info", "") for one in told)
    assert "secret" not in log.getvalue()
    assert site.key not in log.getvalue()


def test_the_log_has_questions_where_the_operator_wants_them(
    tmp_path: Path, log: io.StringIO
) -> None:
    site = Site(tmp_path, log_questions=True)
    with site.served() as address:
        httpx.post(f"{address}api/ask", json={"question": "Who, “ä”\n?"}, headers=key_of(site))
    assert [one["question"] for one in events(log) if "question" in one] == ["Who, “ä”\n?"]
    site.retriever.close()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "config",
        "theme.css",
        "healthz",
        "metrics",
        "api/openapi.json",
        "api/none",
        "none",
        "api",
    ],
)
def test_every_response_has_the_headers(for_all: str, path: str) -> None:
    sent = {"Origin": "https://elsewhere.example", "Accept": "text/html"}
    response = httpx.get(f"{for_all}{path}", headers=sent)
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"
    policy = dict(
        part.strip().split(" ", 1)
        for part in response.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe-inline" not in policy["script-src"]
    assert not re.search(r"https?:|\*", response.headers["content-security-policy"])
    assert "access-control-allow-origin" not in response.headers
    assert "server" not in response.headers


def test_another_site_may_not_send_requests(for_all: str) -> None:
    calls = {"api/ask": {"question": "Who?"}, "gradio_api/call/ask": {"data": ["Who?"]}}
    for where, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200)):
        for path, call in calls.items():
            sent = {"Sec-Fetch-Site": where}
            assert httpx.post(f"{for_all}{path}", json=call, headers=sent).status_code == status
    # A link from elsewhere may be followed.
    assert httpx.get(for_all, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1:7860", True),
        ("localhost", True),
        ("LOCALHOST:1", True),
        ("a.localhost:7860", True),
        ("[::1]:7860", True),
        ("192.168.1.5", True),
        ("evil.example:7860", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example:7860", False),
        ("[evil.example]", False),
        ("", False),
        ("[::1]evil.example:1", False),
    ],
)
def test_names_of_this_machine(host: str, own: bool) -> None:
    assert is_own_name(host) is own


def test_a_name_that_was_made_to_lead_here_is_refused() -> None:
    chat = build_app(FakeAssistant(), ARTICLES.__getitem__, lambda: ABOUT)
    with background(chat, house=House(own_names=True)) as address:
        assert httpx.get(address).status_code == 200
        refused = httpx.get(address, headers={"Host": "evil.example"})
        assert (refused.status_code, "--root-path" in refused.text) == (421, True)
        assert refused.headers["x-content-type-options"] == "nosniff"


def test_nothing_can_be_uploaded(for_all: str) -> None:
    response = httpx.post(f"{for_all}gradio_api/upload", files={"files": b"x"})
    assert response.status_code == 403


def test_behind_a_proxy_the_document_names_the_public_path(tmp_path: Path) -> None:
    site = Site(tmp_path, root_path="/news")
    with site.served() as address:
        assert httpx.get(f"{address}healthz").json() == {"status": "ok"}
        document = httpx.get(f"{address}api/openapi.json").json()
        assert document["servers"] == [{"url": "/news/api"}]
        body = {"question": "Who is mayor?"}
        asked = httpx.post(f"{address}api/ask", json=body, headers=key_of(site))
        assert asked.json()["answer"] == "Ines Okafor"
    site.retriever.close()


@pytest.mark.parametrize("path", ["news", "/a b", "//x", "https://example.com", "/a?b", "/ä"])
def test_a_root_path_that_is_none(path: str) -> None:
    with pytest.raises(OptionError, match="/news"):
        checked_root_path(path)
    assert checked_root_path("/") == ""
    assert checked_root_path("/a/b-c/") == "/a/b-c"


def test_uploads_are_on_where_no_stranger_comes_in(tmp_path: Path) -> None:
    def wanted(**chosen: Any) -> bool:
        return uploads_wanted(Choices(tmp_path, **chosen), tmp_path)

    accounts = tmp_path / "accounts"
    assert wanted()
    assert wanted(host="::1")
    assert wanted(host="localhost")
    assert not wanted(uploads=False)
    assert not wanted(host="192.0.2.1")
    assert not wanted(host="archive.example")
    assert not wanted(root_path="/news")  # others come in through the proxy
    assert wanted(host="192.0.2.1", auth_file=accounts)
    assert wanted(host="192.0.2.1", uploads=True)


def test_uploads_need_a_folder_to_be_kept_in(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text("{}", encoding="utf-8")
    assert not uploads_wanted(Choices(tmp_path), file)
    with pytest.raises(OptionError, match=r"articles\.jsonl is no folder"):
        uploads_wanted(Choices(tmp_path, uploads=True), file)
    with pytest.raises(OptionError, match="--allow-fetch"):
        uploads_wanted(Choices(tmp_path, uploads=False, allow_fetch=True), tmp_path)
