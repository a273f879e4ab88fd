"""Finding passages by their words."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pullquote.index.filters import Wanted
from pullquote.index.lexical import LexicalIndex
from pullquote.index.types import Article, Passage

TEXTS = (
    (date(2015, 5, 2), "The Ferry", "The bridges over the Lea reopened."),
    (date(2021, 11, 20), "The Lamp", "A bridge closed because a pier is sinking."),
    (None, None, "Forty stalls of the fish market in the café have been let."),
    (date(1, 1, 1), "El País", "The oldest story speaks of a bridge as well."),
    (date.max, "the lamp", "The newest story speaks of a bridge as well."),
)


def article(number: int) -> Article:
    published, source, text = TEXTS[number]
    return Article(str(number), f"Title {number}", text, source, published, None, "a.txt", "")


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("words")
    writer = LexicalIndex.create(folder).writer()
    for number, (_, _, text) in enumerate(TEXTS):
        passage = Passage(number, str(number), 0, len(text), text)
        writer.add(article(number), f"Title {number} | headline{number}", [passage])
    writer.commit()
    return LexicalIndex.open(folder)


def ids(found: list[tuple[int, float]]) -> set[int]:
    return {number for number, _ in found}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("bridge", {0, 1, 3, 4}),
        ("BRIDGES!", {0, 1, 3, 4}),
        ("Who let the stalls?", {0, 2, 3, 4}),
        ("sinking", {1}),
        ("sink", {1}),
        ("cafe", {2}),
        ("CAFÉ", {2}),
        ("headline2", {2}),
        ("helicopter", set()),
        ("x" * 41, set()),
        ("sinkking", {1}),
        ("Who let the stals?", {0, 2, 3, 4}),
        ("headlin2", {2}),
        ("sinqqing", set()),
        ("cafr", set()),
    ],
)
def test_words_are_found_whatever_their_case_ending_or_accents(
    lexical: LexicalIndex, question: str, expected: set[int]
) -> None:
    assert ids(lexical.search(question, 10)) == expected


def test_a_misspelt_word_does_not_outweigh_one_that_is_spelt_right(lexical: LexicalIndex) -> None:
    found = lexical.search("stalls of the ferry, sinkking", 10)
    assert found[0][0] == 2
    assert 1 in ids(found)


def test_words_that_are_everywhere_are_left_out_of_large_indexes(
    lexical: LexicalIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pullquote.index.lexical.LARGE", 5)
    monkeypatch.setattr("pullquote.index.lexical.COMMON", 0.3)
    assert ids(lexical.search("the sinking bridge", 10)) == {1}
    assert ids(lexical.search("bridge", 10)) == {0, 1, 3, 4}  # there is nothing else to go by


def test_scores_fall_and_at_most_k_come_back(lexical: LexicalIndex) -> None:
    found = lexical.search("the bridge over the sinking pier", 10)
    assert found[0][0] == 1
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert lexical.search("the bridge over the sinking pier", 2) == found[:2]


def test_a_word_said_twice_counts_once(lexical: LexicalIndex) -> None:
    once = lexical.search("bridge pier", 10)
    assert lexical.search("bridge bridge BRIDGE bridges pier", 10) == once


@pytest.mark.parametrize(
    ("since", "until", "sources", "expected"),
    [
        (date(2015, 5, 2), date(2015, 5, 2), None, {0}),
        (date(2015, 5, 3), None, None, {1, 4}),
        (None, date(2015, 5, 1), None, {3}),
        (date.min, date.max, None, {0, 1, 3, 4}),
        (date.min, None, None, {0, 1, 3, 4}),
        (date(2016, 1, 1), date(2015, 1, 1), None, set()),
        (None, None, ["THE LAMP"], {1, 4}),
        (None, None, ["EL PAÍS"], {3}),
        (None, None, ["El País", "The Lamp", "nobody"], {1, 3, 4}),
        (None, None, [], set()),
        (None, None, ["The"], set()),
        (date(2000, 1, 1), date(2030, 1, 1), ["the lamp"], {1}),
    ],
)
def test_filters(
    lexical: LexicalIndex,
    since: date | None,
    until: date | None,
    sources: list[str] | None,
    expected: set[int],
) -> None:
    wanted = Wanted(since, until, None if sources is None else tuple(sources))
    assert ids(lexical.search("the bridge in the story", 10, wanted)) == expected


@pytest.mark.parametrize(
    ("articles", "expected"),
    [(("1",), {1}), (("0", "4", "9"), {0, 4}), (("9",), set()), ((), set()), (None, {0, 1, 3, 4})],
)
def test_only_named_articles(
    lexical: LexicalIndex, articles: tuple[str, ...] | None, expected: set[int]
) -> None:
    assert ids(lexical.search("bridge", 10, Wanted(articles=articles))) == expected


def test_filters_do_not_change_the_scores(lexical: LexicalIndex) -> None:
    scores = dict(lexical.search("sinking bridge", 10))
    filtered = lexical.search("sinking bridge", 10, Wanted(date(2021, 1, 1), sources=("The Lamp",)))
    assert filtered
    assert all(score == pytest.approx(scores[number]) for number, score in filtered)


SYNTAX = [
    "AND (",
    ':"^~[ TO',
    "NOT bridge",
    "passage:bridge",
    '"unclosed',
    "bridge^1e99",
    "*",
    "?!…—",
    "\\",
    "[1 TO",
    "id:>0",
    "🌉",
    "\0",
    " ",
]


@pytest.mark.parametrize("question", SYNTAX)
def test_no_question_is_a_query_language(lexical: LexicalIndex, question: str) -> None:
    assert isinstance(lexical.search(question, 10), list)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_question_can_be_asked(lexical: LexicalIndex, question: str) -> None:
    assert ids(lexical.search(question, 10)) <= set(range(len(TEXTS)))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@settings(max_examples=10)
def test_any_text_can_be_indexed(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder: Path = tmp_path_factory.mktemp("words")
    writer = LexicalIndex.create(folder).writer()
    told = Article("1", text, text, text, None, None, text, "")
    writer.add(told, text, [Passage(7, "1", 0, len(text), text), Passage(8, "1", 0, 4, "mark")])
    writer.commit()
    assert 8 in ids(LexicalIndex.open(folder).search("mark", 10))
