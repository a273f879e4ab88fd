"""Turn a trained model into the reader that is shipped: `python -m pullquote.qa.training.ship`.

The weights are rounded to 8 bits; then the scale from scores to confidence is fitted with these
very weights, asking questions of a whole collection, as users do. It is fitted on every other
article of SQuAD files; figures are to be reported on the rest.
"""

import json
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from pullquote.index import Retriever
from pullquote.index.types import Article, Hit
from pullquote.qa.assistant import Assistant
from pullquote.qa.calibration import Calibration, Scale
from pullquote.qa.checkpoint import WEIGHTS, Layout, save_reader
from pullquote.qa.evaluation.datasets import EvaluationQuestion, EvaluationSet, read_questions
from pullquote.qa.evaluation.metrics import f1
from pullquote.qa.evaluation.own import own_assistants
from pullquote.qa.evaluation.scratch import scratch_index
from pullquote.qa.evaluation.thresholds import Outcome, best_threshold, lowest_threshold
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.skim import Skim, save_skim
from pullquote.qa.training.graph import save_graphs
from pullquote.qa.training.loop import state_of
from pullquote.qa.training.start import reader_of
from pullquote.qa.types import Span

RAW = Calibration(slope=1.0, intercept=0.0, threshold=0.0, retrieval=0.0)
RIGHT = 0.5  # token F1 from which an answer counts as right
SEED = 7
# Share of the last run in an average with the one before it: what a run forgets, the average keeps
# (Wortsman et al., "Robust fine-tuning of zero-shot models", arXiv 2109.01903).
LAST = 0.6
# How much of the best mean F1 is given up for answering more of what a given paragraph answers.
GIVEN_UP = 0.003
# Weights of the retriever's score, beside the reader's in logits, that are tried.
RETRIEVALS = np.arange(0.0, 205.0, 5.0)

Candidates = Callable[[EvaluationQuestion], tuple[list[Hit], list[Span]]]


def main(
    run: Annotated[Path, typer.Option(help="The directory that train.py wrote to.")],
    tokenizer: Annotated[Path, typer.Option(help="tokenizer.json of an uncased BERT.")],
    dev: Annotated[
        list[Path],
        typer.Option(help="What to fit on, as SQuAD has it (.json, .json.gz); may be repeated."),
    ],
    before: Annotated[
        Path | None, typer.Option(help="The run before it (or a shipped reader), to average with.")
    ] = None,
    questions: Annotated[int, typer.Option(help="How many of each to fit on at most.")] = 1500,
    threshold: Annotated[
        float | None, typer.Option(help="Abstain below this, not below what F1 is best at.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the reader goes.")] = WEIGHTS,
) -> None:
    """Write the reader's files."""
    state = state_of(run)
    if before:
        earlier = state_of(before)
        state = {name: LAST * state[name] + (1 - LAST) * earlier[name] for name in state}
    out.mkdir(parents=True, exist_ok=True)
    model = reader_of(state)
    save_reader(model, out)
    save_skim(Skim.untrained(model), out)  # see skim.py, which is to be run next
    save_graphs(out)
    shutil.copy(tokenizer, Layout(out).tokenizer)

    chooser = random.Random(SEED)
    fitted_on: list[EvaluationQuestion] = []
    articles: list[Article] = []
    for found in map(read_questions, dev):
        some = list(half(found, fitting=True))
        chooser.shuffle(some)
        fitted_on += some[:questions]
        articles += found.articles
    reader = ExtractiveReader.open(out)
    with scratch_index(articles) as directory:
        assistant = Assistant(Retriever.open(directory), reader, RAW)
        calibration = fitted(fitted_on, lambda question: assistant.candidates(question.question))

    # Of paragraphs that are given: SQuAD's questions alone, and all, for reading one is quick.
    squad = read_questions(dev[0])
    own = own_assistants(squad.articles, reader, RAW)
    asked = _asked(
        half(squad, fitting=True),
        lambda question: own[question.article_ids[0]].candidates(question.question),
    )
    given = _scale(asked, calibration.retrieval, GIVEN_UP)
    calibration = replace(calibration, given=given)
    calibration.with_threshold(threshold).save(out)
    print(json.dumps(asdict(calibration)))


def half(found: EvaluationSet, fitting: bool) -> Sequence[EvaluationQuestion]:
    """The questions about every other article, for fitting, or those about the rest."""
    titles = list(dict.fromkeys(article.title for article in found.articles))
    title_of = {article.id: article.title for article in found.articles}
    chosen = set(titles[0::2] if fitting else titles[1::2])
    return [each for each in found.questions if title_of[each.article_ids[0]] in chosen]


def fitted(questions: Sequence[EvaluationQuestion], candidates: Candidates) -> Calibration:
    """What makes a right span come first, its confidence the share of right ones, and the best
    threshold: the one with the highest mean F1 over all questions, unanswerable counted.

    `candidates` must be those of an assistant with the RAW calibration.
    """
    asked = _asked(questions, candidates)
    answerable = [each for each in asked if each.answerable]
    right = np.array([_right_first(answerable, retrieval) for retrieval in RETRIEVALS])
    # The lowest of those that do best: the more retrieval counts, the worse abstaining is told.
    retrieval = float(RETRIEVALS[right.argmax()])
    return Calibration(**asdict(_scale(asked, retrieval)), retrieval=retrieval)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The spans that a question can be answered with."""

    spans: NDArray[np.float64]  # (spans, 3): the reader's score, the retriever's, F1
    answerable: bool

    def best(self, retrieval: float) -> tuple[float, float]:
        """The score and the F1 of the best span, if retrieval has this weight."""
        scores = self.spans[:, 0] + retrieval * self.spans[:, 1]
        first = int(scores.argmax())
        return float(scores[first]), float(self.spans[first, 2])


def _asked(questions: Sequence[EvaluationQuestion], candidates: Candidates) -> list[_Asked]:
    asked = []
    for question in tqdm(questions, mininterval=10):
        hits, spans = candidates(question)
        found = {hit.passage.id: hit.score for hit in hits}
        rows = [
            (
                span.score,
                found[span.passage.id],
                f1(question.answers, _text(span)) if question.answers else 0.0,
            )
            for span in spans
        ]
        if rows:
            asked.append(_Asked(np.array(rows), bool(question.answers)))
    return asked


def _right_first(asked: Sequence[_Asked], retrieval: float) -> int:
    """For how many the best span is right."""
    return sum(bool(each.best(retrieval)[1] >= RIGHT) for each in asked)


def _scale(asked: Sequence[_Asked], retrieval: float, given_up: float = 0.0) -> Scale:
    best = [(*each.best(retrieval), each.answerable) for each in asked]
    scores, gains, _ = np.array(best).T
    regression = _regression(scores[:, None], gains >= RIGHT)
    unset = Calibration(
        float(regression.coef_[0, 0]), float(regression.intercept_[0]), 0.0, retrieval
    )
    outcomes = [
        Outcome(unset.confidence(score), gain, bool(answerable)) for score, gain, answerable in best
    ]
    threshold = lowest_threshold(outcomes, given_up) if given_up else best_threshold(outcomes)
    return Scale(unset.slope, unset.intercept, threshold)


def _regression(features: NDArray[np.float64], right: NDArray[np.bool_]) -> LogisticRegression:
    return LogisticRegression().fit(features, right)


def _text(span: Span) -> str:
    return span.article.text[span.start : span.end]


if __name__ == "__main__":
    typer.run(main)
