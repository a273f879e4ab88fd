"""Searching an index: the right passages, to the letter, always in the same order."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from conftest import write_articles
from fakes import KEPT, HashingEncoder, place
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pullquote.index.build import build_index
from pullquote.index.errors import QuestionError
from pullquote.index.families import EXACT_UP_TO
from pullquote.index.filters import Wanted
from pullquote.index.generation import LONGEST_QUESTION, RRF_CONSTANT
from pullquote.index.retriever import Retriever
from pullquote.index.types import Hit

ALL = 1000

# Astral characters, combining marks and every kind of line end, often enough to matter.
ODD = st.sampled_from("😀𝕏é\u0301\u200d\u2028\u2029\x85\x1c\r\n\t\u00a0\ufeff.?!“”' aB1")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | ODD, max_size=300)


def opened(
    folder: Path,
    lines: Sequence[dict[str, object]],
    exact_up_to: int = EXACT_UP_TO,
    kept: str = "files",
) -> Retriever:
    """A retriever over articles that are given as the lines of a JSON-lines file."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "articles.jsonl"
    source.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    index = place(folder, kept)
    build_index(source, index, HashingEncoder(), exact_up_to=exact_up_to)
    return Retriever.open(index, HashingEncoder())


@pytest.fixture(scope="module", params=KEPT)
def retriever(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Retriever:
    folder = tmp_path_factory.mktemp("retriever")
    index = place(folder, request.param)
    build_index(write_articles(folder / "articles"), index, HashingEncoder())
    return Retriever.open(index, HashingEncoder())


ARCHIVE: list[dict[str, object]] = [
    {
        "id": f"{number}",
        "text": f"Story {number}. The {what} of {where} was in the news. It was {number} again.",
        "source": source,
        "published": published,
    }
    for number, (what, where, source, published) in enumerate(
        (what, where, source, published)
        for what in ("bridge", "market", "mayor")
        for where in ("Riverton", "Lea")
        for source in ("The Lamp", "El País", None)
        for published in ("2015-05-02", "2021-11-20", "2021-12-31", None)
    )
]


@pytest.fixture(
    scope="module",
    params=[(EXACT_UP_TO, "files"), (10, "files"), (EXACT_UP_TO, "milvus")],
    ids=["exact", "lists", "milvus"],
)
def archive(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Retriever:
    return opened(tmp_path_factory.mktemp("archive"), ARCHIVE, *request.param)


def exact(retriever: Retriever, hits: Sequence[Hit]) -> bool:
    """Whether every passage is a slice of its article, as the hit has it and as it is stored."""
    return all(
        hit.article.text[hit.passage.start : hit.passage.end] == hit.passage.text
        and retriever.article(hit.article.id) == hit.article
        and hit.passage.article_id == hit.article.id
        for hit in hits
    )


def test_the_passage_that_has_the_words_comes_first(retriever: Retriever) -> None:
    hits = retriever.search("Why did the bridge close, is a pier sinking?")
    assert hits[0].article.title == "Bridge closes again"
    assert hits[0].article.published == date(2021, 11, 20)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert exact(retriever, hits)


@given(texts=st.lists(TEXTS, min_size=1, max_size=4), question=TEXTS)
@example(texts=["😀 One.\r\nTwo 𝕏 e\u0301.\u2028Three."], question="two")
@settings(max_examples=20)
def test_every_passage_is_a_slice_of_its_article(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], question: str
) -> None:
    lines: list[dict[str, object]] = [{"text": "Mark my words."}]
    lines += [{"text": text, "title": text[:20], "source": text[-5:]} for text in texts]
    retriever = opened(tmp_path_factory.mktemp("articles"), lines)
    hits = retriever.search(f"mark {question}", k=ALL)
    assert exact(retriever, hits)
    assert all(hit.passage.text.strip() for hit in hits)
    assert {hit.article.text for hit in hits} <= {str(line["text"]) for line in lines}
    retriever.close()


def test_a_hit_tells_its_places_in_the_two_lists(retriever: Retriever) -> None:
    best, *others = retriever.search("Ribbon?")
    assert best.by_words == 1
    assert sorted(hit.by_vectors or 0 for hit in [best, *others]) == [1, 2, 3]
    assert None in [hit.by_words for hit in others]  # it has no word of the question


def test_every_word_of_a_long_article_can_be_found(tmp_path: Path) -> None:
    text = " ".join(f"Number {n} saw event{n}." for n in range(1500))
    retriever = opened(tmp_path, [{"text": text}])
    for number in (0, 1, 40, 777, 1499):
        hits = retriever.search(f"event{number}")
        assert any(f"event{number}." in hit.passage.text for hit in hits)
        assert exact(retriever, hits)


@pytest.mark.parametrize("k", [1, 2, 5, 100, 10_000])
def test_k_is_the_most_that_comes_back(archive: Retriever, k: int) -> None:
    everything = archive.search("the mayor of Lea", ALL)
    assert len(everything) == len(ARCHIVE)
    assert archive.search("the mayor of Lea", k) == everything[:k]


def test_an_article_that_is_not_there_is_a_key_error(retriever: Retriever) -> None:
    with pytest.raises(KeyError):
        retriever.article("nobody")


@pytest.mark.parametrize("question", ["", " ", "\n\t\u00a0\u2003"])
def test_an_empty_question_is_refused(retriever: Retriever, question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        retriever.search(question)


def test_a_question_that_is_far_too_long_is_refused(retriever: Retriever) -> None:
    with pytest.raises(QuestionError, match=r"10,000 characters; at most 2,000"):
        retriever.search("x" * 10_000)
    assert retriever.search(("bridge " * LONGEST_QUESTION)[:LONGEST_QUESTION])
    assert retriever.search(" " * 10_000 + "bridge")


@pytest.mark.parametrize(
    "question",
    [
        "AND (",
        'bridge AND (: " ^ ~ [ TO',
        "passage:bridge OR NOT",
        "?!… — ()",
        "🌉 🐟",
        "\0",
        "\ufeff",
        "не мост",
        "桥",
        "bridge \udcff",
        "\ud83d",
    ],
)
def test_any_characters_can_be_asked(retriever: Retriever, question: str) -> None:
    hits = retriever.search(question)
    assert exact(retriever, hits)
    if "bridge" in question:
        assert "bridge" in hits[0].passage.text


@given(st.text())
def test_a_search_finds_passages_or_refuses_the_question(archive: Retriever, question: str) -> None:
    try:
        hits = archive.search(question)
    except QuestionError:
        assert not question.strip()
    else:
        assert exact(archive, hits)
        assert hits == archive.search(question)


@pytest.mark.parametrize(
    ("since", "until", "source", "expected"),
    [
        (None, None, "\udcff", []),
        (date(2021, 11, 20), None, None, ["bridge-2021.md"]),
        (None, date(2015, 5, 2), None, ["bridge-2015.md"]),
        (date(2015, 5, 2), date(2015, 5, 2), None, ["bridge-2015.md"]),
        (date(2015, 5, 3), date(2021, 11, 19), None, []),
        (date.min, date.max, None, ["bridge-2015.md", "bridge-2021.md"]),
        (date(2022, 1, 1), date(2015, 1, 1), None, []),
        (None, None, "the lamp", ["bridge-2021.md"]),
        (date(2020, 1, 1), None, "The Ferry", []),
        (None, None, "", []),
        (None, None, "The Lamp' OR 1=1 --", []),
    ],
)
def test_filters(
    retriever: Retriever,
    since: date | None,
    until: date | None,
    source: str | None,
    expected: list[str],
) -> None:
    hits = retriever.search("What of the market and the bridge?", 10, since, until, source)
    assert sorted(hit.article.path for hit in hits) == expected


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        ("market.txt", ["market.txt"]),
        (["market.txt", "bridge-2015.md", "market.txt"], ["bridge-2015.md", "market.txt"]),
        (("nobody", "market.txt"), ["market.txt"]),
        ("market", []),
        ("MARKET.TXT", []),
        ("", []),
        ([], []),
        ("\udcff", []),
        ("market.txt' OR 1=1 --", []),
    ],
)
def test_only_the_articles_that_are_named_are_searched(
    retriever: Retriever, article: str | list[str], expected: list[str]
) -> None:
    hits = retriever.search("What of the market and the bridge?", 10, article=article)
    assert sorted(hit.article.path for hit in hits) == expected


