"""Which answer the articles give when, as a small picture: a lane for each answer."""

from collections.abc import Sequence
from datetime import date

from pullquote.qa.types import Moment, Timeline
from pullquote.ui import words
from pullquote.ui.markup import literal

LANE = 34  # pixels
LONGEST_NAME = 40  # characters of an answer above its lane
EDGE = 2.0  # percent left and right of the first and the last day
NEAREST_YEARS = 14.0  # percent between two of the axis's years


def chart_html(timeline: Timeline) -> str:
    """The answers of a timeline as lanes with a dot for each article; "" where all is of one day.

    Places along the time are in percent, so it takes the width it is given and the writing keeps
    its size.
    """
    days = sorted({day for moment in timeline.moments for day in _days(moment)})
    if len(days) < 2:
        return ""
    scale = _Scale(days[0], days[-1])
    lanes = "".join(
        _lane(moment, number * LANE, scale) for number, moment in enumerate(timeline.moments)
    )
    bottom = len(timeline.moments) * LANE + 2
    told = [f"{moment.quote.text}, {_when(moment)}" for moment in timeline.moments]
    return (
        f'<svg class="chart" role="img" width="100%" height="{bottom + 24}" '
        f'aria-label="{literal(words.chart_of(told))}">{lanes}{_axis(scale, bottom)}</svg>'
    )


class _Scale:
    """Days as percent of the chart's width."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self._days = (last - first).days

    def at(self, day: date) -> float:
        """From EDGE to 100 - EDGE."""
        return EDGE + (day - self.first).days / self._days * (100 - 2 * EDGE)


def _days(moment: Moment) -> list[date]:
    """The days of a moment's articles, first to last."""
    known = {one.published for one in moment.quote.citations if one.published}
    return sorted(known | {day for day in (moment.first, moment.last) if day})


def _when(moment: Moment) -> str:
    days = _days(moment)
    return words.span(days[0], days[-1]) if days else words.NO_DATE


def _lane(moment: Moment, top: int, scale: _Scale) -> str:
    name = " ".join(moment.quote.text.split())
    if len(name) > LONGEST_NAME:
        name = name[: LONGEST_NAME - 1].rstrip() + "…"
    line = top + 24
    drawn = [
        f'<text class="answer" x="{EDGE}%" y="{top + 15}">{literal(name)}</text>',
        f'<line class="lane" x1="{EDGE}%" x2="{100 - EDGE}%" y1="{line}" y2="{line}"/>',
    ]
    days = _days(moment)
    if not days:
        drawn.append(
            f'<text class="undated" x="{100 - EDGE}%" y="{top + 15}">{words.NO_DATE}</text>'
        )
    if len(days) > 1:
        left, right = scale.at(days[0]), scale.at(days[-1])
        drawn.append(
            f'<line class="while" x1="{left:.2f}%" x2="{right:.2f}%" y1="{line}" y2="{line}"/>'
        )
    drawn += [
        f'<circle class="article" cx="{scale.at(day):.2f}%" cy="{line}" r="4.5">'
        f"<title>{literal(f'{name} · {words.day(day)}')}</title></circle>"
        for day in days
    ]
    return "".join(drawn)


def _axis(scale: _Scale, top: int) -> str:
    """The first and the last year, and those between that have room."""
    years = range(scale.first.year, scale.last.year + 1)
    places = [(year, min(max(scale.at(date(year, 1, 1)), EDGE), 100 - EDGE)) for year in years]
    if len(places) == 1:
        first, last = (f"{day:%b} {day.day}" for day in (scale.first, scale.last))
        shown = [(f"{first}, {years[0]}", EDGE), (last, 100 - EDGE)]
    else:
        shown = [(str(year), at) for year, at in _apart(places)]
    return "".join(
        f'<text class="year" x="{at:.2f}%" y="{top + 13}" text-anchor="{_anchor(at)}">{text}</text>'
        for text, at in shown
    )


def _apart(places: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """The places, without those too near the one before."""
    kept = [places[0]]
    for place in places[1:]:
        if place[1] - kept[-1][1] >= NEAREST_YEARS:
            kept.append(place)
    return kept


def _anchor(at: float) -> str:
    """Writing at the edges stays inside."""
    if at < 5:
        return "start"
    return "end" if at > 95 else "middle"
