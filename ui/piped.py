"""Standard input in place of a file, where a command is given `-`."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pullquote.index.errors import PullquoteError

STANDARD_INPUT = Path("-")
NAME = "standard input"  # in what is said of it


@contextmanager
def from_file(file: Path) -> Iterator[Path]:
    """The file, or one that has what came through standard input: JSON lines, or one JSON object.

    In an error that the block raises, that file is called "standard input".
    """
    if file != STANDARD_INPUT:
        yield file
        return
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "stdin.jsonl"
        with copy.open("wb") as stream:
            shutil.copyfileobj(sys.stdin.buffer, stream)
        if _is_one_object(copy):
            copy = copy.rename(copy.with_suffix(".json"))
        try:
            yield copy
        except PullquoteError as error:
            raise type(error)(str(error).replace(str(copy), NAME)) from error


def _is_one_object(file: Path) -> bool:
    """Whether a file is one JSON object over several lines, or a SQuAD file in one."""
    with file.open("rb") as stream:
        first = stream.readline()
    try:
        found = json.loads(first)
    except ValueError:
        return first.lstrip().startswith((b"{", b"["))
    return isinstance(found, dict) and "data" in found
