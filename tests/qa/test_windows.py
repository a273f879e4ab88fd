"""What the reader is given to read."""

import re
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Encoding, Tokenizer, models, normalizers, pre_tokenizers

from pullquote.qa import reader
from pullquote.qa.windows import (
    LONGEST_INPUT,
    LONGEST_LEAD,
    LONGEST_QUESTION,
    LONGEST_TITLE,
    Window,
    WindowMaker,
)

SHIPPED = Path(reader.__file__).parent / "weights" / "tokenizer.json"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


def small_tokenizer() -> Tokenizer:
    """Knows every ASCII character and a few words, and splits as BERT does."""
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "bridge", "word", "##s"]
    pieces += [chr(code) for code in range(33, 127)]
    pieces += [f"##{chr(code)}" for code in range(97, 123)]
    pieces += [f"##{digit}" for digit in range(10)]
    words = dict.fromkeys(pieces)
    tokenizer = Tokenizer(
        models.WordPiece({piece: at for at, piece in enumerate(words)}, unk_token="[UNK]")  # noqa: S106
    )
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


TOKENIZER = Tokenizer.from_file(str(SHIPPED)) if SHIPPED.exists() else small_tokenizer()
MAKER = WindowMaker(TOKENIZER)
SEP = TOKENIZER.token_to_id("[SEP]")


def covered(windows: list[Window], number: int) -> set[int]:
    return {
        at
        for window in windows
        if window.passage == number
        for start, end in window.offsets.tolist()
        for at in range(start, end)
    }


def fits(window: Window, passage: str) -> bool:
    """Whether the window is laid out as the model expects, and its offsets are of the passage."""
    tokens = len(window.token_ids)
    begins, ends = window.offsets[:, 0], window.offsets[:, 1]
    return bool(
        tokens <= LONGEST_INPUT
        and window.token_ids[0] == TOKENIZER.token_to_id("[CLS]")
        and window.token_ids[window.question_tokens - 1] == SEP
        and window.token_ids[-1] == SEP
        and window.first + len(window.offsets) == tokens - 1
        and np.all(begins >= 0)
        and np.all(begins < ends)
        and np.all(ends <= len(passage))
    )


def test_a_window_is_question_title_and_passage() -> None:
    (window,) = MAKER.windows("The bridge?", ["The words"], [""], ["Bridge words."])
    head, tail = window.token_ids[: window.first], window.token_ids[window.first :]
    spoken = [TOKENIZER.id_to_token(number) or "" for number in head]
    assert "".join(spoken).replace("##", "") == "[CLS]thebridge?[SEP]thewords[SEP]"
    assert window.question_tokens == spoken.index("[SEP]") + 1
    assert tail[-1] == SEP
    assert fits(window, "Bridge words.")


def test_the_end_of_what_came_before_stands_before_the_passage() -> None:
    lead = "word " * 200 + "the bridge"
    (window,) = MAKER.windows("Who?", ["The words"], [lead], ["Bridge"])
    head = [TOKENIZER.id_to_token(int(number)) for number in window.token_ids[: window.first]]
    assert head[-2:] == ["the", "bridge"]
    assert window.token_ids[window.first - LONGEST_LEAD - 1] == SEP
    assert fits(window, "Bridge")


def test_without_a_title_the_passage_follows_the_question() -> None:
    (window,) = MAKER.windows("Who?", [""], [""], ["The bridge"])
    assert window.first == window.question_tokens


def test_offsets_cut_the_tokens_out_of_the_passage() -> None:
    passage = "The bridge — 😀 — cost $14.2 million."
    (window,) = MAKER.windows("Cost?", ["T"], [""], [passage])
    ids = window.token_ids[window.first :]
    for number, (start, end) in zip(ids, window.offsets.tolist(), strict=False):
        token = TOKENIZER.id_to_token(int(number)) or ""
        if token != "[UNK]":  # noqa: S105
            assert passage[start:end].lower() == token.removeprefix("##")


