"""What is shown of time: the meaning of "this year" below a quote, and answers by their dates."""

from collections.abc import Callable, Sequence
from datetime import date

from pullquote.qa.types import Moment, Quote, Timeline, TimeNote
from pullquote.ui import words
from pullquote.ui.chart import chart_html
from pullquote.ui.markup import literal


def timeline_html(timeline: Timeline | None, quote_html: Callable[[Quote], str]) -> str:
    """The sentence about the articles, a chart, and the answers under their dates."""
    if timeline is None:
        return ""
    items = "".join(
        f'<li><p class="when">{_when_html(moment)}</p>{quote_html(moment.quote)}</li>'
        for moment in timeline.moments
    )
    return (
        f'<p class="differ">{literal(timeline.summary)}</p>{chart_html(timeline)}'
        f'<ol class="timeline">{items}</ol>'
    )


def times_html(times: Sequence[TimeNote]) -> str:
    """What the times in a quote's sentence mean, outside of the quote."""
    if not times:
        return ""
    return f'<span class="times">{literal(times_words(times))}</span>'


def times_words(times: Sequence[TimeNote]) -> str:
    """What the times mean, each once: “this year” is 2024 · “Thursday” is January 12, 2017."""
    said = {f"“{' '.join(note.text.split())}” is {note.meaning}": None for note in times}
    return " · ".join(said)


def when_words(moment: Moment) -> str:
    """The date of an answer, or its first and last: "January 12, 2017 to August 5, 2024"."""
    return _when(moment, words.day)


def _when_html(moment: Moment) -> str:
    return _when(
        moment, lambda day: f'<time datetime="{day.isoformat()}">{literal(words.day(day))}</time>'
    )


def _when(moment: Moment, written: Callable[[date], str]) -> str:
    days = dict.fromkeys(day for day in (moment.first, moment.last) if day)
    when = [" to ".join(written(day) for day in days)] if days else []
    if not all(one.published for one in moment.quote.citations):
        when.append(words.NO_DATE)
    return ", and ".join(when)
