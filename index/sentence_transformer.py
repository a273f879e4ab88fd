"""Any model of sentence-transformers as an encoder: for other languages, or a larger one."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pullquote.index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

AT_ONCE = 32  # texts that are computed together


class SentenceTransformerEncoder:
    """A model of sentence-transformers; MiniLMEncoder is several times as fast with its own.

        encoder = SentenceTransformerEncoder.open("models/multilingual")
        build_index("articles/", ".pullquote", encoder)
        retriever = Retriever.open(".pullquote", encoder)

    `name` is kept in the index, which is to be opened with the same model.
    """

    def __init__(self, model: "SentenceTransformer", name: str) -> None:
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"The model {name} does not say how long its vectors are.")
        self.name = name
        self.dimension = dimension
        self._model = model

    @classmethod
    def open(cls, directory: str | Path) -> "SentenceTransformerEncoder":
        """The model in a directory; no model hub is asked.

        Raises:
            ModelError: there is none that sentence-transformers can read.
        """
        from sentence_transformers import SentenceTransformer

        directory = Path(directory)
        if not directory.is_dir():
            raise ModelError(f"{directory} is no directory with a model of sentence-transformers.")
        try:
            model = SentenceTransformer(str(directory), local_files_only=True)
        except Exception as error:  # the library raises whatever its parts raise
            raise ModelError(
                f"sentence-transformers cannot read the model in {directory} ({error})."
            ) from error
        return cls(model, directory.name)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, (texts, dimension)."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return np.asarray(
            self._model.encode_document(
                list(texts), batch_size=AT_ONCE, normalize_embeddings=True, show_progress_bar=False
            ),
            np.float32,
        )

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """A unit vector, (dimension,)."""
        return np.asarray(
            self._model.encode_query(question, normalize_embeddings=True, show_progress_bar=False),
            np.float32,
        )