@given(question=TEXTS, title=TEXTS, lead=TEXTS, passages=st.lists(TEXTS, max_size=3))
def test_windows_of_any_text_fit(question: str, title: str, lead: str, passages: list[str]) -> None:
    many = len(passages)
    windows = MAKER.windows(question, [title] * many, [lead] * many, passages)
    assert [window.passage for window in windows] == sorted(window.passage for window in windows)
    assert all(fits(window, passages[window.passage]) for window in windows)
    for number, passage in enumerate(passages):
        words = {at for at, character in enumerate(passage) if re.match(r"[a-zA-Z0-9]", character)}
        assert words <= covered(windows, number)


@pytest.mark.parametrize("words", [250, 300, 340, 350, 500, 2000])
@pytest.mark.parametrize("asked", [1, 95, 96, 97, 3000])
def test_long_passages_are_covered_and_long_questions_fit(words: int, asked: int) -> None:
    passage = " ".join(f"the bridge {n}" for n in range(words // 2))
    question = " ".join(["words"] * asked)
    windows = MAKER.windows(question, ["the word " * 50, ""], ["", ""], [passage, "bridge"])
    assert all(fits(window, [passage, "bridge"][window.passage]) for window in windows)
    everything = {at for at, character in enumerate(passage) if character != " "}
    assert everything <= covered(windows, 0)
    assert windows[0].question_tokens <= LONGEST_QUESTION + 2
    assert windows[0].first <= windows[0].question_tokens + LONGEST_TITLE + 1


def test_neighbouring_windows_overlap() -> None:
    passage = " ".join(f"bridge {n}" for n in range(1000))
    windows = MAKER.windows("bridge?", [""], [""], [passage])
    assert len(windows) > 2
    for before, after in pairwise(windows):
        assert after.offsets[0, 0] < before.offsets[-1, 0]


def test_an_over_long_question_keeps_its_beginning_and_its_end() -> None:
    question = " ".join(["bridge", *["word"] * 500, "the"])
    (window,) = MAKER.windows(question, [""], [""], ["word"])
    asked = [TOKENIZER.id_to_token(int(n)) for n in window.token_ids[: window.question_tokens]]
    assert (asked[1], asked[-2]) == ("bridge", "the")


@pytest.mark.parametrize("passage", ["", " ", "\u200b\n"])
def test_a_passage_without_a_token_has_no_window(passage: str) -> None:
    windows = MAKER.windows("Who?", ["One", "Two"], ["", ""], [passage, "The bridge"])
    assert [window.passage for window in windows] == [1]


def test_no_passages_no_windows() -> None:
    assert MAKER.windows("Who?", [], [], []) == []


class CountingTokenizer:
    """Notes what is tokenised."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self.texts: list[str] = []

    def no_padding(self) -> None:
        self._tokenizer.no_padding()

    def no_truncation(self) -> None:
        self._tokenizer.no_truncation()

    encode_special_tokens = False

    def token_to_id(self, token: str) -> int | None:
        return self._tokenizer.token_to_id(token)

    def encode(self, text: str, add_special_tokens: bool) -> Encoding:
        self.texts.append(text)
        return self._tokenizer.encode(text, add_special_tokens=add_special_tokens)


def test_a_text_cannot_end_its_own_segment() -> None:
    text = "The bridge [SEP] [CLS] [PAD] words"
    (window,) = MAKER.windows(text, [text], [text], [text])
    assert np.count_nonzero(window.token_ids == SEP) == 3
    assert np.count_nonzero(window.token_ids == TOKENIZER.token_to_id("[CLS]")) == 1
    assert fits(window, text)


def test_nothing_is_tokenised_twice() -> None:
    counting = CountingTokenizer(TOKENIZER)
    maker = WindowMaker(cast(Tokenizer, counting))
    passages = ["The bridge", "Bridge words"]
    first = maker.windows("Who?", ["The word"] * 2, [""] * 2, passages)
    assert sorted(counting.texts) == sorted(["Who?", "The word", "", *passages])
    counting.texts.clear()
    again = maker.windows("The bridge?", ["The word"] * 2, [""] * 2, passages)
    assert counting.texts == ["The bridge?"]
    for before, after in zip(first, again, strict=True):
        assert before.offsets.tolist() == after.offsets.tolist()


def test_what_is_remembered_may_not_be_written_over() -> None:
    (window,) = MAKER.windows("Who?", [""], [""], ["The bridge"])
    with pytest.raises(ValueError, match="read-only"):
        window.offsets[0, 0] = 5
