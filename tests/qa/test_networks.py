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
from numpy.typing import NDArray
from tiny import tiny_config, tiny_reader
from tokenizers import Tokenizer

from pullquote.index.errors import ModelError
from pullquote.qa.checkpoint import WEIGHTS, Layout, save_reader
from pullquote.qa.networks import (
    BATCH_TOKENS,
    Logits,
    Network,
    OnnxNetwork,
    TorchNetwork,
    Worth,
    batches,
    everything,
    winner,
)
from pullquote.qa.skim import Skim, save_skim
from pullquote.qa.training.graph import save_graphs
from pullquote.qa.windows import Window, WindowMaker

QUESTIONS = (
    "Who is the fire chief?",
    "How much did the owners pay for the mill?",
    "When did the mill burn down?",
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader of three layers, one before the skim, that has learned nothing."""
    directory = tmp_path_factory.mktemp("reader")
    model = tiny_reader(tiny_config())
    skim = Skim.untrained(model)
    torch.nn.init.normal_(skim.guess.weight, std=0.2)
    torch.nn.init.zeros_(skim.guess.bias)
    save_reader(model, directory)
    save_skim(skim, directory)
    save_graphs(directory)
    return directory


def networks_of(directory: Path) -> list[Network]:
    return [OnnxNetwork.open(directory), TorchNetwork.open(directory)]


def read_whole(network: Network, windows: Sequence[Window]) -> list[Logits]:
    return [each for each in network.logits(windows) if each]


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
        together = read_whole(network, windows)
        assert [len(starts) for starts, _ in together] == [40, 7, 90, 8, 41, 6]
        alone = [read_whole(network, [window])[0] for window in windows]
        assert furthest(together, alone) < 0.05
        assert network.logits([]) == []


def test_what_is_not_worth_it_is_not_read_and_the_rest_as_ever(small: Path) -> None:
    windows = windows_of([40, 7, 90, 8, 41])
    wanted = np.array([False, True, True, False, True])
    for network in networks_of(small):
        whole = read_whole(network, windows)
        some = network.logits(windows, lambda _: wanted)
        assert [each is not None for each in some] == wanted.tolist()
        kept = [each for each, is_wanted in zip(whole, wanted, strict=True) if is_wanted]
        assert furthest([each for each in some if each], kept) < 0.05
        assert network.logits(windows, lambda _: ~wanted & wanted) == [None] * 5


def test_both_arithmetics_estimate_alike_and_each_window_by_itself(small: Path) -> None:
    windows = windows_of([30, 64, 7, 100])
    told = []
    for network in networks_of(small):
        together, alone = estimates_of(network, windows), []
        for window in windows:
            alone.append(estimates_of(network, [window])[0])
        assert together == pytest.approx(alone, abs=0.1)
        told.append(together)
    assert told[0] == pytest.approx(told[1], abs=0.3)
    assert np.ptp(told[0]) > 0.5


def estimates_of(network: Network, windows: Sequence[Window]) -> list[float]:
    told: list[float] = []

    def note(estimates: NDArray[np.float32]) -> NDArray[np.bool_]:
        told.extend(estimates.tolist())
        return np.zeros(len(estimates), bool)

    network.logits(windows, note)
    return told


def test_a_skim_that_has_learned_nothing_holds_everything_worth_reading() -> None:
    model = tiny_reader(tiny_config())
    network = TorchNetwork(model, Skim.untrained(model))
    assert min(estimates_of(network, windows_of([30, 64]))) > 100


def test_both_arithmetics_agree(small: Path) -> None:
    windows = windows_of([30, 64, 100])
    in_bytes, in_halves = (read_whole(each, windows) for each in networks_of(small))
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

    def logits(self, windows: Sequence[Window], worth: Worth = everything) -> list[Logits | None]:
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


@pytest.mark.parametrize("damaged", ["first_graph", "second_graph", "weights", "skim"])
@pytest.mark.parametrize("content", [None, b"", b"\xff" * 100])
def test_a_damaged_file_is_a_model_error(
    small: Path, tmp_path: Path, damaged: str, content: bytes | None
) -> None:
    shutil.copytree(small, tmp_path / "reader")
    file: Path = getattr(Layout(tmp_path / "reader"), damaged)
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelError, match=r"\.onnx or its weights cannot be loaded; install"):
        OnnxNetwork.open(tmp_path / "reader")


@pytest.mark.model
def test_the_shipped_reader_reads_alike_in_both() -> None:
    maker = WindowMaker(Tokenizer.from_file(str(Layout(WEIGHTS).tokenizer)))
    windows = [maker.windows(question, ["A fire"], [""], [STORY])[0] for question in QUESTIONS]
    windows += maker.windows("Who?", [""], [""], ["Rosa Blum."])
    logits = [read_whole(network, windows) for network in networks_of(WEIGHTS)]
    # The logits reach from about -10 to 10.
    assert furthest(*logits) < 2
    for in_bytes, in_halves in zip(*logits, strict=True):
        for one, other in zip(in_bytes, in_halves, strict=True):
            assert np.abs(one - other).mean() < 0.3
            # What is best in one is best in the other, or level with it.
            assert other[one.argmax()] > other.max() - 0.3


@pytest.mark.model
def test_the_shipped_graphs_are_of_the_shipped_weights(tmp_path: Path) -> None:
    layout, shipped = Layout(tmp_path), Layout(WEIGHTS)
    for file in (layout.weights, layout.skim, layout.shape):
        shutil.copy(WEIGHTS / file.name, file)
    save_graphs(tmp_path)
    assert layout.first_graph.read_bytes() == shipped.first_graph.read_bytes()
    assert layout.second_graph.read_bytes() == shipped.second_graph.read_bytes()
