"""What stopping early would save: `python tests/benchmarks/stopping.py`.

Reading could stop when no later passage can overtake: when what the retriever adds to the next
passage's spans, plus the highest score that the reader gives to any span, stays below the best span
so far. A sound bound on that score cannot be lower than the highest score there is, so that one is
tried, and what 99.9 % and 99 % of the passages' best spans stay below. The margin is how far behind
the best span others must stay to change nothing: 0 where only the first answer counts, 4 logits for
the further answers, 8 for a timeline (see qa/assistant.py).

Reads all passages of the tuning questions and prints, for each bound and margin, the share of
passages that would have been read and the share of questions that would have lost a span.
"""

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

sys.path.insert(0, str(Path(__file__).parents[1]))

from archive import SOURCES, questions

from pullquote.index import Retriever, build_index
from pullquote.qa.assistant import MARGIN, MARGIN_OVER_TIME
from pullquote.qa.calibration import Calibration
from pullquote.qa.candidates import FOUND, READ
from pullquote.qa.checkpoint import WEIGHTS
from pullquote.qa.reader import ExtractiveReader

AT_LEAST, MORE = 4, 2  # passages that are read at first, and then at a time

Passages = list[tuple[float, float]]  # of a question: retrieval's part and the best span's score


def main(
    source: Annotated[str, typer.Option(help="articles or digests.")] = "articles",
    weights: Annotated[Path, typer.Option(help="Another reader.")] = WEIGHTS,
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th question only.")] = 2,
) -> None:
    """Read and print."""
    reader, weight = ExtractiveReader.open(weights), Calibration.open(weights).retrieval
    read: list[Passages] = []
    with tempfile.TemporaryDirectory() as directory:
        build_index(SOURCES[source], directory)
        retriever = Retriever.open(directory)
        for question in questions(source, "tune")[::every]:
            hits = retriever.search(question.question, FOUND)[:READ]
            best: dict[int, float] = {}
            for span in reader.read(question.question, hits):
                best.setdefault(span.passage.id, span.score)
            read.append([(weight * hit.score, best.get(hit.passage.id, -np.inf)) for hit in hits])
    scores = [score for passages in read for _, score in passages]
    print(f"{len(read)} questions; retrieval adds, by rank:", end="")
    for rank in range(READ):
        added = [passages[rank][0] for passages in read if len(passages) > rank]
        print(f" {np.mean(added):.1f}", end="")
    print()
    for share in (1.0, 0.999, 0.99):
        bound = float(np.quantile(scores, share))
        for margin in (0.0, MARGIN, MARGIN_OVER_TIME):
            stops = [stop(passages, bound, margin) for passages in read]
            lost = [loses(passages, at, margin) for passages, at in zip(read, stops, strict=True)]
            print(
                f"bound {bound:.1f} ({share:.1%} are below), margin {margin:.0f}: "
                f"{sum(stops) / len(scores):.1%} of the passages read, "
                f"{np.mean(lost):.1%} of the questions changed"
            )


def stop(passages: Passages, bound: float, margin: float) -> int:
    """How many of the passages are read."""
    at = min(AT_LEAST, len(passages))
    while at < len(passages):
        best = max(sum(passage) for passage in passages[:at])
        if max(retrieval for retrieval, _ in passages[at:]) + bound < best - margin:
            break
        at = min(at + MORE, len(passages))
    return at


def loses(passages: Passages, at: int, margin: float) -> bool:
    """Whether a passage that is not read holds a span that counts."""
    best = max((sum(passage) for passage in passages), default=0.0)
    return any(sum(passage) >= best - margin for passage in passages[at:])


if __name__ == "__main__":
    typer.run(main)
