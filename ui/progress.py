"""Progress bars on standard error; standard output is for results alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from pullquote.index.reading import Progress as Report

console = Console(stderr=True)


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        """Such as "120/s"; nothing before there is a speed."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


@contextmanager
def progress_bar(transient: bool = False) -> Iterator[Progress]:
    """A bar with how many are done, of how many, the rate, and the time that is left.

    A transient one is gone when it is done.
    """
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=transient,
        disable=not console.is_terminal,  # a log needs no bars
    ) as bar:
        yield bar


@contextmanager
def indexing_bar(transient: bool = False) -> Iterator[Report]:
    """What `build_index` reports to: a bar for each of its stages."""
    words = {
        "articles": "Reading articles",
        "passages": "Embedding passages",
        "vectors": "Grouping vectors",
    }
    with progress_bar(transient) as bar:
        tasks = {}

        def report(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(words[stage], total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield report
        for task in bar.tasks:  # only now is it known how many articles there were
            bar.update(task.id, total=task.completed)
