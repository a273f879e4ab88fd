"""The JSON of `json_format`, described for programs: what OpenAPI and MCP say of every answer."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Offset = Annotated[int, Field(ge=0, description="A character, counted from 0.")]


class _Body(BaseModel):
    # A key that is not described here would be a promise that nobody wrote down.
    model_config = ConfigDict(extra="forbid")


class SpeakerBody(_Body):
    """Who says a quote: `article.text[start:end] == text`."""

    text: str
    name: str
    start: Offset
    end: Offset


class CitationBody(_Body):
    """Where a quote stands: `article.text[start:end] == quote`, character by character."""

    number: int
    article_id: str
    title: str
    source: str | None
    published: date | None
    path: str
    start: Offset
    end: Offset
    quote: str
    speaker: SpeakerBody | None


class TimeBody(_Body):
    """What a time in a sentence means: `sentence[start:end] == text`."""

    start: Offset
    end: Offset
    text: str
    meaning: str


class QuoteBody(_Body):
    """One distinct answer in its sentence, with every article that gives it."""

    text: str
    sentence: str
    confidence: Share
    citations: list[CitationBody]
    times: list[TimeBody]


class PassageBody(_Body):
    """A passage that was read: `article.text[start:end] == text`."""

    article_id: str
    path: str
    start: Offset
    end: Offset
    text: str
    score: float


class HitBody(PassageBody):
    """A passage that was found, with what is known about its article."""

    title: str
    source: str | None
    published: date | None
    rank: Annotated[int, Field(ge=1)]
    other_paths: list[str]


class FoundBody(_Body):
    """What a search found, best first."""

    result: list[HitBody]


class MomentBody(_Body):
    """An answer of a timeline, with the days of its first and last article."""

    first: date | None
    last: date | None
    answer: Annotated[int, Field(ge=0, description="Its place in answers, counted from 0.")]


class TimelineBody(_Body):
    """Different answers of articles of different dates, newest first."""

    summary: str
    moments: list[MomentBody]


class LookBody(_Body):
    """What became of a passage that was found; a rank counts from 1, null is not in that list."""

    article_id: str
    path: str
    start: Offset
    end: Offset
    by_words: int | None
    by_vectors: int | None
    reader: Annotated[float | None, Field(description="Its best score; null if it was not read.")]
    answer: Annotated[str | None, Field(description="The span that came out best.")]
    score: Annotated[float | None, Field(description="Of that span, with all added and lost.")]


class ExplanationBody(_Body):
    """How an answer came about; passages are in the order of what was found in them."""

    asked: str
    time: str | None
    preferred: str | None
    threshold: Share
    reason: str
    passages: list[LookBody]


class AnswerBody(_Body):
    """Quotes that answer a question; `answer` is null and `answers` empty where it abstained."""

    id: str | None
    question: str
    answer: Annotated[str | None, Field(description="The text of the first of the answers.")]
    confidence: Share
    answers: list[QuoteBody]
    passages: list[PassageBody]
    seconds: Annotated[float, Field(ge=0)]
    notice: str | None
    timeline: TimelineBody | None
    understood: Annotated[
        str | None,
        Field(description="What was asked in place of a question that leans on earlier ones."),
    ]
    explanation: Annotated[
        ExplanationBody | None, Field(description="How it came about; null unless asked for.")
    ]


class ArticleBody(_Body):
    """A whole article; offsets of quotes and passages count the characters of `text`."""

    id: str
    title: str
    source: str | None
    published: date | None
    url: str | None
    path: str
    other_paths: list[str]
    sha256: str
    text: str


class FaultBody(_Body):
    """One thing that is wrong with what was sent."""

    where: Annotated[str, Field(description="body, query or path.")]
    pointer: Annotated[str, Field(description="A JSON pointer (RFC 6901), such as /history/2.")]
    detail: str


class ProblemBody(_Body):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FaultBody] | None = None
