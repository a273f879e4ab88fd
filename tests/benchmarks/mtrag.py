"""Follow-up questions end to end: `python tests/benchmarks/mtrag.py FILE --part tune --every 4`.

FILE is MTRAG-UN, JSON lines of conversations whose last question is asked, with the texts that
answer it. These are articles of one index. Each question is asked three times: as it stands, which
is the lower bound; as it is understood after the turns before it; and the same after these turns
were asked as well, so that the articles they cited are preferred. Nobody has written the question
again so that it stands alone, so there is no upper bound. An answerable question is answered
rightly if at least half of the first quote's words that count stand in the reference, a paragraph
in somebody's own words; an unanswerable one if it is not answered. Rules are chosen on "tune".
"""

import gzip
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any

import typer

sys.path.insert(0, str(Path(__file__).parents[1]))

from plain import OnceReader

from pullquote.index import Retriever
from pullquote.index.generation import LONGEST_QUESTION
from pullquote.index.types import Article
from pullquote.qa import Answer, Assistant, Message
from pullquote.qa.calibration import Calibration
from pullquote.qa.evaluation.scratch import scratch_index
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.spans import words_of
from pullquote.qa.spelling import Speller

HALF = 0.5
SMALL = 3  # letters: shorter words count for nothing


@dataclass(frozen=True)
class Task:
    """A question after some turns, and what somebody replied; None where there is no answer."""

    turns: tuple[Message, ...]
    question: str
    reference: str | None
    articles: tuple[Article, ...]


def main(
    file: Annotated[Path, typer.Argument(help="JSON lines, gzipped.")],
    part: Annotated[str, typer.Option(help="tune or report.")] = "tune",
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th question only.")] = 1,
    wrong: Annotated[int, typer.Option(help="List so many that are wrong.")] = 0,
) -> None:
    """Ask and print."""
    tasks = read(file, part)[::every]
    articles = {article.text: article for task in tasks for article in task.articles}
    with scratch_index(list(articles.values())) as directory:
        assistant = Assistant(
            Retriever.open(directory),
            OnceReader(ExtractiveReader.open()),
            Calibration.open(),
            Speller.open(),
        )
        literal = [assistant.ask(task.question) for task in tasks]
        understood = [assistant.ask(task.question, task.turns) for task in tasks]
        citing = [assistant.ask(task.question, _cited(assistant, task.turns)) for task in tasks]
    leaning = [answer.understood is not None for answer in understood]
    print(f"{len(tasks)} questions over {len(articles)} articles, {sum(leaning)} of them lean")
    _print_figures("as they stand", tasks, literal)
    _print_figures("as understood", tasks, understood)
    _print_figures("preferring what was cited", tasks, citing)
    changed = [n for n, leans in enumerate(leaning) if leans]
    if changed:
        some = [tasks[n] for n in changed]
        _print_figures("those that lean, as they stand", some, [literal[n] for n in changed])
        _print_figures("those that lean, as understood", some, [understood[n] for n in changed])
        _print_figures("… preferring what was cited", some, [citing[n] for n in changed])
    for task, answer in zip(tasks, understood, strict=True):
        if wrong and not _right(task, answer):
            wrong -= 1
            print(f"  {task.question[:90]!r} as {(answer.understood or '')[:90]!r}")
            print(f"    → {(answer.text or '')[:120]!r} | {(task.reference or '')[:120]!r}")


def _cited(assistant: Assistant, turns: Sequence[Message]) -> list[Message]:
    """The turns, with the quotes that the assistant answers their questions with."""
    cited: list[Message] = []
    for turn in turns:
        if turn.answer:
            quotes = assistant.ask(turn.question, cited).quotes
            turn = replace(turn, answer=replace(turn.answer, quotes=quotes))
        cited.append(turn)
    return cited


def read(file: Path, part: str) -> list[Task]:
    """The questions of a part that are answerable, or not; "tune" or "report"."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    return [
        _task(entry)
        for entry in entries
        if entry["answerability"] in (["ANSWERABLE"], ["UNANSWERABLE"])
        and len(entry["input"]) > 1
        and (sha256(entry["conversation_id"].encode()).digest()[0] % 2 == 1) == (part == "tune")
    ]


def _task(entry: dict[str, Any]) -> Task:
    said = [turn["text"] for turn in entry["input"]]
    turns = tuple(
        Message(question[:LONGEST_QUESTION], Answer(question, reply or None, 0.5, (), ()))
        for question, reply in zip(said[:-1:2], said[1::2], strict=True)
    )
    answerable = entry["answerability"] == ["ANSWERABLE"]
    articles = (_article(one["text"], one.get("title")) for one in entry["contexts"])
    reference = entry["targets"][0]["text"] if answerable else None
    return Task(turns, said[-1][:LONGEST_QUESTION], reference, tuple(articles))


def _article(text: str, title: str | None) -> Article:
    key = sha256(text.encode()).hexdigest()
    return Article(key, title or text.strip()[:60], text, None, None, None, "", key)


def _print_figures(name: str, tasks: Sequence[Task], answers: Sequence[Answer]) -> None:
    pairs = list(zip(tasks, answers, strict=True))
    for kind, some in (
        ("answered rightly", [pair for pair in pairs if pair[0].reference]),
        ("not answered", [pair for pair in pairs if not pair[0].reference]),
    ):
        if some:
            share = fmean(_right(*pair) for pair in some)
            print(f"{name}: {kind} {share:.1%} of {len(some)}", end="; ")
    print(f"{fmean(answer.text is not None for answer in answers):.1%} answered at all")


def _right(task: Task, answer: Answer) -> bool:
    if task.reference is None or answer.text is None:
        return task.reference is None and answer.text is None
    said = {word for word in words_of(answer.text) if len(word) >= SMALL}
    return bool(said) and len(said & set(words_of(task.reference))) / len(said) >= HALF


if __name__ == "__main__":
    typer.run(main)
