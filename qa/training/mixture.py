"""The pairs of a run, of all kinds, mixed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pullquote.qa.training import negatives
from pullquote.qa.training.config import TrainingConfig
from pullquote.qa.training.examples import (
    Example,
    as_keywords,
    cropped,
    held_out,
    read_examples,
    windows_of,
    with_lead,
)
from pullquote.qa.training.news import news_examples, news_pairs
from pullquote.qa.training.written import written_examples


def examples_of(
    config: TrainingConfig,
    squad: Path,
    shifts: Sequence[Path],
    news: Path,
    written: Path | None = None,
) -> list[Example]:
    """All pairs of a run, in the order in which they are learned from.

    `written` holds more questions about SQuAD's paragraphs (see written.py).
    """
    chooser = random.Random(config.seed)
    everything = [
        *_about_paragraphs(config, squad, written, chooser),
        *_of_other_text(config, shifts, chooser),
        *_about_news(config, news, chooser),
    ]
    chooser.shuffle(everything)
    return [
        as_keywords(pair)
        if config.keyword_share and chooser.random() < config.keyword_share
        else pair
        for pair in everything
    ]


def _about_paragraphs(
    config: TrainingConfig, squad: Path, written: Path | None, chooser: random.Random
) -> list[Example]:
    pairs = list(read_examples(squad))
    ours = list(written_examples(written, pairs))[: config.written] if written else []
    answered = [pair for pair in pairs if pair.answers]
    chooser.shuffle(answered)
    unanswerable = [
        *chooser.sample([pair for pair in pairs if not pair.answers], config.unanswerable),
        *(pair for pair in ours if not pair.answers),
    ] * config.unanswerable_times
    exchanged = negatives.swapped(answered[-4 * config.swapped :], config.seed)
    passages = [
        window
        for pair in {pair.passage: pair for pair in answered}.values()
        for window in windows_of(pair)
    ]
    retrieved = negatives.retrieved(answered, passages, config.seed, each=config.wrong_each)
    whole_or_cropped = [
        *answered[: config.answerable],
        *(pair for pair in ours if pair.answers),
        *_first(exchanged, config.swapped),
        *_first(retrieved, config.retrieved),
    ]
    if config.unanswerable_cropped:
        return _cropped([*whole_or_cropped, *unanswerable], config, chooser)
    return [*_cropped(whole_or_cropped, config, chooser), *unanswerable]


def _of_other_text(
    config: TrainingConfig, shifts: Sequence[Path], chooser: random.Random
) -> list[Example]:
    # Their titles are running numbers, which tell the reader nothing.
    kinds = [
        [
            replace(pair, title="")
            for pair in read_examples(file)
            if pair.answers and not held_out(pair)
        ]
        for file in shifts
    ]
    answered = [pair for kind in kinds for pair in kind]
    strangers = [pair for kind in kinds for pair in negatives.strangers(kind, config.seed)]
    chosen = [
        *_sample(answered, config.shifted, chooser),
        *_sample(strangers, config.shifted_wrong, chooser),
    ]
    return _cropped(chosen, config, chooser)


def _about_news(config: TrainingConfig, news: Path, chooser: random.Random) -> list[Example]:
    earlier, these = news_examples(news, *config.news)
    older = list(news_pairs(earlier, config.seed)) if config.older_news else []
    return [*news_pairs(these, config.seed), *_sample(older, config.older_news, chooser)]


def _cropped(
    pairs: Sequence[Example], config: TrainingConfig, chooser: random.Random
) -> list[Example]:
    """The pairs as the config's shares of crops and leads would have them."""
    return [_cropped_one(pair, config, chooser) for pair in pairs]


def _cropped_one(pair: Example, config: TrainingConfig, chooser: random.Random) -> Example:
    if chooser.random() >= config.cropped_share:
        return pair
    crop = cropped(pair, chooser.random())
    if config.lead_share and chooser.random() < config.lead_share:
        return with_lead(crop, pair.passage)
    return crop


def _first(pairs: Iterator[Example], number: int) -> list[Example]:
    return [pair for pair, _ in zip(pairs, range(number), strict=False)]


def _sample(pairs: Sequence[Example], number: int, chooser: random.Random) -> list[Example]:
    return chooser.sample(pairs, min(len(pairs), number))
