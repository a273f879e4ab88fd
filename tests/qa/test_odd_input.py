"""Whatever the text and wherever the model points, a span is exact and of whole words.

The model here guesses, so that spans begin and end at any token, as no trained one would do.
"""

import unicodedata
from datetime import date

import pytest
from fakes import STORY, FixedRetriever, GuessingNetwork, hits_of
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from pullquote.index.types import Article, Hit, Passage
from pullquote.qa.assistant import Assistant
from pullquote.qa.calibration import Calibration
from pullquote.qa.checkpoint import WEIGHTS, load_tokenizer
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.types import Span
from pullquote.qa.windows import LONGEST_INPUT, WindowMaker

TOKENIZER: Tokenizer = load_tokenizer(WEIGHTS)
MAKER = WindowMaker(TOKENIZER)
READER = ExtractiveReader(GuessingNetwork(), MAKER)
ALWAYS = Calibration(slope=1.0, intercept=0.0, threshold=0.0, retrieval=0.0)

ODD_WORDS = (
    "The mayor paid $1.4 million 12 percent 53% a 24-hour p.m. U.S. 4:30 “We will,” (five) dogs’ "
    "isn't 東京 München e\u0301galite\u0301 Zu\u0308rich नमस्ते 👩‍👩‍👧 ﬁre İstanbul ½ ① ΣΊΣΥΦΟΣ "
    "한국어 שלום 5 days\u0301 NAME\tGOALS | --- ... ; ' \" « » [x] http://a.b/c?d=e [SEP] [UNK]"
)
WORDS = st.sampled_from(ODD_WORDS.split(" "))
SPACES = st.sampled_from([" ", " ", " ", "\n", "\t", "\n\n", "\u00a0", "\u2028", "", "  "])
PROSE = st.lists(st.tuples(WORDS, SPACES), min_size=1, max_size=60).map(
    lambda pieces: "".join(word + space for word, space in pieces)
)
TEXTS = PROSE | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)
QUESTIONS = st.sampled_from(["Who?", "?", "¿Qué?", "really " * 500, "x" * 2000, "東" * 300])


def in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def check(span: Span) -> None:
    text, quote = span.article.text, span.article.text[span.start : span.end]
    assert span.passage.start <= span.start < span.end <= span.passage.end
    assert quote == quote.strip()
    before, after = text[: span.start][-1:], text[span.end :][:1]
    assert not (before and in_word(before) and in_word(quote[0]))
    assert not (after and in_word(after) and in_word(quote[-1]))
    assert quote[0] not in ",;:"
    assert quote[-1] not in ",;:!?…"
    for left, right in ("“”", "()", '""'):
        inside = quote[1:-1]
        loose = quote[0] == left and quote[-1] == right and len(quote) > 1
        assert not (loose and left not in inside and right not in inside)


@given(text=TEXTS, question=QUESTIONS)
@example(text="It took 5 days\u0301.", question="Who?")
@example(text="x", question="Who?")
def test_spans_of_any_text_are_exact_and_whole(text: str, question: str) -> None:
    for span in READER.read(question, hits_of(text), spans_each=8):
        check(span)


@given(text=TEXTS, question=QUESTIONS)
def test_what_offsets_cut_out_is_what_the_token_says(text: str, question: str) -> None:
    for window in MAKER.windows(question, ["T"], [""], [text]):
        assert len(window.token_ids) <= LONGEST_INPUT
        ids = window.token_ids[window.first :]
        for number, (start, end) in zip(ids, window.offsets.tolist(), strict=False):
            token = TOKENIZER.id_to_token(int(number)) or ""
            said = TOKENIZER.normalizer.normalize_str(text[start:end])
            assert token == "[UNK]" or token.removeprefix("##") in said  # noqa: S105


@given(text=TEXTS)
def test_quotes_of_any_text_stand_in_the_article(text: str) -> None:
    hits = hits_of(text)
    assistant = Assistant(FixedRetriever(hits, newest=date(2024, 1, 1)), READER, ALWAYS)
    for question in ("Who paid?", "Why did the mayor pay?"):
        answer = assistant.ask(question)
        for quote in answer.quotes:
            assert quote.text
            for citation in quote.citations:
                assert text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    "text",
    [
        STORY * 270,
        STORY.upper() * 270,
        STORY.replace(".", "").replace(",", "") * 270,
        "NAME\tGOALS\tTEAM\n" + "ANN\t3\tWICK\n" * 3700,
        "| name | goals |\n|---|---|\n" + "| Ann | 3 |\n" * 3500,
        "Zürich e\u0301galite\u0301 Αθήνα 👩‍👩‍👧 " * 1600,
    ],
    ids=["prose", "capitals", "no punctuation", "tabs", "a table", "accents and joined signs"],
)
def test_forty_thousand_characters_give_exact_spans(text: str) -> None:
    assert len(text) > 40_000
    hits = hits_of(text)
    spans = READER.read("Who " + "really " * 300 + "paid?", hits)
    assert {span.passage.id for span in spans} == {hit.passage.id for hit in hits}
    for span in spans:
        check(span)


@settings(max_examples=20)
@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=40))
def test_a_passage_of_one_word(word: str) -> None:
    article = Article("a", "", word, None, None, None, "a.txt", "")
    for span in READER.read("Who?", [Hit(Passage(1, "a", 0, len(word), word), article, 0.0, 1)]):
        check(span)


def test_a_passage_longer_than_the_window_is_read_to_its_end() -> None:
    text = " ".join(f"word{number}" for number in range(3000))
    whole = Hit(Passage(1, "a", 0, len(text), text), hits_of(text)[0].article, 0.0, 1)
    spans = READER.read("Who?", [whole], spans_each=10_000)
    assert min(span.start for span in spans) < 300
    assert max(span.end for span in spans) > len(text) - 300
    for span in spans:
        check(span)
