"""The JSON that programs get: the same object from the command line, over HTTP and over MCP."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from pullquote.index.types import Article, Hit
from pullquote.qa.types import Answer, Citation, Quote, Speaker, Timeline
from pullquote.ui.explained import explanation_json


def json_text(value: Any) -> str:
    """The JSON as text, the same bytes everywhere: letters as they are, a space after , and :."""
    return json.dumps(value, ensure_ascii=False)


def answer_json(
    answer: Answer,
    seconds: float,
    id: str | None = None,  # noqa: A002
    explain: bool = False,
) -> dict[str, Any]:
    """The answer as a JSON object; `answer` is null and `answers` empty where it abstained.

    Args:
        answer: what the assistant said.
        seconds: how long it took to say it.
        id: the asker's own name for the question, handed back unchanged.
        explain: whether to say how the answer came about; else `explanation` is null.
    """
    # An assistant may keep quotes it did not trust enough; a reader of the JSON must not use them.
    quotes = answer.quotes if answer.text is not None else ()
    return {
        "id": id,
        "question": answer.question,
        "answer": answer.text,
        "confidence": answer.confidence,
        "answers": [_quote_json(quote) for quote in quotes],
        "passages": [_passage_json(hit) for hit in answer.hits],
        "seconds": seconds,
        "notice": answer.notice,
        "timeline": _timeline_json(answer.timeline, quotes) if answer.timeline else None,
        "understood": answer.understood,
        "explanation": explanation_json(answer.explanation)
        if explain and answer.explanation
        else None,
    }


def hits_json(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    """Search results as JSON objects: the passages, with what is known about their articles."""
    return [
        {
            **_passage_json(hit),
            "title": hit.article.title,
            "source": hit.article.source,
            "published": _iso(hit.article.published),
            "rank": hit.rank,
            "other_paths": list(hit.article.other_paths),
        }
        for hit in hits
    ]


def article_json(article: Article) -> dict[str, Any]:
    """A whole article; quotes and passages are `text[start:end]`, counted in characters."""
    return {
        "id": article.id,
        "title": article.title,
        "source": article.source,
        "published": _iso(article.published),
        "url": article.url,
        "path": article.path,
        "other_paths": list(article.other_paths),
        "sha256": article.sha256,
        "text": article.text,
    }


def _quote_json(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "sentence": quote.sentence,
        "confidence": quote.confidence,
        "citations": [_citation_json(citation) for citation in quote.citations],
        "times": [asdict(note) for note in quote.times],
    }


def _timeline_json(timeline: Timeline, quotes: Sequence[Quote]) -> dict[str, Any]:
    """Newest first; `answer` counts in "answers" from 0, and the dates are of its articles."""
    return {
        "summary": timeline.summary,
        "moments": [
            {"first": _iso(one.first), "last": _iso(one.last), "answer": quotes.index(one.quote)}
            for one in timeline.moments
            if one.quote in quotes
        ],
    }


def _citation_json(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "article_id": citation.article_id,
        "title": citation.title,
        "source": citation.source,
        "published": _iso(citation.published),
        "path": citation.path,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "speaker": _speaker_json(citation.speaker) if citation.speaker else None,
    }


def _speaker_json(speaker: Speaker) -> dict[str, Any]:
    return {
        "text": speaker.text,
        "name": speaker.name,
        "start": speaker.start,
        "end": speaker.end,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _passage_json(hit: Hit) -> dict[str, Any]:
    return {
        "article_id": hit.article.id,
        "path": hit.article.path,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
        # A score may be a NumPy number, which json cannot write.
        "score": float(hit.score),
    }
