"""What flows through: Hit → Span → Quote → Answer."""

from dataclasses import dataclass
from datetime import date

from pullquote.index.types import Article, Hit, Passage


@dataclass(frozen=True, slots=True)
class Span:
    """What the reader lifts out of a passage: `article.text[start:end]`.

    `score` is the log of how likely an answer is there, minus that of "no answer" in the same
    passage, so scores of different passages can be compared; 0 is where the reader itself is
    undecided. Ranking adds what the retriever thinks of the passage.
    """

    passage: Passage
    article: Article
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something, where the article names them: `article.text[start:end] == text`.

    `text` is "Interim Police Chief Kenny Howell", `name` "Kenny Howell" and `office` the rest.
    Whoever has no name ("a police spokesman", "police data") is all name and has no office.
    """

    start: int
    end: int
    text: str
    name: str
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote stands: `article.text[start:end] == quote`, checked when this was made.

    `speaker` is who says it, where it is said by somebody and the article tells by whom.
    """

    number: int
    article_id: str
    title: str
    source: str | None
    published: date | None
    path: str
    start: int
    end: int
    quote: str
    speaker: Speaker | None = None


@dataclass(frozen=True, slots=True)
class TimeNote:
    """What a time in a sentence means, by its article's date: "this year" is 2024.

    `start` and `end` are characters of the sentence: `sentence[start:end] == text`.
    """

    start: int
    end: int
    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Quote:
    """One distinct answer, inside its whole sentence, and every article that gives it.

    `times` are notes on the sentence, by the date of the first article; none where it has no date.
    """

    text: str
    sentence: str
    confidence: float
    citations: tuple[Citation, ...]
    times: tuple[TimeNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """One answer of a timeline: the dates of the first and the last article that gives it best.

    Both are None where none of them has a date.
    """

    first: date | None
    last: date | None
    quote: Quote


@dataclass(frozen=True, slots=True)
class Timeline:
    """Different answers of different articles, newest first; undated ones stand at the end.

    `summary` is a sentence about the articles: how many they are, of when, and that they differ.
    """

    summary: str
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What became of a passage that was found.

    `hit` has its ranks by words and by vectors. `reader` is the reader's score of its best span,
    None where it was not read; `text` is the span that came out best, and `score` what it has with
    all that is added and lost, None where none of its spans counts.
    """

    hit: Hit
    reader: float | None = None
    text: str | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an answer came about: what was asked of the articles, and each passage found, best first.

    `time` says which time was looked for, None where the question names none; `preferred` which
    articles count for more, None where all are alike. `reason` says why the first answer is first,
    or why there is none. Confidences below `threshold` are not shown.
    """

    asked: str
    time: str | None
    preferred: str | None
    threshold: float
    reason: str
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to a question; `text` is None where the articles do not answer it.

    `confidence` is the probability, in [0, 1], that the best quote is right. `notice` is a
    sentence about the articles that were looked at, never about the news. `hits` are the
    passages that were read, best first. Where articles give different answers, `timeline` holds
    those of the quotes that do, by date. `understood` is what was asked of the articles in place of
    a question that leans on earlier turns; None where it stands alone. `explanation` is how all of
    it came about.
    """

    question: str
    text: str | None
    confidence: float
    quotes: tuple[Quote, ...]
    hits: tuple[Hit, ...]
    notice: str | None = None
    timeline: Timeline | None = None
    understood: str | None = None
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One earlier turn of a conversation: the question, and the answer it was given."""

    question: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Within:
    """What articles must be; `Within()` lets all of them through.

    `since` and `until` are the first and the last day of publication, and leave undated articles
    out. `sources` are publications, `articles` ids; of each, none means any.
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


EVERYTHING = Within()
