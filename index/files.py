"""What lies on the disk: the files of a folder, their bytes, the lines of a large one."""

import gzip
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from pullquote.index.errors import ArticleError, SourceError

LARGEST = 10_000_000  # bytes of one article; a longer one would be a book or a mistake
_CHUNK = 1 << 16


def files_of(source: Path) -> list[tuple[str, Path]]:
    """Every file of a folder, or the one file: (name relative to the folder, path), by name.

    Hidden files and folders are left out, links to folders are followed once. A folder inside
    that cannot be opened stands in the list itself, so that reading it tells why. Raises
    SourceError where the source does not exist, cannot be read or holds no file.
    """
    if not os.path.lexists(source):
        raise SourceError(f"{shown(source)} does not exist; check the path.")
    if not os.access(source, os.R_OK):  # true of a link that leads nowhere, too
        raise SourceError(f"{shown(source)} cannot be opened; check its permissions.")
    if source.is_file():
        return [(shown(Path(source.name)), source)]
    if not source.is_dir():
        raise SourceError(f"{shown(source)} is neither a folder nor a file; name one that is.")
    files = sorted((shown(path.relative_to(source)), path) for path in _walk(source))
    if not files:
        raise SourceError(
            f"There is no file in {shown(source)}; put articles into it or name another folder."
        )
    return files


def shown(path: Path) -> str:
    """The path in POSIX style; bytes of it that are not UTF-8 are replaced, so it can be stored."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _walk(source: Path) -> Iterator[Path]:
    broken: list[Path] = []
    seen: set[tuple[int, int]] = set()

    def note(error: OSError) -> None:
        broken.append(Path(error.filename))

    for folder, folders, names in os.walk(source, onerror=note, followlinks=True):
        about = Path(folder).stat()
        if (about.st_dev, about.st_ino) in seen:  # a link led here again
            folders.clear()
            continue
        seen.add((about.st_dev, about.st_ino))
        # Cleared in place: os.walk goes where this list leads.
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder, name) for name in names if not name.startswith("."))
    yield from broken


def bytes_of(path: Path) -> bytes:
    """The bytes of a file that holds one article.

    Raises ArticleError where it cannot be opened or is larger than LARGEST.
    """
    try:
        if not path.exists():
            raise ArticleError("The link leads nowhere; mend or remove it.")
        if path.is_dir():
            raise ArticleError("The folder cannot be opened; check its permissions.")
        if not path.is_file():  # reading a pipe or a device might wait for ever
            raise ArticleError("It is not an ordinary file; remove it.")
        size = path.stat().st_size
        if size > LARGEST:
            raise ArticleError(_too_large(size))
        with path.open("rb") as stream:
            return stream.read(LARGEST)
    except OSError as error:
        raise ArticleError(cannot_open(error)) from error


def lines_of(path: Path) -> Iterator[tuple[int, bytes | ArticleError]]:
    """The lines of a file of any size, plain or gzip: (number from 1, line).

    A line larger than LARGEST is given as the error that says so, and so is the place from which
    on the file cannot be read.
    """
    number = 0
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    try:
        if path.exists() and not path.is_file():
            raise OSError(0, "it is not an ordinary file")
        with opened(path, "rb") as stream:
            # One more than the largest line: its line end.
            while line := stream.readline(LARGEST + 1):
                number += 1
                if len(line) <= LARGEST or line.endswith(b"\n"):
                    yield number, line
                    continue
                size = len(line)
                while not line.endswith(b"\n") and (line := stream.readline(_CHUNK)):
                    size += len(line)
                yield number, ArticleError(_too_large(size))
    except (EOFError, zlib.error, gzip.BadGzipFile):
        reason = "The compressed file is damaged from here on; compress or download it again."
        yield number + 1, ArticleError(reason)
    except OSError as error:
        yield number + 1, ArticleError(cannot_open(error))


def cannot_open(error: OSError) -> str:
    """A sentence about an error of the operating system."""
    return f"It cannot be opened ({error.strerror or error}); check its permissions and the disk."


def _too_large(size: int) -> str:
    limit = LARGEST // 1_000_000
    return f"It is {size / 1e6:.1f} MB and the limit is {limit} MB an article; split it."
