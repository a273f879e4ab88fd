"""Put passages that were found among some articles together with those found among all."""

from collections.abc import Sequence
from dataclasses import replace

from pullquote.index.types import Hit


def scored_among(everything: Sequence[Hit], some: Sequence[Hit]) -> list[Hit]:
    """Those found among fewer passages, with the scores they have among all.

    Ranks among fewer are better ones, so a passage that is not among all counts as the last there.
    """
    known = {hit.passage.id: hit for hit in everything}
    lowest = min((hit.score for hit in everything), default=0.0)
    return [known.get(hit.passage.id, replace(hit, score=lowest)) for hit in some]


def before(first: Sequence[Hit], others: Sequence[Hit]) -> list[Hit]:
    """The first, and behind them those of the others that are not among them."""
    ids = {hit.passage.id for hit in first}
    return [*first, *(hit for hit in others if hit.passage.id not in ids)]
