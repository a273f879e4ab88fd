"""The panel beside the chat: one article in full, with the quotes from it marked."""

from collections.abc import Sequence
from itertools import pairwise

from pullquote.index.types import Article
from pullquote.qa.types import Citation
from pullquote.ui import words
from pullquote.ui.markup import byline, dotted, is_web_address, literal
from pullquote.ui.places import Place, place_of
from pullquote.ui.render import link_html


def quoted_panel_html(
    article: Article | None, citations: Sequence[Citation], active: Citation, turn: int
) -> str:
    """The article of one citation, with the way to those before and after it.

    Args:
        article: the article as it is stored now; None where it is gone.
        citations: every citation of the answer, in its order.
        active: the one of them that is shown.
        turn: which answer of the conversation it is, from 0.
    """
    own = [one for one in citations if one.article_id == active.article_id]
    if article is None:
        body = _plain(words.MISSING)
    elif any(article.text[one.start : one.end] != one.quote for one in own):
        body = _plain(words.CHANGED)
    else:
        body = _body_html(article, own, active.number)
    title = article.title if article else active.title
    where = _byline_html(article) if article else byline(active.source, active.published)
    listed = _listed_html(own, active) if len(own) > 1 else ""
    steps = _steps_html(citations, active)
    return _panel_html(place_of(active), title, where, body, steps, listed, turn)


def linked_panel_html(article: Article | None, place: Place) -> str:
    """The article that an address or a passage names, marked there if it has such a place."""
    if article is None:
        return _panel_html(None, words.SOURCE, "", _plain(words.NO_SUCH_ARTICLE))
    if not place.fits(article):
        note = _plain(words.NO_SUCH_PLACE) if place.start is not None else ""
        shown = note + _body_html(article, [], 0)
        return _panel_html(Place(article.id), article.title, _byline_html(article), shown)
    start, end = place.start or 0, place.end or 0
    marked = Citation(
        *(1, article.id, article.title, article.source, article.published, article.path),
        *(start, end, article.text[start:end]),
    )
    shown = _body_html(article, [marked], 1)
    return _panel_html(place, article.title, _byline_html(article), shown)


def _panel_html(
    place: Place | None,
    title: str,
    where: str,
    body: str,
    steps: str = "",
    listed: str = "",
    turn: int | None = None,
) -> str:
    """The frame that every article has; all but the title is markup."""
    address = f' data-address="{literal(place.address())}"' if place else ""
    of_turn = "" if turn is None else f' data-turn="{turn}"'
    return (
        f'<section class="source" aria-labelledby="source-title"{address}{of_turn}>'
        f'<header><p class="kicker">{literal(words.SOURCE)}</p>'
        f'<button type="button" class="close" aria-label="{literal(words.CLOSE)}">&times;</button>'
        f'<h2 id="source-title" tabindex="-1">{literal(title)}</h2>'
        f'<p class="byline">{where}</p><div class="bar">{steps}{_only_html(place)}</div>{listed}'
        f"</header>{body}"
        f'<p class="back"><button type="button" class="close">{literal(words.BACK)}</button></p>'
        "</section>"
    )


def _only_html(place: Place | None) -> str:
    if place is None:
        return ""
    return (
        f'<button type="button" class="quiet" data-event="only" '
        f'data-article="{literal(place.article_id)}">{literal(words.ONLY_THIS)}</button>'
    )


def _byline_html(article: Article) -> str:
    link = ""
    if article.url is not None and is_web_address(article.url):
        link = (
            f'<a href="{literal(article.url)}" target="_blank" '
            f'rel="noopener noreferrer">{literal(words.ORIGINAL)}</a>'
        )
    also = ""
    if article.other_paths:
        also = f"<br>{literal(words.same_text(', '.join(article.other_paths)))}"
    return dotted([byline(article.source, article.published), link]) + also


def _steps_html(citations: Sequence[Citation], active: Citation) -> str:
    """The way to the quote before and the one after, through all of the answer's articles."""
    if len(citations) < 2:
        return ""
    at = citations.index(active)
    before = citations[at - 1] if at > 0 else None
    after = citations[at + 1] if at + 1 < len(citations) else None
    return (
        f'<nav class="steps" aria-label="{literal(words.QUOTES)}">'
        f"{_step_html(before, words.PREVIOUS, '‹')}"
        f"<span>{literal(words.quote_of(at + 1, len(citations)))}</span>"
        f"{_step_html(after, words.NEXT, '›')}</nav>"
    )


def _step_html(to: Citation | None, label: str, arrow: str) -> str:
    if to is None:  # the other arrow stays where it is
        return f'<span class="open" aria-hidden="true">{arrow}</span>'
    return link_html(place_of(to), arrow, to.number, **{"aria-label": label, "title": label})


def _listed_html(own: Sequence[Citation], active: Citation) -> str:
    """Every quote from the article, to go to."""
    items = "".join(_item_html(one, one.number == active.number) for one in own)
    return f'<p class="kicker">{literal(words.QUOTES_HERE)}</p><ul class="here">{items}</ul>'


def _item_html(one: Citation, is_active: bool) -> str:
    quote = " ".join(one.quote.split())
    inside = f'<span class="number">{one.number}</span> {literal(quote)}'
    current = {"aria-current": "true"} if is_active else {}
    return f"<li>{link_html(place_of(one), inside, one.number, **current)}</li>"


def _plain(text: str) -> str:
    return f'<p class="nothing">{literal(text)}</p>'


def _body_html(article: Article, citations: Sequence[Citation], active: int) -> str:
    """The text, exactly, with every cited character marked; it scrolls, so it can be focused."""
    return (
        f'<div class="body" tabindex="0" role="region" aria-label="{literal(words.TEXT)}">'
        f"{marked_html(article.text, citations, active)}</div>"
    )


def marked_html(text: str, citations: Sequence[Citation], active: int) -> str:
    """The text cut at every edge of a quote, so that overlapping quotes need no crossing tags.

    `active` is the number of the citation that stands out from the others.
    """
    edges = {0, len(text)}
    for one in citations:
        edges |= {min(max(one.start, 0), len(text)), min(max(one.end, 0), len(text))}
    cuts = sorted(edges)
    anchored: set[int] = set()
    parts: list[str] = []
    for start, end in pairwise(cuts):
        covering = [one for one in citations if one.start <= start and end <= one.end]
        part = literal(text[start:end])
        if covering:
            fresh = [one.number for one in covering if one.number not in anchored]
            anchored.update(fresh)
            part = _mark(part, fresh, any(one.number == active for one in covering))
        parts.append(part)
    return "".join(parts)


def _mark(part: str, begins: Sequence[int], is_active: bool) -> str:
    """A marked piece; `begins` are the quotes that begin with it, each of which needs an anchor."""
    for number in begins[1:]:
        part = f'<span id="quote-{number}">{part}</span>'
    anchor = f' id="quote-{begins[0]}"' if begins else ""
    return f"<mark{anchor}{' class=active' if is_active else ''}>{part}</mark>"
