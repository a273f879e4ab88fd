"""The reader's weights on disk."""

import json
import re
from pathlib import Path

import pytest
import torch
from tiny import tiny_config, tiny_reader
from transformers import BertForQuestionAnswering

from pullquote.index.errors import ModelError
from pullquote.qa.checkpoint import load_reader, save_reader
from pullquote.qa.reader import ExtractiveReader


@pytest.fixture(scope="module")
def model() -> BertForQuestionAnswering:
    return tiny_reader(tiny_config(layers=2))


@pytest.fixture
def saved(model: BertForQuestionAnswering, tmp_path: Path) -> Path:
    save_reader(model, tmp_path)
    return tmp_path


def logits(model: BertForQuestionAnswering) -> torch.Tensor:
    token_ids = torch.arange(2, 42).reshape(2, 20)
    types = (torch.arange(20) > 6).long().repeat(2, 1)
    with torch.inference_mode():
        output = model(input_ids=token_ids, token_type_ids=types)
    return torch.stack([output.start_logits, output.end_logits])


def test_a_loaded_reader_reads_as_the_one_that_was_saved(
    model: BertForQuestionAnswering, saved: Path
) -> None:
    before, after = logits(model), logits(load_reader(saved))
    # 8 bits a weight: the error is a small part of how far the logits differ from each other.
    assert (after - before).abs().max() < 0.05 * before.std()
    assert not load_reader(saved).training


def test_saving_what_was_loaded_changes_nothing(saved: Path, tmp_path: Path) -> None:
    loaded = load_reader(saved)
    again = tmp_path / "again"
    again.mkdir()
    save_reader(loaded, again)
    assert torch.allclose(logits(load_reader(again)), logits(loaded), atol=1e-4)


def test_a_weight_is_a_byte(model: BertForQuestionAnswering, saved: Path) -> None:
    weights = sum(parameter.numel() for parameter in model.parameters())
    assert (saved / "reader.safetensors").stat().st_size < 2 * weights


def test_rows_of_zeros_come_back_as_zeros(model: BertForQuestionAnswering, tmp_path: Path) -> None:
    silent = BertForQuestionAnswering(model.config)
    silent.load_state_dict(model.state_dict())
    silent.qa_outputs.weight.data.zero_()
    save_reader(silent, tmp_path)
    assert not load_reader(tmp_path).qa_outputs.weight.any()


@pytest.mark.parametrize("name", ["reader.safetensors", "reader.json"])
@pytest.mark.parametrize("damage", ["deleted", "emptied", "cut", "garbage"])
def test_a_damaged_file_is_a_model_error(saved: Path, name: str, damage: str) -> None:
    file = saved / name
    whole = file.read_bytes()
    if damage == "deleted":
        file.unlink()
    else:
        kept = {"emptied": b"", "cut": whole[: len(whole) // 2], "garbage": b"\xff" * 100}
        file.write_bytes(kept[damage])
    with pytest.raises(ModelError, match=re.escape(str(saved)) + ".*install pullquote again"):
        load_reader(saved)


@pytest.mark.parametrize(
    "changes",
    [{"format": 2}, {"hidden": 64}, {"layers": 3}, {"vocabulary": 51}, {"heads": 5}, {"new": 1}],
)
def test_a_shape_that_does_not_fit_is_a_model_error(saved: Path, changes: dict[str, int]) -> None:
    file = saved / "reader.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | changes), encoding="utf-8")
    with pytest.raises(ModelError):
        load_reader(saved)


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff"])
def test_a_tokenizer_that_cannot_be_read_is_a_model_error(
    saved: Path, content: bytes | None
) -> None:
    if content is not None:
        (saved / "tokenizer.json").write_bytes(content)
    with pytest.raises(ModelError, match=r"tokenizer\.json cannot be read"):
        ExtractiveReader.open(saved)
