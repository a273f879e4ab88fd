"""How an answer came about: what was found, what the reader thought of it, and what decided."""

from collections.abc import Sequence

from pullquote.index.types import Hit
from pullquote.qa.asked import NO_TIME, OTHER_TIME, AskedTime
from pullquote.qa.calibration import Calibration
from pullquote.qa.dates import in_words
from pullquote.qa.eras import Era
from pullquote.qa.preferring import JUST_CITED
from pullquote.qa.protocols import Reader
from pullquote.qa.types import Look, Quote, Span, Timeline

LONGEST = 80  # characters of an answer inside a sentence about it


class RememberingReader:
    """A reader that remembers its best score of each passage, for one question."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.best: dict[int, float] = {}  # by the passage's id

    def read(self, question: str, hits: Sequence[Hit], spans_each: int = 3) -> list[Span]:
        """What the reader finds."""
        spans = self._reader.read(question, hits, spans_each)
        for span in spans:
            known = self.best.get(span.passage.id, span.score)
            self.best[span.passage.id] = max(known, span.score)
        return spans


def looks(hits: Sequence[Hit], spans: Sequence[Span], reader: dict[int, float]) -> tuple[Look, ...]:
    """What became of each passage found, in their order.

    `spans` are those that count, best first; `reader` has the reader's own best score by passage.
    """
    best: dict[int, Span] = {}
    for span in spans:
        best.setdefault(span.passage.id, span)
    return tuple(
        Look(
            hit,
            reader.get(hit.passage.id),
            found.article.text[found.start : found.end] if found else None,
            found.score if found else None,
        )
        for hit, found in ((hit, best.get(hit.passage.id)) for hit in hits)
    )


def time_looked_for(asked: AskedTime | None, era: Era | None) -> str | None:
    """Which time was looked for, and what others lose by it."""
    if era:
        return (
            f"It asks about the time of {era.name}: answers of articles without that name lose "
            f"{OTHER_TIME:g}."
        )
    if asked:
        undated = "nothing" if asked.counted else f"{NO_TIME:g}"
        return (
            f"It asks about {in_words(asked.period)}: answers of another time lose "
            f"{OTHER_TIME:g}, those without a date {undated}."
        )
    return None


def articles_preferred(cited: Sequence[str], retrieval: float) -> str | None:
    """Which articles count for more after a question that leans on the turn before."""
    if not cited:
        return None
    gained = JUST_CITED * retrieval
    return (
        f"It leans on the turns before: answers of articles just cited gain {gained:.1f}, and "
        "others lose as much."
    )


def reason(
    spans: Sequence[Span],
    calibration: Calibration,
    quotes: Sequence[Quote],
    timeline: Timeline | None,
) -> str:
    """Why the first of the quotes is first, or why there is none, in one sentence."""
    if not spans:
        return "Nothing in the passages that were read could be an answer."
    likeliest = spans[0]
    said = _short(likeliest.article.text[likeliest.start : likeliest.end])
    confidence = calibration.confidence(likeliest.score)
    if confidence < calibration.threshold:
        return (
            f"The likeliest answer, “{said}”, has a confidence of {confidence:.2f}; below "
            f"{calibration.threshold:.2f} none is shown."
        )
    if not quotes:
        return "The article no longer has the passage that would answer."
    if _is_of(quotes[0], likeliest):
        return f"“{_short(quotes[0].text)}” is the likeliest answer, at {confidence:.2f}."
    if timeline:
        return (
            f"“{_short(quotes[0].text)}” is nearly as likely as “{said}”, and of the time that the "
            "question prefers."
        )
    return "The items of a list stand in the order of their article."


def _is_of(quote: Quote, span: Span) -> bool:
    return any(
        one.article_id == span.article.id and one.start < span.end and span.start < one.end
        for one in quote.citations
    )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(None, 1)[0] + " …"
