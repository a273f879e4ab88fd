"""Where an index in Milvus is: `milvus://HOST:PORT/NAME`."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from pullquote.index.errors import SourceError

_ADDRESS = re.compile(r"(milvus(?:\+tls)?):/+(.*)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w{0,99}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """A Milvus and the name of an index in it."""

    uri: str  # what the client takes: http://host:port, or the file of a milvus-lite
    name: str
    token: str = ""  # "user:password"

    def __str__(self) -> str:
        """The address as it may be shown: without the password."""
        scheme, _, place = self.uri.rpartition("://")
        return f"milvus{'+tls' if scheme == 'https' else ''}://{place}/{self.name}"


def address_of(index: str | Path) -> Address | None:
    """The address that a text says; None where it is a directory's.

    `milvus://USER:PASSWORD@HOST:PORT/NAME`, `milvus+tls://…` where the connection is encrypted, and
    `milvus:///FOLDER/FILE.db/NAME` for a milvus-lite in this process. It may be a path, which has
    but one of the slashes behind the colon: a file is told from a host by the folder it is in.

    Raises:
        SourceError: it says milvus, but not which index.
    """
    match = _ADDRESS.fullmatch(str(index))
    if not match:
        return None
    scheme, rest = match.groups()
    place, _, name = rest.rpartition("/")
    if not (place and _NAME.fullmatch(name)):
        raise SourceError(
            f"{scheme}://{rest.rpartition('@')[2]} names no index; write "
            f"{scheme}://HOST:19530/NAME, with a name of letters, digits and _."
        )
    if "/" in place:
        return Address(f"/{unquote(place)}", name)
    user, _, host = place.rpartition("@")
    return Address(f"http{'s' if scheme == 'milvus+tls' else ''}://{host}", name, unquote(user))
