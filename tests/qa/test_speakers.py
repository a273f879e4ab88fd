"""Who said it: every statement is a place in the article, and so is whoever makes it."""

import pytest
from benchmarks.speakers import SHARED, figures, read_labelled
from hypothesis import example, given
from hypothesis import strategies as st

from pullquote.qa.speakers import attributions, speaker_of

# Where the rules stand on the statements they were not written for, less a little.
PRECISION, RECALL = 0.85, 0.8


def said(text: str) -> list[tuple[str, str | None]]:
    """Every statement with its speaker."""
    return [
        (text[one.start : one.end].strip(",.”"), one.speaker.text if one.speaker else None)
        for one in attributions(text)
    ]


@pytest.mark.parametrize(
    ("text", "statement", "speaker"),
    [
        ("“The dam will hold,” said Mayor Ines Okafor.", "The dam will hold", "Mayor Ines Okafor"),
        ('"The dam will hold," Okafor said.', "The dam will hold", "Okafor"),
        ("«The dam will hold», said Ines Okafor.", "The dam will hold", "Ines Okafor"),
        ("„The dam will hold“, said Ines Okafor.", "The dam will hold", "Ines Okafor"),
        ("‘The dam didn’t break,’ Okafor said.", "The dam didn’t break", "Okafor"),
        ("'The dam didn't break,' Okafor said.", "The dam didn't break", "Okafor"),
        ("“Will the dam ever hold?” Ines Okafor asked.", "Will the dam ever hold?", "Ines Okafor"),
        ("Ines Okafor said, “The dam will hold.”", "The dam will hold", "Ines Okafor"),
        ("Okafor told reporters: “The dam will hold.”", "The dam will hold", "Okafor"),
        ("Okafor said in a statement on Monday that it holds.", "it holds", "Okafor"),
        ("Okafor said Monday the dam will hold.", "the dam will hold", "Okafor"),
        ("The old dam will hold, police say.", "The old dam will hold", "police"),
        ("According to police data, crime fell.", "crime fell", "police data"),
        ("Crime fell by half, according to police data.", "Crime fell by half", "police data"),
        (
            "“It will hold for years,” said Bo Stern, head of the county's dams.",
            "It will hold for years",
            "Bo Stern, head of the county's dams",
        ),
        (
            "Bo Stern, who has run the dams since 1990, said they will hold.",
            "they will hold",
            "Bo Stern",
        ),
        (
            "The dam will hold this winter, said system spokesman Bo Stern.",
            "The dam will hold this winter",
            "system spokesman Bo Stern",
        ),
        (
            "A senior city official told CNN the dam holds.",
            "the dam holds",
            "A senior city official",
        ),
        (
            "Bo Stern, the head of it, thanked all and said it holds.",
            "it holds",
            "Bo Stern, the head of it",
        ),
    ],
)
def test_a_statement_and_its_speaker(text: str, statement: str, speaker: str) -> None:
    assert (statement, speaker) in said(text)


def test_offices_and_names_are_told_apart() -> None:
    text = "“We are working hard at it,” said Interim Police Chief Kenny Howell."
    (one,) = attributions(text)
    assert one.speaker is not None
    assert (one.speaker.name, one.speaker.office) == ("Kenny Howell", "Interim Police Chief")
    assert text[one.speaker.start : one.speaker.end] == one.speaker.text
    assert one.quoted


NEWS = """“We will mend the dam this year,” said Mayor Ines Okafor.

“It is old,” she said. “It is older than any of us.”

Okafor said the county would pay. The mayor added that work begins in May.

“And it will be done by winter,” Okafor said. “Nobody has to leave the town.”

Fire Chief Bo Stern said he had “serious doubts” about it. He said that it may be “spring” by then.

“That,” said Stern, “is what we fear the most.”"""


def test_names_and_pronouns_are_those_of_the_person_named_in_full() -> None:
    mayor, chief = "Mayor Ines Okafor", "Fire Chief Bo Stern"
    assert said(NEWS) == [
        ("We will mend the dam this year", mayor),
        ("It is old", mayor),
        ("It is older than any of us", mayor),
        ("the county would pay", mayor),
        ("work begins in May", mayor),
        ("And it will be done by winter", mayor),
        ("Nobody has to leave the town", mayor),
        ("he had “serious doubts” about it", chief),
        ("it may be “spring” by then", chief),
        ("That", chief),
        ("is what we fear the most", chief),
    ]


def test_a_quotation_of_several_paragraphs_has_one_speaker() -> None:
    text = "“We asked for help twice.\n\n“Nobody came at all,” Bo Stern said."
    assert said(text) == [
        ("We asked for help twice", "Bo Stern"),
        ("Nobody came at all", "Bo Stern"),
    ]
    text = "Bo Stern said: “We asked for help twice.\n\n“Nobody came at all.”"
    assert said(text) == [
        ("We asked for help twice", "Bo Stern"),
        ("Nobody came at all", "Bo Stern"),
    ]


def test_a_paragraph_that_is_all_quotation_is_of_whoever_is_named_beside_it() -> None:
    quoted = "“The water rose all night.”"
    stern, okafor = "Bo Stern said it was late.", "Ines Okafor said it was early."
    assert (quoted[1:-2], "Bo Stern") in said(f"{stern}\n\n{quoted}")
    assert (quoted[1:-2], "Bo Stern") in said(f"{quoted}\n\n{stern}")
    assert (quoted[1:-2], None) in said(f"{stern}\n\n{quoted}\n\n{okafor}")
    assert said(quoted) == [(quoted[1:-2], None)]