def test_filters_are_met_all_at_once(retriever: Retriever) -> None:
    both = ["bridge-2015.md", "bridge-2021.md"]
    hits = retriever.search("bridge", since=date(2020, 1, 1), article=both)
    assert [hit.article.id for hit in hits] == ["bridge-2021.md"]
    assert retriever.search("bridge", source="The Lamp", article="bridge-2015.md") == []


@given(ids=st.lists(TEXTS, min_size=1, max_size=3, unique=True))
@example(ids=["a\0b", "x" * 100_000, " ", "\ufeff"])
@settings(max_examples=20)
def test_every_article_can_be_searched_by_the_id_it_was_given(
    tmp_path_factory: pytest.TempPathFactory, ids: list[str]
) -> None:
    lines: list[dict[str, object]] = [
        {"id": name, "text": f"Bridge number {number}."} for number, name in enumerate(ids)
    ]
    retriever = opened(tmp_path_factory.mktemp("ids"), lines)
    everything = retriever.search("bridge", ALL)
    assert len(everything) == len(ids)
    for hit in everything:
        alone = retriever.search("bridge", article=hit.article.id)
        assert [found.passage for found in alone] == [hit.passage]
        # By its words as well as by its vector.
        assert alone[0].score == pytest.approx(2 / (RRF_CONSTANT + 1))
    retriever.close()


