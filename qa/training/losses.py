"""What a model is to make small: the surprise of the right spans, the distance from a teacher."""

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn.functional import kl_div
from transformers import PreTrainedModel

from pullquote.qa.skim import NEVER
from pullquote.qa.training.config import Steps
from pullquote.qa.training.features import Feature
from pullquote.qa.windows import padded


def logits_of(model: PreTrainedModel, batch: Sequence[Feature]) -> torch.Tensor:
    """Start and end logits, float32 (pairs, tokens, 2).

    [CLS] and the passage can be chosen; title and question cannot, their logits are NEVER.
    """
    inputs = padded(
        [feature.token_ids for feature in batch], [feature.question_tokens for feature in batch]
    )
    selectable = np.zeros(inputs.token_ids.shape, bool)
    for row, feature in enumerate(batch):
        selectable[row, 0] = True
        selectable[row, feature.first : len(feature.token_ids) - 1] = True
    device = model.device
    enabled = device.type != "cpu" or _fast_in_bfloat16()
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=enabled):
        output = model(
            input_ids=torch.from_numpy(inputs.token_ids).to(device),
            token_type_ids=torch.from_numpy(inputs.token_types).to(device),
            attention_mask=torch.from_numpy(inputs.attention).to(device),
        )
    logits = torch.stack([output.start_logits, output.end_logits], -1).float()
    return logits.masked_fill(~torch.from_numpy(selectable).to(device)[:, :, None], NEVER)


def loss_of(model: PreTrainedModel, batch: Sequence[Feature], how: Steps) -> torch.Tensor:
    """The mean loss of a batch; with a share of the teacher's, every pair must have been taught."""
    logits = logits_of(model, batch)
    loss = _surprise(logits, batch)
    if how.teacher_share:
        distance = _distance(logits, batch, how.temperature)
        loss = (1 - how.teacher_share) * loss + how.teacher_share * distance
    if how.ranking:
        loss = loss + how.ranking * _disorder(logits, batch)
    return loss


def _surprise(logits: torch.Tensor, batch: Sequence[Feature]) -> torch.Tensor:
    """Negative log of the probability of all right spans together (marginal likelihood)."""
    shape = len(batch), max(len(feature.spans) for feature in batch)
    spans, there = np.zeros((*shape, 2), np.int64), np.zeros(shape, bool)
    for row, feature in enumerate(batch):
        spans[row, : len(feature.spans)] = feature.spans
        there[row, : len(feature.spans)] = True
    at = torch.from_numpy(spans).to(logits.device)
    both = logits.log_softmax(1).gather(1, at).sum(-1)  # (pairs, spans)
    both = both.masked_fill(~torch.from_numpy(there).to(logits.device), float("-inf"))
    return -both.logsumexp(1).mean()


def _disorder(logits: torch.Tensor, batch: Sequence[Feature]) -> torch.Tensor:
    """Negative log of the right passages' share among all passages of their question.

    A passage's weight is how likely it answers at all, against that it does not: spans of all
    passages are to be compared with each other (Wang et al., "Multi-passage BERT", arXiv
    1908.08167). Questions with right passages only, or with wrong ones only, count nothing.
    """
    likely = (logits[:, 1:].logsumexp(1) - logits[:, 0]).sum(-1)  # (pairs,)
    numbers: dict[bytes, int] = {}
    of_question = np.zeros((len(batch), len(batch)), bool)  # (questions, pairs)
    for row, feature in enumerate(batch):
        of_question[numbers.setdefault(feature.question, len(numbers)), row] = True
    right = of_question & [feature.answered for feature in batch]
    mixed = right.any(1) & (of_question & ~right).any(1)
    if not mixed.any():
        return likely.sum() * 0
    every, good = (
        likely.masked_fill(~torch.from_numpy(mask[mixed]).to(likely.device), float("-inf"))
        for mask in (of_question, right)
    )
    return (every.logsumexp(1) - good.logsumexp(1)).sum() / len(numbers)


def _distance(logits: torch.Tensor, batch: Sequence[Feature], temperature: float) -> torch.Tensor:
    """Divergence (Kullback and Leibler) of the softened choices from the teacher's."""
    theirs = np.full(logits.shape, NEVER, np.float32)
    for row, feature in enumerate(batch):
        if feature.taught is None:
            raise ValueError("A share of the loss is the teacher's, and it was not asked.")
        theirs[row, : len(feature.taught)] = feature.taught
    target = (torch.from_numpy(theirs).to(logits.device) / temperature).softmax(1)
    divergence = kl_div((logits / temperature).log_softmax(1), target, reduction="batchmean")
    return divergence * temperature**2


def _fast_in_bfloat16() -> bool:
    """Whether this processor multiplies matrices of bfloat16 in hardware."""
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))
