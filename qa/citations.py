"""Make quotes of spans: distinct answers, each with every article that gives it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pullquote.index.types import Article
from pullquote.qa.spans import makes_range, sentence_around, words_of
from pullquote.qa.speakers import speaker_of
from pullquote.qa.types import Citation, Quote, Span

MOST_CITATIONS = 5  # articles that are cited for one answer


def quotes_of(
    spans: Sequence[Span],
    confidence: Callable[[float], float],
    article: Callable[[str], Article],
    whole_sentences: bool,
    at_most: int,
) -> tuple[Quote, ...]:
    """The distinct answers among the spans (best first), citations numbered through.

    With `whole_sentences` a quote is the sentence that holds the span, and the sentences next to
    it that hold other spans; otherwise it is the span, or the range of which it is one end. A quote
    whose passage is not in the stored article to the letter is left out.
    """
    groups: list[list[Span]] = []
    for span in spans:
        wanted = _sentences(span, spans) if whole_sentences else _range(span, spans)
        group = next((group for group in groups if _same(group[0], wanted)), None)
        if group is not None:
            if all(other.article.id != wanted.article.id for other in group):
                group.append(wanted)
        elif not any(_overlap(other, wanted) for group in groups for other in group):
            groups.append([wanted])
        if len(groups) > at_most:
            groups.pop()

    quotes: list[Quote] = []
    number = 1
    for group in groups:
        citations, kept = [], []
        for span in group[:MOST_CITATIONS]:
            stored, passage = article(span.article.id), span.passage
            # The whole passage, because the sentence around the quote is shown as well.
            if stored.text[passage.start : passage.end] == passage.text:
                citations.append(_citation(number, span, stored))
                kept.append(span)
                number += 1
        if citations:
            best = kept[0]
            begin = best.passage.start
            start, end = sentence_around(best.passage.text, best.start - begin, best.end - begin)
            quotes.append(
                Quote(
                    text=citations[0].quote,
                    sentence=best.passage.text[start:end],
                    confidence=confidence(best.score),
                    citations=tuple(citations),
                )
            )
    return tuple(quotes)


def _citation(number: int, span: Span, stored: Article) -> Citation:
    return Citation(
        number=number,
        article_id=stored.id,
        title=stored.title,
        source=stored.source,
        published=stored.published,
        path=stored.path,
        start=span.start,
        end=span.end,
        quote=stored.text[span.start : span.end],
        speaker=speaker_of(stored.text, span.start, span.end),
    )


def _sentences(span: Span, spans: Sequence[Span]) -> Span:
    """The span widened to its sentence, and to adjoining ones that hold a nearly as good span."""
    begin, text = span.passage.start, span.passage.text
    start, end = sentence_around(text, span.start - begin, span.end - begin)
    near = [s for s in spans if s.passage.id == span.passage.id and s.score > span.score - 2]
    for other in sorted(near, key=lambda s: s.start):
        a, b = sentence_around(text, other.start - begin, other.end - begin)
        if not text[end:a].strip() and a >= end:
            end = b
    return replace(span, start=begin + start, end=begin + end)


def _range(span: Span, spans: Sequence[Span]) -> Span:
    """The span with the other end of its range, where the reader gave both: "4 p.m." "8 p.m."."""
    begin, text = span.passage.start, span.passage.text
    for other in spans:
        inside = begin <= other.start and other.end <= span.passage.end
        if inside and other.article.id == span.article.id:
            first, last = sorted((s.start - begin, s.end - begin) for s in (span, other))
            if makes_range(text, first, last):
                return replace(span, start=begin + first[0], end=begin + last[1])
    return span


def _text(span: Span) -> str:
    begin = span.passage.start
    return span.passage.text[span.start - begin : span.end - begin]


def _overlap(one: Span, other: Span) -> bool:
    return one.article.id == other.article.id and one.start < other.end and other.start < one.end


def _same(one: Span, other: Span) -> bool:
    """Whether two spans say the same: equal, or the one a shorter form of the other's name."""
    words, others = words_of(_text(one)), words_of(_text(other))
    if words == others:
        return True
    short, long = sorted((words, others), key=len)
    if not short or any(word[0].isdigit() for word in (*short, *long)):
        return False
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))
