"""Times that questions ask about in other ways than by one year."""

from collections.abc import Sequence
from datetime import date

import pytest
from fakes import FixedRetriever, SubstringReader, hit
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.types import Hit
from pullquote.qa import Answer, Assistant
from pullquote.qa.asked import prefers_newest, time_asked
from pullquote.qa.calibration import Calibration

NEWEST = date(2024, 8, 5)
EVEN = Calibration(1.0, 0.0, 0.5, 0.0)  # a score above 0 is answered
OLD, MIDDLE, NEW = date(2015, 8, 11), date(2017, 1, 12), NEWEST


def of_year(first: int, last: int) -> tuple[date, date]:
    return date(first, 1, 1), date(last, 12, 31)


def answered(
    question: str, hits: Sequence[Hit], scores: dict[str, float], newest: date | None = NEWEST
) -> tuple[Answer, list[str]]:
    reader = SubstringReader(scores)
    assistant = Assistant(FixedRetriever(hits, newest=newest), reader, EVEN)
    return assistant.ask(question), reader.asked


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("How many died last year?", of_year(2023, 2023)),
        ("How many so far this year?", of_year(2024, 2024)),
        ("Are there more this year than last year?", of_year(2023, 2024)),
        ("What closed last month?", (date(2024, 7, 1), date(2024, 7, 31))),
        ("How many died last year, in 2015?", of_year(2015, 2015)),
    ],
)
def test_what_is_counted_from_the_newest_article(question: str, period: tuple[date, date]) -> None:
    asked = time_asked(question, NEWEST)
    assert asked is not None
    assert asked.period == period


@pytest.mark.parametrize(
    "question",
    [
        "Who is mayor?",
        "What changed in the last year?",
        "What was his last year like?",
        "When was the last year of war?",
    ],
)
def test_what_names_no_time(question: str) -> None:
    assert time_asked(question, NEWEST) is None


def test_without_a_dated_article_nothing_can_be_counted() -> None:
    assert time_asked("How many died last year?", None) is None


@given(st.text(max_size=80), st.dates(date(1900, 1, 1), date(2099, 12, 31)) | st.none())
def test_any_question_has_a_time_or_none(question: str, newest: date | None) -> None:
    if asked := time_asked(question, newest):
        assert asked.period[0] <= asked.period[1]
        assert asked.is_plain or asked.understood(None)
    assert prefers_newest(question, newest) in (True, False, None)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is mayor?", True),
        ("Who is mayor now?", True),
        ("Who was the most recent chief?", True),
        ("What was the first count?", False),
        ("Who was mayor?", None),
        ("What was her first name?", None),
        ("Who was mayor in 2017?", None),
        ("Who is chief under Mayor Ann Olufsen?", None),
        ("What did he want now that it rained?", None),
    ],
)
def test_which_of_equally_likely_answers_is_first(question: str, expected: bool | None) -> None:
    assert prefers_newest(question, NEWEST) is expected


HITS = [
    hit(1, "The count was forty.", OLD),
    hit(2, "The count was fifty.", MIDDLE),
    hit(3, "The count was sixty.", NEW),
    hit(4, "The count was ninety."),
]
SCORES = {"forty": 6.0, "fifty": 4.0, "sixty": 2.0, "ninety": 1.0}


def test_this_year_is_the_newest_articles_year() -> None:
    answer, _ = answered("What is the count this year?", HITS, SCORES)
    assert answer.text == "sixty"
    assert answer.notice == "Read “this year” as 2024: the newest article is of August 5, 2024."


def test_an_article_of_last_year_is_asked_as_of_its_own_time() -> None:
    hits = [hit(1, "The count is forty.", date(2023, 5, 1)), *HITS[1:]]
    answer, asked = answered("What was the count last year?", hits, SCORES)
    assert answer.text == "forty"
    assert asked == ["What was the count?", "What was the count last year?"]
    assert answer.notice == "Read “last year” as 2023: the newest article is of August 5, 2024."


def test_where_no_article_of_that_time_answers_others_do_and_it_is_said() -> None:
    answer, _ = answered("What is the count this year?", HITS[:2], SCORES)
    assert answer.text == "forty"
    assert answer.notice == "No article of 2024 answers that; these are of another time."


def test_an_undated_article_may_be_of_that_time() -> None:
    answer, _ = answered("What is the count this year?", [*HITS[:2], HITS[3]], SCORES)
    assert answer.text == "ninety"
    assert answer.notice == "No article of 2024 answers that; the first one here has no date."


@pytest.mark.parametrize(
    ("question", "expected", "notice"),
    [
        ("What was the count since 2016?", "fifty", "Looking at articles since 2016."),
        ("What was the count after 2017?", "sixty", "Looking at articles since 2018."),
        ("What was the count before 2017?", "forty", "Looking at articles before 2017."),
        ("What was the count in the 2020s?", "sixty", "Looking at articles of the 2020s."),
        (
            "What was the count between 2016 and 2018?",
            "fifty",
            "Looking at articles of 2016 to 2018.",
        ),
        (
            "What was the count before 1999?",
            "forty",
            "No article before 1999 answers that; these are of another time.",
        ),
        ("What was the count in 2017?", "fifty", None),
        ("What was the count as of January 2017?", "fifty", None),
    ],
)
def test_ranges_choose_articles(question: str, expected: str, notice: str | None) -> None:
    answer, asked = answered(question, HITS, SCORES)
    assert (answer.text, answer.notice) == (expected, notice)
    assert notice is None or notice.startswith("No") or asked[0] == "What was the count?"
