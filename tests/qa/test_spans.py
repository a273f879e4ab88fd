"""Where a quote begins and ends."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pullquote.qa.spans import makes_list, makes_range, sentence_around, whole_words, with_unit

ODD = st.sampled_from("😀𝕏é\u0301\u200d\u2028\x85\r\n\t\u00a0.?!,;:…“”‘’'\"()[]«» aB1")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | ODD, max_size=60)


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(TEXTS)
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    return text, start, end


def in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def quoted(text: str, part: str) -> str | None:
    start = text.index(part)
    span = whole_words(text, start, start + len(part))
    return span and text[slice(*span)]


@given(texts_with_spans())
@example(("...", 0, 3))
@example(("“ ”", 0, 3))
@example(("“”“”", 0, 4))
@example(("e\u0301", 0, 1))
def test_a_span_is_whole_and_within_the_text(given_span: tuple[str, int, int]) -> None:
    text, start, end = given_span
    span = whole_words(text, start, end)
    if span is None:
        assert not any(in_word(character) for character in text[start:end])
        return
    first, last = span
    assert 0 <= first < last <= len(text)
    assert not (first > 0 and in_word(text[first - 1]) and in_word(text[first]))
    assert not (last < len(text) and in_word(text[last - 1]) and in_word(text[last]))
    inside = text[first:last]
    assert inside == inside.strip()
    assert inside[0] not in ",;:"
    assert inside[-1] not in ",;:!?…"


@given(texts_with_spans())
def test_a_span_loses_no_word(given_span: tuple[str, int, int]) -> None:
    text, start, end = given_span
    first, last = whole_words(text, start, end) or (0, 0)
    wanted = {at for at in range(start, end) if in_word(text[at])}
    assert wanted <= set(range(first, last))


@given(texts_with_spans())
def test_a_whole_span_stays_as_it_is(given_span: tuple[str, int, int]) -> None:
    text, start, end = given_span
    span = whole_words(text, start, end)
    if span:
        assert whole_words(text, *span) == span


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("Mayor Olufsen cut it.", "lufs", "Olufsen"),
        ("Mayor Olufsen cut it.", "Olufsen cut it.", "Olufsen cut it"),
        ("It reopened, Ann said.", "reopened,", "reopened"),
        ("It reopened, Ann said.", ", Ann", "Ann"),
        ("Who? Ann!", "Ann!", "Ann"),
        ("He said wait...", "wait...", "wait"),
        ("It cost $14.2.", "$14.2.", "$14.2"),
        ("It cost $14.2 million.", "2 million", "2 million"),
        ("See example.com.", "example.com.", "example.com"),
        ("See example.co.uk.", "example.co.uk.", "example.co.uk"),
        ("From 4 to 8 p.m. the gym is open.", "8 p.m.", "8 p.m."),
        ("Open until 8p.m.", "8p.m.", "8p.m."),
        ("Open (until p.m.)", "(until p.m.)", "until p.m."),
        ("The U.S. Attorney spoke.", "The U.S.", "The U.S."),
        ("She went to D.C.", "D.C.", "D.C."),
        ("It was George W.", "George W.", "George W."),
        ("“We will mend it,” he said.", "“We will mend it,”", "We will mend it"),
        ("'Yes.' \"No.\"", '"No."', "No"),
        ("‘One’ and ‘two’ it was", "‘One’ and ‘two’", "‘One’ and ‘two’"),
        ("The “red” house stood.", "The “red” house", "The “red” house"),
        ("the council (of five) met", "council (of five)", "council (of five)"),
        ("the council (of five) met", "(of five)", "of five"),
        ("the council (of five) met", "five)", "five"),
        ("He said “never again” twice", "“never", "never"),
        ("The dogs' home", "dogs' home", "dogs' home"),
        ("Ren\u00e9e and Rene\u0301e", "Rene", "Rene\u0301e"),
        ("a\u200db", "a", "a\u200db"),
        ("x ,;: y", " ,;: ", None),
        ("x ... y", "...", None),
        ("x y", " ", None),
    ],
)
def test_loose_punctuation_goes_and_the_words_stay(
    text: str, part: str, expected: str | None
) -> None:
    assert quoted(text, part) == expected


def test_an_empty_span_is_none() -> None:
    assert whole_words("word", 2, 2) is None
    assert whole_words("", 0, 0) is None


def test_the_sentence_around_a_span() -> None:
    text = "The bridge reopened. Mayor Olufsen cut the ribbon. It rained."
    start = text.index("Olufsen")
    around = sentence_around(text, start, start + 7)
    assert text[slice(*around)] == "Mayor Olufsen cut the ribbon."


def test_a_span_over_two_sentences_has_both_around_it() -> None:
    text = "It snowed. The bridge reopened. Mayor Olufsen cut the ribbon. It rained."
    around = sentence_around(text, text.index("reopened"), text.index("Olufsen"))
    assert text[slice(*around)] == "The bridge reopened. Mayor Olufsen cut the ribbon."


@given(texts_with_spans())
def test_the_sentence_holds_the_span(given_span: tuple[str, int, int]) -> None:
    text, start, end = given_span
    first, last = sentence_around(text, start, end)
    assert 0 <= first <= start <= end <= last <= len(text)


@pytest.mark.parametrize(
    ("text", "number", "with_its_unit"),
    [
        ("It did 75 to 80 percent of it.", "75 to 80", "75 to 80 percent"),
        ("Within three to five years.", "three to five", "three to five years"),
        ("It costs $2.5 million dollars.", "2.5", "$2.5 million dollars"),
        ("Down 53% from May.", "53", "53%"),
        ("A 24-hour shift", "24", "24-hour"),
        ("From 4 p.m. on", "4", "4 p.m."),
        ("By half a million dollars", "half a million", "half a million dollars"),
        ("There are 18 recruits.", "18", "18"),
        ("In 2017 years passed.", "In", "In"),
        ("Someone years later", "Someone", "Someone"),
        ("He is 30 yearsman", "30", "30"),
        ("A 12-year-old", "12", "12"),
        ("It took 5 days\u0301", "5", "5"),
    ],
)
def test_a_number_keeps_its_unit(text: str, number: str, with_its_unit: str) -> None:
    start = text.index(number)
    assert text[slice(*with_unit(text, start, start + len(number)))] == with_its_unit


@given(texts_with_spans())
@example(("$1 million %", 1, 2))
def test_a_unit_is_only_added(given_span: tuple[str, int, int]) -> None:
    text, start, end = given_span
    if start < end:
        first, last = with_unit(text, start, end)
        assert 0 <= first <= start < end <= last <= len(text)


@pytest.mark.parametrize(
    ("first", "between", "last", "joined"),
    [
        ("4 p.m.", " until ", "8 p.m.", True),
        ("3", "–", "5 years", True),
        ("Monday", " to ", "Friday", True),
        ("three", " to ", "five", True),
        ("4 p.m.", " and ", "8 p.m.", False),
        ("4 p.m.", "", "8 p.m.", False),
        ("4", "\n- ", "8", False),
        ("Hartford", " to ", "Boston", False),
        ("Mayor Luke Bronin", " – ", "Bronin", False),
    ],
)
def test_two_ends_make_a_range(first: str, between: str, last: str, joined: bool) -> None:
    text = first + between + last
    start = len(text) - len(last)
    assert makes_range(text, (0, len(first)), (start, len(text))) is joined


@pytest.mark.parametrize(
    ("between", "joined"),
    [
        (", ", True),
        (" and ", True),
        (", and the ", True),
        (" (DEA), the ", True),
        (" (ATF) and an ", True),
        (" as well as ", True),
        ("", False),
        (" ", False),
        (". ", False),
        (" met ", False),
        (", who met ", False),
        ("\n", False),
    ],
)
def test_two_items_make_a_list(between: str, joined: bool) -> None:
    text = "Ann" + between + "Ben"
    assert makes_list(text, (0, 3), (len(text) - 3, len(text))) is joined
