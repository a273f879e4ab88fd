"""Question-passage pairs to learn from."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pullquote.index.passages import story_spans
from pullquote.qa.leads import last_words, lead_of

_FUNCTION_WORDS = """
    a an the is are was were be been do does did has have had can could will would who whom what
    which whose that this these those it its there many much
"""
_CARRIES_NOTHING = frozenset(_FUNCTION_WORDS.split())
_JOINS = frozenset(["of", "in", "on", "at", "by", "to", "for", "from", "with", "and", "or"])


@dataclass(frozen=True, slots=True)
class Example:
    """A question, one passage, and where the passage answers it; no answers: it does not."""

    question: str
    title: str
    passage: str
    answers: tuple[tuple[int, int], ...]  # characters (start, end) of the passage
    lead: str = ""  # what the reader is told of the story before the passage


def read_examples(file: Path, every_occurrence: bool = True) -> Iterator[Example]:
    """The pairs of a SQuAD-format file (.json or .json.gz).

    An answer stands for each of its occurrences: where the text occurs more than once, the start
    that the file gives may be a guess. Without `every_occurrence` it stands where the file says.
    """
    stored = file.read_bytes()
    data = json.loads(gzip.decompress(stored) if file.suffix == ".gz" else stored)["data"]
    for article in data:
        title = article.get("title", "").replace("_", " ")
        for paragraph in article["paragraphs"]:
            passage = paragraph["context"]
            for question in paragraph["qas"]:
                spans = {
                    span
                    for answer in question["answers"]
                    for span in (
                        _occurrences(answer["text"], answer["answer_start"], passage)
                        if every_occurrence
                        else [
                            (answer["answer_start"], answer["answer_start"] + len(answer["text"]))
                        ]
                    )
                }
                yield Example(question["question"].strip(), title, passage, tuple(sorted(spans)))


def _occurrences(text: str, given: int, passage: str) -> list[tuple[int, int]]:
    if not text.strip():
        return []
    whole_word = rf"(?<!\w){re.escape(text)}(?!\w)"
    found = [match.span() for match in re.finditer(whole_word, passage)]
    if not found and passage[given : given + len(text)] == text:
        found = [(given, given + len(text))]
    return found


def held_out(example: Example) -> bool:
    """Whether the pair's paragraph belongs to the fifth that is kept for reporting."""
    return zlib.crc32(example.passage.encode()) % 5 == 0


def windows_of(example: Example) -> list[Example]:
    """The pair with each of the passages that the index makes of its text, in their order.

    The answers of each are those inside it; the reader is told of the story before it as it will
    be in use (see leads.py).
    """
    text = example.passage
    return [
        replace(
            example,
            passage=text[start:end],
            answers=tuple(
                (a - start, b - start) for a, b in example.answers if start <= a and b <= end
            ),
            lead=lead_of(text, start),
        )
        for start, end in story_spans(text)
    ]


def cropped(example: Example, choice: float) -> Example:
    """The pair with its passage cut to a window as the index makes them.

    `choice` in [0, 1) picks among the windows that hold an answer, or among all where none does.
    """
    windows = windows_of(example)
    candidates = [window for window in windows if window.answers] or windows
    if example.answers and not candidates[0].answers:  # across two windows: leave the pair whole
        return example
    return candidates[int(choice * len(candidates))]


def with_lead(example: Example, text: str) -> Example:
    """The pair told of what stands before its passage in the text, as if a line cut it off."""
    return replace(example, lead=last_words(text[: text.find(example.passage)]))


def with_every_occurrence(example: Example) -> Example:
    """The pair with its answers wherever they occur in the passage."""
    texts = {example.passage[start:end] for start, end in example.answers}
    spans = {span for text in texts for span in _occurrences(text, 0, example.passage)}
    return replace(example, answers=tuple(sorted(spans)) or example.answers)


def as_keywords(example: Example) -> Example:
    """The pair with its question as one types it into a search box: the words that carry it.

    "Who was the first mayor of Oslo?" becomes "first mayor of oslo". A question of which fewer than
    two words would be left stays as it is.
    """
    words = re.findall(r"[\w'’-]+", example.question.lower())
    kept = [word for word in words if word not in _CARRIES_NOTHING]
    while kept and kept[-1] in _JOINS:
        kept.pop()
    if sum(word not in _JOINS for word in kept) < 2:
        return example
    return replace(example, question=" ".join(kept))
