"""The reader's input in token ids, in batches: `[CLS] question [SEP] title [SEP] passage [SEP]`.

A lead may stand before the passage, which nothing is lifted out of: what came before it in the
story (see leads.py).

Training and reading both lay their input out here, so they cannot drift apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

LONGEST_INPUT = 384  # tokens of one window; the model itself could take 512
LONGEST_QUESTION = 96
LONGEST_TITLE = 24
LONGEST_LEAD = 64
PAD_TO = 16  # tokens: what the processor's vectors and matrix tiles like
SHARED = 64  # tokens by which two windows of one passage overlap
REMEMBERED = 4096  # texts that are not tokenised again; some ten megabytes


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the model, and where its tokens stand in the passage."""

    passage: int  # which of the passages that were given
    token_ids: NDArray[np.int32]  # (tokens,)
    question_tokens: int  # tokens of the first segment: [CLS] question [SEP]
    first: int  # position of the passage's first token in token_ids
    offsets: NDArray[np.int32]  # (passage tokens, 2) characters of the passage


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs of about equal length, padded to one; each array is (windows, tokens) int64."""

    token_ids: NDArray[np.int64]
    token_types: NDArray[np.int64]  # 0 in the question, 1 behind it
    attention: NDArray[np.int64]  # 1 where there is a token


def padded(token_ids: Sequence[NDArray[np.int32]], question_tokens: Sequence[int]) -> Batch:
    """One batch of inputs, given each one's tokens and how many of them are the question's."""
    longest = max(len(ids) for ids in token_ids)
    shape = len(token_ids), -(-longest // PAD_TO) * PAD_TO
    batch = Batch(*(np.zeros(shape, np.int64) for _ in range(3)))
    for row, (ids, first) in enumerate(zip(token_ids, question_tokens, strict=True)):
        batch.token_ids[row, : len(ids)] = ids
        batch.token_types[row, first : len(ids)] = 1
        batch.attention[row, : len(ids)] = 1
    return batch


@dataclass(frozen=True, slots=True)
class _Tokens:
    """A text in tokens. Windows share both arrays, so they cannot be written to."""

    ids: NDArray[np.int32]  # (tokens,)
    offsets: NDArray[np.int32]  # (tokens, 2) characters


class WindowMaker:
    """Turns a question and its passages into windows that the model can take."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        # "[SEP]" in an article is six characters and ends nothing.
        tokenizer.encode_special_tokens = True
        self._tokenizer = tokenizer
        self._cls = tokenizer.token_to_id("[CLS]")
        self._sep = tokenizer.token_to_id("[SEP]")
        # Passages of one article share its title, and the next question often finds them again.
        self._tokens = lru_cache(REMEMBERED)(self._tokenised)

    def windows(
        self,
        question: str,
        titles: Sequence[str],
        leads: Sequence[str],
        passages: Sequence[str],
    ) -> list[Window]:
        """At least one window for every passage that has a token, in the order of the passages.

        A passage that does not fit is split into windows that overlap, never truncated. An
        over-long question keeps its beginning and its end, an over-long title its beginning, an
        over-long lead its end.
        """
        asked = self._tokens(question).ids
        if len(asked) > LONGEST_QUESTION:
            half = LONGEST_QUESTION // 2
            asked = np.concatenate([asked[:half], asked[-half:]])
        segment = np.array([self._cls, *asked, self._sep], np.int32)
        end = np.array([self._sep], np.int32)

        windows: list[Window] = []
        for number, texts in enumerate(zip(titles, leads, passages, strict=True)):
            title, lead, passage = map(self._tokens, texts)
            title_ids = [title.ids[:LONGEST_TITLE], end] if len(title.ids) else []
            head = np.concatenate([segment, *title_ids, lead.ids[-LONGEST_LEAD:]])
            room = LONGEST_INPUT - len(head) - 1
            for start in range(0, max(1, len(passage.ids) - SHARED), room - SHARED):
                part = passage.ids[start : start + room]
                if len(part):
                    windows.append(
                        Window(
                            passage=number,
                            token_ids=np.concatenate([head, part, end]),
                            question_tokens=len(segment),
                            first=len(head),
                            offsets=passage.offsets[start : start + room],
                        )
                    )
        return windows

    def _tokenised(self, text: str) -> _Tokens:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids = np.array(encoding.ids, np.int32)
        offsets = np.array(encoding.offsets, np.int32).reshape(-1, 2)
        for array in (ids, offsets):
            array.flags.writeable = False
        return _Tokens(ids, offsets)
