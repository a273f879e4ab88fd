"""How models learn from pairs: small real models, made-up tokens."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny import tiny_config, tiny_reader
from transformers import BertForQuestionAnswering

from pullquote.qa.training.config import Steps
from pullquote.qa.training.features import Feature, batches_of, load_features, save_features
from pullquote.qa.training.held_out import right
from pullquote.qa.training.loop import MODEL, train
from pullquote.qa.training.losses import logits_of, loss_of
from pullquote.qa.training.start import thinned

VOCABULARY = 40
CLS, SEP = 1, 2
QUICK = Steps(seed=3, batch=8, steps=150, learning_rate=5e-3, checkpoint_every=1_000)


def pair(question: int, passage: list[int], *spans: tuple[int, int]) -> Feature:
    """A question of one token; `spans` count from the passage's first token."""
    ids = np.array([CLS, question, SEP, *passage, SEP], np.int32)
    return Feature(ids, 3, 3, tuple((3 + a, 3 + b) for a, b in spans) or ((0, 0),))


def pairs(number: int, seed: int = 0) -> list[Feature]:
    """The answer to question n is token n + 10 of the passage; half of the passages have none."""
    chooser = np.random.default_rng(seed)
    made = []
    for _ in range(number):
        question = int(chooser.integers(3, 9))
        passage = chooser.integers(20, VOCABULARY, 9).tolist()
        if chooser.random() < 0.5:
            place = int(chooser.integers(0, 9))
            passage[place] = question + 10
            made.append(pair(question, passage, (place, place)))
        else:
            made.append(pair(question, passage))
    return made


def small_model(seed: int = 0) -> BertForQuestionAnswering:
    return tiny_reader(tiny_config(layers=2, vocabulary=VOCABULARY, spread=0.02), seed)


spans = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=3)
features = st.builds(
    lambda question, passage, found: pair(question, passage, *found),
    st.integers(3, 30_000),
    st.lists(st.integers(3, 30_000), min_size=1, max_size=20),
    spans,
)


@given(st.lists(features, min_size=1, max_size=8))
def test_pairs_come_back_from_a_file_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, given_pairs: list[Feature]
) -> None:
    file = tmp_path_factory.mktemp("pairs") / "pairs.npz"
    save_features(given_pairs, file)
    found = load_features(file)
    for mine, theirs in zip(given_pairs, found, strict=True):
        assert mine.token_ids.tolist() == theirs.token_ids.tolist()
        assert (mine.question_tokens, mine.first) == (theirs.question_tokens, theirs.first)
        assert mine.spans == theirs.spans


@pytest.mark.parametrize("ranking", [0.0, 0.5])
def test_every_pair_is_learned_from_once_in_each_pass(ranking: float) -> None:
    made = pairs(40)
    batches = batches_of(made, replace(QUICK, steps=10, ranking=ranking))
    for one_pass in (batches[:5], batches[5:]):
        learned = [id(feature) for batch in one_pass for feature in batch]
        assert sorted(learned) == sorted(map(id, made))


def test_passages_of_a_question_come_together_where_they_are_ranked() -> None:
    made = [pair(question, [30] * length) for length in (4, 9) for question in (3, 4, 5, 6)]
    batches = batches_of(made, replace(QUICK, batch=2, steps=4, ranking=0.5))
    assert all(first.question == second.question for first, second in batches)


def test_a_model_learns_to_find_answers_and_to_say_there_is_none(tmp_path: Path) -> None:
    model = small_model()
    train(model, replace(QUICK, ranking=0.3), pairs(200), tmp_path)
    found = right(model, pairs(60, seed=1))
    assert found.answered > 90
    assert found.abstained > 90


def test_a_model_learns_from_another_that_knows(tmp_path: Path) -> None:
    wise = small_model()
    train(wise, QUICK, pairs(200), tmp_path)
    unlabelled = [
        replace(
            feature,
            spans=((0, 0),),  # as if nobody knew
            taught=logits_of(wise, [feature])[0].detach().to(torch.float16).numpy(),
        )
        for feature in pairs(200, seed=2)
    ]
    (tmp_path / "small").mkdir()
    learner = small_model(seed=5)
    train(learner, replace(QUICK, teacher_share=1.0), unlabelled, tmp_path / "small")
    assert right(learner, pairs(60, seed=1)).answered > 85


def test_nothing_is_learned_from_a_teacher_that_was_not_asked() -> None:
    with pytest.raises(ValueError, match="not asked"):
        loss_of(small_model(), pairs(4), replace(QUICK, teacher_share=0.5))


def test_title_and_question_are_never_chosen() -> None:
    made = [replace(feature, first=5) for feature in pairs(4)]  # two tokens of title
    logits = logits_of(small_model(), made)
    assert (logits[:, 1:5] == logits.min()).all()
    assert (logits[:, 0] > logits.min()).all()


def test_a_run_that_was_killed_goes_on_to_the_same_end(tmp_path: Path) -> None:
    how = replace(QUICK, steps=12, checkpoint_every=5)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    for directory in (whole, killed):
        directory.mkdir()
        train(small_model(), how, pairs(60), directory)
    (killed / MODEL).unlink()  # its last checkpoint is that of step 10
    train(small_model(seed=9), how, pairs(60), killed)
    first, second = (torch.load(directory / MODEL) for directory in (whole, killed))
    assert all(torch.allclose(first[name], second[name], atol=1e-6) for name in first)


def test_a_thinner_reader_keeps_evenly_spaced_layers_and_the_last() -> None:
    state = {f"bert.encoder.layer.{n}.weight": torch.tensor(n) for n in range(12)}
    state["qa_outputs.bias"] = torch.tensor(99)
    thin = thinned(state, 4)
    kept = [int(thin[f"bert.encoder.layer.{n}.weight"]) for n in range(4)]
    assert kept == [2, 5, 8, 11]
    assert int(thin["qa_outputs.bias"]) == 99
    assert thinned(state, 12) == state


@pytest.mark.parametrize("layers", [0, 13])
def test_layers_that_are_not_there_cannot_be_kept(layers: int) -> None:
    with pytest.raises(ValueError, match="taken out of 12"):
        thinned({f"bert.encoder.layer.{n}.weight": torch.tensor(n) for n in range(12)}, layers)
