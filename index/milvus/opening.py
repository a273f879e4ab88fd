"""Open the newest generation of an index in Milvus."""

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from pullquote.index.encoder import Encoder
from pullquote.index.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from pullquote.index.generation import Generation
from pullquote.index.milvus.address import Address
from pullquote.index.milvus.articles import MilvusArticles, manifest_in
from pullquote.index.milvus.schema import Names, asking, client_of, current
from pullquote.index.milvus.searching import MilvusLists
from pullquote.index.opening import check_encoder
from pullquote.index.store import FORMAT, Manifest, remedy

if TYPE_CHECKING:
    from pymilvus import MilvusClient


class Cluster:
    """An index in Milvus."""

    def __init__(self, client: "MilvusClient", address: Address, encoder: Encoder) -> None:
        self._client = client
        self._address = address
        self._encoder = encoder

    @classmethod
    def at(cls, address: Address, encoder: Encoder) -> "Cluster":
        """Connect; raises IndexUnreachableError."""
        return cls(client_of(address), address, encoder)

    def stamp(self) -> Names | None:
        """Which generation counts: one request; raises IndexUnreachableError."""
        return current(self._client, self._address)

    def generation(self) -> Generation:
        """Open the generation that counts.

        Raises:
            IndexMissingError, IndexMismatchError, IndexDamagedError, IndexUnreachableError: see
                Retriever.open.
        """
        manifest, stored = manifest_at(self._address)
        remade = remedy(self._address, manifest.source)
        check_encoder(manifest, self._encoder, str(self._address), remade)
        names = Names(manifest.generation)
        articles = MilvusArticles(self._client, self._address, names, stored)
        lists = MilvusLists(self._client, self._address, names)
        return Generation(manifest, articles, lists, self._encoder, ExitStack())


def manifest_at(address: Address) -> tuple[Manifest, dict[str, Any]]:
    """What the generation that counts says of itself, and all that is stored with that.

    Raises:
        IndexMissingError, IndexMismatchError, IndexDamagedError, IndexUnreachableError: see
            Retriever.open.
    """
    client = client_of(address)
    names = current(client, address)
    if names is None:
        raise IndexMissingError(
            f"There is no index in {address}; make one with: "
            f"pullquote index FOLDER --index {address}"
        )
    stored = manifest_in(client, address, names)
    if stored.get("format") != FORMAT:
        raise IndexMismatchError(
            f"The index in {address} has format {stored.get('format')}, this version reads "
            f"format {FORMAT}; {remedy(address, str(stored.get('source', 'FOLDER')))}"
        )
    told = ("format", "encoder", "dimension", "articles", "passages", "source", "fingerprint")
    facts = {name: stored[name] for name in told}
    return Manifest(generation=names.passages, files={}, **facts), stored


def counted(address: Address) -> Manifest:
    """What is stored, if all of it is there.

    Raises:
        IndexDamagedError: there are more or fewer passages than were written.
        IndexMissingError, IndexMismatchError, IndexUnreachableError: see Retriever.open.
    """
    manifest, _ = manifest_at(address)
    with asking(address):
        (row,) = client_of(address).query(manifest.generation, output_fields=["count(*)"])
    if row["count(*)"] != manifest.passages:
        raise IndexDamagedError(
            f"The index in {address} is damaged: it has {row['count(*)']:,} of "
            f"{manifest.passages:,} passages; {remedy(address, manifest.source)}"
        )
    return manifest
