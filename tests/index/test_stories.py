"""The same story in several papers: linked when it is indexed, found once, and never too much."""

import json
import tracemalloc
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from fakes import KEPT, HashingEncoder, place
from hypothesis import given, settings
from hypothesis import strategies as st

from pullquote.index.build import build_index
from pullquote.index.repeats import counted_once, stand_ins
from pullquote.index.retriever import Retriever
from pullquote.index.stories import ALIKE, DAYS, Stories, runs_of
from pullquote.index.types import Article, Hit, Passage

WIRE = (
    "Divers found the bell of the ferry Corvina on Thursday, forty years after she went down off "
    "Saltmarsh Point with a cargo of oranges. The bell lay under two metres of silt, beside the "
    "wheelhouse, and took the five volunteers most of the morning to free. Harbour master Odile "
    "Brandt said it would hang in the new maritime hall from September. Nobody died when the "
    "Corvina sank, but her captain never went to sea again and kept a bakery in Saltmarsh until "
    "his death. His daughter watched from the quay as the bell came up. She said that he would "
    "have rung it himself, and that the oranges had washed up along the coast for weeks."
)
LOCAL = (
    "The town council will vote next week on how to pay for the hall, which has grown dearer "
    "twice since spring. Opponents want a library in its place and have gathered signatures."
)
OTHER = (
    "The orchard at Quill Farm opens its gates to pickers on Saturday after a late frost that "
    "took a third of the blossom. Farmer Ned Askew expects small apples, few pears and long "
    "queues. Last year the car park was full by nine, and the lane to the village was closed "
    "until the evening. This year a bus leaves the station every half hour from eight."
)


def line(name: str, text: str, source: str, published: str = "2020-03-05") -> dict[str, str]:
    return {"id": name, "title": name, "text": text, "source": source, "published": published}


PAPERS = [
    line("gazette", WIRE, "The Gazette"),
    line("herald", f"{WIRE.replace('five volunteers', 'volunteers')} {LOCAL}", "The Herald"),
    line("orchard", OTHER, "The Gazette"),
]


def opened(folder: Path, lines: Sequence[dict[str, str]], kept: str = "files") -> Retriever:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    build_index(folder / "a.jsonl", place(folder, kept), HashingEncoder())
    return Retriever.open(place(folder, kept), HashingEncoder())


def links(hits: Sequence[Hit]) -> dict[str, set[str]]:
    """Of the articles found, the others that tell the same story."""
    return {hit.article.id: {other.id for other in hit.also} for hit in hits}


def article(name: str, text: str, published: date | None = None) -> Article:
    return Article(name, name, text, None, published, None, name, "")


def grouped(articles: Sequence[Article]) -> set[frozenset[str]]:
    stories = Stories(articles.__getitem__)
    for one in articles:
        stories.add(one)
    return {frozenset(group) for group in stories.groups()}


