"""The time beside a span."""

from datetime import date

import pytest
from fakes import hit

from pullquote.qa.nearby import BESIDE, ELSEWHEN, time_beside
from pullquote.qa.types import Span

TEXT = (
    "Owners: 1916-1920 - Baker - 1920-1941 - French - 2017-present - Hudgens. Poe owned it until "
    "1827. Ann Olufsen led the club from 1929 to 1935. Ben Stern came in 1950. Cid sang."
)


@pytest.mark.parametrize(
    ("name", "years", "fits"),
    [
        ("Baker", (1916, 1920), True),
        ("French", (1916, 1920), False),
        ("French", (1925, 1930), True),
        ("Hudgens", (2018, 2018), True),
        ("Poe", (1811, 1827), True),
        ("Poe", (1900, 1900), False),
        ("Ann Olufsen", (1930, 1933), True),
        ("Ann Olufsen", (1935, 1940), False),
        ("Ben Stern", (1949, 1951), True),
        ("Ben Stern", (1960, 1960), False),
        ("Cid", (1950, 1950), None),
        ("1950", (1950, 1950), None),
    ],
)
def test_the_nearest_time_of_the_sentence_counts(
    name: str, years: tuple[int, int], fits: bool | None
) -> None:
    found = hit(1, TEXT)
    start = TEXT.index(name)
    span = Span(found.passage, found.article, start, start + len(name), 0.0)
    period = date(years[0], 1, 1), date(years[1], 12, 31)
    expected = 0.0 if fits is None else BESIDE if fits else -ELSEWHEN
    assert time_beside(span, period) == expected
