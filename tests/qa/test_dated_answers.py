"""Questions over four articles about one city whose answer depends on the date.

Two of the articles have a date, January 12, 2017 and August 5, 2024, and two have none. Each
question names the dated answers that it must get, newest first, and may name its first answer.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

import pytest
from archive import SOURCES

from pullquote.index import build_index
from pullquote.qa import Answer, Assistant
from pullquote.qa.values import same_value

pytestmark = pytest.mark.model

OLD, NEW = date(2017, 1, 12), date(2024, 8, 5)
Dated = tuple[date, str]


@dataclass(frozen=True)
class Case:
    """What is asked, and the dated answers, newest first; `undated` answers may stand beside."""

    question: str
    dated: tuple[Dated, ...]
    undated: tuple[str, ...] = ()
    abstains: bool = False


def old(answer: str) -> tuple[Dated, ...]:
    return ((OLD, answer),)


def new(answer: str) -> tuple[Dated, ...]:
    return ((NEW, answer),)


MAYORS = (*new("Arunan Arulampalam"), *old("Luke Bronin"))
CASES = [
    Case("Who is the mayor of Hartford?", MAYORS, ("Pedro Segarra",)),
    Case("Who is Hartford's mayor now?", MAYORS, ("Pedro Segarra",)),
    Case("Who was the mayor of Hartford?", MAYORS, ("Pedro Segarra",)),
    Case("Who was Hartford's mayor in January 2017?", old("Luke Bronin")),
    Case("Who was mayor in 2017?", old("Luke Bronin")),
    Case("Who was mayor in 2024?", new("Arunan Arulampalam")),
    Case("Who was Hartford's mayor as of August 2024?", new("Arunan Arulampalam")),
    Case("Who was the mayor before 2020?", old("Luke Bronin")),
    Case("Who has been mayor since 2020?", new("Arunan Arulampalam")),
    Case("Who was mayor in 2010?", (), abstains=True),
    Case("Which mayor asked for federal help in 2017?", old("Luke Bronin")),
    Case("Who is the police chief of Hartford?", old("James Rovella"), ("Kenny Howell",)),
    Case("Who was Hartford's police chief in 2017?", old("James Rovella")),
    Case("Who was the police chief before 2020?", old("James Rovella")),
    Case("Who was police chief while Luke Bronin was mayor?", old("James Rovella")),
    Case("Who was police chief under Mayor Segarra?", (), ("James Rovella",)),
    Case("Who was interim police chief under Arulampalam?", (), ("Kenny Howell",)),
    Case("Who was governor while Segarra was mayor?", (), ("Dannel Malloy",)),
    Case("Who was the U.S. attorney in 2017?", old("Deirdre Daly")),
    Case("Who was city council president in 2017?", old("TJ Clarke")),
    Case("How many homicides has Hartford had?", (), ("18", "31", "14")),
    Case("How many homicides were there in Hartford this year?", (), ("18",)),
    Case("How many federal agents joined the team in 2017?", old("five")),
    Case("How many officers are part of the new policing initiative?", new("20")),
    Case("How many officers joined the policing initiative in 2024?", new("20")),
    Case("How many firearms were seized in 2024?", new("24")),
    Case("How many firearms did the city seize this year?", new("24")),
    Case("How much federal money was announced in August 2024?", new("$500,000")),
    Case("How many kids had signed up for night gyms as of August 2024?", new("1,000")),
    Case("How many kids had signed up for night gyms in 2017?", (), abstains=True),
    Case("How many state police detectives did Hartford get in 2017?", (), abstains=True),
]


@cache
def _assistants() -> dict[str, Assistant]:
    return {}


@pytest.fixture(params=list(SOURCES))
def assistant(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Assistant:
    source = request.param
    if not SOURCES[source].is_dir():
        pytest.skip(f"the source articles are not at {SOURCES[source]}")
    opened = _assistants()
    if source not in opened:
        directory = tmp_path_factory.mktemp(source)
        build_index(SOURCES[source], directory)
        opened[source] = Assistant.open(directory)
    return opened[source]


def dated(answer: Answer) -> list[tuple[date | None, str]]:
    """The answers by date, as the reader sees them: of the timeline, or else the first."""
    if answer.timeline:
        return [(moment.last, moment.quote.text) for moment in answer.timeline.moments]
    return [(quote.citations[0].published, quote.text) for quote in answer.quotes[:1]]


NOT_YET = {
    "digests-How many officers are part of the new policing initiative?": (
        "an article of another time answers too: two more parole officers, of another initiative"
    )
}


@pytest.mark.parametrize("case", CASES, ids=[case.question for case in CASES])
def test_every_dated_answer_is_right_and_in_order(
    assistant: Assistant, case: Case, request: pytest.FixtureRequest
) -> None:
    if request.node.callspec.id in NOT_YET:
        request.applymarker(pytest.mark.xfail(reason=NOT_YET[request.node.callspec.id]))
    answer = assistant.ask(case.question)
    shown = dated(answer)
    if case.abstains:
        assert answer.text is None, shown
        return
    with_date = [(day, text) for day, text in shown if day]
    assert [day for day, _ in with_date] == [day for day, _ in case.dated], shown
    for (_, text), (_, expected) in zip(with_date, case.dated, strict=True):
        assert same_value(text, expected), shown
    for day, text in shown:
        assert day or any(same_value(text, expected) for expected in case.undated), shown
    asks_about_now = " is " in case.question
    if asks_about_now and case.dated:
        assert answer.text
        assert same_value(answer.text, case.dated[0][1])
