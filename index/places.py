"""What an index holds and whether it is whole, on this machine or in Milvus."""

from pathlib import Path

from pullquote.index import store
from pullquote.index.milvus.address import address_of
from pullquote.index.store import Manifest


def manifest_of(index: str | Path) -> Manifest:
    """What an index holds and what it was made with; raises the errors of Retriever.open."""
    if address := address_of(index):
        from pullquote.index.milvus.opening import manifest_at  # only here: it takes an extra

        return manifest_at(address)[0]
    return store.read_manifest(Path(index))


def check(index: str | Path) -> Manifest:
    """Read every file of an index, or count its rows in Milvus, and compare with what was written.

    Raises:
        IndexDamagedError: it is not whole.
        IndexMissingError, IndexMismatchError, IndexUnreachableError: see Retriever.open.
    """
    if address := address_of(index):
        from pullquote.index.milvus.opening import counted  # only here: it takes an extra

        return counted(address)
    return store.check(Path(index))