def test_undated_articles_are_found_without_dates_only(retriever: Retriever) -> None:
    question = "Where does the fish market move?"
    assert retriever.search(question)[0].article.path == "market.txt"
    since = retriever.search(question, since=date.min)
    assert "market.txt" not in [hit.article.path for hit in since]


DAYS = st.none() | st.sampled_from(
    [date(2015, 5, 2), date(2015, 5, 3), date(2021, 11, 20), date(2021, 12, 1), date(2022, 1, 1)]
)


@given(
    since=DAYS,
    until=DAYS,
    source=st.sampled_from([None, "The Lamp", "THE LAMP", "el país", "EL PAÍS", "nobody"]),
    articles=st.none() | st.lists(st.integers(0, 40).map(str), max_size=20),
    question=st.sampled_from(["bridge", "the mayor of Lea", "zeppelin"]),
    k=st.sampled_from([1, 3, ALL]),
)
@settings(max_examples=20)
def test_filtered_results_are_those_of_an_index_of_the_fitting_articles(
    archive: Retriever,
    tmp_path_factory: pytest.TempPathFactory,
    since: date | None,
    until: date | None,
    source: str | None,
    articles: list[str] | None,
    question: str,
    k: int,
) -> None:
    def fits(line: dict[str, object]) -> bool:
        day = line["published"] and date.fromisoformat(str(line["published"]))
        if (since or until) and not day:
            return False
        if day and not (since or date.min) <= day <= (until or date.max):  # type: ignore[operator]
            return False
        if articles is not None and line["id"] not in articles:
            return False
        return source is None or str(line["source"]).lower() == source.lower()

    hits = archive.search(question, ALL, since, until, source, articles)
    fitting = [line for line in ARCHIVE if fits(line)]
    assert exact(archive, hits)
    if not fitting:
        assert hits == []
        return
    alone = opened(tmp_path_factory.mktemp("fitting"), fitting)
    # Vectors know nothing of one another: as many of them are the very same ones.
    row = HashingEncoder().encode_question(question)
    wanted = Wanted(
        since,
        until,
        None if source is None else (source,),
        None if articles is None else tuple(articles),
    )
    near = archive.current()._lists.by_vector(row, k, wanted)
    nearest = alone.current()._lists.by_vector(row, k, Wanted())
    scores = [score for _, score in nearest]
    # Lists are of 8 bits, whose range is that of 40 passages; a number beyond it is cut.
    assert [score for _, score in near] == pytest.approx(scores, abs=0.06)
    assert len(near) == min(k, len(fitting))
    # What a word is worth depends on the other articles, so of the fusion the sets are compared.
    expected = alone.search(question, ALL)
    assert {hit.article.id for hit in hits} == {hit.article.id for hit in expected}
    assert sorted(hit.passage.text for hit in hits) == sorted(hit.passage.text for hit in expected)
    alone.close()


def test_a_filter_never_hides_a_fitting_passage_behind_better_ones(tmp_path: Path) -> None:
    others: list[dict[str, object]] = [
        {"text": f"Bridge bridge bridge {n}.", "published": "2015-01-01"} for n in range(300)
    ]
    wanted: dict[str, object] = {
        "id": "wanted",
        "text": "A word on some bridge.",
        "published": "2021-01-01",
    }
    retriever = opened(tmp_path, [*others, wanted])
    hits = retriever.search("bridge", since=date(2020, 1, 1))
    assert [hit.article.id for hit in hits] == ["wanted"]


def test_articles_that_are_alike_come_in_the_same_order_every_time(tmp_path: Path) -> None:
    lines: list[dict[str, object]] = [
        {"id": f"{n}", "title": "Same", "text": f"The bridge fell.{' ' * n}"} for n in range(50)
    ]
    first = opened(tmp_path / "first", lines).search("bridge", ALL)
    assert len(first) == 50
    assert opened(tmp_path / "second", lines).search("bridge", ALL) == first


@pytest.mark.parametrize("exact_up_to", [EXACT_UP_TO, 10])
def test_a_rebuilt_index_answers_the_same(tmp_path: Path, exact_up_to: int) -> None:
    archive = opened(tmp_path / "first", ARCHIVE, exact_up_to)
    again = opened(tmp_path / "second", ARCHIVE, exact_up_to)
    for question in ("bridge", "mayor of Riverton", "zeppelin"):
        assert again.search(question, ALL) == archive.search(question, ALL)


def test_threads_get_the_same_results_as_one_after_another(archive: Retriever) -> None:
    questions = [f"the {what} story {n}" for what in ("bridge", "mayor") for n in range(20)]

    def search(question: str) -> list[Hit]:
        return archive.search(question, 10, since=date(2015, 1, 1))

    alone = [search(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(search, questions * 4)) == alone * 4


def test_what_is_known_of_the_collection(retriever: Retriever) -> None:
    assert retriever.catalog.sources() == ["The Ferry", "The Lamp"]
    assert retriever.catalog.dates() == (date(2015, 5, 2), date(2021, 11, 20))
