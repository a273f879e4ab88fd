"""An answer as HTML: pull quotes with their sources, or the passages that came nearest."""

from pullquote.index.types import Hit
from pullquote.qa.types import Answer, Citation, Quote
from pullquote.ui import words
from pullquote.ui.dated import timeline_html, times_html
from pullquote.ui.explained import explanation_html
from pullquote.ui.markup import byline, dotted, literal
from pullquote.ui.places import Place, place_of
from pullquote.ui.takeaway import Links, quote_markdown, quote_text

PASSAGES_SHOWN = 3
PASSAGE_WORDS = 50


def answer_html(answer: Answer, links: Links | None = None) -> str:
    """What the chat shows for an answer; all text in it is escaped.

    `links` are the web addresses of articles, by their ids, for quotes that are copied.
    """
    links = links or {}
    notice = f'<p class="notice">{literal(answer.notice)}</p>' if answer.notice else ""
    notice = understood_html(answer) + notice
    explained = explanation_html(answer.explanation)
    if answer.text is None:
        return f'<div class="reply">{notice}{_abstention_html(answer)}{explained}</div>'
    told = timeline_html(answer.timeline, lambda quote: _quote_html(quote, answer, links))
    dated = [moment.quote for moment in answer.timeline.moments] if answer.timeline else []
    quotes = "".join(_quote_html(one, answer, links) for one in answer.quotes if one not in dated)
    return f'<div class="reply">{notice}{told}{quotes}{explained}</div>'


def understood_html(answer: Answer) -> str:
    """How a follow-up was understood, with a button that asks it as it was typed."""
    if answer.understood is None:
        return ""
    return (
        f'<p class="notice understood">{literal(words.understood_as(answer.understood))} '
        f'<button type="button" class="quiet" data-event="select" data-literally="yes" '
        f'data-question="{literal(answer.question)}">{literal(words.LITERALLY)}</button></p>'
    )


def message_html(text: str) -> str:
    """A plain sentence from the product itself, escaped."""
    return f'<div class="reply"><p class="plain">{literal(text)}</p></div>'


def link_html(place: Place, inside: str, number: int | None = None, **attributes: str) -> str:
    """A link that opens the source panel at a place; `inside` is markup, the attributes are text.

    `number` is that of the citation, where the place is one.
    """
    given = "".join(f' {name}="{literal(value)}"' for name, value in attributes.items())
    cited = "" if number is None else f' data-number="{number}"'
    return f'<a class="open" href="{literal(place.address())}"{cited}{given}>{inside}</a>'


def _quote_html(quote: Quote, answer: Answer, links: Links) -> str:
    numbers = "".join(f"<sup>{_number_html(one)}</sup>" for one in quote.citations)
    citations = "".join(_citation_html(one) for one in quote.citations)
    return (
        f'<figure class="quote"><blockquote>{_sentence_html(quote, answer)}{numbers}</blockquote>'
        f"<figcaption>{times_html(quote.times)}{citations}"
        f'<span class="under">{_confidence_html(quote.confidence)}'
        f"{_copy_html(words.COPY, quote_text(quote, links))}"
        f"{_copy_html(words.COPY_MARKDOWN, quote_markdown(quote, links))}</span>"
        f"</figcaption></figure>"
    )


def _number_html(one: Citation) -> str:
    label = {"aria-label": words.open_source(one.number)}
    return link_html(place_of(one), str(one.number), one.number, **label)


def _confidence_html(confidence: float) -> str:
    # It can be reached with the keyboard, and then says its number as it does to a mouse.
    said = words.confidence(confidence)
    return (
        f'<span class="confidence" data-level="{said.split()[0]}" tabindex="0" '
        f'title="{words.confidence_explained(confidence)}">{said}</span>'
    )


def _copy_html(label: str, text: str) -> str:
    return (
        f'<button type="button" class="quiet" data-copy="{literal(text)}" '
        f'data-done="{words.COPIED}">{literal(label)}</button>'
    )


def _sentence_html(quote: Quote, answer: Answer) -> str:
    start = _start_in_sentence(quote, answer)
    if start < 0:
        return f"<strong>{literal(quote.text)}</strong>"
    end = start + len(quote.text)
    before, after = quote.sentence[:start], quote.sentence[end:]
    return f"{literal(before)}<strong>{literal(quote.text)}</strong>{literal(after)}"


def _start_in_sentence(quote: Quote, answer: Answer) -> int:
    """Where the quote begins in its sentence; -1 where it is not in it.

    A short quote ("18") may occur several times in a sentence. The article, if it is among the
    hits, tells which one was cited: only there does the sentence fit around it.
    """
    first = start = quote.sentence.find(quote.text)
    cited = quote.citations[0] if quote.citations else None
    articles = {hit.article.id: hit.article for hit in answer.hits}
    article = articles.get(cited.article_id) if cited else None
    while cited and article and start >= 0:
        if article.text.startswith(quote.sentence, max(0, cited.start - start)):
            return start
        start = quote.sentence.find(quote.text, start + 1)
    return first


def _citation_html(citation: Citation) -> str:
    said = literal(words.said_by(citation.speaker.text)) if citation.speaker else ""
    where = dotted([byline(citation.source, citation.published), said])
    title = f'<cite title="{literal(citation.path)}">{literal(citation.title)}</cite>'
    named = f'<span class="number">{citation.number}</span> {title}'
    link = link_html(place_of(citation), named, citation.number)
    return f'<span class="citation">{link} <span class="where">{where}</span></span>'


def _abstention_html(answer: Answer) -> str:
    said = f'<p class="plain">{literal(words.ABSTENTION)}</p>'
    if not answer.hits:
        return said
    passages = "".join(_passage_html(hit) for hit in answer.hits[:PASSAGES_SHOWN])
    nearest = f'<p class="nearest">{literal(words.NEAREST)}</p>'
    return f'{said}{nearest}<ol class="passages">{passages}</ol>'


def _passage_html(hit: Hit) -> str:
    place = Place(hit.article.id, hit.passage.start, hit.passage.end)
    said = hit.passage.text.split()
    dots = " …" if len(said) > PASSAGE_WORDS else ""
    title = f"<cite>{literal(hit.article.title)}</cite>"
    return (
        f"<li>{link_html(place, title)} "
        f'<span class="where">{byline(hit.article.source, hit.article.published)}</span>'
        f"<p>{literal(' '.join(said[:PASSAGE_WORDS]))}{dots}</p></li>"
    )
