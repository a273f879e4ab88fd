"""Builds that are killed at random moments, in processes of their own."""

import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from fakes import HashingEncoder

from pullquote.index.build import build_index
from pullquote.index.errors import PullquoteError
from pullquote.index.retriever import Retriever
from pullquote.index.store import check, read_manifest

# For each line that it reads it lets a child build for ever, so that not every kill needs a new
# interpreter with all its libraries; it says who that is, and when it is dead.
BUILDS = """
import os
import sys
sys.path.insert(0, sys.argv[1])
from fakes import HashingEncoder
from pullquote.index.build import build_index
for line in sys.stdin:
    child = os.fork()
    while child == 0:
        for source in sys.argv[3:]:
            build_index(source, sys.argv[2], HashingEncoder())
    print(child, flush=True)
    os.waitpid(child, 0)
    print("dead", flush=True)
"""
LONGEST = 3  # builds, in the time that one takes here, until a kill


@dataclass(slots=True)
class Crashes:
    """What came of the kills."""

    kills: int = 0
    generations: int = 0  # that an index had, at the kills: many builds were through
    wrong_answers: int = 0  # neither of the old articles nor of the new ones
    damaged: int = 0  # indexes that could not be opened, or with other bytes than were written
    left_over: int = 0  # generations that a last, whole build did not remove


def killed(articles: Path, scratch: Path, kills: int, seed: int = 5) -> Crashes:
    """Build from two folders in turn, and kill that at random moments."""
    more = scratch / "more"
    shutil.copytree(articles, more)
    (more / "tunnel.txt").write_text("The tunnel under the Lea has opened.", encoding="utf-8")
    directory = scratch / "index"
    states = []
    took = 0.0
    for source in (articles, more):
        started = time.perf_counter()
        build_index(source, directory, HashingEncoder())
        took = time.perf_counter() - started
        states.append(_answers(directory))
    chooser = random.Random(seed)
    crashes, generations = Crashes(), set()
    with subprocess.Popen(
        [sys.executable, "-c", BUILDS, Path(__file__).parent, directory, articles, more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as builder:
        assert builder.stdin
        assert builder.stdout
        for _ in range(kills):
            print("build", file=builder.stdin, flush=True)
            child = int(builder.stdout.readline())
            # At a random moment: nothing comes before it is dead.
            select.select([builder.stdout], [], [], chooser.uniform(0, LONGEST * took))
            os.kill(child, signal.SIGKILL)
            crashes.kills += builder.stdout.readline() == "dead\n"
            try:
                crashes.wrong_answers += _answers(directory) not in states
                generations.add(check(directory).generation)
            except PullquoteError:
                crashes.damaged += 1
        builder.stdin.close()
    build_index(articles, directory, HashingEncoder())
    crashes.generations = len(generations)
    crashes.left_over = len(list(directory.glob("generation-*"))) - 1
    assert (directory / read_manifest(directory).generation).is_dir()
    return crashes


def _answers(directory: Path) -> list[list[str]]:
    retriever = Retriever.open(directory, HashingEncoder())
    try:
        asked = ("tunnel", "bridge")
        return [[hit.article.path for hit in retriever.search(one)] for one in asked]
    finally:
        retriever.close()