def test_words_set_apart_are_no_quotation_of_their_own() -> None:
    text = "Segarra said more officers would let the “community policing model” work."
    assert said(text) == [
        ("more officers would let the “community policing model” work", "Segarra")
    ]
    assert said("The “community policing model” was tried in Ohio.") == []


@pytest.mark.parametrize(
    "text",
    [
        "The dam is said to be safe.",
        "The mayor declined to say whether the dam is safe.",
        "The county reported 18 floods in 2015.",
        "The trial went according to plan.",
        "What police said was wrong.",
        "The town's 6'2\" mayor, its \"boss\", left at 5'.",
    ],
)
def test_what_nobody_says_has_no_speaker(text: str) -> None:
    assert [speaker for _, speaker in said(text) if speaker] == []


def test_two_persons_of_one_name_are_not_mixed_up() -> None:
    text = (
        "“The river is too high today,” said Pastor Ann Bell.\n\n"
        "“The road is closed as well,” said Sheriff Joe Bell.\n\n"
        "“Stay at home until we call,” Bell said."
    )
    assert said(text)[-1] == ("Stay at home until we call", "Sheriff Joe Bell")


def test_the_speaker_of_a_place() -> None:
    text = "Police say two cars hit the wall. “The wall was not even lit,” said Bo Stern."
    wall, sentence = text.index("wall was"), text.index("“")
    found = speaker_of(text, wall, wall + 4)
    assert found is not None
    assert found.name == "Bo Stern"
    assert speaker_of(text, sentence, len(text)) == found  # the whole sentence, with "said"
    named = text.index("Bo Stern")
    assert speaker_of(text, named, len(text)) is None  # the name itself is not said
    assert speaker_of(text, 0, len(text)) is None  # two speakers
    assert speaker_of("", 0, 0) is None


MARKS = st.sampled_from(
    [*"“”\"‘’'«»„‹›「」.,:;?!—–… \n\t\x01\r\u2028", "\n\n", "’s", "U.S. ", "Gov. ", "Mr. "]
)
USUAL = (
    "he she they It The the mayor Mayor Police police Kenny Howell said says told reporters that "
    "according to According and but who whose called saying Hartford officials of for de 14 İ ß"
)
WORDS = st.sampled_from(USUAL.split())
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(MARKS, WORDS, st.just(" "), st.text(max_size=3)), max_size=80).map("".join),
    st.lists(st.one_of(MARKS, WORDS), max_size=80).map(" ".join),
)


@given(TEXTS)
@example("\x01said\x01")
@example("“")
@example("' \"“")
@example("„0:0:0:0 “")
def test_places_are_places_of_the_text(text: str) -> None:
    found = attributions(text)
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip() == text[one.start : one.end]
        if one.speaker:
            speaker = one.speaker
            assert text[speaker.start : speaker.end] == speaker.text
            assert speaker.text.strip()
            assert speaker.name in speaker.text
            assert "\n" not in speaker.text
            if speaker.office:
                assert speaker.office in speaker.text
    assert [one.start for one in found] == sorted(one.start for one in found)


@given(TEXTS, st.integers(0, 300), st.integers(0, 300))
def test_any_place_may_be_asked_for(text: str, start: int, end: int) -> None:
    speaker = speaker_of(text, start, end)
    assert speaker is None or text[speaker.start : speaker.end] == speaker.text


@pytest.mark.parametrize(
    "repeated",
    [
        NEWS + "\n",
        NEWS.replace("\n", " "),
        "“a b c d e,” Bob Smith said. ",
        "a 'b ",
        "“",
        "Aa ",
        "X",
    ],
)
def test_a_long_text_is_read_to_its_end(repeated: str) -> None:
    text = repeated * (40_000 // len(repeated))
    found = attributions(text)
    assert bool(found) == bool(attributions(repeated))
    assert not found or found[-1].end > len(text) - 2 * len(repeated)


def test_speakers_of_real_news() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"the labelled articles are not at {SHARED}")
    report = figures(read_labelled(SHARED), "report")
    print(report)
    assert report["precision"] >= PRECISION
    assert report["recall"] >= RECALL


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (
            "Ann Olufsen said the dam holds. Mayor Bob Stern said no. “It will last,” she said.",
            "It will last,",
            "Ann Olufsen",
        ),
        (
            "Spokeswoman Dee Lund said the dam holds. “It will last,” he said.",
            "It will last,",
            None,
        ),
        (
            "Lea Rovers manager Cid Blum left early, saying that it was late.",
            "it was late",
            "Cid Blum",
        ),
        (
            "Ann Olufsen lost. In a statement, Mayor Eva Moss applauded. “It will last,” she said.",
            "It will last,",
            "Eva Moss",
        ),
        ("The dam on the Lea holds for years, said Army Maj. Bo Stern.", "The dam on", "Bo Stern"),
        (
            "Bo Stern, the fire chief, said the city was showing hard work, done together.",
            "the city was showing hard work",
            "Bo Stern",
        ),
        (
            "“It is old,” Eva Moss, a builder, added to the Ferry.",
            "It is old,",
            "Eva Moss",
        ),
    ],
)
def test_whom_a_pronoun_and_an_office_mean(text: str, said: str, name: str | None) -> None:
    start = text.index(said)
    speaker = speaker_of(text, start, start + len(said))
    assert (speaker.name if speaker else None) == name
