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
from pullquote.qa.checkpoint import Layout, load_reader
from pullquote.qa.windows import Window, padded

if TYPE_CHECKING:
    from transformers import BertForQuestionAnswering

Logits = tuple[NDArray[np.float32], NDArray[np.float32]]  # of starts and ends, (tokens,) each

BATCH_TOKENS = 2048  # of a batch, padding included: small enough to stay in the cache
ROUNDS = 3  # of a race between networks: the best time counts, the others tell of the machine


class Network(Protocol):
    """A trained model; safe to use from many threads."""

    def logits(self, windows: Sequence[Window]) -> list[Logits]:
        """The logits of each window, in the order of the windows."""
        ...


class TorchNetwork:
    """The model in bfloat16, for processors with tiles for such matrices."""

    def __init__(self, model: "BertForQuestionAnswering") -> None:
        import torch

        model.to(torch.bfloat16)  # type: ignore[arg-type]
        self._model = model

    def logits(self, windows: Sequence[Window]) -> list[Logits]:
        """The logits of each window; windows of about the same length are read together."""
        import torch

        found: dict[int, Logits] = {}
        for numbers in batches([len(window.token_ids) for window in windows]):
            batch = padded(
                [windows[number].token_ids for number in numbers],
                [windows[number].question_tokens for number in numbers],
            )
            with torch.inference_mode():
                output = self._model(
                    input_ids=torch.from_numpy(batch.token_ids),
                    token_type_ids=torch.from_numpy(batch.token_types),
                    attention_mask=torch.from_numpy(batch.attention),
                )
            starts = output.start_logits.float().numpy()  # (windows of the batch, width)
            ends = output.end_logits.float().numpy()
            for row, number in enumerate(numbers):
                tokens = len(windows[number].token_ids)
                found[number] = starts[row, :tokens], ends[row, :tokens]
        return [found[number] for number in range(len(windows))]


class OnnxNetwork:
    """The model in 8-bit arithmetic.

    Every window is computed alone and by one thread, as many at a time as there are cores. So
    nothing is padded or masked, a window's values stay in its core's cache, and no thread waits
    for another one after each of some hundred products, which costs most where the cores have
    other work as well.
    """

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        import torch

        self._session = session
        # The number that PyTorch takes for itself: cores, or what OMP_NUM_THREADS says.
        self._threads = ThreadPoolExecutor(torch.get_num_threads(), "reader")

    @classmethod
    def open(cls, directory: Path) -> "OnnxNetwork":
        """The graph of a reader over its weights; raises ModelError."""
        file = Layout(directory).graph
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        # Products of signed and unsigned bytes overflow without VNNI; with it, what prevents that
        # takes twice the time.
        options.add_session_config_entry(
            "session.x64quantprecision", "0" if _has("avx512_vnni", "avx_vnni") else "1"
        )
        options.log_severity_level = 4  # what goes wrong is raised
        try:
            session = onnxruntime.InferenceSession(
                str(file), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the library's own exceptions share no base
            raise ModelError(
                f"{file} or its weights cannot be loaded; install pullquote again."
            ) from error
        return cls(session)

    def logits(self, windows: Sequence[Window]) -> list[Logits]:
        """The logits of each window."""
        # The longest ones first, so that no thread begins one when the others are done.
        order = sorted(
            range(len(windows)), key=lambda number: len(windows[number].token_ids), reverse=True
        )
        logits = self._threads.map(self._run, [windows[number] for number in order])
        found = dict(zip(order, logits, strict=True))
        return [found[number] for number in range(len(windows))]

    def _run(self, window: Window) -> Logits:
        types = np.ones((1, len(window.token_ids)), np.int64)
        types[:, : window.question_tokens] = 0
        starts, ends = self._session.run(
            ["starts", "ends"],
            {"token_ids": window.token_ids[None].astype(np.int64), "token_types": types},
        )
        return starts[0], ends[0]


def fastest(directory: Path) -> Network:
    """The network for this processor; raises ModelError.

    Where there are no tiles for bfloat16, bytes win by far. Where there are, it depends on the
    processor: the two race.
    """
    in_bytes = OnnxNetwork.open(directory)
    if not _has("amx_bf16"):
        return in_bytes
    return winner([in_bytes, TorchNetwork(load_reader(directory))])


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
