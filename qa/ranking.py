"""Reader and retriever together: which span to trust most."""

from collections.abc import Sequence
from dataclasses import replace

from pullquote.index.types import Hit
from pullquote.qa.types import Span


def ranked(spans: Sequence[Span], hits: Sequence[Hit], retrieval: float) -> list[Span]:
    """The spans, best first, by the reader's score + `retrieval` · their passage's score.

    A passage that words and vectors both rank high is more likely to hold the answer: BERTserini's
    linear interpolation (arXiv 1902.01718), here of logits and the reciprocal rank fusion.
    """
    found = {hit.passage.id: hit.score for hit in hits}
    weighed = [
        replace(span, score=span.score + retrieval * found[span.passage.id]) for span in spans
    ]
    return sorted(weighed, key=lambda span: -span.score)
