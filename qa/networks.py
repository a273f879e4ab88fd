"""What computes the reader's logits, in the arithmetic that this processor is fastest in."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from pullquote.index.errors import ModelError
from pullquote.index.runtime import onnxruntime
from pullquote.qa.checkpoint import Layout, layers_before_skim, load_reader
from pullquote.qa.windows import Window, padded

if TYPE_CHECKING:
    import torch
    from transformers import BertForQuestionAnswering

    from pullquote.qa.skim import Skim

Logits = tuple[NDArray[np.float32], NDArray[np.float32]]  # of starts and ends, (tokens,) each

BATCH_TOKENS = 2048  # of a batch, padding included: small enough to stay in the cache
ROUNDS = 3  # of a race between networks: the best time counts, the others tell of the machine


Worth = Callable[[NDArray[np.float32]], NDArray[np.bool_]]
"""Of the estimates of all windows' best scores, (windows,), which are worth reading to the end."""


def everything(estimates: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Everything is worth reading."""
    return np.ones(len(estimates), bool)


class Network(Protocol):
    """A trained model; safe to use from many threads."""

    def logits(self, windows: Sequence[Window], worth: Worth = everything) -> list[Logits | None]:
        """The logits of each window in their order, None of those that are not worth reading."""
        ...


class TorchNetwork:
    """The model in bfloat16, for processors with tiles for such matrices."""

    def __init__(self, model: "BertForQuestionAnswering", skim: "Skim") -> None:
        import torch

        model.to(torch.bfloat16)  # type: ignore[arg-type]
        self._model = model
        self._skim = skim.to(torch.bfloat16)

    @classmethod
    def open(cls, directory: Path) -> "TorchNetwork":
        """A reader and its skim; raises ModelError."""
        from pullquote.qa.skim import load_skim

        model = load_reader(directory)
        return cls(model, load_skim(directory, model.config))

    def logits(self, windows: Sequence[Window], worth: Worth = everything) -> list[Logits | None]:
        """The logits of each window; windows of about the same length are read together."""
        import torch

        found: list[Logits | None] = [None] * len(windows)
        if not windows:
            return found
        estimates = np.zeros(len(windows), np.float32)
        begun = []
        with torch.inference_mode():
            for numbers in batches([len(window.token_ids) for window in windows]):
                hidden, attention, passage = self.begun([windows[number] for number in numbers])
                guessed, _ = self._skim(hidden, attention, passage)
                estimates[numbers] = guessed.float().numpy()
                begun.append((np.array(numbers), hidden, attention))
            chosen = worth(estimates)
            for of_batch, hidden, attention in begun:
                rows = np.flatnonzero(chosen[of_batch])
                if len(rows) == 0:
                    continue
                kept = torch.from_numpy(rows)
                logits = self.finished(hidden[kept], attention[kept]).float().numpy()
                for number, each in zip(of_batch[rows].tolist(), logits, strict=True):
                    tokens = len(windows[number].token_ids)
                    found[number] = each[:tokens, 0], each[:tokens, 1]
        return found

    def begun(self, windows: Sequence[Window]) -> "tuple[torch.Tensor, torch.Tensor, torch.Tensor]":
        """What the first layers make of a batch of windows, and the other inputs of a skim.

        See Skim.forward for the shapes.
        """
        import torch

        batch = padded(
            [window.token_ids for window in windows],
            [window.question_tokens for window in windows],
        )
        bert = self._model.bert
        passage = torch.zeros(batch.token_ids.shape, dtype=torch.bool)
        for row, window in enumerate(windows):
            passage[row, window.first : len(window.token_ids) - 1] = True
        hidden = bert.embeddings(
            input_ids=torch.from_numpy(batch.token_ids),
            token_type_ids=torch.from_numpy(batch.token_types),
        )
        attention = torch.from_numpy((batch.attention - 1) * 1e4)[:, None, None].to(hidden.dtype)
        for layer in bert.encoder.layer[: self._before]:
            hidden = layer(hidden, attention)
        return hidden, attention, passage

    def finished(self, hidden: "torch.Tensor", attention: "torch.Tensor") -> "torch.Tensor":
        """The logits of a batch, (windows, tokens, 2)."""
        for layer in self._model.bert.encoder.layer[self._before :]:
            hidden = layer(hidden, attention)
        logits: torch.Tensor = self._model.qa_outputs(hidden)
        return logits

    @property
    def _before(self) -> int:
        return layers_before_skim(len(self._model.bert.encoder.layer))


class OnnxNetwork:
    """The model in 8-bit arithmetic.

    Every window is computed alone and by one thread, as many at a time as there are cores. So
    nothing is padded or masked, a window's values stay in its core's cache, and no thread waits
    for another one after each of some hundred products, which costs most where the cores have
    other work as well.
    """

    def __init__(
        self, first: onnxruntime.InferenceSession, second: onnxruntime.InferenceSession
    ) -> None:
        import torch

        self._first = first
        self._second = second
        # The number that PyTorch takes for itself: cores, or what OMP_NUM_THREADS says.
        self._threads = ThreadPoolExecutor(torch.get_num_threads(), "reader")

    @classmethod
    def open(cls, directory: Path) -> "OnnxNetwork":
        """The graphs of a reader over its weights; raises ModelError."""
        layout = Layout(directory)
        return cls(_session(layout.first_graph), _session(layout.second_graph))

    def logits(self, windows: Sequence[Window], worth: Worth = everything) -> list[Logits | None]:
        """The logits of each window, None of those that are not worth reading."""
        found: list[Logits | None] = [None] * len(windows)
        if not windows:
            return found
        # The longest ones first, so that no thread begins one when the others are done.
        order = sorted(
            range(len(windows)), key=lambda number: len(windows[number].token_ids), reverse=True
        )
        begun = dict(
            zip(
                order,
                self._threads.map(self._begun, [windows[number] for number in order]),
                strict=True,
            )
        )
        chosen = worth(np.concatenate([begun[number][1] for number in range(len(windows))]))
        kept = [number for number in order if chosen[number]]
        logits = self._threads.map(self._finished, [begun[number][0] for number in kept])
        for number, each in zip(kept, logits, strict=True):
            found[number] = each
        return found

    def _begun(self, window: Window) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """What the first layers make of a window, (1, tokens, width), and its estimate, (1,)."""
        types = np.ones((1, len(window.token_ids)), np.int64)
        types[:, : window.question_tokens] = 0
        given = {
            "token_ids": window.token_ids[None].astype(np.int64),
            "token_types": types,
            "first": np.array([window.first], np.int64),
        }
        hidden, estimate = self._first.run(["hidden", "estimate"], given)
        return hidden, estimate

    def _finished(self, hidden: NDArray[np.float32]) -> Logits:
        starts, ends = self._second.run(["starts", "ends"], {"hidden": hidden})
        return starts[0], ends[0]


def _session(graph: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    # Products of signed and unsigned bytes overflow without VNNI; with it, what prevents that
    # takes twice the time.
    options.add_session_config_entry(
        "session.x64quantprecision", "0" if _has("avx512_vnni", "avx_vnni") else "1"
    )
    options.log_severity_level = 4  # what goes wrong is raised
    try:
        return onnxruntime.InferenceSession(
            str(graph),
            options,
            providers=["CPUExecutionProvider"],
            # One node in place of two, which takes ten times as long as both.
            disabled_optimizers=["SkipLayerNormFusion"],
        )
    except Exception as error:  # the library's own exceptions share no base
        raise ModelError(
            f"{graph} or its weights cannot be loaded; install pullquote again."
        ) from error


def fastest(directory: Path) -> Network:
    """The network for this processor; raises ModelError.

    Where there are no tiles for bfloat16, bytes win by far. Where there are, it depends on the
    processor: the two race.
    """
    in_bytes = OnnxNetwork.open(directory)
    if not _has("amx_bf16"):
        return in_bytes
    return winner([in_bytes, TorchNetwork.open(directory)])


def winner(networks: Sequence[Network], clock: Callable[[], float] = time.perf_counter) -> Network:
    """The network that reads some windows of ordinary length in the least time."""
    ids = np.full(160, 1000, np.int32)  # any tokens: all take the same time
    windows = [Window(number, ids, 12, 18, np.zeros((141, 2), np.int32)) for number in range(4)]
    best = [float("inf")] * len(networks)
    for _ in range(ROUNDS):
        for number, network in enumerate(networks):
            started = clock()
            network.logits(windows)
            best[number] = min(best[number], clock() - started)
    return networks[best.index(min(best))]


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Numbers of windows of about the same length together, so that little is padded."""
    batch: list[int] = []
    for number in sorted(range(len(lengths)), key=lambda number: lengths[number]):
        if batch and (len(batch) + 1) * lengths[number] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def _has(*capabilities: str) -> bool:
    """Whether the processor can do one of these things."""
    import torch

    return any(torch.cpu.get_capabilities().get(name) for name in capabilities)
