"""Both arithmetics read alike."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from fakes import STORY
from tokenizers import Tokenizer

from pullquote.index.errors import ModelError
from pullquote.qa.checkpoint import WEIGHTS, Layout, load_reader
from pullquote.qa.networks import Network, OnnxNetwork, TorchNetwork
from pullquote.qa.training.graph import save_graph
from pullquote.qa.windows import Batch, WindowMaker, padded

pytestmark = pytest.mark.model

QUESTIONS = (
    "Who is the fire chief?",
    "How much did the owners pay for the mill?",
    "When did the mill burn down?",
)


@pytest.fixture(scope="module")
def batch() -> Batch:
    maker = WindowMaker(Tokenizer.from_file(str(Layout(WEIGHTS).tokenizer)))
    windows = [maker.windows(question, ["A fire"], [""], [STORY])[0] for question in QUESTIONS]
    # One short input among them: what is padded must not count.
    windows += maker.windows("Who?", [""], [""], ["Rosa Blum."])
    return padded(
        [window.token_ids for window in windows], [window.question_tokens for window in windows]
    )


def test_eight_bits_read_like_sixteen(batch: Batch) -> None:
    networks: list[Network] = [OnnxNetwork.open(WEIGHTS), TorchNetwork(load_reader(WEIGHTS))]
    there = batch.attention == 1
    (starts, ends), (other_starts, other_ends) = (each.logits(batch) for each in networks)
    for one, other in ((starts, other_starts), (ends, other_ends)):
        assert one.shape == other.shape == batch.token_ids.shape
        # The logits reach from about -10 to 10.
        assert np.abs(one - other)[there].max() < 2
        assert np.abs(one - other)[there].mean() < 0.3
        best, other_best = (np.where(there, each, -99).argmax(axis=1) for each in (one, other))
        assert best.tolist() == other_best.tolist()


def test_padding_does_not_count(batch: Batch) -> None:
    tokens = int(batch.attention[-1].sum())
    alone = Batch(
        *(array[-1:, :tokens] for array in (batch.token_ids, batch.token_types, batch.attention))
    )
    network = OnnxNetwork.open(WEIGHTS)
    together, by_itself = network.logits(batch)[0][-1, :tokens], network.logits(alone)[0][0]
    assert together.argmax() == by_itself.argmax()
    assert np.abs(together - by_itself).max() < 2


def test_the_shipped_graph_is_of_the_shipped_weights(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    for file in (layout.weights, layout.shape):
        shutil.copy(WEIGHTS / file.name, file)
    save_graph(tmp_path)
    assert layout.graph.read_bytes() == Layout(WEIGHTS).graph.read_bytes()


@pytest.mark.parametrize("damaged", ["graph", "weights"])
@pytest.mark.parametrize("content", [None, b"", b"\xff" * 100])
def test_a_damaged_file_is_a_model_error(
    tmp_path: Path, damaged: str, content: bytes | None
) -> None:
    shutil.copytree(WEIGHTS, tmp_path / "reader")
    file: Path = getattr(Layout(tmp_path / "reader"), damaged)
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelError, match=r"reader\.onnx or its weights cannot be loaded; install"):
        OnnxNetwork.open(tmp_path / "reader")
