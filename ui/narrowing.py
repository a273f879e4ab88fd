"""Narrowing down what is asked: a form for dates and sources, and a chip for all that is set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pullquote.index.errors import PullquoteError
from pullquote.qa.types import Within
from pullquote.ui import words
from pullquote.ui.collection import Collection
from pullquote.ui.markup import literal
from pullquote.ui.places import LONGEST_ID

DATES, SOURCE, ARTICLE = "dates", "source", "article"  # what a chip may stand for


class NarrowingError(PullquoteError):
    """The form was filled in so that no article could fit; the text says what to change."""


def within_of_form(values: Mapping[str, Any], before: Within, about: Collection) -> Within:
    """What the form asks for, whatever a browser sent; articles stay as they were set.

    Raises:
        NarrowingError: a day is none, or the first is after the last.
    """
    since, until = _day_in(values.get("since")), _day_in(values.get("until"))
    if since and until and since > until:
        raise NarrowingError(words.FIRST_AFTER_LAST)
    asked = values.get("source", ())
    asked = [asked] if isinstance(asked, str) else asked
    sources = [one for one in about.sources if isinstance(asked, Sequence) and one in asked]
    return Within(since, until, tuple(sources), before.articles)


def without(within: Within, values: Mapping[str, Any]) -> Within:
    """What is left when a chip is taken away."""
    kind, name = values.get("kind"), values.get("name")
    if kind == DATES:
        return replace(within, since=None, until=None)
    if kind == SOURCE:
        return replace(within, sources=tuple(one for one in within.sources if one != name))
    if kind == ARTICLE:
        return replace(within, articles=tuple(one for one in within.articles if one != name))
    return within


def chips(within: Within, title: Callable[[str], str]) -> list[tuple[str, str, str]]:
    """What is set, each as a kind, a name and the words for it; `title` is an article's, by id."""
    found = []
    if within.since or within.until:
        found.append((DATES, "", words.between(within.since, within.until)))
    found += [(SOURCE, source, source) for source in within.sources]
    found += [(ARTICLE, one, words.only(title(one))) for one in within.articles]
    return found


def narrowing_html(
    within: Within, about: Collection, title: Callable[[str], str], problem: str = ""
) -> str:
    """The chips, and the form behind a button; it stays open where there is a problem."""
    shown = "".join(_chip_html(*one) for one in chips(within, title))
    listed = f'<ul class="chips" aria-label="{literal(words.ONLY_THESE)}">{shown}</ul>'
    if about.first is None and len(about.sources) < 2:  # nothing to choose between
        return listed if shown else ""
    said = f'<p class="problem" role="alert">{literal(problem)}</p>' if problem else ""
    return (
        f"{listed if shown else ''}"
        f"<details{' open' if problem else ''}><summary>{literal(words.NARROW)}</summary>"
        f'<form data-event="narrow">{said}{_dates_html(within, about)}'
        f"{_sources_html(within, about)}"
        f'<button type="submit">{literal(words.APPLY)}</button></form></details>'
    )


def _chip_html(kind: str, name: str, said: str) -> str:
    return (
        f"<li>{literal(said)} "
        f'<button type="button" data-event="drop" data-kind="{kind}" data-name="{literal(name)}" '
        f'aria-label="{literal(words.remove(said))}">&times;</button></li>'
    )


def _dates_html(within: Within, about: Collection) -> str:
    if about.first is None:
        return ""
    fields = "".join(
        f'<label>{literal(label)} <input type="date" name="{name}" '
        f'value="{day.isoformat() if day else ""}"></label>'
        for label, name, day in (
            (words.FROM, "since", within.since),
            (words.UNTIL, "until", within.until),
        )
    )
    return f"<fieldset><legend>{literal(words.PUBLISHED)}</legend>{fields}</fieldset>"


def _sources_html(within: Within, about: Collection) -> str:
    if len(about.sources) < 2:
        return ""
    boxes = "".join(
        f'<label><input type="checkbox" name="source" value="{literal(source)}"'
        f"{' checked' if source in within.sources else ''}> {literal(source)}</label>"
        for source in about.sources
    )
    return (
        f'<fieldset><legend>{literal(words.SOURCES)}</legend><div class="choices">{boxes}</div>'
        "</fieldset>"
    )


def _day_in(value: Any) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, str) and len(value) <= LONGEST_ID:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise NarrowingError(words.NO_DAY)
