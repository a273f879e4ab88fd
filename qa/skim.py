"""A first look at a passage: what its best span may score, told before most layers have read it.

The first layers of the reader are computed for every passage, and behind them one layer and a few
numbers of its own, the skim. It guesses where the answer begins and ends, and from that the score
of the best span. Only passages that may matter are read by the other layers (early exit, as in
Schwartz et al., "The right tool for the job", arXiv 2004.07453, but of passages and not of
questions). The reader itself knows nothing of it: its answers are those it would give anyway.
"""

from copy import deepcopy
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.numpy import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertForQuestionAnswering
from transformers.models.bert.modeling_bert import BertLayer

from pullquote.index.errors import ModelError
from pullquote.qa.checkpoint import Layout, dequantised, layers_before_skim, save_weights

WHOLE = 2  # the place of a token's third number, behind start and end; it counts for [CLS] alone
SURELY = 1000.0  # the estimate of a skim that has learned nothing: everything is read
NEVER = -1e4  # the logit of what cannot be chosen


class Skim(nn.Module):
    """One layer behind the reader's first ones, and three numbers for each token.

    The layer's inner width is that of its input, a quarter of what the reader's layers have: for
    so rough a guess it is enough.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.layer = BertLayer(_narrowed(config))  # type: ignore[no-untyped-call]
        self.guess = nn.Linear(config.hidden_size, 3)

    @classmethod
    def untrained(cls, reader: BertForQuestionAnswering) -> "Skim":
        """A skim of the reader's own next layer, to which everything is worth reading.

        Of the inner units it keeps the strongest: those whose weights, in and out, are largest.
        """
        skim = cls(reader.config)
        layers = reader.bert.encoder.layer
        kept = dict(layers[layers_before_skim(len(layers))].state_dict())
        into, out_of = kept["intermediate.dense.weight"], kept["output.dense.weight"]
        strength = into.norm(dim=1) * out_of.norm(dim=0)
        strongest = strength.topk(skim.layer.intermediate.dense.out_features).indices
        kept["intermediate.dense.weight"] = into[strongest]
        kept["intermediate.dense.bias"] = kept["intermediate.dense.bias"][strongest]
        kept["output.dense.weight"] = out_of[:, strongest]
        skim.layer.load_state_dict(kept)
        with torch.no_grad():
            skim.guess.weight.zero_()
            skim.guess.bias.copy_(torch.tensor([0.0, 0.0, SURELY]))
        return skim.eval()

    def forward(self, hidden: Tensor, attention: Tensor, passage: Tensor) -> tuple[Tensor, Tensor]:
        """What the best span of each window may score, and the guessed logits of its tokens.

        Args:
            hidden: what the first layers made of the windows, (windows, tokens, width).
            attention: 0 where there is a token and very low elsewhere, (windows, 1, 1, tokens).
            passage: whether a token is one of the passage, bool (windows, tokens).

        Returns:
            Estimates, (windows,), and start and end logits, (windows, tokens, 2).
        """
        guessed = self.guess(self.layer(hidden, attention))
        logits = guessed[:, :, :WHOLE]
        inside = logits.masked_fill(~passage[:, :, None], NEVER).logsumexp(1)  # (windows, 2)
        return (inside - logits[:, 0]).sum(-1) + guessed[:, 0, WHOLE], logits


def _narrowed(config: BertConfig) -> BertConfig:
    narrow = deepcopy(config)
    narrow.intermediate_size = min(config.intermediate_size, config.hidden_size)
    return narrow


def save_skim(skim: Skim, directory: Path) -> None:
    """Write a skim beside the reader that it belongs to, in 8 bits as well."""
    save_weights(skim.state_dict(), Layout(directory).skim)


def load_skim(directory: Path, config: BertConfig) -> Skim:
    """The skim of a reader of this shape; raises ModelError."""
    file = Layout(directory).skim
    try:
        skim = Skim(config)
        skim.load_state_dict(dequantised(load_file(file)))
    except (OSError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"{file} cannot be loaded ({error}); install pullquote again.") from error
    return skim.eval()
