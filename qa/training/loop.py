"""Learning from pairs, step by step, with checkpoints to go on from."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import torch
from torch import nn
from tqdm import tqdm
from transformers import PreTrainedModel

from pullquote.qa.checkpoint import load_reader
from pullquote.qa.training.config import Steps
from pullquote.qa.training.features import Feature, batches_of
from pullquote.qa.training.losses import loss_of

MODEL = "model.pt"
SHOWN_EVERY = 10  # steps
Batch = TypeVar("Batch")


def train(
    model: PreTrainedModel,
    how: Steps,
    features: Sequence[Feature],
    out: Path,
) -> None:
    """Train on pairs to the end, from the last checkpoint in `out` if there is one."""
    plain = [p for p in model.parameters() if p.ndim < 2]
    decayed = [p for p in model.parameters() if p.ndim >= 2]
    optimiser = torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": how.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ],
        lr=how.learning_rate,
        fused=True,
    )
    batches = batches_of(features, how)
    descend(model, optimiser, batches, lambda batch: loss_of(model, batch, how), how, out)


def descend(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    batches: Sequence[Batch],
    loss_of_batch: Callable[[Batch], torch.Tensor],
    how: Steps,
    out: Path,
) -> None:
    """Take a step for each batch, from the last checkpoint in `out` if there is one."""
    model.train()
    warm_up = how.warm_up * len(batches)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min((step + 1) / warm_up, (len(batches) - step) / (len(batches) - warm_up)),
    )
    done = 0
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=next(model.parameters()).device)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        done = state["done"]

    average = None
    with tqdm(total=len(batches), initial=done, unit="batch", mininterval=10) as bar:
        for step in range(done, len(batches)):
            loss = loss_of_batch(batches[step])
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), how.clip)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad(set_to_none=False)
            if step % SHOWN_EVERY == 0:  # looking waits for a GPU
                now = loss.item()
                average = now if average is None else 0.9 * average + 0.1 * now
                bar.set_postfix(loss=f"{average:.3f}", refresh=False)
            bar.update()
            if (step + 1) % how.checkpoint_every == 0:
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
        torch.load(trained, map_location="cpu")
        if trained.exists()
        else load_reader(directory).state_dict()
    )
    return state


def _save(state: object, file: Path) -> None:
    """Write beside and rename, so that a kill leaves the old file or the new one."""
    beside = file.with_suffix(".part")
    torch.save(state, beside)
    beside.replace(file)
