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
    pairs = list(read_examples(squad))
    ours = list(written_examples(written, pairs))[: config.written] if written else []
    with_answer = [pair for pair in pairs if pair.answers]
    chooser.shuffle(with_answer)
    learned = with_answer[: config.answerable]
    # Their titles are running numbers, which tell the reader nothing.
    kinds = [
        [
            replace(pair, title="")
            for pair in read_examples(file)
            if pair.answers and not held_out(pair)
        ]
        for file in shifts
    ]
    shifted = [pair for kind in kinds for pair in kind]
    strangers = [pair for kind in kinds for pair in negatives.strangers(kind, config.seed)]
    paragraphs = {pair.passage: pair for pair in with_answer}
    passages = [window for pair in paragraphs.values() for window in windows_of(pair)]
    earlier_news, this_news = news_examples(news, *config.news)
    unanswerable = [
        *chooser.sample([pair for pair in pairs if not pair.answers], config.unanswerable),
        *(pair for pair in ours if not pair.answers),
    ] * config.unanswerable_times
    parts = [
        [*learned, *(pair for pair in ours if pair.answers)],
        _first(negatives.swapped(with_answer[-4 * config.swapped :], config.seed), config.swapped),
        _first(
            negatives.retrieved(with_answer, passages, config.seed, each=config.wrong_each),
            config.retrieved,
        ),
        chooser.sample(shifted, min(len(shifted), config.shifted)),
        chooser.sample(strangers, min(len(strangers), config.shifted_wrong)),
    ]
    parts = [[_cropped(pair, config, chooser) for pair in part] for part in parts]
    if config.unanswerable_cropped:
        unanswerable = [_cropped(pair, config, chooser) for pair in unanswerable]
    parts.append(unanswerable)
    older = list(news_pairs(earlier_news, config.seed)) if config.older_news else []
    parts += [
        list(news_pairs(this_news, config.seed)),
        chooser.sample(older, min(len(older), config.older_news)),
    ]
    everything = [pair for part in parts for pair in part]
    chooser.shuffle(everything)
    return [
        as_keywords(pair)
        if config.keyword_share and chooser.random() < config.keyword_share
        else pair
        for pair in everything
    ]


def _cropped(pair: Example, config: TrainingConfig, chooser: random.Random) -> Example:
    """The pair as the config's shares of crops and leads would have it."""
    if chooser.random() >= config.cropped_share:
        return pair
    crop = cropped(pair, chooser.random())
    if config.lead_share and chooser.random() < config.lead_share:
        return with_lead(crop, pair.passage)
    return crop


def _first(pairs: Iterator[Example], number: int) -> list[Example]:
    return [pair for pair, _ in zip(pairs, range(number), strict=False)]
