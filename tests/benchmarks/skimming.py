"""What reading only what is worth it saves and changes: `python tests/benchmarks/skimming.py`.

Asks the tuning questions of the archive, or with --dev those of a SQuAD 2.0 file of all its
paragraphs together, twice: reading everything that is found, and leaving out what a first look
holds for too poor to be shown (qa/worth.py). Prints the share of windows that are read to the end,
and of how many questions the reply is another: whether there is an answer, the first one, any of
the quotes with their citations, the timeline.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from archive import SOURCES, questions

from pullquote.index import Retriever, build_index
from pullquote.qa import Answer, Assistant
from pullquote.qa.calibration import Calibration
from pullquote.qa.checkpoint import WEIGHTS, load_tokenizer
from pullquote.qa.evaluation.datasets import read_questions
from pullquote.qa.evaluation.scratch import scratch_index
from pullquote.qa.networks import Logits, Network, Worth, everything, fastest
from pullquote.qa.reader import ExtractiveReader
from pullquote.qa.spelling import Speller
from pullquote.qa.windows import Window, WindowMaker


class Counting:
    """A network that counts what it reads to the end."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.read: list[bool] = []

    def logits(self, windows: Sequence[Window], worth: Worth = everything) -> list[Logits | None]:
        def counted(estimates: NDArray[np.float32]) -> NDArray[np.bool_]:
            chosen = worth(estimates)
            self.read += chosen.tolist()
            return chosen

        return self._network.logits(windows, counted)


def main(
    source: Annotated[str, typer.Option(help="articles or digests.")] = "articles",
    dev: Annotated[Path | None, typer.Option(help="A SQuAD 2.0 file, in place of these.")] = None,
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th question only.")] = 2,
    weights: Annotated[Path, typer.Option(help="Another reader.")] = WEIGHTS,
) -> None:
    """Ask and compare."""
    if dev:
        found = read_questions(dev)
        texts = [each.question for each in found.questions[::every]]
        with scratch_index(found.articles) as directory:
            compare(directory, texts, weights)
        return
    with tempfile.TemporaryDirectory() as directory:
        build_index(SOURCES[source], directory)
        texts = [each.question for each in questions(source, "tune")[::every]]
        compare(Path(directory), texts, weights)


def compare(directory: Path, texts: Sequence[str], weights: Path) -> None:
    calibration, speller = Calibration.open(weights), Speller.open()
    retriever, network = Retriever.open(directory), Counting(fastest(weights))
    maker = WindowMaker(load_tokenizer(weights))
    skimming, whole = (
        Assistant(retriever, ExtractiveReader(network, maker, fitted), calibration, speller)
        for fitted in (calibration, None)
    )
    pairs = []
    for text in texts:
        skimmed = skimming.ask(text)
        read, network.read = network.read, []
        pairs.append((skimmed, whole.ask(text), fmean(read) if read else 1.0))
        network.read = []
    print(f"{len(pairs)} questions; {fmean(share for *_, share in pairs):.1%} of the windows read")

    def changed(name: str, what: str) -> None:
        others = [getattr(a, what) != getattr(b, what) for a, b, _ in pairs]
        print(f"{name}: {sum(others)} changed, {fmean(others):.1%}")

    answered = [bool(a.text) != bool(b.text) for a, b, _ in pairs]
    print(f"whether there is an answer: {sum(answered)} changed, {fmean(answered):.1%}")
    changed("the first answer", "text")
    changed("any quote or citation", "quotes")
    changed("the timeline", "timeline")
    for a, b, _ in pairs:
        if a.quotes != b.quotes:
            print(f"  {a.question} | {_said(b)} → {_said(a)}")


def _said(answer: Answer) -> str:
    return " / ".join(quote.text[:60] for quote in answer.quotes) or "nothing"


if __name__ == "__main__":
    typer.run(main)
