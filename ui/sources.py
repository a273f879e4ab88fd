"""The panel beside the chat: every cited article in full, with the quotes marked in it."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from pullquote.index.types import Article
from pullquote.qa.types import Citation
from pullquote.ui.markup import byline, day, is_web_address, literal

NOTHING_CITED = "The articles behind an answer open here, with the quoted words marked."


def sources_html(
    citations: Sequence[Citation], articles: Mapping[str, Article], active: int | None = None
) -> str:
    """The cited articles, one folded section each; the one that holds the active quote is open.

    Args:
        citations: every citation of the answer.
        articles: the cited articles by id; one that is missing or has changed is said to be so.
        active: the number of the citation to show; the first one if not given.
    """
    if not citations:
        return f'<p class="nothing">{literal(NOTHING_CITED)}</p>'
    active = citations[0].number if active is None else active
    grouped: dict[str, list[Citation]] = {}
    for citation in citations:
        grouped.setdefault(citation.article_id, []).append(citation)
    return "".join(
        _section_html(cited, articles.get(article_id), active)
        for article_id, cited in grouped.items()
    )


def source_html(article: Article, citations: Sequence[Citation], active: int = 1) -> str:
    """One article with every cited character marked; its body's text is exactly `article.text`.

    Args:
        article: the article as it is stored.
        citations: the citations that point into it; others are left out.
        active: the number of the citation that stands out from the others.
    """
    own = [one for one in citations if one.article_id == article.id]
    link = ""
    if article.url is not None and is_web_address(article.url):
        link = (
            f' · <a href="{literal(article.url)}" target="_blank" '
            f'rel="noopener noreferrer">original</a>'
        )
    also = ""
    if article.other_paths:
        paths = ", ".join(map(literal, article.other_paths))
        also = f'<p class="byline">The same text is in {paths}.</p>'
    return (
        f'<article class="source"><h3>{literal(article.title)}</h3>'
        f'<p class="byline">{byline(article.source, article.published)}{link}</p>{also}'
        f'<div class="body">{_marked_html(article.text, own, active)}</div></article>'
    )


def _section_html(cited: Sequence[Citation], article: Article | None, active: int) -> str:
    first = cited[0]
    numbers = "".join(f"[{one.number}]" for one in cited)
    is_open = " open" if any(one.number == active for one in cited) else ""
    if article is None:
        inside = '<p class="nothing">This article is no longer in the index.</p>'
    elif any(article.text[one.start : one.end] != one.quote for one in cited):
        inside = '<p class="nothing">This article has changed since it was quoted.</p>'
    else:
        inside = source_html(article, cited, active)
    # Sections of one name close each other, so one article is open at a time.
    return (
        f'<details name="source"{is_open}><summary>{numbers} {literal(first.title)} — '
        f"{literal(day(first.published))}</summary>{inside}</details>"
    )


def _marked_html(text: str, citations: Sequence[Citation], active: int) -> str:
    """The text cut at every edge of a quote, so that overlapping quotes need no crossing tags."""
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
