"""What computes the reader's logits, in the arithmetic that this processor is fastest in."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from pullquote.index.encoder import fast_in_bfloat16
from pullquote.index.errors import ModelError
from pullquote.qa.checkpoint import Layout, load_reader
from pullquote.qa.windows import Batch

if TYPE_CHECKING:
    from transformers import BertForQuestionAnswering

Logits = tuple[NDArray[np.float32], NDArray[np.float32]]


class Network(Protocol):
    """A trained model."""

    def logits(self, batch: Batch) -> Logits:
        """Start and end logits, (windows, tokens) each."""
        ...


class TorchNetwork:
    """The model in bfloat16, for processors that multiply such matrices in hardware."""

    def __init__(self, model: "BertForQuestionAnswering") -> None:
        import torch

        model.to(torch.bfloat16)  # type: ignore[arg-type]
        self._model = model

    def logits(self, batch: Batch) -> Logits:
        """Start and end logits, (windows, tokens) each."""
        import torch

        with torch.inference_mode():
            output = self._model(
                input_ids=torch.from_numpy(batch.token_ids),
                token_type_ids=torch.from_numpy(batch.token_types),
                attention_mask=torch.from_numpy(batch.attention),
            )
        return output.start_logits.float().numpy(), output.end_logits.float().numpy()


class OnnxNetwork:
    """The model in 8-bit arithmetic, for all other processors."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    @classmethod
    def open(cls, directory: Path) -> "OnnxNetwork":
        """The graph of a reader over its weights; raises ModelError."""
        file = Layout(directory).graph
        options = onnxruntime.SessionOptions()
        # Without VNNI, products of signed and unsigned bytes overflow; take those that do not.
        options.add_session_config_entry("session.x64quantprecision", "1")
        options.log_severity_level = 4  # what goes wrong is raised
        # A thread that waits must not take the processor from the encoder's.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            session = onnxruntime.InferenceSession(
                str(file), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the library's own exceptions share no base
            raise ModelError(
                f"{file} or its weights cannot be loaded; install pullquote again."
            ) from error
        return cls(session)

    def logits(self, batch: Batch) -> Logits:
        """Start and end logits, (windows, tokens) each."""
        starts, ends = self._session.run(
            ["starts", "ends"],
            {
                "token_ids": batch.token_ids,
                "token_types": batch.token_types,
                "attention": batch.attention.astype(np.int32),
            },
        )
        return starts, ends


def fastest(directory: Path) -> Network:
    """The network for this processor; raises ModelError."""
    if fast_in_bfloat16():
        return TorchNetwork(load_reader(directory))
    return OnnxNetwork.open(directory)
