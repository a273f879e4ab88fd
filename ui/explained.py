"""How an answer came about, as HTML, as text and as JSON."""

from typing import Any

from pullquote.qa.types import Explanation, Look
from pullquote.ui.markup import byline, literal

SUMMARY = "How this came about"


def explanation_html(explanation: Explanation | None) -> str:
    """A panel to open below an answer; all text in it is escaped."""
    if explanation is None:
        return ""
    facts = "".join(f'<p class="plain">{literal(fact)}</p>' for fact in facts_of(explanation))
    looks = "".join(_look_html(look) for look in explanation.looks)
    return (
        f'<details class="explained"><summary>{literal(SUMMARY)}</summary>{facts}'
        f'<ol class="passages">{looks}</ol></details>'
    )


def facts_of(explanation: Explanation) -> list[str]:
    """What holds for the whole answer, each a sentence."""
    asked = f"The articles were asked: {explanation.asked}"
    threshold = f"Answers with a confidence below {explanation.threshold:.2f} are not shown."
    return [
        explanation.reason,
        asked,
        *filter(None, (explanation.time, explanation.preferred)),
        threshold,
    ]


def look_words(look: Look) -> str:
    """What became of a passage: its ranks, the reader's score, and what its best span came to."""
    words = f"by words {_rank(look.hit.by_words)}, by vectors {_rank(look.hit.by_vectors)}"
    if look.reader is None:
        return f"{words}; not read"
    words += f"; the reader’s score {look.reader:.1f}"
    if look.score is None:
        return f"{words}; nothing in it counts"
    said = " ".join((look.text or "").split())
    return f"{words}, with all else {look.score:.1f}: “{said}”"


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """The explanation as a JSON object; ranks count from 1, null is what did not happen."""
    return {
        "asked": explanation.asked,
        "time": explanation.time,
        "preferred": explanation.preferred,
        "threshold": explanation.threshold,
        "reason": explanation.reason,
        "passages": [
            {
                "article_id": look.hit.article.id,
                "path": look.hit.article.path,
                "start": look.hit.passage.start,
                "end": look.hit.passage.end,
                "by_words": look.hit.by_words,
                "by_vectors": look.hit.by_vectors,
                "reader": None if look.reader is None else float(look.reader),
                "answer": look.text,
                "score": None if look.score is None else float(look.score),
            }
            for look in explanation.looks
        ],
    }


def _look_html(look: Look) -> str:
    article = look.hit.article
    return (
        f"<li><cite>{literal(article.title)}</cite> · {byline(article.source, article.published)}"
        f"<p>{literal(look_words(look))}</p></li>"
    )


def _rank(rank: int | None) -> str:
    return f"no. {rank}" if rank else "not found"
