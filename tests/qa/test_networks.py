"""Both arithmetics read alike, and each window as if it were alone."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from fakes import STORY
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from transformers import BertConfig, BertForQuestionAnswering

from pullquote.index.errors import ModelError
from pullquote.qa.checkpoint import WEIGHTS, Layout, load_reader, save_reader
from pullquote.qa.networks import (
    BATCH_TOKENS,
    Logits,
    Network,
    OnnxNetwork,
    TorchNetwork,
    batches,
    winner,
)
from pullquote.qa.training.graph import save_graph
from pullquote.qa.windows import Window, WindowMaker

QUESTIONS = (
    "Who is the fire chief?",
    "How much did the owners pay for the mill?",
    "When did the mill burn down?",
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader of two layers that has learned nothing."""
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=50,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        initializer_range=0.2,
    )
    directory = tmp_path_factory.mktemp("reader")
    save_reader(BertForQuestionAnswering(config), directory)
    save_graph(directory)
    return directory


def networks_of(directory: Path) -> list[Network]:
    return [OnnxNetwork.open(directory), TorchNetwork(load_reader(directory))]


def windows_of(lengths: Sequence[int], vocabulary: int = 50) -> list[Window]:
    chooser = np.random.default_rng(1)
    return [
        Window(
            number,
            chooser.integers(1, vocabulary, length).astype(np.int32),
            3,
            5,
            np.zeros((max(0, length - 6), 2), np.int32),
        )
        for number, length in enumerate(lengths)
    ]


def furthest(some: Sequence[Logits], others: Sequence[Logits]) -> float:
    return max(
        float(np.abs(one - other).max())
        for pair in zip(some, others, strict=True)
        for one, other in zip(*pair, strict=True)
    )


def test_each_window_is_read_as_if_it_were_alone(small: Path) -> None:
    windows = windows_of([40, 7, 90, 8, 41, 6])
    for network in networks_of(small):
        together = network.logits(windows)
        assert [len(starts) for starts, _ in together] == [40, 7, 90, 8, 41, 6]
        alone = [network.logits([window])[0] for window in windows]
        assert furthest(together, alone) < 0.05
        assert network.logits([]) == []


def test_both_arithmetics_agree(small: Path) -> None:
    in_bytes, in_halves = (each.logits(windows_of([30, 64, 100])) for each in networks_of(small))
    spread = float(np.concatenate([starts for starts, _ in in_bytes]).std())
    assert furthest(in_bytes, in_halves) < 0.2 * spread


@given(st.lists(st.integers(1, 384)))
def test_batches_hold_each_window_once_and_are_small(lengths: list[int]) -> None:
    made = list(batches(lengths))
    assert sorted(number for batch in made for number in batch) == list(range(len(lengths)))
    for batch in made:
        assert len(batch) * max(lengths[number] for number in batch) <= BATCH_TOKENS
    ordered = [lengths[number] for batch in made for number in batch]
    assert ordered == sorted(ordered)


class Timed:
    """A network that takes some seconds on a clock of its own."""

    def __init__(self, seconds: list[float], clock: list[float]) -> None:
        self._seconds = seconds
        self._clock = clock

    def logits(self, windows: Sequence[Window]) -> list[Logits]:
        self._clock[0] += self._seconds.pop(0)
        return []


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [([2, 2, 2], [3, 3, 3], True), ([3, 3, 3], [2, 2, 2], False), ([9, 9, 1], [2, 2, 2], True)],
)
def test_the_faster_network_wins_whatever_else_the_machine_does(
    one: list[float], other: list[float], first: bool
) -> None:
    clock = [0.0]
    networks = [Timed(one, clock), Timed(other, clock)]
    assert winner(networks, lambda: clock[0]) is networks[0 if first else 1]


@pytest.mark.parametrize("damaged", ["graph", "weights"])
@pytest.mark.parametrize("content", [None, b"", b"\xff" * 100])
def test_a_damaged_file_is_a_model_error(
    small: Path, tmp_path: Path, damaged: str, content: bytes | None
) -> None:
    shutil.copytree(small, tmp_path / "reader")
    file: Path = getattr(Layout(tmp_path / "reader"), damaged)
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelError, match=r"reader\.onnx or its weights cannot be loaded; install"):
        OnnxNetwork.open(tmp_path / "reader")


@pytest.mark.model
def test_the_shipped_reader_reads_alike_in_both() -> None:
    maker = WindowMaker(Tokenizer.from_file(str(Layout(WEIGHTS).tokenizer)))
    windows = [maker.windows(question, ["A fire"], [""], [STORY])[0] for question in QUESTIONS]
    windows += maker.windows("Who?", [""], [""], ["Rosa Blum."])
    logits = [network.logits(windows) for network in networks_of(WEIGHTS)]
    # The logits reach from about -10 to 10.
    assert furthest(*logits) < 2
    for in_bytes, in_halves in zip(*logits, strict=True):
        for one, other in zip(in_bytes, in_halves, strict=True):
            assert np.abs(one - other).mean() < 0.3
            # What is best in one is best in the other, or level with it.
            assert other[one.argmax()] > other.max() - 0.3


@pytest.mark.model
def test_the_shipped_graph_is_of_the_shipped_weights(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    for file in (layout.weights, layout.shape):
        shutil.copy(WEIGHTS / file.name, file)
    save_graph(tmp_path)
    assert layout.graph.read_bytes() == Layout(WEIGHTS).graph.read_bytes()
