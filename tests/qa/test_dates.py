"""The dates that questions name."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.types import Article, Hit, Passage
from pullquote.qa.dates import EARLIEST, LATEST, in_words, period_of, speaks_of, without_dates

Y = date(2017, 1, 1), date(2017, 12, 31)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who was mayor in 2017?", Y),
        ("Who was mayor in 2017, and who in 2017?", Y),
        ("Who won on August 5, 2024?", (date(2024, 8, 5), date(2024, 8, 5))),
        ("who won on aug. 5th 2024", (date(2024, 8, 5), date(2024, 8, 5))),
        ("Who won on 5 August 2024?", (date(2024, 8, 5), date(2024, 8, 5))),
        ("Who won on the 5th of August, 2024?", (date(2024, 8, 5), date(2024, 8, 5))),
        ("Who won on 2024-08-05?", (date(2024, 8, 5), date(2024, 8, 5))),
        ("Who won in August 2024?", (date(2024, 8, 1), date(2024, 8, 31))),
        ("Who won in Sept. 2024?", (date(2024, 9, 1), date(2024, 9, 30))),
        ("Who won in February of 2024?", (date(2024, 2, 1), date(2024, 2, 29))),
        ("Who won in May 2023?", (date(2023, 5, 1), date(2023, 5, 31))),
        ("What happened between 2015 and 2017?", (date(2015, 1, 1), date(2017, 12, 31))),
        ("From 2017 back to 2015?", (date(2015, 1, 1), date(2017, 12, 31))),
        ("And in December 2016 or May 2017?", (date(2016, 12, 1), date(2017, 5, 31))),
        ("What happened in the 2010s?", (date(2010, 1, 1), date(2019, 12, 31))),
        ("What happened from 2015–2017?", (date(2015, 1, 1), date(2017, 12, 31))),
        ("What happened since 2016?", (date(2016, 1, 1), LATEST)),
        ("What happened after May 2016?", (date(2016, 6, 1), LATEST)),
        ("What happened before 2020?", (EARLIEST, date(2019, 12, 31))),
        ("What happened since 2016 and before 2020?", (date(2016, 1, 1), date(2019, 12, 31))),
        ("When were the fewest seen since 2006?", (date(2006, 1, 1), date(2006, 12, 31))),
    ],
)
def test_periods(question: str, expected: tuple[date, date]) -> None:
    assert period_of(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Who is mayor?",
        "Who is mayor in May?",
        "Who paid $2017?",
        "Who has 2,017 men?",
        "Who has 2017,5 men?",
        "Was it 2017% more?",
        "Who won in 1066?",
        "Who lives at 20171 Main?",
        "Who won on February 30, 2017?",
        "Who won on 2017-13-45?",
    ],
)
def test_no_period(question: str) -> None:
    assert period_of(question) is None


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%B %d, %Y", "%b %d %Y", "%d %B %Y", "%d of %b. %Y"]))
def test_every_way_to_write_a_day(day: date, form: str) -> None:
    assert period_of(f"Who won on {day.strftime(form)}?") == (day, day)


@given(st.text() | st.from_regex(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}|May [0-9]+,? 20[0-9]{2}"))
def test_any_question_has_a_period_or_none(question: str) -> None:
    period = period_of(question)
    if period:
        assert period[0] <= period[1]
        assert in_words(period)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2017, 1, 1), date(2017, 12, 31), "2017"),
        (date(2024, 8, 1), date(2024, 8, 31), "August 2024"),
        (date(2024, 8, 5), date(2024, 8, 5), "August 5, 2024"),
        (date(2015, 1, 1), date(2017, 12, 31), "2015 to 2017"),
        (date(2010, 1, 1), date(2019, 12, 31), "the 2010s"),
        (date(2016, 1, 1), LATEST, "since 2016"),
        (date(2016, 6, 1), LATEST, "since June 1, 2016"),
        (EARLIEST, date(2019, 12, 31), "before 2020"),
    ],
)
def test_periods_in_words(first: date, last: date, expected: str) -> None:
    assert in_words((first, last)) == expected


@pytest.mark.parametrize(
    ("published", "text", "expected"),
    [
        (date(2017, 1, 1), "Rain fell.", True),
        (date(2017, 12, 31), "Rain fell.", True),
        (date(2018, 1, 1), "Rain fell.", False),
        (None, "Rain fell.", False),
        (None, "Rain fell in 2017.", True),
        (date(2024, 1, 1), "Rain fell in 2017.", True),
    ],
)
def test_what_speaks_of_a_period(published: date | None, text: str, expected: bool) -> None:
    article = Article("a", "Rain", text, None, published, None, "a.txt", "")
    assert speaks_of(Hit(Passage(1, "a", 0, len(text), text), article, 1.0, 1), Y) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who was mayor in 2017?", "Who was mayor?"),
        ("In August 2024, who was killed?", "who was killed?"),
        ("Who was killed on August 5, 2024 in Hartford?", "Who was killed in Hartford?"),
        ("Who was mayor at the start of 2017?", "Who was mayor?"),
        ("What happened between 2015 and 2017 here?", "What happened here?"),
        ("What happened in the 2010s?", "What happened?"),
        ("What happened since 2016?", "What happened?"),
        ("Who is mayor?", "Who is mayor?"),
        ("Who paid $2017?", "Who paid $2017?"),
    ],
)
def test_questions_without_their_dates(question: str, expected: str) -> None:
    assert without_dates(question) == expected
