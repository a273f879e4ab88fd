"""Questions that name years: `python tests/benchmarks/timeqa.py FILE --part tune --every 4`.

FILE is TimeQA's human-written easy part, JSON lines of question, context and targets; "" is the
target of a question without an answer. Each context of the part is an article of one index, and
each question is asked of it twice, with and without what the pipeline makes of time. An answer
counts with its F1, an abstention where there is no answer with 1. Rules are chosen on "tune".
"""

import gzip
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).parents[1]))

from plain import OnceReader, without_time

from pullquote.index import Retriever
from pullquote.index.types import Article
from pullquote.qa import Answer, Assistant
from pullquote.qa.calibration import Calibration
from pullquote.qa.checkpoint import WEIGHTS
from pullquote.qa.evaluation.metrics import auroc, f1
from pullquote.qa.evaluation.scratch import scratch_index
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.spelling import Speller


@dataclass(frozen=True)
class Dated:
    """A question, the article that answers it, and its answers; none where it does not."""

    question: str
    article: Article
    answers: list[str]


def main(
    file: Annotated[Path, typer.Argument(help="JSON lines, gzipped.")],
    part: Annotated[str, typer.Option(help="tune or report.")] = "tune",
    every: Annotated[int, typer.Option(min=1, help="Take every n-th context only.")] = 1,
    weights: Annotated[Path, typer.Option(help="Another reader.")] = WEIGHTS,
    wrong: Annotated[int, typer.Option(help="List so many that are wrong.")] = 0,
) -> None:
    """Ask and print."""
    asked = read(file, part, every)
    calibration = Calibration.open(weights)
    articles = list({one.article.id: one.article for one in asked}.values())
    reader = OnceReader(ExtractiveReader.open(weights))
    with scratch_index(articles) as directory:
        assistant = Assistant(
            Retriever.open(directory), reader, calibration.with_threshold(0), Speller.open()
        )
        with without_time():
            plain = [assistant.ask(one.question) for one in asked]
        dated = [assistant.ask(one.question) for one in asked]
    unanswerable = sum(not one.answers for one in asked)
    print(f"{len(asked)} questions, {unanswerable} without an answer, {len(articles)} articles")
    _print_figures("without time", asked, plain, calibration.threshold)
    _print_figures("with time", asked, dated, calibration.threshold)
    for one, answer in zip(asked, dated, strict=True):
        if wrong and _score(one, answer, calibration.threshold) < 0.5:
            wrong -= 1
            print(f"  {one.question} | {one.answers} → {answer.text!r} {answer.confidence:.2f}")


def read(file: Path, part: str, every: int) -> list[Dated]:
    """The questions of every n-th context of a part, "tune" or "report"."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    articles: dict[str, Article] = {}
    for entry in entries:
        text, title = entry["context"], entry["idx"].split("#")[0].split("/")[-1]
        key = sha256(text.encode()).hexdigest()
        if (int(key[:2], 16) % 2 == 0) == (part == "tune"):
            articles[text] = Article(key, title.replace("_", " "), text, None, None, None, "", key)
    kept = {article.text: article for article in list(articles.values())[::every]}
    return [
        Dated(entry["question"], kept[entry["context"]], [a for a in entry["targets"] if a])
        for entry in entries
        if entry["context"] in kept
    ]


def _print_figures(
    name: str, asked: Sequence[Dated], answers: Sequence[Answer], threshold: float
) -> None:
    pairs = list(zip(asked, answers, strict=True))
    share: Callable[[list[float]], str] = lambda values: f"{100 * fmean(values or [0]):.1f}"  # noqa: E731
    area = auroc([-answer.confidence for answer in answers], [not one.answers for one in asked])
    print(
        f"{name}: F1 {share([_score(*pair, threshold) for pair in pairs])}, of the answerable ones "
        f"{share([_score(*pair, threshold) for pair in pairs if pair[0].answers])}, when it may "
        f"not abstain {share([_score(*pair, 0) for pair in pairs if pair[0].answers])}; abstained "
        f"from {share([_score(*pair, threshold) for pair in pairs if not pair[0].answers])} % of "
        f"the others; area under the ROC curve of abstention {area or 0:.2f}"
    )


def _score(one: Dated, answer: Answer, threshold: float) -> float:
    return f1(one.answers, (answer.text or "") if answer.confidence >= threshold else "")


if __name__ == "__main__":
    typer.run(main)
