"""Where an index in Milvus is: `milvus://HOST:PORT/NAME`."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pullquote.index.errors import SourceError

_SCHEMES = {"milvus": "http", "milvus+tls": "https"}
_NAME = re.compile(r"[A-Za-z_]\w{0,99}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """A Milvus and the name of an index in it."""

    uri: str  # what the client takes: http://host:port, or the file of a milvus-lite
    name: str
    token: str  # "user:password", or ""

    def __str__(self) -> str:
        """The address without the password, as it may be shown."""
        scheme = {"http": "milvus", "https": "milvus+tls"}
        kind, colon, rest = self.uri.partition("://")
        shown = f"{scheme[kind]}://{rest}" if colon else f"milvus://{self.uri}"
        return f"{shown}/{self.name}"


def address_of(index: object) -> Address | None:
    """The address that a text or a path says; None where it is a directory's.

    `milvus://USER:PASSWORD@HOST:PORT/NAME`, `milvus+tls://…` where the connection is encrypted, and
    `milvus:///FILE.db/NAME` for a milvus-lite in this process. A path may have lost one of the
    slashes behind the colon.

    Raises:
        SourceError: it says milvus and no index.
    """
    text = str(index)
    scheme, colon, rest = text.partition(":")
    if not colon or scheme not in _SCHEMES or not rest.startswith("/"):
        return None
    if isinstance(index, Path):
        rest = f"/{rest}"
    parts = urlsplit(f"{scheme}:{rest}")
    folder, _, name = unquote(parts.path).rpartition("/")
    where = parts.netloc.rpartition("@")[2]
    if not _NAME.fullmatch(name) or bool(where) == bool(folder):
        raise SourceError(
            f"{scheme}:{'//' + where if where else ''}{parts.path} is no address of an index; "
            "write milvus://HOST:19530/NAME, with a name of letters, digits and _."
        )
    token = ":".join(unquote(each) for each in (parts.username, parts.password) if each)
    return Address(f"{_SCHEMES[scheme]}://{where}" if where else folder, name, token)
