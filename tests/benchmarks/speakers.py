"""How often the right speaker is given: `python tests/benchmarks/speakers.py [SHARED]`.

Over the statements of `tests/data/speakers.jsonl`, which were labelled by reading: the part "tune"
was looked at while the rules were written, "report" was not. A statement is found where a given one
has at least half of its characters in common with it; its speaker is right where the words overlap
a label's, or end in the same name. Precision is of the speakers given, recall of the speakers
labelled. Prints one JSON object.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from pullquote.index.articles import read_articles
from pullquote.index.types import Article
from pullquote.qa.attribution.statements import Attribution
from pullquote.qa.speakers import attributions

ROOT = Path(__file__).resolve().parents[2]
LABELS = ROOT / "tests/data/speakers.jsonl"
SHARED = ROOT.parent / "shared"
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Label:
    """A statement, and every place that names its speaker well enough."""

    start: int
    end: int
    speakers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A stretch of an article all statements of which are labelled."""

    text: str
    article: str
    part: str
    start: int
    end: int
    labels: tuple[Label, ...]


def main(
    shared: Annotated[Path, typer.Argument(help="Holds articles/ and data/news/.")] = SHARED,
    show: Annotated[str, typer.Option(help="Print the mistakes of this part.")] = "",
) -> None:
    """Print precision and recall of each part."""
    labelled = read_labelled(shared)
    if show:
        for each in labelled:
            if each.part == show:
                print_mistakes(each)
    print(json.dumps({part: figures(labelled, part) for part in ("tune", "report")}, indent=1))


def read_labelled(shared: Path) -> list[Labelled]:
    """The labelled stretches with their texts; raises OSError where the articles are not there."""
    texts = {
        each.path: each.text
        for each in read_articles(shared / "articles")
        if isinstance(each, Article)
    }
    with gzip.open(shared / "data/news/articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts |= {entry["id"]: entry["text"] for entry in map(json.loads, lines)}
    entries = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    return [_labelled(entry, texts[entry["article"]]) for entry in entries]


def _labelled(entry: dict[str, Any], text: str) -> Labelled:
    labels = tuple(
        Label(each["start"], each["end"], tuple((a, b) for a, b in each["speakers"]))
        for each in entry["statements"]
    )
    return Labelled(text, entry["article"], entry["part"], entry["from"], entry["to"], labels)


def figures(labelled: list[Labelled], part: str) -> dict[str, float]:
    """Precision and recall over the stretches of one part, with what was counted."""
    given = right = wanted = found = 0
    for each in labelled:
        if each.part == part:
            named = [one for one in inside(each) if one.speaker]
            given += len(named)
            right += sum(
                any(agree(each.text, one, label) for label in each.labels) for one in named
            )
            known = [label for label in each.labels if label.speakers]
            wanted += len(known)
            found += sum(any(agree(each.text, one, label) for one in named) for label in known)
    return {
        "statements": sum(len(each.labels) for each in labelled if each.part == part),
        "with a speaker": wanted,
        "speakers given": given,
        "precision": round(right / max(given, 1), 3),
        "recall": round(found / max(wanted, 1), 3),
    }


def inside(labelled: Labelled) -> Iterator[Attribution]:
    """What is said in the labelled stretch, by the rules."""
    for one in attributions(labelled.text):
        if labelled.start <= one.start and one.end <= labelled.end:
            yield one


def agree(text: str, one: Attribution, label: Label) -> bool:
    """Whether the statement is the labelled one and has the labelled speaker."""
    if not _same_statement(one, label) or one.speaker is None:
        return False
    speaker = one.speaker
    for start, end in label.speakers:
        if speaker.start < end and start < speaker.end:
            return True
        if _last_word(speaker.name) == _last_word(text[start:end]):
            return True
    return False


def _same_statement(one: Attribution, label: Label) -> bool:
    common = min(one.end, label.end) - max(one.start, label.start)
    whole = max(one.end, label.end) - min(one.start, label.start)
    return common >= HALF * whole


def _last_word(name: str) -> str:
    words = re.findall(r"[^\W\d_]+", re.sub(r"['’]s?\b|,? [js]r\b", "", name.lower()))
    return words[-1] if words else ""


def print_mistakes(labelled: Labelled) -> None:
    """Speakers given wrongly (+) and labels not found (-)."""
    text, given = labelled.text, list(inside(labelled))
    for one in given:
        if one.speaker and not any(agree(text, one, label) for label in labelled.labels):
            print(f"+ {labelled.article} {text[one.start : one.end]!r} ← {one.speaker.text!r}")
    for label in labelled.labels:
        if label.speakers and not any(agree(text, one, label) for one in given):
            names = [text[a:b] for a, b in label.speakers]
            close = [one for one in given if _same_statement(one, label)]
            said = [one.speaker.text if one.speaker else None for one in close]
            print(f"- {labelled.article} {text[label.start : label.end]!r} ← {names}, given {said}")


if __name__ == "__main__":
    typer.run(main)
