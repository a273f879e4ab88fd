"""`pullquote eval --report DIR`: the figures, and what went wrong, as a page to look at."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pullquote.index.errors import SourceError
from pullquote.index.writing import write_whole
from pullquote.qa.evaluation.evaluate import Evaluation, QuestionResult
from pullquote.qa.evaluation.metrics import (
    calibration_error,
    reliability,
    risk_coverage_area,
    risks,
)
from pullquote.qa.evaluation.thresholds import outcome_of
from pullquote.ui.markup import literal
from pullquote.ui.measure import figures

WORST = 25  # cases of each kind
SIDE = 260  # pixels of a diagram

_STYLE = """
:root { color-scheme: light dark; --ink: #1f1b16; --paper: #faf8f3; --line: #c9c0ae;
  --mark: #7d1f1f }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ece6da; --paper: #171513; --line: #4a443b; --mark: #d77a72 } }
body { font: 16px/1.5 ui-serif, Georgia, serif; color: var(--ink); background: var(--paper);
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
figure { display: inline-block; margin: 0 2rem 2rem 0 }
svg { display: block; overflow: visible }
.frame, .even { fill: none; stroke: var(--line) }
.line { fill: none; stroke: var(--mark); stroke-width: 2 }
.point { fill: var(--mark) }
"""


def write_report(evaluation: Evaluation, name: str, directory: Path) -> Path:
    """Write `index.html` into a directory and give its path; raises SourceError."""
    page = directory / "index.html"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        write_whole(page, report_page(evaluation, name))
    except OSError as error:
        raise SourceError(
            f"The report cannot be written to {directory} ({error.strerror}); name another "
            "directory with --report."
        ) from error
    return page


def report_page(evaluation: Evaluation, name: str) -> str:
    """The whole page, which loads nothing; `name` says what was asked."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f"<title>{literal(name)}</title><style>{_STYLE}</style></head><body>",
            f"<h1>{literal(name)}</h1>",
            *_table(("measure", "value"), figures(evaluation)),
            *_diagrams(evaluation.results),
            *_cases(evaluation.results),
            "</body></html>",
        ]
    )


def _diagrams(results: Sequence[QuestionResult]) -> Iterator[str]:
    answered = [result for result in results if result.predicted is not None]
    if not answered:
        return
    confidences = [result.confidence for result in answered]
    right = [outcome_of(result).right for result in answered]
    error = calibration_error(confidences, right) or 0.0
    bins = reliability(confidences, right)
    points = "".join(
        f'<circle class="point" cx="{SIDE * each.confidence:.1f}" '
        f'cy="{SIDE * (1 - each.right):.1f}" r="5"><title>{each.answers} answers, '
        f"confidence {each.confidence:.2f}, {each.right:.0%} right</title></circle>"
        for each in bins
    )
    even = f'<path class="even" d="M0 {SIDE} L{SIDE} 0"/>'
    yield from _figure(
        even + points,
        f"Share right by confidence, of {len(answered)} questions answered; on the line, "
        f"confidence is the share that is right (expected calibration error {error:.3f}).",
    )
    area = risk_coverage_area(confidences, right) or 0.0
    steps = " ".join(
        f"{SIDE * number / len(results):.1f},{SIDE * (1 - risk):.1f}"
        for number, risk in enumerate(risks(confidences, right), start=1)
    )
    yield from _figure(
        f'<polyline class="line" points="{steps}"/>',
        "Share wrong (up) when only the surest are answered, by the share of all questions "
        f"answered (right); area {area:.3f}.",
    )


def _figure(drawn: str, caption: str) -> Iterator[str]:
    yield f'<figure><svg width="{SIDE}" height="{SIDE}" role="img" aria-label="{literal(caption)}">'
    yield f'<rect class="frame" width="{SIDE}" height="{SIDE}"/>{drawn}</svg>'
    yield f'<figcaption style="max-width: {SIDE}px">{literal(caption)}</figcaption></figure>'


def _cases(results: Sequence[QuestionResult]) -> Iterator[str]:
    """What a person should look at: the surest mistakes, and what was nearly answered."""
    surest_first = sorted(results, key=lambda result: -result.confidence)
    wrong = [
        r
        for r in surest_first
        if r.expected and r.predicted is not None and not outcome_of(r).right
    ]
    guessed = [r for r in surest_first if not r.expected and r.predicted is not None]
    missed = [r for r in surest_first if r.expected and r.predicted is None]
    for title, cases in (
        ("Answered wrongly", wrong),
        ("Answered though the articles do not say", guessed),
        ("Not answered though the articles say", missed),
    ):
        yield f"<h2>{title}: {len(cases)}</h2>"
        if cases:
            yield from _table(
                ("question", "expected", "answered", "confidence"),
                [
                    (
                        case.question,
                        " / ".join(dict.fromkeys(case.expected)) or "—",
                        case.predicted or "—",
                        f"{case.confidence:.2f}",
                    )
                    for case in cases[:WORST]
                ],
            )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "<table><tr>" + "".join(f"<th>{literal(cell)}</th>" for cell in head) + "</tr>"
    for row in rows:
        yield "<tr>" + "".join(f"<td>{literal(cell)}</td>" for cell in row) + "</tr>"
    yield "</table>"
