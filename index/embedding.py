"""Passages in, rows out: copied from the earlier index, or embedded, those of like length together.

A batch is as long as its longest text, so texts of like length waste the least.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pullquote.index.earlier import Earlier
from pullquote.index.encoder import Encoder
from pullquote.index.passages import header_of
from pullquote.index.types import Article, Passage

TOGETHER = 128  # texts given to the encoder at once: a second's work, so that a progress bar moves


def embedded(
    passages: Sequence[tuple[Passage, Article]], encoder: Encoder, earlier: Earlier | None
) -> Iterator[tuple[Sequence[int], NDArray[np.float32]]]:
    """The unit rows of passages, in any order: their places in the sequence, and the rows.

    Rows are (places, dimension). Each passage is embedded together with its article's header.
    """
    known = earlier.rows(passages) if earlier else {}
    if known:
        yield list(known), np.stack(list(known.values()))
    texts = {
        place: f"{header_of(article)}\n{passage.text}"
        for place, (passage, article) in enumerate(passages)
        if place not in known
    }
    by_length = sorted(texts, key=lambda place: len(texts[place]), reverse=True)
    for first in range(0, len(by_length), TOGETHER):
        places = by_length[first : first + TOGETHER]
        yield places, encoder.encode_documents([texts[place] for place in places])
