"""Asking some of the articles only."""

from datetime import date
from typing import Any

import pytest
from fakes import FixedRetriever, SubstringReader, hit
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.types import Hit
from pullquote.qa.assistant import Assistant
from pullquote.qa.calibration import Calibration
from pullquote.qa.types import EVERYTHING, Message, Within
from pullquote.qa.within import NarrowedRetriever

OLD = hit(1, "The repairs cost $2 million.", date(2015, 5, 2))
NEW = hit(2, "The repairs cost $9 million.", date(2021, 11, 20))
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 9))
NAMES = st.lists(st.sampled_from(["The Lamp", "the lamp", "El País"]), max_size=3)


class Recorder(FixedRetriever):
    """Notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__([OLD, NEW])
        self.asked: list[tuple[Any, ...]] = []

    def current(self) -> "Recorder":
        return self

    def search(self, question: str, k: int = 5, *filters: Any, **named: Any) -> list[Hit]:
        self.asked.append((*filters, *named.values()))
        return []


def assistant() -> Assistant:
    reader = SubstringReader({"$2 million": 9.0, "$9 million": 8.0})
    return Assistant(FixedRetriever([OLD, NEW]), reader, Calibration.open())


def test_only_articles_within_the_dates_answer() -> None:
    asked = assistant()
    assert asked.ask("What did the repairs cost?").text == "$2 million"
    later = asked.ask("What did the repairs cost?", within=Within(since=date(2020, 1, 1)))
    assert later.text == "$9 million"
    assert {one.article.id for one in later.hits} == {"a2"}


def test_a_follow_up_and_the_turn_it_leans_on_stay_within() -> None:
    history = [Message("What did the repairs cost?")]
    within = Within(until=date(2016, 1, 1))
    answer = assistant().ask("And how much was it?", history, within)
    assert {one.article.id for one in answer.hits} == {"a1"}


@given(DAYS, DAYS, DAYS, DAYS)
def test_dates_that_are_asked_and_set_both_hold(
    since: date | None, until: date | None, first: date | None, last: date | None
) -> None:
    recorder = Recorder()
    NarrowedRetriever(recorder, Within(first, last)).search("?", 5, since, until)
    ((from_day, to_day, source, article),) = recorder.asked
    assert from_day == max(filter(None, (since, first)), default=None)
    assert to_day == min(filter(None, (until, last)), default=None)
    assert (source, article) == (None, None)


@given(st.none() | NAMES, NAMES)
def test_a_source_must_be_asked_for_and_set(asked: list[str] | None, known: list[str]) -> None:
    recorder = Recorder()
    NarrowedRetriever(recorder, Within(sources=tuple(known))).search("?", 5, None, None, asked)
    ((_, _, sources, _),) = recorder.asked
    if asked is None and not known:
        assert sources is None
        return
    assert sources is not None
    folded = {name.casefold() for name in sources}
    wanted = {name.casefold() for name in (known if asked is None else asked)}
    if known:
        wanted &= {name.casefold() for name in known}
    assert folded == wanted


def test_newest_is_counted_within() -> None:
    retriever = FixedRetriever([OLD, NEW], newest=date(2021, 11, 20))

    def newest(within: Within) -> date | None:
        return NarrowedRetriever(retriever, within).newest()

    assert newest(EVERYTHING) == date(2021, 11, 20)
    assert newest(Within(until=date(2018, 1, 1))) == date(2018, 1, 1)
    assert newest(Within(articles=("a1", "gone"))) == date(2015, 5, 2)
    assert newest(Within(articles=("gone",))) is None


def test_an_unknown_article_stays_unknown() -> None:
    narrowed = NarrowedRetriever(FixedRetriever([OLD]), Within(articles=("a1",))).current()
    assert narrowed.article("a1") == OLD.article
    with pytest.raises(KeyError):
        narrowed.article("gone")
