"""Open the newest generation of an index in Milvus."""

from contextlib import ExitStack
from typing import Any

from pymilvus import MilvusClient

from pullquote.index.encoder import Encoder
from pullquote.index.errors import IndexMismatchError, IndexMissingError
from pullquote.index.generation import Generation
from pullquote.index.milvus.address import Address
from pullquote.index.milvus.articles import MilvusArticles, manifest_in
from pullquote.index.milvus.schema import Names, client_of, current
from pullquote.index.milvus.searching import MilvusLists
from pullquote.index.opening import check_encoder
from pullquote.index.store import FORMAT, Manifest


class Cluster:
    """An index in Milvus."""

    def __init__(self, client: MilvusClient, address: Address, encoder: Encoder) -> None:
        self._client = client
        self._address = address
        self._encoder = encoder

    @classmethod
    def at(cls, address: Address, encoder: Encoder) -> "Cluster":
        """Connect; raises IndexUnreachableError."""
        return cls(client_of(address), address, encoder)

    def stamp(self) -> Names | None:
        """Which generation counts: one request."""
        return current(self._client, self._address)

    def generation(self) -> Generation:
        """Open the generation that counts.

        Raises:
            IndexMissingError, IndexMismatchError, IndexDamagedError, IndexUnreachableError: see
                Retriever.open.
        """
        names = current(self._client, self._address)
        if names is None:
            raise IndexMissingError(
                f"There is no index in {self._address}; make one with: "
                f"pullquote index FOLDER --index {self._address}"
            )
        stored = manifest_in(self._client, self._address, names)
        manifest = manifest_from(stored, names)
        remade = f"make it again with: pullquote index FOLDER --index {self._address}"
        if manifest.format != FORMAT:
            raise IndexMismatchError(
                f"The index in {self._address} has format {manifest.format}, this version reads "
                f"format {FORMAT}; {remade}"
            )
        check_encoder(manifest, self._encoder, str(self._address), remade)
        articles = MilvusArticles(self._client, self._address, names, stored)
        lists = MilvusLists(self._client, self._address, names)
        return Generation(manifest, articles, lists, self._encoder, ExitStack())


def manifest_from(stored: dict[str, Any], names: Names) -> Manifest:
    """What a generation says of itself, as indexes on this machine do."""
    told = ("format", "encoder", "dimension", "articles", "passages", "source", "fingerprint")
    return Manifest(generation=names.passages, files={}, **{name: stored[name] for name in told})
