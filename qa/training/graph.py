"""The reader as two ONNX graphs over the very weights that PyTorch loads.

One is computed for every passage, the other for those that are worth it (qa/skim.py). The graphs
hold no weights of their own: their tensors are places in the files of the weights.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto, helper

from pullquote.qa.checkpoint import Layout, Shape, layers_before_skim
from pullquote.qa.skim import WHOLE

OPSET = 17
MICROSOFT = "com.microsoft"  # onnxruntime's own operators
EPSILON = 1e-12  # of BERT's layer norms
_TYPES = {"F32": TensorProto.FLOAT, "I8": TensorProto.INT8}


class _Graph:
    """A graph under construction: each method adds a node and gives its output's name."""

    def __init__(self, *weights: Path) -> None:
        self._stored: dict[str, onnx.TensorProto] = {}
        for path in weights:
            with path.open("rb") as file:
                length = int.from_bytes(file.read(8), "little")
                places = json.loads(file.read(length))
            for name, place in places.items():
                self._stored[name] = _tensor(name, place, path.name, 8 + length)
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: dict[str, onnx.TensorProto] = {}

    def stored(self, name: str) -> str:
        """A tensor of the weights' files."""
        self.tensors[name] = self._stored[name]
        return name

    def constant(self, name: str, values: list[int]) -> str:
        self.tensors[name] = helper.make_tensor(name, TensorProto.INT64, [len(values)], values)
        return name

    def zero(self, name: str) -> str:
        """Where the zero of a tensor's bytes lies; one each, because onnxruntime may shift it."""
        self.tensors[name] = helper.make_tensor(name, TensorProto.INT8, [], [0])
        return name

    def node(
        self,
        operator: str,
        inputs: list[str],
        domain: str | None = None,
        **attributes: Any,  # what the operator takes: numbers, lists of numbers
    ) -> str:
        output = f"{operator}_{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes)
        )
        return output

    def embedded(self, name: str, ids: str) -> str:
        """Rows of a quantised table."""
        rows = self.node(
            "Cast", [self.node("Gather", [self.stored(name), ids])], to=TensorProto.FLOAT
        )
        scales = self.node("Gather", [self.stored(f"{name}.scale"), ids])
        scales = self.node("Unsqueeze", [scales, self.constant("last_axis", [-1])])
        return self.node("Mul", [rows, scales])

    def dense(self, name: str, values: str) -> str:
        """A linear layer in 8-bit arithmetic; the values are rounded as they come."""
        weight = self.node("Transpose", [self.stored(f"{name}.weight")], perm=[1, 0])
        scale, bias = self.stored(f"{name}.weight.scale"), self.stored(f"{name}.bias")
        zero = self.zero(f"{name}.weight.zero")
        return self.node("DynamicQuantizeMatMul", [values, weight, scale, zero, bias], MICROSOFT)

    def added_and_normed(self, name: str, values: str, more: str) -> str:
        gain, bias = self.stored(f"{name}.weight"), self.stored(f"{name}.bias")
        return self.node(
            "LayerNormalization", [self.node("Add", [values, more]), gain, bias], epsilon=EPSILON
        )

    def layer(self, name: str, values: str, heads: int) -> str:
        """One of BERT's layers."""
        parts = [
            self.dense(f"{name}.attention.self.{part}", values)
            for part in ("query", "key", "value")
        ]
        attended = self.node("MultiHeadAttention", parts, MICROSOFT, num_heads=heads)
        attended = self.dense(f"{name}.attention.output.dense", attended)
        values = self.added_and_normed(f"{name}.attention.output.LayerNorm", values, attended)
        wide = self.node("Gelu", [self.dense(f"{name}.intermediate.dense", values)], MICROSOFT)
        wide = self.dense(f"{name}.output.dense", wide)
        return self.added_and_normed(f"{name}.output.LayerNorm", values, wide)

    def give(self, name: str, value: str) -> None:
        """Make a value an output of the graph."""
        self.nodes.append(helper.make_node("Identity", [value], [name]))

    def save(
        self, file: Path, inputs: Sequence[onnx.ValueInfoProto], outputs: Sequence[str]
    ) -> None:
        shapes = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
        model = helper.make_model(
            helper.make_graph(
                self.nodes, "reader", inputs, shapes, initializer=list(self.tensors.values())
            ),
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)],
            ir_version=9,
        )
        file.write_bytes(model.SerializeToString())


