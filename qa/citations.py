"""Make quotes of spans: distinct answers, each with every article that gives it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pullquote.index.types import Article
from pullquote.qa.retellings import retold
from pullquote.qa.spans import makes_list, makes_range, sentence_around
from pullquote.qa.speakers import speaker_of
from pullquote.qa.times import times_in
from pullquote.qa.types import Citation, Quote, Span
from pullquote.qa.values import same_value

MOST_CITATIONS = 5  # articles that are cited for one answer
NEARLY_AS_GOOD = 2.0  # logits by which what belongs to an answer may fall behind it


def quotes_of(
    spans: Sequence[Span],
    confidence: Callable[[float], float],
    article: Callable[[str], Article],
    whole_sentences: bool,
    at_most: int,
    beside: Sequence[Span] | None = None,
    also: Mapping[str, Sequence[Article]] | None = None,
    several: bool = False,
) -> tuple[Quote, ...]:
    """The distinct answers among the spans (best first), citations numbered through.

    With `whole_sentences` a quote is the sentence that holds the span, and the sentences next to
    it that hold other spans; otherwise it is the span, or the range of which it is one end. The
    other spans are those `beside` it, or the spans themselves. A quote whose passage is not in the
    stored article to the letter is left out. `also` are, by an article's id, others that tell its
    story: they are cited too where they have the sentence.

    With `several` the question asks for a list: spans of one enumeration are one quote, and what
    the best one's article says nearly as well stands in the order of the article.
    """
    beside = spans if beside is None else beside
    groups: list[list[_Said]] = []
    for span in spans:
        widened = _sentences(span, beside) if whole_sentences else _range(span, beside)
        if several and not whole_sentences:
            widened = _enumeration(widened, beside)
        wanted = _said(widened)
        group = next((group for group in groups if _same(group[0], wanted)), None)
        if group is not None:
            if all(other.span.article.id != span.article.id for other in group):
                group.append(wanted)
        elif not any(_overlap(other.span, wanted.span) for group in groups for other in group):
            groups.append([wanted])
        if len(groups) > at_most:
            groups.pop()
    if several:
        groups = _in_order(groups)

    quotes: list[Quote] = []
    number = 1
    for group in groups:
        citations, kept = [], []
        for span in (said.span for said in group[:MOST_CITATIONS]):
            stored, passage = article(span.article.id), span.passage
            # The whole passage, because the sentence around the quote is shown as well.
            if stored.text[passage.start : passage.end] == passage.text:
                citations.append(_citation(number, stored, span.start, span.end))
                kept.append(span)
                number += 1
        for stored, start, end in _retellings(kept, also or {}):
            if len(citations) < MOST_CITATIONS:
                citations.append(_citation(number, stored, start, end))
                number += 1
        if citations:
            best = kept[0]
            begin = best.passage.start
            start, end = sentence_around(best.passage.text, best.start - begin, best.end - begin)
            sentence = best.passage.text[start:end]
            quotes.append(
                Quote(
                    text=citations[0].quote,
                    sentence=sentence,
                    confidence=confidence(best.score),
                    citations=tuple(citations),
                    times=times_in(sentence, citations[0].published),
                )
            )
    return tuple(quotes)


def numbered(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """The quotes with their citations numbered through in their order."""
    number, renumbered = 1, []
    for quote in quotes:
        citations = [replace(one, number=n) for n, one in enumerate(quote.citations, number)]
        renumbered.append(replace(quote, citations=tuple(citations)))
        number += len(citations)
    return tuple(renumbered)


@dataclass(frozen=True, slots=True)
class _Said:
    """A span, its text, and what it means where it is a time: "Thursday" is another in 2024."""

    span: Span
    text: str
    meaning: str | None


def _retellings(
    spans: Sequence[Span], also: Mapping[str, Sequence[Article]]
) -> Iterator[tuple[Article, int, int]]:
    """Articles that say the same as the spans in other tellings of their stories, and where."""
    cited = {span.article.id for span in spans}
    for span in spans:
        for other in also.get(span.article.id, ()):
            if other.id not in cited and (place := retold(span, other)):
                cited.add(other.id)
                yield other, *place


def _citation(number: int, stored: Article, start: int, end: int) -> Citation:
    return Citation(
        number=number,
        article_id=stored.id,
        title=stored.title,
        source=stored.source,
        published=stored.published,
        path=stored.path,
        start=start,
        end=end,
        quote=stored.text[start:end],
        speaker=speaker_of(stored.text, start, end),
    )


def _sentences(span: Span, spans: Sequence[Span]) -> Span:
    """The span widened to its sentence, and to adjoining ones that hold a nearly as good span."""
    begin, text = span.passage.start, span.passage.text
    start, end = sentence_around(text, span.start - begin, span.end - begin)
    near = [
        s
        for s in spans
        if s.passage.id == span.passage.id and s.score > span.score - NEARLY_AS_GOOD
    ]
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


def _enumeration(span: Span, spans: Sequence[Span]) -> Span:
    """The span with its neighbours in an enumeration, where the reader gave them too."""
    begin, text = span.passage.start, span.passage.text
    near = [s for s in spans if s.passage.id == span.passage.id]
    for other in sorted(near, key=lambda s: s.start):  # those behind it
        if makes_list(text, (0, span.end - begin), (other.start - begin, other.end - begin)):
            span = replace(span, end=other.end)
    for other in sorted(near, key=lambda s: -s.end):  # those before it
        if makes_list(text, (0, other.end - begin), (span.start - begin, span.end - begin)):
            span = replace(span, start=other.start)
    return span


def _in_order(groups: list[list[_Said]]) -> list[list[_Said]]:
    """Those that belong to the best, in the order of its article, and the others behind them."""
    if not groups:
        return groups
    best = groups[0][0].span

    def place(group: list[_Said]) -> tuple[bool, int]:
        span = group[0].span
        article = span.article.id == best.article.id
        belongs = article and span.score > best.score - NEARLY_AS_GOOD
        return not belongs, span.start if belongs else 0

    return sorted(groups, key=place)


def _said(span: Span) -> _Said:
    begin, text = span.passage.start, span.passage.text
    start, end = span.start - begin, span.end - begin
    meaning = None
    if span.article.published:
        first, last = sentence_around(text, start, end)
        for note in times_in(text[first:last], span.article.published):
            if (first + note.start, first + note.end) == (start, end):
                meaning = note.meaning
    return _Said(span, text[start:end], meaning)


def _overlap(one: Span, other: Span) -> bool:
    return one.article.id == other.article.id and one.start < other.end and other.start < one.end


def _same(one: _Said, other: _Said) -> bool:
    """Whether two spans say the same."""
    if one.meaning and other.meaning:
        return one.meaning == other.meaning
    if same_value(one.text, other.text):
        return True
    if one.meaning or other.meaning:
        return same_value(one.meaning or one.text, other.meaning or other.text)
    return False
