"""Passages are slices of the text, cover it, and leave out what they are told to."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.passages import passage_spans
from pullquote.index.sentences import sentence_spans

# Astral characters, combining marks and every kind of line end, often enough to matter.
ODD = st.sampled_from("😀𝕏é\u0301\u200d\u2028\u2029\x85\x1c\r\n\t\u00a0\ufeff.?!“”' aB1")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | ODD, max_size=300)


@st.composite
def texts_with_gaps(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    text = draw(TEXTS)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return text, list(zip(cuts[::2], cuts[1::2], strict=False))


@given(texts_with_gaps(), st.integers(1, 20), st.integers(0, 10))
def test_passages_cover_the_story_in_order_and_touch_no_gap(
    given_text: tuple[str, list[tuple[int, int]]], words: int, overlap: int
) -> None:
    text, gaps = given_text
    skipped = {at for start, end in gaps for at in range(start, end)}
    covered: set[int] = set()
    before = (-1, -1)
    for start, end in passage_spans(text, gaps, words, overlap):
        assert before[0] < start < end <= len(text)
        assert before[1] < end
        assert text[start:end] == text[start:end].strip()
        assert not skipped & set(range(start, end))
        covered |= set(range(start, end))
        before = (start, end)
    wanted = {at for at, character in enumerate(text) if not character.isspace()} - skipped
    assert wanted <= covered


@given(TEXTS)
def test_sentence_indices_count_characters(text: str) -> None:
    spans = sentence_spans(text)
    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(text.split())


def test_sentences_after_astral_characters_are_where_they_say() -> None:
    text = "😀𝕏😀 One is here. Two is there."
    assert [text[start:end] for start, end in sentence_spans(text)][-1] == "Two is there."


def test_long_articles_become_overlapping_windows_of_whole_sentences() -> None:
    text = " ".join(f"Sentence number {n} has just seven words." for n in range(100))
    spans = passage_spans(text)
    assert all(text[start:end].startswith("Sentence number") for start, end in spans)
    assert all(text[start:end].endswith("words.") for start, end in spans)
    assert all(80 <= len(text[start:end].split()) <= 120 for start, end in spans)
    assert all(later[0] < earlier[1] for earlier, later in itertools.pairwise(spans))


def test_a_caption_is_cut_out_of_the_sentence_it_was_joined_to() -> None:
    caption = "The old bridge (Jane Doe photo)"
    text = f"The council met\n{caption}\nand voted for the repair. It was late."
    at = text.index(caption)
    spans = passage_spans(text, [(at, at + len(caption))])
    assert [text[start:end] for start, end in spans] == [
        "The council met",
        "and voted for the repair. It was late.",
    ]


@pytest.mark.parametrize("text", ["", " \n\t ", "\u2028"])
def test_white_space_has_no_passages(text: str) -> None:
    assert passage_spans(text) == []


def test_a_text_without_spaces_or_sentences_is_cut_all_the_same() -> None:
    assert len(passage_spans("x" * 100_000)) > 1
    assert len(passage_spans("word " * 10_000)) > 50
