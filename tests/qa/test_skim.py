"""The first look at a passage, as it is kept and as it is taught."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tiny import WIDTH, tiny_config, tiny_reader

from pullquote.index.errors import ModelError
from pullquote.qa.checkpoint import Layout, layers_before_skim, load_reader, save_reader
from pullquote.qa.networks import TorchNetwork
from pullquote.qa.reader import best_score
from pullquote.qa.skim import Skim, load_skim, save_skim
from pullquote.qa.training.config import SkimTraining
from pullquote.qa.training.loop import MODEL
from pullquote.qa.training.skim import train
from pullquote.qa.windows import Window

QUICK = SkimTraining(seed=1, learning_rate=5e-3, learning_rate_of_guess=2e-2, checkpoint_every=40)
CONFIG = tiny_config(spread=0.3)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader of three layers that has learned nothing, which is enough to be guessed at."""
    model = tiny_reader(CONFIG, seed=3)
    torch.nn.init.normal_(model.qa_outputs.weight, std=3)  # so that passages differ
    directory = tmp_path_factory.mktemp("reader")
    save_reader(model, directory)
    return directory


def questions(number: int, seed: int) -> list[list[Window]]:
    chooser = np.random.default_rng(seed)
    return [
        [
            Window(
                place,
                chooser.integers(1, 50, 22).astype(np.int32),
                3,
                5,
                np.zeros((16, 2), np.int32),
            )
            for place in range(6)
        ]
        for _ in range(number)
    ]


def error(skim: Skim, reader: Path, asked: Sequence[Sequence[Window]]) -> float:
    """How far the estimates are from the best scores, on average."""
    network, far = TorchNetwork(load_reader(reader), skim), list[float]()
    for windows in asked:
        told: list[float] = []

        def note(estimates: NDArray[np.float32], told: list[float] = told) -> NDArray[np.bool_]:
            told.extend(estimates.tolist())
            return np.ones(len(estimates), bool)

        logits = network.logits(windows, note)
        best = [best_score(w, *each) for w, each in zip(windows, logits, strict=True) if each]
        far += np.abs(np.array(told) - best).tolist()
    return float(np.mean(far))


def test_a_skim_learns_to_tell_what_the_reader_will_say(reader: Path, tmp_path: Path) -> None:
    (tmp_path / "short").mkdir()
    short = train(questions(5, seed=1), reader, QUICK, tmp_path / "short")
    long = train(questions(300, seed=1), reader, QUICK, tmp_path)
    others = questions(10, seed=2)
    assert error(long, reader, others) < 0.85 * error(short, reader, others)


def test_training_that_was_killed_goes_on_to_the_same_end(reader: Path, tmp_path: Path) -> None:
    asked, places = questions(60, seed=1), [tmp_path / "whole", tmp_path / "killed"]
    for place in places:
        place.mkdir()
    train(asked, reader, QUICK, places[0])
    # As if it had been killed after its checkpoint at 40.
    shutil.copy(places[0] / "checkpoint.pt", places[1] / "checkpoint.pt")
    train(asked, reader, QUICK, places[1])
    whole, resumed = (torch.load(place / MODEL) for place in places)
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_a_skim_comes_back_as_it_was_saved(reader: Path, tmp_path: Path) -> None:
    skim = Skim(CONFIG)
    save_skim(skim, tmp_path)
    loaded = load_skim(tmp_path, CONFIG)
    before, after = skim.state_dict(), loaded.state_dict()
    for name, tensor in before.items():
        assert (after[name] - tensor).abs().max() <= 0.01 * tensor.abs().max() + 1e-6
    assert not loaded.training


@pytest.mark.parametrize("content", [None, b"", b"\xff" * 100])
def test_a_damaged_skim_is_a_model_error(tmp_path: Path, content: bytes | None) -> None:
    save_skim(Skim(CONFIG), tmp_path)
    file = Layout(tmp_path).skim
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelError, match=r"skim\.safetensors cannot be loaded .*; install"):
        load_skim(tmp_path, CONFIG)


def test_a_skim_of_another_shape_is_a_model_error(tmp_path: Path) -> None:
    save_skim(Skim(CONFIG), tmp_path)
    wider = tiny_config()
    wider.hidden_size = 2 * WIDTH
    with pytest.raises(ModelError):
        load_skim(tmp_path, wider)


@pytest.mark.parametrize(("layers", "before"), [(12, 5), (6, 2), (3, 1), (1, 0)])
def test_the_skim_is_before_the_middle(layers: int, before: int) -> None:
    assert layers_before_skim(layers) == before
