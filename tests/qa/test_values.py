"""Which answers are one value, however they are written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pullquote.qa.numbers import tokens_of
from pullquote.qa.values import kind_of, same_value

PARTS = """
    14 fourteen $ 500,000 half a million dollars 53 % percent p.m. to – - ½ 5th Mayor Ann Olufsen
    O'Neil J. not more than and hundred one Aug. 2024 the
"""
ANSWERS = st.text(max_size=40) | st.lists(st.sampled_from(PARTS.split()), max_size=7).map(" ".join)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("half a million dollars", "$500,000"),
        ("$500,000", "500,000 dollars"),
        ("$1.4 million", "1.4 million dollars"),
        ("$1.4m", "$1,400,000"),
        ("$2 million dollars", "$2 million"),
        ("one and a half million", "1.5 million"),
        ("2½ million", "2.5 million"),
        ("14", "fourteen"),
        ("two dozen", "24"),
        ("a hundred", "100"),
        ("one hundred and fifty officers", "150 officers"),
        ("two thousand seventeen", "2,017"),
        ("53%", "53 percent"),
        ("fifty-three per cent", "53%"),
        ("75 to 80 percent", "75-80%"),
        ("three to five years", "3–5 years"),
        ("between 3 and 5", "from 3 to 5"),
        ("4 p.m. until 8 p.m.", "4 to 8 p.m."),
        ("about 20", "20"),
        ("some 20 officers", "about 20 officers"),
        ("over 1,000 kids", "more than 1,000 kids"),
        ("1,000", "over 1,000 kids"),
        ("18", "18 homicides"),
        ("four", "four state police detectives"),
        ("August 5, 2024", "5 August 2024"),
        ("Aug. 5, 2024", "August 5th, 2024"),
        ("the 5th of August", "Aug. 5"),
        ("Arunan Arulampalam", "Mayor Arulampalam"),
        ("Hartford Mayor Arulampalam", "Arunan Arulampalam"),
        ("Arulampalam", "Arunan Arulampalam"),
        ("Gov. Dannel P. Malloy", "Dannel Malloy"),
        ("TJ Clarke", "T.J. Clarke"),
        ("Luke Bronin", "L. Bronin"),
        ("Interim Police Chief Kenny Howell", "Chief Howell"),
        ("José Díaz", "Jose Diaz"),
        ("the mayor", "Mayor"),
        ("the walking beats", "walking beats"),
    ],
)
def test_one_value_in_two_writings(one: str, other: str) -> None:
    assert same_value(one, other)
    assert same_value(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("$2 million", "$12 million"),
        ("$2 million", "2"),
        ("$500", "500 euros"),
        ("20", "20 percent"),
        ("5 percent", "5 percentage points"),
        ("14", "15"),
        ("2015", "2017"),
        ("3 to 5", "3"),
        ("3 to 5", "3 and 5"),
        ("5", "5 p.m."),
        ("5", "5 years"),
        ("18 homicides", "18 recruits"),
        ("more than 20", "fewer than 20"),
        ("Hartford", "West Hartford"),
        ("Haven", "New Haven"),
        ("Ann Olufsen", "Ben Olufsen"),
        ("Mayor Ann Olufsen", "Mayor Ben Stern"),
        ("Bronin", "Bronin's office"),
        ("connected", "not connected"),
        ("opposed by Mayor Bronin", "approved by Mayor Bronin"),
        ("the mayor announced it", "the chief announced it"),
        ("", "Ann"),
    ],
)
def test_two_values(one: str, other: str) -> None:
    assert not same_value(one, other)
    assert not same_value(other, one)


@given(ANSWERS, ANSWERS)
@example("½", "")
@example("9" * 5000, "half a")
def test_any_two_answers_are_one_or_two_either_way_round(one: str, other: str) -> None:
    assert same_value(one, one)
    assert same_value(one, other) == same_value(other, one)
    assert kind_of(one)


@given(st.integers(0, 10**12))
def test_thousands_may_have_commas(number: int) -> None:
    assert same_value(str(number), f"{number:,}")
    assert not same_value(str(number), f"{number + 1:,}")
    assert tokens_of(f"${number:,}") == tokens_of(f"{number} dollars")


@given(st.integers(1, 999), st.sampled_from(["thousand", "million", "billion"]))
def test_scales_in_words_or_zeros(number: int, scale: str) -> None:
    zeros = {"thousand": 3, "million": 6, "billion": 9}[scale]
    assert same_value(f"${number} {scale}", f"{number}{'0' * zeros} dollars")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("$5", "money"),
        ("half a million dollars", "money"),
        ("53%", "share"),
        ("14 people", "number"),
        ("fourteen", "number"),
        ("2017", "time"),
        ("Thursday", "time"),
        ("4 to 8 p.m.", "time"),
        ("Luke Bronin", "name"),
        ("the interim chief, Kenny Howell", "name"),
        ("gun violence", "words"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert kind_of(text) == kind
