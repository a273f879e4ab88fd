"""Draw the encoder as ONNX graphs, without its weights: `python -m pullquote.index.graph`.

Needed only when a graph changes; takes the package onnx, which an installation has not.
"""

from typing import Any

import onnx
from onnx import TensorProto, helper

from pullquote.index.minilm import IN_BYTES, IN_FLOATS, LAYERS, WIDTH

OPSET = 17
MICROSOFT = "com.microsoft"  # onnxruntime's own operators
HEADS, WIDE, WORDS, POSITIONS = 12, 1536, 30522, 512
EPSILON = 1e-12  # of BERT's layer norms
_BYTES: dict[int, int] = {TensorProto.FLOAT: 4, TensorProto.FLOAT16: 2, TensorProto.INT8: 1}


class _Graph:
    """A graph under construction: each method adds something and gives its output's name."""

    def __init__(self, rounded: bool) -> None:
        self._rounded = rounded
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: dict[str, onnx.TensorProto] = {}

    def given(self, name: str, *shape: int, kind: int = TensorProto.FLOAT) -> str:
        """A tensor that is handed over when the graph is loaded."""
        tensor = TensorProto(name=name, data_type=kind, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        size = _BYTES[kind]
        for each in shape:
            size *= each
        for key, value in (("location", "nowhere"), ("offset", "0"), ("length", str(size))):
            tensor.external_data.add(key=key, value=value)
        self.tensors[name] = tensor
        return name

    def constant(self, name: str, values: list[int]) -> str:
        self.tensors[name] = helper.make_tensor(name, TensorProto.INT64, [len(values)], values)
        return name

    def node(
        self,
        operator: str,
        inputs: list[str],
        domain: str | None = None,
        outputs: int = 1,
        **attributes: Any,  # what the operator takes: numbers, lists of numbers
    ) -> list[str]:
        names = [f"{operator}_{len(self.nodes)}_{number}" for number in range(outputs)]
        self.nodes.append(
            helper.make_node(operator, inputs, names, name=names[0], domain=domain, **attributes)
        )
        return names

    def dense(self, name: str, values: str, inputs: int, outputs: int) -> str:
        """A linear layer; in 8-bit arithmetic the values are rounded as they come."""
        bias = self.given(f"{name}.bias", outputs)
        if not self._rounded:
            weight = self.given(f"{name}.weight", inputs, outputs)
            return self.node("Add", [*self.node("MatMul", [values, weight]), bias])[0]
        zero = f"{name}.zero"  # one each, because onnxruntime may shift it
        self.tensors[zero] = helper.make_tensor(zero, TensorProto.INT8, [], [0])
        weight = self.given(f"{name}.weight", inputs, outputs, kind=TensorProto.INT8)
        scale = self.given(f"{name}.scale", outputs)
        return self.node("DynamicQuantizeMatMul", [values, weight, scale, zero, bias], MICROSOFT)[0]

    def normed(self, name: str, values: str, more: str) -> str:
        gain, bias = (self.given(f"{name}.{part}", WIDTH) for part in ("gain", "bias"))
        total = self.node("Add", [values, more])
        return self.node("LayerNormalization", [*total, gain, bias], epsilon=EPSILON)[0]


def drawn(rounded: bool) -> onnx.ModelProto:
    """The graph: `tokens`, int64 (texts, tokens), to `rows`, float32 unit rows (texts, 384).

    Texts that are computed together are of equal length: nothing is padded or masked.
    """
    graph = _Graph(rounded)
    zero, one, two = (graph.constant(f"{number}", [number]) for number in range(3))
    words = graph.node(
        "Gather", [graph.given("words", WORDS, WIDTH, kind=TensorProto.FLOAT16), "tokens"]
    )
    length = graph.node("Slice", [*graph.node("Shape", ["tokens"]), one, two])
    places = graph.node("Slice", [graph.given("positions", POSITIONS, WIDTH), zero, *length])
    values = graph.normed("embedded", *graph.node("Cast", words, to=TensorProto.FLOAT), *places)
    thirds = graph.constant("thirds", [WIDTH] * 3)
    for number in range(LAYERS):
        layer = f"layer.{number}"
        heads = graph.dense(f"{layer}.heads", values, WIDTH, 3 * WIDTH)
        parts = graph.node("Split", [heads, thirds], outputs=3, axis=2)
        (attended,) = graph.node("MultiHeadAttention", parts, MICROSOFT, num_heads=HEADS)
        attended = graph.dense(f"{layer}.attended", attended, WIDTH, WIDTH)
        values = graph.normed(f"{layer}.attended.norm", values, attended)
        wide = graph.dense(f"{layer}.wide", values, WIDTH, WIDE)
        (wide,) = graph.node("Gelu", [wide], MICROSOFT)
        narrow = graph.dense(f"{layer}.narrow", wide, WIDE, WIDTH)
        values = graph.normed(f"{layer}.narrow.norm", values, narrow)
    mean = graph.node("ReduceMean", [values], axes=[1], keepdims=0)
    graph.nodes.append(helper.make_node("LpNormalization", mean, ["rows"], axis=-1, p=2))
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("tokens", TensorProto.INT64, ["texts", "tokens"])],
            [helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["texts", WIDTH])],
            initializer=list(graph.tensors.values()),
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)],
        ir_version=9,
    )


if __name__ == "__main__":
    IN_BYTES.write_bytes(drawn(rounded=True).SerializeToString())
    IN_FLOATS.write_bytes(drawn(rounded=False).SerializeToString())
