"""What people upload: taken into the index, or left out for a reason that is said."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes import HashingEncoder
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from pullquote.index import Article, Retriever
from pullquote.index.build import build_index
from pullquote.index.formats import markdown_draft
from pullquote.index.writing import building
from pullquote.ui import taking as module
from pullquote.ui.fetching import Fetched, FetchError
from pullquote.ui.offers import (
    MOST_OFFERED,
    AddressOffer,
    FileOffer,
    Offer,
    TextOffer,
    as_markdown,
    check_all,
    free_name,
)
from pullquote.ui.taking import Outcome, Step, Taken, Taking
from pullquote.ui.uploads import step_html, taken_html
from pullquote.ui.workers import Run, Tell, WorkerError, told

PIER = "The pier at Lower Wick reopened on Friday. Ann Olufsen paid $3 million for it."


@pytest.fixture
def index(articles: Path, tmp_path: Path) -> Path:
    build_index(articles, tmp_path / "index", HashingEncoder())
    return tmp_path / "index"


@pytest.fixture
def retriever(index: Path) -> Iterator[Retriever]:
    opened = Retriever.open(index, HashingEncoder())
    yield opened
    opened.close()


def file(tmp_path: Path, name: str, content: str | bytes) -> FileOffer:
    folder = tmp_path / "sent"
    folder.mkdir(exist_ok=True)
    path = folder / str(len(list(folder.iterdir())))
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return FileOffer(name, path)


def here(work: Callable[..., None], *arguments: Any, silent_at_most: float) -> Iterator[Any]:
    """Does work without a process of its own, which takes seconds to begin."""
    messages: list[Any] = []
    work(messages.append, *arguments)
    yield from messages


def taken(
    index: Path, offers: Sequence[Offer], run: Run = here, fetch: Any = None
) -> tuple[list[Outcome], list[Step]]:
    *steps, last = Taking(index, fetch, HashingEncoder(), run).take(offers)
    assert isinstance(last, Taken)
    return list(last.outcomes), [step for step in steps if isinstance(step, Step)]


def page(title: str) -> str:
    story = " ".join(f"Passenger {number} saw that the ferry sank." for number in range(30))
    return f"<html><head><title>{title}</title></head><body><p>{story}</p></body></html>"


def pdf(text: str, path: Path) -> bytes:
    canvas = Canvas(str(path))
    canvas.drawString(72, 720, text)
    canvas.save()
    return path.read_bytes()


def found(retriever: Retriever, question: str) -> Article:
    return retriever.search(question, k=1)[0].article


def test_a_bad_file_never_stops_the_others(
    index: Path, tmp_path: Path, retriever: Retriever
) -> None:
    outcomes, steps = taken(
        index,
        [
            file(tmp_path, "pier.txt", PIER),
            file(tmp_path, "image.png", b"\x89PNG"),
            file(tmp_path, "broken.pdf", b"%PDF-1.4 and no more"),
            file(tmp_path, "empty.txt", ""),
            file(tmp_path, "story.pdf", pdf("The lighthouse keeper retired.", tmp_path / "x.pdf")),
            file(tmp_path, "page.html", page("Ferry sinks")),
            file(tmp_path, "two.jsonl", '{"text": "The quarry closed."}\n{"title": "no text"}\n'),
            TextOffer("The bakery", "The bakery burned down on Sunday."),
            TextOffer("Nothing", "  "),
            AddressOffer("https://example.com/"),
            FileOffer("gone.txt", tmp_path / "gone"),
        ],
    )
    assert [(one.name, one.articles) for one in outcomes if one.reason is None] == [
        ("pier.txt", 1),
        ("story.pdf", 1),
        ("page.html", 1),
        ("two.jsonl", 1),
        ("The bakery", 1),
    ]
    reasons = {one.name: one.reason or "" for one in outcomes if one.reason}
    assert reasons.keys() == {
        "image.png",
        "broken.pdf",
        "empty.txt",
        "two.jsonl:2",
        "Nothing",
        "https://example.com/",
        "gone.txt",
    }
    assert "damaged" in reasons["broken.pdf"]
    assert "not fetched here" in reasons["https://example.com/"]
    assert any(step.total for step in steps)
    # What was opened before follows.
    assert found(retriever, "pier Lower Wick").path == "uploaded/pier.txt"
    assert found(retriever, "bakery burned").title == "The bakery"
    assert found(retriever, "lighthouse keeper").path == "uploaded/story.pdf"
    assert found(retriever, "Ann Olufsen cut the ribbon").title == "Bridge reopens"


def test_what_is_there_already_is_said(index: Path, tmp_path: Path, articles: Path) -> None:
    again = (articles / "market.txt").read_bytes()
    outcomes, _ = taken(
        index, [file(tmp_path, "again.txt", again), file(tmp_path, "pier.txt", PIER)]
    )
    assert sorted((one.name, one.articles, one.reason) for one in outcomes) == [
        ("again.txt", 0, "The index has it already, as market.txt."),
        ("pier.txt", 1, None),
    ]


def test_names_lead_nowhere(index: Path, tmp_path: Path, articles: Path) -> None:
    names = ["../../etc/cron.txt", "/abs.txt", ".hidden.txt", "a\0b.txt", "x" * 300 + ".txt"]
    before = set(tmp_path.rglob("*"))
    offers = [file(tmp_path, name, f"{PIER} {number}") for number, name in enumerate(names)]
    outcomes, _ = taken(index, offers)
    assert [(one.name, one.articles) for one in outcomes] == [(name, 1) for name in names]
    made = {one for one in tmp_path.rglob("*.txt") if one not in before}
    kept = {one for one in made if one.parent != tmp_path / "sent"}
    assert len(kept) == len(names)
    assert {one.parent for one in kept} == {articles / "uploaded"}
    assert not [one for one in kept if one.name.startswith(".")]


def test_files_of_one_name_are_both_kept(index: Path, tmp_path: Path, articles: Path) -> None:
    outcomes, _ = taken(
        index, [file(tmp_path, "a.txt", PIER), file(tmp_path, "a.txt", "The mill is gone.")]
    )
    assert [one.articles for one in outcomes] == [1, 1]
    assert {one.name for one in (articles / "uploaded").iterdir()} == {"a.txt", "a-2.txt"}


def test_too_many_and_too_large(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers: list[Offer] = [TextOffer(f"{n}", f"Story {n}.") for n in range(MOST_OFFERED + 1)]
    outcomes, _ = taken(index, offers)
    assert [one.name for one in outcomes if one.reason] == [str(MOST_OFFERED)]
    large = file(tmp_path, "large.txt", b"x" * 10_000_001)
    monkeypatch.setattr(module, "MOST_TOGETHER", 150)
    outcomes, _ = taken(index, [large, TextOffer("a", "x" * 90), TextOffer("b", "y" * 90)])
    assert [(one.name, bool(one.reason)) for one in outcomes] == [
        ("large.txt", True),
        ("b", True),
        ("a", False),
    ]
    monkeypatch.setattr(module, "MOST_KEPT", 100)
    outcomes, _ = taken(index, [TextOffer("c", "z" * 90)])
    assert "no room" in (outcomes[0].reason or "")


def test_an_article_from_the_web_keeps_its_address(index: Path, retriever: Retriever) -> None:
    def fetched(url: str) -> Fetched:
        if "private" in url:
            raise FetchError("It leads into a private network.")
        return Fetched("https://news.example/2024/ferry", ".html", page("Ferry sinks").encode())

    outcomes, _ = taken(
        index,
        [AddressOffer("https://news.example/f"), AddressOffer("https://private.example/")],
        fetch=fetched,
    )
    assert sorted((one.name, one.articles, one.reason) for one in outcomes) == [
        ("https://news.example/f", 1, None),
        ("https://private.example/", 0, "It leads into a private network."),
    ]
    article = found(retriever, "passenger saw ferry sank")
    assert (article.title, article.source) == ("Ferry sinks", "news.example")
    assert article.url == "https://news.example/2024/ferry"


def test_it_waits_for_a_build_that_is_under_way(index: Path, retriever: Retriever) -> None:
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with building(index):
            held.set()
            assert let_go.wait(timeout=60)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(timeout=30)
    steps = Taking(index, encoder=HashingEncoder()).take([TextOffer("Pier", PIER)])
    for step in steps:
        if isinstance(step, Step) and "another build" in step.doing:
            let_go.set()
            break
    assert list(steps)[-1] == Taken((Outcome("Pier", 1),))
    thread.join()
    assert found(retriever, "pier Lower Wick").title == "Pier"


def test_it_goes_on_where_nobody_waits(index: Path, retriever: Retriever) -> None:
    steps = Taking(index, None, HashingEncoder(), here).take([TextOffer("Pier", PIER)])
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    deadline = time.monotonic() + 60
    while found(retriever, "pier Lower Wick").title != "Pier":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_folder_that_cannot_be_written(index: Path, articles: Path) -> None:
    (articles / "uploaded").write_text("a file", encoding="utf-8")
    outcomes, _ = taken(index, [TextOffer("Pier", PIER)])
    assert len(outcomes) == 1
    assert "ask the operator" in (outcomes[0].reason or "")


def work_that_waits(tell: Tell) -> None:
    tell("begun")
    time.sleep(60)


def work_that_dies(tell: Tell) -> None:
    tell("begun")
    os._exit(3)


@pytest.mark.parametrize("work", [work_that_waits, work_that_dies])
def test_work_that_hangs_or_dies_is_over(work: Callable[[Tell], None]) -> None:
    steps = told(work, silent_at_most=0.5)
    assert next(steps) == "begun"
    with pytest.raises(WorkerError):
        next(steps)


def test_a_file_that_nothing_can_read_is_left_out_alone(index: Path) -> None:
    def dies(work: Callable[..., None], *arguments: Any, silent_at_most: float) -> Iterator[Any]:
        if work is check_all:
            work = check_and_die
        yield from told(work, *arguments, silent_at_most=silent_at_most)

    outcomes, _ = taken(
        index,
        [TextOffer("first", "The first."), TextOffer("deadly", "."), TextOffer("last", "A last.")],
        run=dies,
    )
    assert [(one.name, one.articles) for one in outcomes] == [
        ("deadly", 0),
        ("first", 1),
        ("last", 1),
    ]
    assert "too long" in (outcomes[0].reason or "")


def check_and_die(tell: Tell, files: list[tuple[int, Path, str | None]]) -> None:
    for one in files:
        if "deadly" in one[1].name:
            os._exit(3)
        check_all(tell, [one])


@given(
    title=st.text(max_size=30),
    text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=200),
)
def test_a_pasted_text_is_kept_to_the_letter(title: str, text: str) -> None:
    title = " ".join(title.split())
    draft = markdown_draft(as_markdown({"title": title, "url": None}, text))
    if not text.startswith("\ufeff"):
        assert draft.text == text
    if title and title.isprintable():
        assert draft.title == title


@given(name=st.text(max_size=40))
def test_a_free_name_is_a_file_in_the_folder(name: str) -> None:
    path = free_name(Path("/nowhere"), name, ".txt")
    assert path.parent == Path("/nowhere")
    assert not path.name.startswith(".")
    assert "\0" not in path.name


def test_what_is_said_is_escaped() -> None:
    hostile = "<img src=x onerror=alert(1)>"
    html = taken_html(Taken((Outcome(hostile, 2), Outcome(hostile, reason=hostile))))
    html += step_html(Step(hostile, 1, 2))
    assert "<img" not in html
    assert "2 articles" in html
    assert "Nothing taken" in taken_html(Taken((Outcome("a", reason="b"),)))
