"""A reader small enough to be made in a moment."""

import torch
from transformers import BertConfig, BertForQuestionAnswering

WIDTH = 32


def tiny_config(layers: int = 3, vocabulary: int = 50, spread: float = 0.2) -> BertConfig:
    """Its shape; `spread` is that of its random weights."""
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=WIDTH,
        num_hidden_layers=layers,
        num_attention_heads=4,
        intermediate_size=2 * WIDTH,
        initializer_range=spread,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )


def tiny_reader(config: BertConfig, seed: int = 1) -> BertForQuestionAnswering:
    """One that has learned nothing."""
    torch.manual_seed(seed)
    model = BertForQuestionAnswering(config)
    model.eval()  # type: ignore[no-untyped-call]
    return model
