"""What every contestant runs in: an environment of its own, with nothing of ours but this file.

`python CONTESTANT.py index JOB` makes an index of the job's articles, and `… ask JOB` opens it in a
new process, says "ready" when it has answered one question, and asks the rest one by one. Both
write what they found and measured to the job's folder.
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

PASSAGES = 20  # that are looked for
READY = "ready"


@dataclass(frozen=True)
class Job:
    """What there is to do, the same for all contestants."""

    articles: Path  # JSON lines: id, title, text, published
    questions: Path  # JSON lines: id, question
    reader: Path  # the weights as a plain transformers folder
    encoder: Path  # all-MiniLM-L6-v2, likewise
    folder: Path  # where the index and the results go
    read: int  # passages that are read for one question
    words: int  # of a passage, for contestants that leave cutting to the user
    shared: int  # words of it that the next one has too
    variant: str  # of the contestant

    @property
    def index(self) -> Path:
        """The contestant's own index."""
        return self.folder / "index"


@dataclass(frozen=True)
class Found:
    """What a contestant says to a question."""

    answer: str | None  # the best text there is, whether or not it is trusted
    confidence: float  # in it; on the contestant's own scale
    abstains: bool  # whether the contestant, as it comes, would rather say nothing
    articles: list[str]  # of the passages found, best first


class Contestant(Protocol):
    """Something that answers questions about articles."""

    def prepare(self, job: Job) -> None:
        """Load what embeds; not part of the indexing time."""
        ...

    def index(self, job: Job) -> int:
        """Index the articles into the job's folder; how many passages there are."""
        ...

    def open(self, job: Job) -> None:
        """Open the index and load all models."""
        ...

    def ask(self, question: str) -> Found:
        """The best answer and the passages."""
        ...


def run(contestant: Contestant) -> None:
    """Do what the command line says."""
    phase, file = sys.argv[1], Path(sys.argv[2])
    stored = json.loads(file.read_text(encoding="utf-8"))
    paths = {name: Path(stored[name]) for name in ("articles", "questions", "reader", "encoder")}
    job = Job(**{**stored, **paths, "folder": Path(stored["folder"])})
    result = _index(contestant, job) if phase == "index" else _ask(contestant, job)
    result["peak_mb"] = _peak_megabytes()
    (job.folder / f"{phase}.json").write_text(json.dumps(result), encoding="utf-8")


def _peak_megabytes() -> float:
    """The most memory that this program had at once; Linux alone tells.

    `getrusage` would not do: it counts what the process that started this one had.
    """
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _index(contestant: Contestant, job: Job) -> dict[str, Any]:
    contestant.prepare(job)
    started = time.perf_counter()
    passages = contestant.index(job)
    return {"seconds": time.perf_counter() - started, "passages": passages}


def _ask(contestant: Contestant, job: Job) -> dict[str, Any]:
    questions = list(lines(job.questions))
    contestant.open(job)
    contestant.ask(questions[0]["question"])
    print(READY, flush=True)
    answers = []
    for each in questions:
        started = time.perf_counter()
        found = contestant.ask(each["question"])
        seconds = time.perf_counter() - started
        answers.append({"id": each["id"], "seconds": seconds, **vars(found)})
    return {"answers": answers}


def lines(file: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file."""
    with file.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def passages(job: Job) -> Iterator[tuple[str, str]]:
    """Articles' ids and windows of their words, for contestants that leave cutting to the user."""
    for article in lines(job.articles):
        words = article["text"].split(" ")
        step = job.words - job.shared
        for start in range(0, max(1, len(words) - job.shared), step):
            yield article["id"], " ".join(words[start : start + job.words])


def distinct(names: list[str]) -> list[str]:
    """The names in their order, each once."""
    return list(dict.fromkeys(names))