WORDS = WIRE.split()
TOLD = [
    article("whole", WIRE),
    article("shouted", WIRE.upper()),
    article("wrapped", "\n".join(WORDS)),
    article("shortened", " ".join(WORDS[: len(WORDS) * 3 // 4])),
    article("with a lead", f"SALTMARSH (Wire) — {WIRE}"),
    article("with more", f"{WIRE} {LOCAL}"),
    article("orchard", OTHER),
    article("local", LOCAL),
    article("nothing", ""),
]


@given(st.permutations(TOLD))
@settings(max_examples=20)
def test_a_story_is_known_again_in_whatever_order_it_comes(articles: list[Article]) -> None:
    same = ("whole", "shouted", "wrapped", "shortened", "with a lead", "with more")
    assert grouped(articles) == {frozenset(same)}


@given(st.lists(st.sampled_from(["", "x", "y z", "—", "7"]), min_size=1, max_size=60), st.data())
@settings(max_examples=50)
def test_what_is_linked_is_alike_and_what_is_very_alike_is_linked(
    edits: list[str], data: st.DataObject
) -> None:
    words = list(WORDS)
    for edit in edits:
        words[data.draw(st.integers(0, len(words) - 1))] = edit
    edited = " ".join(words)
    own, theirs = runs_of(WIRE), runs_of(edited)
    alike = len(own & theirs) / len(own | theirs)
    linked = bool(grouped([article("one", WIRE), article("other", edited)]))
    if linked:
        assert alike >= ALIKE
    if alike >= 0.8:
        assert linked


@pytest.mark.parametrize(
    ("days", "linked"), [(0, True), (DAYS, True), (DAYS + 1, False), (7, False), (None, True)]
)
def test_what_comes_again_later_is_another_story(days: int | None, linked: bool) -> None:
    day = date(2020, 3, 5)
    later = None if days is None else day + timedelta(days)
    for first, second in ((day, later), (later, day)):
        articles = [article("one", WIRE, first), article("other", WIRE, second)]
        assert bool(grouped(articles)) == linked


def peak_of(count: int) -> int:
    """Bytes that taking in that many articles needs, of which the last two are alike."""

    def numbered(at: int) -> Article:
        number = min(at, count - 2)
        return article(f"{at}", " ".join(f"{number}x{word}" for word in range(50)))

    tracemalloc.start()
    stories = Stories(numbered)
    for at in range(count):
        stories.add(numbered(at))
    assert stories.groups() == [[f"{count - 2}", f"{count - 1}"]]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_holds_a_few_bytes_of_an_article() -> None:
    assert peak_of(3072) < peak_of(1024) + 2048 * 100


def test_short_texts_of_one_form_are_no_story() -> None:
    notice = "The library is closed on Monday."
    assert grouped([article("one", notice), article("other", notice)]) == set()


@pytest.mark.parametrize("kept", KEPT)
def test_a_story_in_two_papers_is_found_once_and_names_the_other(tmp_path: Path, kept: str) -> None:
    retriever = opened(tmp_path, PAPERS, kept)
    hits = retriever.search("Who freed the bell of the Corvina from the silt?", 10)
    with_bell = [hit for hit in hits if "under two metres of silt" in hit.passage.text]
    assert len(with_bell) == 1
    assert links(hits)["orchard"] == set()
    assert links(with_bell) in ({"gazette": {"herald"}}, {"herald": {"gazette"}})
    assert all(other == retriever.article(other.id) for hit in hits for other in hit.also)
    # What only one of them has is found all the same.
    hits = retriever.search("What will the town council vote on? Who gathers signatures?", 10)
    assert [hit.article.id for hit in hits if "signatures" in hit.passage.text] == ["herald"]
    retriever.close()


@pytest.mark.parametrize("kept", KEPT)
def test_a_filter_holds_for_the_other_papers_too(tmp_path: Path, kept: str) -> None:
    retriever = opened(tmp_path, PAPERS, kept)
    for name, source in (("gazette", "The Gazette"), ("herald", "The Herald")):
        hits = retriever.search("the bell of the Corvina", 10, source=source)
        assert links(hits)[name] == set()
        assert any("two metres" in hit.passage.text for hit in hits)
        assert links(retriever.search("the bell", article=name)) == {name: set()}
    both = retriever.search("the bell", article=["gazette", "herald"])
    assert links(both)[both[0].article.id] == {"gazette", "herald"} - {both[0].article.id}
    retriever.close()


def test_one_text_in_two_papers_is_an_article_of_each(tmp_path: Path) -> None:
    papers = [line("one", WIRE, "The Gazette"), line("two", WIRE, "The Herald")]
    retriever = opened(tmp_path, [*papers, line("again", WIRE, "the gazette")])
    assert retriever.manifest.articles == 2
    assert retriever.article("one").other_paths == ("a.jsonl:3",)
    hits = retriever.search("the bell of the Corvina", 10)
    assert len({hit.article.id for hit in hits}) == 1
    assert links(hits) in ({"one": {"two"}}, {"two": {"one"}})
    retriever.close()


def test_repeats_take_no_places_of_others(tmp_path: Path) -> None:
    many = [line(f"{n}", f"{WIRE} Edition{'abcdefghijkl'[n]}.", f"Paper {n}") for n in range(12)]
    few = [line(f"bell {n}", f"A bell rang in village {n}.", "The Bell") for n in range(6)]
    retriever = opened(tmp_path, [*many, *few])
    hits = retriever.search("the bell of the ferry Corvina", 6)
    assert len(hits) == 6
    assert len({hit.passage.text for hit in hits}) == 6
    assert {hit.article.id for hit in hits} & {f"bell {n}" for n in range(6)}
    retriever.close()


def test_numbers_are_the_news_in_reports_of_one_form(tmp_path: Path) -> None:
    papers = [
        line(name, WIRE.replace("five volunteers", f"{count} volunteers"), name)
        for name, count in (("one", "12"), ("two", "14"))
    ]
    retriever = opened(tmp_path, papers)
    hits = retriever.search("How many volunteers freed the bell?", 10)
    texts = " ".join(hit.passage.text for hit in hits)
    assert "12 volunteers" in texts
    assert "14 volunteers" in texts
    assert links(hits) == {"one": {"two"}, "two": {"one"}}
    retriever.close()


CHOICE = st.lists(
    st.sampled_from(
        [*PAPERS, line("post", f"(Wire) {WIRE}", "The Post"), line("late", WIRE, "L", "2020-04-01")]
    ),
    min_size=1,
    unique_by=lambda each: each["id"],
)


@given(before=CHOICE, after=CHOICE)
@settings(max_examples=15)
def test_links_of_an_index_made_again_are_those_of_one_made_anew(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[dict[str, str]],
    after: list[dict[str, str]],
) -> None:
    folder = tmp_path_factory.mktemp("papers")
    again = opened(folder / "again", before)
    opened(folder / "again", after).close()
    anew = opened(folder / "anew", after)
    question = "the bell of the Corvina"
    assert again.search(question, 20) == anew.search(question, 20)
    told = {"gazette", "herald", "post"} & {each["id"] for each in after}
    for name, others in links(anew.search(question, 20)).items():
        assert others == (told - {name} if name in told else set())
    again.close()
    anew.close()


def passage(number: int, article_id: str, text: str) -> Passage:
    return Passage(number, article_id, 0, len(text), text)


def test_a_passage_is_repeated_by_other_articles_of_its_story_only() -> None:
    same = "a bell under two metres of silt"
    assert stand_ins([(1, passage(1, "a", same)), (1, passage(2, "b", same))]) == {2: 1}
    assert stand_ins([(1, passage(1, "a", same)), (1, passage(2, "a", same))]) == {}
    assert stand_ins([(1, passage(1, "a", same)), (2, passage(2, "b", same))]) == {}


def test_what_two_passages_say_together_is_said() -> None:
    words = [
        "the",
        "bell",
        "lay",
        "under",
        "two",
        "metres",
        "of",
        "silt",
        "beside",
        "the",
        "wheelhouse",
        "of",
        "the",
        "old",
        "ferry",
    ]
    parts = [" ".join(words[:10]), " ".join(words[5:]), " ".join(words[3:13])]
    told = [(1, passage(n, "b" if n == 2 else "a", part)) for n, part in enumerate(parts)]
    assert stand_ins(told).keys() == {2}
    assert stand_ins([told[0], told[2]]) == {}


def test_a_passage_has_the_best_place_of_what_it_stands_for() -> None:
    ranked = [(5, 3.0), (1, 2.5), (2, 2.0), (3, 1.0)]
    assert counted_once(ranked, {5: 2}) == [(2, 3.0), (1, 2.5), (3, 1.0)]
    assert counted_once(ranked, {}) == ranked