def save_graphs(directory: Path) -> None:
    """Write the graphs beside the weights that `save_reader` and `save_skim` wrote.

    A window is computed alone: nothing is padded or masked, which lets onnxruntime take its fastest
    attention. The first graph takes token_ids and token_types, int64 (1, tokens), and first, int64
    (1,), the place of the passage's first token. It gives hidden, (1, tokens, width), and estimate,
    (1,), what the best span may score. The second takes hidden and gives starts and ends, logits of
    (1, tokens).
    """
    layout = Layout(directory)
    shape = Shape(**json.loads(layout.shape.read_text(encoding="utf-8")))
    at = layers_before_skim(shape.layers)
    _save_first(layout, shape, at)
    _save_second(layout, shape, at)


def _save_first(layout: Layout, shape: Shape, at: int) -> None:
    graph = _Graph(layout.weights, layout.skim)
    first, end, one = (graph.constant(*it) for it in (("0", [0]), ("end", [2]), ("1", [1])))
    tokens = graph.node("Slice", [graph.node("Shape", ["token_ids"]), one, end])
    scalars = [graph.node("Squeeze", [each]) for each in (first, tokens, one)]
    positions = graph.node("Range", scalars)
    embeddings = "bert.embeddings"
    values = graph.embedded(f"{embeddings}.word_embeddings.weight", "token_ids")
    for table, ids in (("position", positions), ("token_type", "token_types")):
        rows = graph.embedded(f"{embeddings}.{table}_embeddings.weight", ids)
        values = graph.node("Add", [values, rows])
    norm = [graph.stored(f"{embeddings}.LayerNorm.{part}") for part in ("weight", "bias")]
    values = graph.node("LayerNormalization", [values, *norm], epsilon=EPSILON)
    for number in range(at):
        values = graph.layer(f"bert.encoder.layer.{number}", values, shape.heads)
    graph.give("hidden", values)

    # As Skim.forward: the tokens of the passage against [CLS], which stands first.
    guessed = graph.dense("guess", graph.layer("layer", values, shape.heads))  # (1, tokens, 3)
    last, whole = graph.constant("last", [-1]), graph.constant("whole", [WHOLE])
    passage = graph.node("Slice", [guessed, "first", last, one])
    inside = graph.node("ReduceLogSumExp", [passage], axes=[1], keepdims=0)  # (1, 3)
    of_cls = graph.node("Gather", [guessed, graph.node("Squeeze", [first])], axis=1)  # (1, 3)
    better = graph.node("Sub", [inside, of_cls])
    better = graph.node("Slice", [better, first, whole, one])
    better = graph.node("ReduceSum", [better, one], keepdims=0)  # (1,)
    of_whole = graph.node("Gather", [of_cls, graph.node("Squeeze", [whole])], axis=1)  # (1,)
    graph.give("estimate", graph.node("Add", [better, of_whole]))
    tokens_of = [
        helper.make_tensor_value_info(name, TensorProto.INT64, [1, "tokens"])
        for name in ("token_ids", "token_types")
    ]
    place = helper.make_tensor_value_info("first", TensorProto.INT64, [1])
    graph.save(layout.first_graph, [*tokens_of, place], ["hidden", "estimate"])


def _save_second(layout: Layout, shape: Shape, at: int) -> None:
    graph = _Graph(layout.weights)
    values = "hidden"
    for number in range(at, shape.layers):
        values = graph.layer(f"bert.encoder.layer.{number}", values, shape.heads)
    logits = graph.dense("qa_outputs", values)
    graph.nodes.append(helper.make_node("Split", [logits], ["start", "ending"], axis=2))
    last_axis = graph.constant("last_axis", [-1])
    for name, part in (("starts", "start"), ("ends", "ending")):
        graph.give(name, graph.node("Squeeze", [part, last_axis]))
    hidden = helper.make_tensor_value_info("hidden", TensorProto.FLOAT, [1, "tokens", shape.hidden])
    graph.save(layout.second_graph, [hidden], ["starts", "ends"])


def _tensor(name: str, place: dict[str, Any], file: str, begin: int) -> onnx.TensorProto:
    """A tensor that lies in a file; `place` is what safetensors says of it."""
    first, last = place["data_offsets"]
    tensor = TensorProto(name=name, data_type=_TYPES[place["dtype"]], dims=place["shape"])
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", file), ("offset", begin + first), ("length", last - first)):
        tensor.external_data.add(key=key, value=str(value))
    return tensor
