"""What the times in a sentence mean, and when nothing is said of them."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pullquote.qa.times import times_in

TUESDAY = date(2015, 8, 11)
MONDAY = date(2024, 8, 5)
WORDS = (
    "On Thursday last year this weekend tonight yesterday at this point so far fall October Jan. 3 "
    "said will was opens arrested today two days ago , . “ ” the in since by 2015 the weekend next "
    "over from May I Friday's month expected to"
)
SENTENCES = st.text(max_size=60) | st.lists(st.sampled_from(WORDS.split()), max_size=14).map(
    " ".join
)


def meanings(sentence: str, published: date | None) -> dict[str, str]:
    return {note.text: note.meaning for note in times_in(sentence, published)}


@given(SENTENCES, st.dates())
@example("the last year", date.min)
@example("tomorrow and next year", date.max)
def test_notes_are_where_they_say_and_in_order(sentence: str, published: date) -> None:
    end = 0
    for note in times_in(sentence, published):
        assert end <= note.start < note.end <= len(sentence)
        assert sentence[note.start : note.end] == note.text
        assert note.meaning
        end = note.end


@given(SENTENCES)
@example("It rained this year and on Thursday, police said yesterday.")
def test_nothing_is_known_without_a_date(sentence: str) -> None:
    assert times_in(sentence, None) == ()


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_years_are_counted_from_the_article(published: date) -> None:
    found = meanings("There were 14 this year, 30 last year.", published)
    assert found == {"this year": str(published.year), "last year": str(published.year - 1)}


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["Monday", "Sunday"]))
def test_a_weekday_of_the_past_is_of_the_last_seven_days(published: date, name: str) -> None:
    (meaning,) = meanings(f"The bridge closed {name}.", published).values()
    days = [published.fromordinal(published.toordinal() - back) for back in range(7)]
    (day,) = [day for day in days if f"{day:%A}" == name]
    assert meaning == f"{day:%B} {day.day}, {day.year}"


@pytest.mark.parametrize(
    ("published", "sentence", "expected"),
    [
        # The year
        (
            MONDAY,
            "At this point last year it was 30, now 14 so far this year.",
            {
                "At this point last year": "about August 5, 2023",
                "so far this year": "2024, up to August 5",
            },
        ),
        (
            MONDAY,
            "It has fallen this year, set beside last year at this time.",
            {"this year": "2024", "last year at this time": "about August 5, 2023"},
        ),
        (TUESDAY, "It is one shy of last year’s total.", {"last year": "2014"}),
        (TUESDAY, "It closes next year.", {"next year": "2016"}),
        (TUESDAY, "It closed two years ago.", {"two years ago": "2013"}),
        (date(2024, 2, 29), "At this time last year it rained.", None),
        # Seasons
        (date(2017, 1, 12), "“Last fall, I asked her,” he said.", {"Last fall": "fall 2016"}),
        (date(2017, 3, 12), "It shut last summer.", {"last summer": "summer 2016"}),
        (date(2017, 7, 12), "It shut last winter.", {"last winter": "winter 2016–17"}),
        (date(2017, 1, 12), "It shut this winter.", {"this winter": "winter 2016–17"}),
        (date(2017, 8, 12), "It shut last summer.", {"last summer": "summer 2016"}),
        (date(2017, 8, 12), "It opens this fall.", {"this fall": "fall 2017"}),
        # Months
        (TUESDAY, "Eighteen are expected to graduate in October.", {"October": "October 2015"}),
        (TUESDAY, "Voters approved it in October.", {"October": "October 2014"}),
        (TUESDAY, "In March, voters approved it.", {"March": "March 2015"}),
        (TUESDAY, "It will open Jan. 3.", {"Jan. 3": "January 3, 2016"}),
        (TUESDAY, "She took office on Jan. 3.", {"Jan. 3": "January 3, 2015"}),
        (TUESDAY, "Crime fell last month.", {"last month": "July 2015"}),
        (TUESDAY, "Since May it is shut.", {"May": "May 2015"}),
        # Weeks and days
        (TUESDAY, "He asked for it last week.", {"last week": "the week of August 3, 2015"}),
        (TUESDAY, "As of Monday, they had four.", {"Monday": "August 10, 2015"}),
        (TUESDAY, "Malloy said after Monday’s meeting.", {"Monday": "August 10, 2015"}),
        (TUESDAY, "Police said Tuesday that he died.", {"Tuesday": "August 11, 2015"}),
        (
            TUESDAY,
            "The man arrested Thursday will be arraigned Friday.",
            {"Thursday": "August 6, 2015", "Friday": "August 14, 2015"},
        ),
        (TUESDAY, "He was shot last night.", {"last night": "August 10, 2015"}),
        (TUESDAY, "“I saw it yesterday,” he said yesterday.", {"yesterday": "August 10, 2015"}),
        (TUESDAY, "It was announced today.", {"today": "August 11, 2015"}),
        (TUESDAY, "The vote is tonight.", {"tonight": "August 11, 2015"}),
        (MONDAY, "As for the cases from this weekend, call.", {"this weekend": "August 3–4, 2024"}),
        (MONDAY, "It will open this weekend.", {"this weekend": "August 10–11, 2024"}),
        (
            date(2015, 6, 2),
            "They met over the weekend.",
            {"the weekend": "May 30–31, 2015"},
        ),
        (
            date(2015, 2, 3),
            "They met over the weekend.",
            {"the weekend": "January 31 – February 1, 2015"},
        ),
    ],
)
def test_meanings(published: date, sentence: str, expected: dict[str, str] | None) -> None:
    if expected is None:  # the day before February 29 a year ago
        expected = {"At this time last year": "about February 28, 2023"}
    assert meanings(sentence, published) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "In the last year, crime fell.",
        "It was his last year of school.",
        "It was the last year-round shelter.",
        "It fell over the past year.",
        "Nearly two years ago it fell.",
        "It opened one or two years ago.",
        "It shut last spring.",  # this year's or last year's
        "It opens next fall.",
        "It shut last March.",
        "Voters approved it in October 2013.",
        "They marched on the March for Our Lives.",
        "April said so.",
        "The school opens Thursday.",
        "Police said the school opens Thursday.",
        "It would open Thursday.",
        "He was scheduled to appear Thursday.",
        "He asked the council to vote Thursday.",
        "Gyms are open Monday through Friday.",
        "It was shut every Thursday.",
        "It was shut on Thursdays.",
        "Stores were full on Black Friday.",
        "It was the first Monday of the year.",
        "She read the Sunday Times.",
        "Today, the mill is a museum.",
        "“I was there yesterday,” he said.",
        "In 2010, he said that he would run next year.",
        "“It will close this year,” he said in 2012.",
        "The road is closed this weekend.",
        "She told USA Today.",
        "He was tried for what happened on January 6.",
    ],
)
def test_nothing_is_said_of_what_is_not_plain(sentence: str) -> None:
    assert times_in(sentence, date(2015, 8, 13)) == ()


def test_a_weekday_with_its_date_is_left_to_the_date() -> None:
    found = meanings("On Monday, Jan. 5, police said so.", TUESDAY)
    assert found == {"Jan. 5": "January 5, 2015"}
