"""An answer as HTML: pull quotes with their sources, or the passages that came nearest."""

from pullquote.index.types import Hit
from pullquote.qa.types import Answer, Citation, Quote
from pullquote.ui.dated import timeline_html, times_html
from pullquote.ui.explained import explanation_html
from pullquote.ui.markup import byline, dotted, literal

ABSTENTION = "The articles don't answer that."
PASSAGES_SHOWN = 3
PASSAGE_WORDS = 50
LITERALLY = "#literally"  # the address of what takes a question literally; see panel.js


def answer_html(answer: Answer) -> str:
    """What the chat shows for an answer; all text in it is escaped."""
    notice = f'<p class="notice">{literal(answer.notice)}</p>' if answer.notice else ""
    notice = understood_html(answer) + notice
    explained = explanation_html(answer.explanation)
    if answer.text is None:
        return f'<div class="reply">{notice}{_abstention_html(answer)}{explained}</div>'
    told = timeline_html(answer.timeline, lambda quote: _quote_html(quote, answer))
    dated = [moment.quote for moment in answer.timeline.moments] if answer.timeline else []
    quotes = "".join(_quote_html(one, answer) for one in answer.quotes if one not in dated)
    return f'<div class="reply">{notice}{told}{quotes}{explained}</div>'


def understood_html(answer: Answer) -> str:
    """How a follow-up was understood, with what to click so that it is asked as it was typed."""
    if answer.understood is None:
        return ""
    return (
        f'<p class="notice understood">Understood as: {literal(answer.understood)} '
        f'<a href="{LITERALLY}">Take it literally</a></p>'
    )


def message_html(text: str) -> str:
    """A plain sentence from the product itself, escaped."""
    return f'<div class="reply"><p class="plain">{literal(text)}</p></div>'


def confidence_words(confidence: float) -> str:
    """A probability in words that a newcomer can act on."""
    if confidence >= 0.8:
        return "very likely right"
    return "likely" if confidence >= 0.5 else "uncertain"


def _quote_html(quote: Quote, answer: Answer) -> str:
    numbers = "".join(
        f'<sup><a href="#quote-{one.number}">{one.number}</a></sup>' for one in quote.citations
    )
    citations = "".join(_citation_html(one) for one in quote.citations)
    return (
        f'<figure class="quote"><blockquote>{_sentence_html(quote, answer)}{numbers}</blockquote>'
        f"<figcaption>{times_html(quote.times)}{citations}"
        f'<span class="confidence" title="confidence {quote.confidence:.2f}">'
        f"{confidence_words(quote.confidence)}</span></figcaption></figure>"
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
    said = f"said by {literal(citation.speaker.text)}" if citation.speaker else ""
    where = dotted([byline(citation.source, citation.published), said])
    return (
        f'<span class="citation"><a href="#quote-{citation.number}">[{citation.number}] '
        f'<cite title="{literal(citation.path)}">{literal(citation.title)}</cite></a> · '
        f"{where}</span>"
    )


def _abstention_html(answer: Answer) -> str:
    said = f'<p class="plain">{literal(ABSTENTION)}</p>'
    if not answer.hits:
        return said
    passages = "".join(_passage_html(hit) for hit in answer.hits[:PASSAGES_SHOWN])
    return f'{said}<p class="nearest">Nearest passages:</p><ol class="passages">{passages}</ol>'


def _passage_html(hit: Hit) -> str:
    words = hit.passage.text.split()
    dots = " …" if len(words) > PASSAGE_WORDS else ""
    return (
        f"<li><cite>{literal(hit.article.title)}</cite> · "
        f"{byline(hit.article.source, hit.article.published)}"
        f"<p>{literal(' '.join(words[:PASSAGE_WORDS]))}{dots}</p></li>"
    )
