"""Pairs in token ids, as a model learns from them; they can be kept in a file."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pullquote.qa.training.config import Steps, TrainingConfig
from pullquote.qa.training.examples import Example
from pullquote.qa.windows import WindowMaker

SORTED_TOGETHER = 50  # batches


@dataclass(frozen=True, slots=True)
class Feature:
    """One pair; `spans` are token positions, (0, 0) says "no answer"."""

    token_ids: NDArray[np.int32]
    question_tokens: int
    first: int
    spans: tuple[tuple[int, int], ...]
    # Start and end logits of a larger model, (tokens, 2), where the reader is to learn from one.
    taught: NDArray[np.float16] | None = None

    @property
    def question(self) -> bytes:
        """The same for all pairs of a question."""
        return self.token_ids[: self.question_tokens].tobytes()

    @property
    def answered(self) -> bool:
        """Whether the passage answers the question."""
        return self.spans != ((0, 0),)


def features_of(
    examples: Sequence[Example], maker: WindowMaker, config: TrainingConfig
) -> Iterator[Feature]:
    """Tokens and token spans; pairs whose answer falls outside the window are left out."""
    chooser = random.Random(config.seed + 1)
    for example in examples:
        title = example.title if chooser.random() < config.title_share else ""
        windows = maker.windows(example.question, [title], [example.lead], [example.passage])
        if not windows:
            continue
        feature = _feature(
            windows[0].token_ids,
            windows[0].question_tokens,
            windows[0].first,
            windows[0].offsets,
            example,
            config.longest_passage,
            chooser,
        )
        if feature:
            yield feature


def _feature(
    token_ids: NDArray[np.int32],
    question_tokens: int,
    first: int,
    offsets: NDArray[np.int32],
    example: Example,
    longest: int,
    chooser: random.Random,
) -> Feature | None:
    spans = []
    for start, end in example.answers:
        inside = np.flatnonzero((offsets[:, 1] > start) & (offsets[:, 0] < end))
        if len(inside) and offsets[inside[-1], 1] >= end:
            spans.append((int(inside[0]), int(inside[-1])))
    if example.answers and not spans:
        return None
    length = len(offsets)
    begin = 0
    if length > longest:  # keep one occurrence of the answer inside, at a random place
        low, high = 0, length - longest
        if spans:
            start, end = chooser.choice(spans)
            low, high = max(0, end - longest + 1), min(start, high)
        begin = chooser.randint(min(low, high), high)
    stop = min(length, begin + longest)
    kept = tuple(
        (first + s - begin, first + e - begin) for s, e in spans if s >= begin and e < stop
    )
    if spans and not kept:
        return None
    ids = np.concatenate(
        [token_ids[:first], token_ids[first + begin : first + stop], token_ids[-1:]]
    )
    return Feature(ids, question_tokens, first, kept or ((0, 0),))


def batches_of(features: Sequence[Feature], how: Steps) -> list[list[Feature]]:
    """Batches of about equal lengths, in random order; every pair comes once in each pass.

    Where passages are to be ranked, those of one question come together.
    """
    together = how.batch * SORTED_TOGETHER
    units = _of_one_question(features) if how.ranking else [[feature] for feature in features]
    batches: list[list[Feature]] = []
    seed = how.seed
    while len(batches) < how.steps:
        chooser = random.Random(seed)
        this_pass = []
        for begin in range(0, len(units), together):
            by_length = sorted(units[begin : begin + together], key=_longest)
            some = [feature for unit in by_length for feature in unit]
            this_pass += [some[i : i + how.batch] for i in range(0, len(some), how.batch)]
        chooser.shuffle(this_pass)
        batches += this_pass
        chooser.shuffle(units)
        seed += 1
    return batches[: how.steps]


def _of_one_question(features: Sequence[Feature]) -> list[list[Feature]]:
    found: dict[bytes, list[Feature]] = {}
    for feature in features:
        found.setdefault(feature.question, []).append(feature)
    return list(found.values())


def _longest(unit: Sequence[Feature]) -> int:
    return max(len(feature.token_ids) for feature in unit)


def save_features(features: Sequence[Feature], file: Path) -> None:
    """Write pairs (without what was taught) as arrays, so that a machine with no data can learn."""
    np.savez(
        file,
        token_ids=np.concatenate([feature.token_ids for feature in features]).astype(np.uint16),
        lengths=np.array([len(feature.token_ids) for feature in features], np.int32),
        question_tokens=np.array([feature.question_tokens for feature in features], np.int32),
        first=np.array([feature.first for feature in features], np.int32),
        spans=np.array([span for feature in features for span in feature.spans], np.int32),
        spans_each=np.array([len(feature.spans) for feature in features], np.int32),
    )


def load_features(file: Path) -> list[Feature]:
    """The pairs that `save_features` wrote, in their order."""
    with np.load(file) as stored:
        token_ids = stored["token_ids"].astype(np.int32)
        ends = np.cumsum(stored["lengths"]).tolist()
        spans = list(map(tuple, stored["spans"].tolist()))
        last_spans = np.cumsum(stored["spans_each"]).tolist()
        question_tokens, first = stored["question_tokens"].tolist(), stored["first"].tolist()
    return [
        Feature(token_ids[begin:end], question, passage, tuple(spans[low:high]))
        for (begin, end), (low, high), question, passage in zip(
            pairwise([0, *ends]), pairwise([0, *last_spans]), question_tokens, first, strict=True
        )
    ]
