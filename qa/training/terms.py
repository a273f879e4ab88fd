"""Learn which terms a follow-up leaves out: `python -m pullquote.qa.training.terms FOLDER`.

A logistic regression over the words of earlier turns, in ten seconds. A word is right if the
question lacks it and has it where somebody wrote it again to stand alone (after QuReTeC,
arXiv:2005.11723, which learns this with a network). Only the part "tune" is learned from. Printed
is how well the terms of each fifth of the conversations are chosen with weights learned from the
other four.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from sklearn.linear_model import LogisticRegression

from pullquote.qa.checkpoint import WEIGHTS
from pullquote.qa.followups import leaned_on, stands_alone
from pullquote.qa.terms import WEIGHTS_FILE, features, mentions_of, terms_left_out
from pullquote.qa.training.followups import SETS, FollowUp, read_followups, terms, without_titles

FOLDS = 5
# How much a question of each set counts. CAsT has few, and CANARD's come twice.
COUNTS = {"canard-dev": 1.0, "canard-dev, no titles": 0.5, "cast-2020": 4.0, "cast-2022": 3.0}
PENALTY = 2.0  # on the weights' squares
_Candidate = tuple[dict[str, float], bool, float]  # features, whether it is right, how much counts


def main(
    folder: Annotated[Path, typer.Argument(help="canard-dev, cast-2020 and cast-2022.json.gz.")],
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = WEIGHTS / WEIGHTS_FILE,
) -> None:
    """Learn, tell how well, and write the weights."""
    asked = {name: _leaning(read_followups(folder / f"{name}.json.gz")) for name in SETS}
    asked["canard-dev, no titles"] = list(without_titles(asked["canard-dev"]))
    candidates: list[list[_Candidate]] = [[] for _ in range(FOLDS)]
    for name, questions in asked.items():
        for one in questions:
            candidates[_fold(one)] += _candidates(one, COUNTS[name])
    told: dict[str, list[int]] = {name: [0, 0, 0] for name in asked}  # right, taken over, left out
    for fold in range(FOLDS):
        weights = learned([one for n, some in enumerate(candidates) if n != fold for one in some])
        for name, questions in asked.items():
            for one in questions:
                if _fold(one) == fold:
                    chosen = _chosen(one, weights)
                    counts = (len(chosen & one.left_out), len(chosen), len(one.left_out))
                    told[name] = [a + b for a, b in zip(told[name], counts, strict=True)]
    for name, (right, taken, missing) in told.items():
        recall, precision = right / max(missing, 1), right / max(taken, 1)
        print(f"{name}: {recall:.1%} of {missing} terms taken over, {precision:.1%} of them belong")
    weights = learned([one for some in candidates for one in some])
    out.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


def learned(candidates: Sequence[_Candidate]) -> dict[str, float]:
    """A weight for each feature."""
    names = sorted({name for found, _, _ in candidates for name in found})
    column = {name: number for number, name in enumerate(names)}
    table = np.zeros((len(candidates), len(names)))  # (candidates, features)
    for row, (found, _, _) in enumerate(candidates):
        for name, value in found.items():
            table[row, column[name]] = value
    # One of the features is always 1.
    regression = LogisticRegression(
        C=1 / PENALTY, fit_intercept=False, solver="newton-cholesky"
    ).fit(
        table,
        [right for _, right, _ in candidates],
        sample_weight=[counts for _, _, counts in candidates],
    )
    return {name: round(float(regression.coef_[0][column[name]]), 3) for name in names}


def _leaning(asked: Sequence[FollowUp]) -> list[FollowUp]:
    return [one for one in asked if one.turns and one.part == "tune"]


def _fold(asked: FollowUp) -> int:
    """The same for all questions of a conversation."""
    return sha256(asked.conversation.encode()).digest()[1] % FOLDS


def _candidates(asked: FollowUp, counts: float) -> Iterator[_Candidate]:
    if stands_alone(asked.question):
        return
    turns = leaned_on(asked.turns)
    for mentions in mentions_of(asked.question, turns).values():
        if said := terms(mentions[0].word):
            found = features(asked.question, turns, mentions)
            yield found, bool(said & asked.left_out), counts


def _chosen(asked: FollowUp, weights: Mapping[str, float]) -> set[str]:
    if stands_alone(asked.question):
        return set()
    chosen = terms_left_out(asked.question, leaned_on(asked.turns), weights)
    return terms(" ".join(chosen)) - terms(asked.question)


if __name__ == "__main__":
    typer.run(main)
