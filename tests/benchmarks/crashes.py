"""Builds killed at random moments: `python tests/benchmarks/crashes.py --kills 500`.

Each kill (SIGKILL) hits a build that replaces an index of three articles by one of four, or the
other way round; then both questions are asked and every file is read to its end. A wrong answer is
one that is neither of the old articles nor of the new ones. Prints one JSON object.
"""

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).parents[1]))

from conftest import write_articles
from crashing import killed


def main(
    kills: Annotated[int, typer.Option(min=1)] = 500,
    seed: Annotated[int, typer.Option(help="Other moments.")] = 1,
) -> None:
    """Kill, ask, print."""
    with tempfile.TemporaryDirectory() as scratch:
        articles = write_articles(Path(scratch) / "articles")
        print(json.dumps(asdict(killed(articles, Path(scratch), kills, seed))))


if __name__ == "__main__":
    typer.run(main)
