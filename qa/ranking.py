"""Reader and retriever together: which span to trust most."""

from collections.abc import Sequence
from dataclasses import replace

from pullquote.index.types import Hit
from pullquote.qa.names import unmentioned
from pullquote.qa.types import Span

UNMENTIONED = 6.0  # logits


def ranked(
    question: str, spans: Sequence[Span], hits: Sequence[Hit], retrieval: float
) -> list[Span]:
    """The spans, best first, by the reader's score + `retrieval` · their passage's score.

    A passage that words and vectors both rank high is more likely to hold the answer: BERTserini's
    linear interpolation (arXiv 1902.01718), here of logits and the reciprocal rank fusion. An
    article that nowhere mentions a name of the question loses UNMENTIONED: the reader takes one
    city's mayor for another's.
    """
    found = {hit.passage.id: hit.score for hit in hits}
    articles = {span.article.id: span.article for span in spans}
    losses = {
        article_id: UNMENTIONED if unmentioned(question, article) else 0.0
        for article_id, article in articles.items()
    }
    weighed = [
        replace(
            span,
            score=span.score + retrieval * found[span.passage.id] - losses[span.article.id],
        )
        for span in spans
    ]
    return sorted(weighed, key=lambda span: -span.score)
