"""More questions about SQuAD's paragraphs, written for this reader.

Most look as if the paragraph answered them and are not answered by it: a condition added, an event
turned round, another year. The file has the questions and our marks only, one JSON object a line:
`paragraph` (the first 16 hexadecimal digits of the SHA-256 of its text), `question`, and `answer`
where there is one.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from pullquote.qa.training.examples import Example, with_every_occurrence


def paragraph_key(passage: str) -> str:
    """What the file calls a paragraph by."""
    return sha256(passage.encode()).hexdigest()[:16]


def written_examples(file: Path, pairs: Sequence[Example]) -> Iterator[Example]:
    """The questions of a `.jsonl.gz` file, about paragraphs of `pairs`; others are left out."""
    paragraphs = {paragraph_key(pair.passage): pair for pair in pairs}
    for line in gzip.decompress(file.read_bytes()).decode().splitlines():
        entry = json.loads(line)
        about = paragraphs.get(entry["paragraph"])
        if about is None:
            continue
        pair = replace(about, question=entry["question"], answers=())
        if answer := entry.get("answer"):
            start = pair.passage.find(answer)
            pair = with_every_occurrence(replace(pair, answers=((start, start + len(answer)),)))
        yield pair
