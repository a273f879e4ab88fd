"""`pullquote eval`: run the questions of a file and show the figures."""

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pullquote.index.errors import SourceError
from pullquote.qa import Assistant, Message
from pullquote.qa.calibration import Calibration
from pullquote.qa.evaluation.datasets import EvaluationQuestion, read_questions
from pullquote.qa.evaluation.evaluate import Evaluation, evaluate
from pullquote.qa.evaluation.own import asking_own
from pullquote.qa.evaluation.scratch import scratch_index
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.spelling import Speller
from pullquote.qa.types import Answer
from pullquote.ui.indexing import ensure_index
from pullquote.ui.progress import progress_bar


def measure(file: Path, directory: Path, own: bool, threshold: float | None) -> Evaluation:
    """Ask the questions of a file of an index, of their own articles together, or one by one.

    Raises:
        SourceError: the file is of another form, or `own` is asked of a file without articles.
    """
    found = read_questions(file)
    if own:
        if not found.articles:
            raise SourceError(f"{file} brings no paragraphs; --own needs a SQuAD file.")
        calibration = Calibration.open().of_given().with_threshold(threshold)
        ask = asking_own(found.articles, ExtractiveReader.open(), calibration, Speller.open())
        return _with_bar(found.questions, ask)
    if not found.articles:
        ensure_index(directory, update=False)
        return ask_all(found.questions, Assistant.open(directory, threshold))
    with scratch_index(found.articles) as directory:
        return ask_all(found.questions, Assistant.open(directory, threshold))


def print_evaluation(evaluation: Evaluation, console: Console) -> None:
    """The figures as a table."""
    table = Table("measure", "value")
    for row in figures(evaluation):
        table.add_row(*row)
    console.print(table)


def figures(evaluation: Evaluation) -> list[tuple[str, str]]:
    """What was measured, and its value, as they are shown."""
    rows = []
    for name, value in evaluation.to_json().items():
        parts = value if isinstance(value, dict) else {"": value}
        for part, figure in parts.items():
            shown = f"{figure:,.3f}" if isinstance(figure, float) else str(figure)
            rows.append((f"{name} {part}".strip(), shown))
    return rows


def ask_all(questions: Sequence[EvaluationQuestion], assistant: Assistant) -> Evaluation:
    """Ask an assistant every question, each behind its history, with a progress bar."""

    def ask(question: EvaluationQuestion) -> Answer:
        history = [Message(turn) for turn in question.history]
        return assistant.ask(question.question, history, question.within)

    return _with_bar(questions, ask)


def _with_bar(
    questions: Sequence[EvaluationQuestion], ask: Callable[[EvaluationQuestion], Answer]
) -> Evaluation:
    with progress_bar() as bar:
        task = bar.add_task("Asking", total=len(questions))
        return evaluate(questions, ask, progress=lambda: bar.advance(task))
