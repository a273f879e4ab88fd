"""The reader's weights on disk: one byte a weight, one scale a row."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from pullquote.index.errors import ModelError

if TYPE_CHECKING:
    import torch
    from transformers import BertForQuestionAnswering

WEIGHTS = Path(__file__).parent / "weights"  # what is shipped
FORMAT = 1
_SCALE = ".scale"


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of a reader."""

    directory: Path

    @property
    def weights(self) -> Path:
        """int8 matrices with a float32 scale for each row, everything else float32."""
        return self.directory / "reader.safetensors"

    @property
    def shape(self) -> Path:
        """Format, layers, width and so on (JSON)."""
        return self.directory / "reader.json"

    @property
    def skim(self) -> Path:
        """Weights of the first look at a passage (skim.py), stored alike."""
        return self.directory / "skim.safetensors"

    @property
    def first_graph(self) -> Path:
        """What onnxruntime computes for every passage: the first layers and the skim (ONNX)."""
        return self.directory / "first.onnx"

    @property
    def second_graph(self) -> Path:
        """And what for those that are worth it: the other layers (ONNX)."""
        return self.directory / "second.onnx"

    @property
    def tokenizer(self) -> Path:
        """The uncased BERT vocabulary (tokenizers JSON)."""
        return self.directory / "tokenizer.json"

    @property
    def calibration(self) -> Path:
        """From scores to probabilities (JSON)."""
        return self.directory / "calibration.json"


def load_tokenizer(directory: Path) -> Tokenizer:
    """The tokenizer of a reader; raises ModelError."""
    file = Layout(directory).tokenizer
    try:
        return Tokenizer.from_file(str(file))
    except Exception as error:  # the library raises nothing narrower
        raise ModelError(f"{file} cannot be read ({error}); install pullquote again.") from error


@dataclass(frozen=True, slots=True)
class Shape:
    """What the model must look like for the weights to fit."""

    format: int
    layers: int
    hidden: int
    heads: int
    intermediate: int
    vocabulary: int


def layers_before_skim(layers: int) -> int:
    """How many of a reader's layers come before the skim: five of twelve."""
    return layers * 5 // 12


def save_weights(state: Mapping[str, "torch.Tensor"], file: Path) -> None:
    """Write weights, matrices rounded to 8 bits a row (symmetric, scale = largest / 127)."""
    stored: dict[str, NDArray[np.float32] | NDArray[np.int8]] = {}
    for name, tensor in state.items():
        array = tensor.detach().float().numpy()
        if array.ndim < 2:
            stored[name] = array
            continue
        scale = np.maximum(np.abs(array).max(axis=1), 1e-8) / 127  # (rows,)
        stored[name] = np.rint(array / scale[:, None]).astype(np.int8)
        stored[name + _SCALE] = scale.astype(np.float32)
    save_file(stored, file)


def save_reader(model: "BertForQuestionAnswering", directory: Path) -> None:
    """Write the model's weights and shape."""
    layout = Layout(directory)
    save_weights(model.state_dict(), layout.weights)
    config = model.config
    shape = Shape(
        format=FORMAT,
        layers=config.num_hidden_layers,
        hidden=config.hidden_size,
        heads=config.num_attention_heads,
        intermediate=config.intermediate_size,
        vocabulary=config.vocab_size,
    )
    layout.shape.write_text(json.dumps(asdict(shape), indent=1) + "\n", encoding="utf-8")


def load_reader(directory: Path) -> "BertForQuestionAnswering":
    """The model in floating point, ready to read.

    Raises:
        ModelError: a file is missing, damaged or of another format.
    """
    import torch
    from transformers import BertConfig, BertForQuestionAnswering

    layout = Layout(directory)
    try:
        shape = Shape(**json.loads(layout.shape.read_text(encoding="utf-8")))
        state = dequantised(load_file(layout.weights))
        if shape.format != FORMAT:
            raise ValueError(f"format {shape.format}")
        config = BertConfig(
            vocab_size=shape.vocabulary,
            hidden_size=shape.hidden,
            num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads,
            intermediate_size=shape.intermediate,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        with torch.device("cpu"):
            model = BertForQuestionAnswering(config)
        model.load_state_dict(state)
    except (OSError, ValueError, TypeError, RuntimeError, SafetensorError) as error:
        raise ModelError(
            f"The reader in {directory} cannot be loaded ({error}); install pullquote again."
        ) from error
    model.eval()  # type: ignore[no-untyped-call]
    return model


def dequantised(stored: "dict[str, NDArray[np.float32]]") -> "dict[str, torch.Tensor]":
    """The weights that `save_weights` stored, in floating point."""
    import torch

    weights = {}
    for name, array in stored.items():
        if name.endswith(_SCALE):
            continue
        if name + _SCALE in stored:
            array = array.astype(np.float32) * stored[name + _SCALE][:, None]
        weights[name] = torch.from_numpy(array)
    return weights
