"""The reader as an ONNX graph over the very weights that PyTorch loads.

The graph holds no weights of its own: its tensors are places in `reader.safetensors`.
"""

import json
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto, helper

from pullquote.qa.checkpoint import Layout, Shape

OPSET = 17
MICROSOFT = "com.microsoft"  # onnxruntime's own operators
EPSILON = 1e-12  # of BERT's layer norms
_TYPES = {"F32": TensorProto.FLOAT, "I8": TensorProto.INT8}


class _Graph:
    """A graph under construction: each method adds a node and gives its output's name."""

    def __init__(self, weights: Path) -> None:
        with weights.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            self._places = json.loads(file.read(length))
        self._begin = 8 + length
        self._file = weights.name
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: dict[str, onnx.TensorProto] = {}

    def stored(self, name: str) -> str:
        """A tensor of the weights file."""
        place = self._places[name]
        first, last = place["data_offsets"]
        tensor = TensorProto(name=name, data_type=_TYPES[place["dtype"]], dims=place["shape"])
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (
            ("location", self._file),
            ("offset", self._begin + first),
            ("length", last - first),
        ):
            tensor.external_data.add(key=key, value=str(value))
        self.tensors[name] = tensor
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
        # SkipLayerNormalization does both in one node and takes ten times as long.
        return self.node(
            "LayerNormalization", [self.node("Add", [values, more]), gain, bias], epsilon=EPSILON
        )


def save_graph(directory: Path) -> None:
    """Write `reader.onnx` beside the weights that `save_reader` wrote.

    Inputs: token_ids and token_types, int64 (windows, tokens); outputs: starts and ends, logits of
    the same shape. Windows that are computed together are of equal length: nothing is masked, which
    lets onnxruntime take its fastest attention.
    """
    layout = Layout(directory)
    shape = Shape(**json.loads(layout.shape.read_text(encoding="utf-8")))
    graph = _Graph(layout.weights)

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

    for number in range(shape.layers):
        layer = f"bert.encoder.layer.{number}"
        heads = [
            graph.dense(f"{layer}.attention.self.{part}", values)
            for part in ("query", "key", "value")
        ]
        attended = graph.node("MultiHeadAttention", heads, MICROSOFT, num_heads=shape.heads)
        attended = graph.dense(f"{layer}.attention.output.dense", attended)
        values = graph.added_and_normed(f"{layer}.attention.output.LayerNorm", values, attended)
        wide = graph.node("Gelu", [graph.dense(f"{layer}.intermediate.dense", values)], MICROSOFT)
        wide = graph.dense(f"{layer}.output.dense", wide)
        values = graph.added_and_normed(f"{layer}.output.LayerNorm", values, wide)

    logits = graph.dense("qa_outputs", values)
    graph.nodes.append(helper.make_node("Split", [logits], ["start", "ending"], axis=2))
    last_axis = graph.constant("last_axis", [-1])
    for name, part in (("starts", "start"), ("ends", "ending")):
        graph.nodes.append(helper.make_node("Squeeze", [part, last_axis], [name]))

    def declared(name: str, kind: int) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, ["windows", "tokens"])

    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "reader",
            [declared(name, TensorProto.INT64) for name in ("token_ids", "token_types")],
            [declared(name, TensorProto.FLOAT) for name in ("starts", "ends")],
            initializer=list(graph.tensors.values()),
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)],
        ir_version=9,
    )
    layout.graph.write_bytes(model.SerializeToString())
