"""What a reader takes away: a quote with its citation, or the whole conversation."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pullquote.qa.types import Citation, Quote, Within
from pullquote.ui import words
from pullquote.ui.json_format import answer_json
from pullquote.ui.markup import is_web_address
from pullquote.ui.turns import Turn

Links = Mapping[str, str | None]  # the web address of an article, by its id

# What means something to Markdown, or to the HTML that may stand in it.
_SIGN = re.compile(r"([\\`*_\[\]<>#|~&$!])")
_FIRST = re.compile(r"^([-+=:]|\d+(?=[.)]))")


def quote_text(quote: Quote, links: Links) -> str:
    """A quote and where it stands, as plain text."""
    cited = [f"— {_where(one)}{_address(one, links)}" for one in quote.citations]
    return "\n".join([f"“{_one_line(quote.sentence)}”", *cited])


def quote_markdown(quote: Quote, links: Links) -> str:
    """The same as Markdown: the sentence as a block quote, the answer bold, articles as links."""
    sentence, found = _one_line(quote.sentence), _one_line(quote.text)
    before, inside, after = sentence.partition(found) if found else (sentence, "", "")
    bold = f"**{markdown(inside)}**" if inside else ""
    told = _FIRST.sub(r"\\\1", markdown(before) + bold + markdown(after))
    cited = [f"> — {_where_markdown(one, links)}" for one in quote.citations]
    return "\n>\n".join([f"> {told}", *cited])


def conversation_markdown(turns: Sequence[Turn]) -> str:
    """All questions with their answers, as a Markdown document."""
    parts = [f"# {words.CONVERSATION}"]
    for turn in turns:
        if turn.answer is None:
            continue
        parts.append(f"## {markdown(_one_line(turn.question))}")
        parts += [f"*{markdown(one)}*" for one in (turn.answer.notice,) if one]
        if turn.answer.text is None:
            parts.append(words.ABSTENTION)
            continue
        if turn.answer.timeline:
            parts.append(markdown(turn.answer.timeline.summary))
        parts += [quote_markdown(quote, turn.links()) for quote in turn.answer.quotes]
    return "\n\n".join(parts) + "\n"


def conversation_json(turns: Sequence[Turn]) -> str:
    """The same for programs: the JSON of each answer, and which articles were asked."""
    told = [
        {**answer_json(turn.answer, turn.seconds), "within": within_json(turn.within)}
        for turn in turns
        if turn.answer
    ]
    return json.dumps({"turns": told}, ensure_ascii=False, indent=1) + "\n"


def within_json(within: Within) -> dict[str, Any]:
    """What was asked, as a JSON object."""
    days = {
        name: day.isoformat() if day else None
        for name, day in (("since", within.since), ("until", within.until))
    }
    return {**asdict(within), **days}


def markdown(text: str) -> str:
    """Markdown that shows the text and nothing else; not for the beginning of a line."""
    return _SIGN.sub(r"\\\1", text)


def _where(one: Citation) -> str:
    who = words.said_by(one.speaker.text) if one.speaker else ""
    parts = [_one_line(one.title), _one_line(one.source or ""), words.day(one.published), who]
    return ", ".join(part for part in parts if part)


def _address(one: Citation, links: Links) -> str:
    url = links.get(one.article_id)
    return f", {url}" if url and is_web_address(url) and not re.search(r"\s", url) else ""


def _where_markdown(one: Citation, links: Links) -> str:
    title = markdown(_one_line(one.title))
    url = _address(one, links).removeprefix(", ")
    if url:
        title = f"[{title}](<{url.replace('<', '%3C').replace('>', '%3E')}>)"
    rest = _where(one).removeprefix(_one_line(one.title))
    return f"{title}{markdown(rest)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
