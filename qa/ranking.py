"""Reader and retriever together: which span to trust most."""

from collections.abc import Sequence
from dataclasses import replace

from pullquote.index.types import Hit
from pullquote.qa.names import unmentioned
from pullquote.qa.questions import asks_for_sentences, asks_yes_or_no
from pullquote.qa.said import (
    ANY_STATEMENT,
    OTHER_SPEAKER,
    answering_statements,
    other_speakers,
)
from pullquote.qa.spans import words_of
from pullquote.qa.types import Span

UNMENTIONED = 6.0  # logits
_SAYING_NOTHING = {"some", "this", "that", "these", "those", "such", "other"}  # by themselves


def ranked(
    question: str, spans: Sequence[Span], hits: Sequence[Hit], retrieval: float
) -> list[Span]:
    """The spans, best first, by the reader's score + `retrieval` · their passage's score.

    A passage that words and vectors both rank high is more likely to hold the answer: BERTserini's
    linear interpolation (arXiv 1902.01718), here of logits and the reciprocal rank fusion. An
    article that nowhere mentions a name of the question loses UNMENTIONED: the reader takes one
    city's mayor for another's. What somebody else says than the person whose words are asked for
    loses OTHER_SPEAKER; where nothing more is asked than what they say, what they say gains
    ANY_STATEMENT. Spans that only repeat the question are left out.
    """
    found = {hit.passage.id: hit.score for hit in hits}
    articles = {span.article.id: span.article for span in spans}
    losses = {
        article_id: UNMENTIONED if unmentioned(question, article) else 0.0
        for article_id, article in articles.items()
    }
    others = other_speakers(question, spans)
    owns = answering_statements(question, spans)
    weighed = [
        replace(
            span,
            score=span.score
            + retrieval * found[span.passage.id]
            - losses[span.article.id]
            - (OTHER_SPEAKER if other else 0.0)
            + (ANY_STATEMENT if own else 0.0),
        )
        for span, other, own in zip(spans, others, owns, strict=True)
        if not _repeats(question, span)
    ]
    return sorted(weighed, key=lambda span: -span.score)


def _repeats(question: str, span: Span) -> bool:
    """Whether the span says nothing that the question does not say; a choice is in the question."""
    asked = set(words_of(question))
    said = set(words_of(span.article.text[span.start : span.end])) - _SAYING_NOTHING
    explains = asks_for_sentences(question) and not asks_yes_or_no(question)
    if said and ("or" in asked or explains):
        return False
    return asked.issuperset(said)
