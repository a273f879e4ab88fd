"""How often a model chooses right on pairs that it has not learned from."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from transformers import PreTrainedModel

from pullquote.qa.skim import NEVER
from pullquote.qa.training.features import Feature
from pullquote.qa.training.losses import logits_of

ASKED_TOGETHER = 64  # pairs
LONGEST_ANSWER = 30  # tokens


@dataclass(frozen=True, slots=True)
class Share:
    """Shares in percent of the pairs of a kind."""

    answered: float  # of those with an answer, one of its spans is the model's best, exactly
    abstained: float  # of those without, "no answer" is better than every span


@torch.inference_mode()
def right(model: PreTrainedModel, features: Sequence[Feature]) -> Share:
    """Choose the best of all spans and of "no answer" for each pair, and compare."""
    model.eval()  # type: ignore[no-untyped-call]
    outcomes: dict[bool, list[bool]] = {True: [], False: []}
    ordered = sorted(features, key=lambda feature: len(feature.token_ids))
    for begin in range(0, len(ordered), ASKED_TOGETHER):
        batch = ordered[begin : begin + ASKED_TOGETHER]
        starts, ends = logits_of(model, batch).unbind(-1)  # (pairs, tokens) each
        width = starts.shape[1]
        allowed = torch.ones(width, width, dtype=torch.bool, device=starts.device)
        allowed = allowed.triu() & ~allowed.triu(LONGEST_ANSWER)
        allowed[0, 1:] = False  # [CLS] goes with itself alone
        both = starts[:, :, None] + ends[:, None, :]
        best = both.masked_fill(~allowed, 2 * NEVER).flatten(1).argmax(1).tolist()
        for feature, place in zip(batch, best, strict=True):
            outcomes[feature.answered].append(divmod(place, width) in feature.spans)
    answered, abstained = (
        100 * sum(each) / max(1, len(each)) for each in (outcomes[True], outcomes[False])
    )
    return Share(answered, abstained)
