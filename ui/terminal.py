"""Answers and hits as text for a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from pullquote.index.types import Article, Hit
from pullquote.qa.types import Answer, Citation, Explanation, Quote
from pullquote.ui.dated import times_words, when_words
from pullquote.ui.explained import facts_of, look_words

NEAREST = 3
SHOWN = 300  # characters of a passage


def print_answer(answer: Answer, console: Console) -> None:
    """The quotes with their citations, or the abstention with the nearest passages."""
    if answer.understood:
        console.print(Text(f"Understood as: {answer.understood}", style="italic"))
    if answer.notice:
        console.print(Text(answer.notice, style="italic"))
    if answer.text is None:
        console.print("The articles don't answer that. Nearest passages:", highlight=False)
        print_hits(answer.hits[:NEAREST], console)
        return
    moments = answer.timeline.moments if answer.timeline else ()
    if answer.timeline:
        console.print(Text(f"{answer.timeline.summary}\n"))
    for moment in moments:
        console.print(Text(when_words(moment), style="bold"))
        _print_quote(moment.quote, console)
    dated = [moment.quote for moment in moments]
    for quote in answer.quotes:
        if quote not in dated:
            _print_quote(quote, console)


def print_explanation(explanation: Explanation, console: Console) -> None:
    """Why the answer is as it is, and what became of each passage."""
    for fact in facts_of(explanation):
        console.print(Text(fact, style="italic"))
    for number, look in enumerate(explanation.looks, start=1):
        console.print(Text(f"{number}. ").append(_named(look.hit.article)))
        console.print(Text(f"   {look_words(look)}", style="dim"))


def print_hits(hits: Sequence[Hit], console: Console) -> None:
    """Each passage with its article, source and date."""
    for hit in hits:
        text = " ".join(hit.passage.text.split())
        shown = text if len(text) <= SHOWN else text[:SHOWN].rsplit(None, 1)[0] + " …"
        console.print(Text(f"{hit.rank}. ").append(_named(hit.article)))
        console.print(Text(f"   {shown}\n", style="dim"))


def _print_quote(quote: Quote, console: Console) -> None:
    sentence = Text(quote.sentence)
    at = quote.sentence.find(quote.text)
    if at >= 0:
        sentence.stylize("bold", at, at + len(quote.text))
    numbers = "".join(f"[{citation.number}]" for citation in quote.citations)
    console.print(Text("“").append(sentence).append(f"” {numbers}"))
    if quote.times:
        console.print(Text(f"   {times_words(quote.times)}", style="italic"))
    for citation in quote.citations:
        named = _named(citation)
        where = f"   [{citation.number}] {named} · {citation.path}:{citation.start}-{citation.end}"
        if citation.speaker:
            where += f" · said by {citation.speaker.text}"
        console.print(Text(where, style="dim"))
    console.print(Text(f"   confidence {quote.confidence:.0%}\n", style="dim"))


def _named(item: Article | Citation) -> str:
    published = item.published.isoformat() if item.published else "no date given"
    return " · ".join(part for part in (item.title, item.source, published) if part)
