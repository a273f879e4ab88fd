"""What a program may send, and how much of it: the same over HTTP and over MCP."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from pullquote.index.generation import LONGEST_QUESTION

MOST_PASSAGES = 100
LONGEST_HISTORY = 20  # questions
LONGEST_NAME = 1000  # characters of an id or a source
MOST_ARTICLES = 20  # that a search may be narrowed to


def _day(value: Any) -> Any:
    # pydantic alone would take 0 for a day of 1970.
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("a day is written 2017-01-31")
    return value


Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_QUESTION,
        pattern=r"\S",
        description="What you want to know, in your own words.",
        examples=["Who was Hartford's mayor in January 2017?"],
    ),
]
Earlier = Annotated[str, Field(max_length=LONGEST_QUESTION)]
History = Annotated[
    list[Earlier],
    Field(
        max_length=LONGEST_HISTORY,
        description="Earlier questions of the conversation, oldest first.",
    ),
]
Name = Annotated[str, Field(max_length=LONGEST_NAME)]
Count = Annotated[
    int, Field(ge=1, le=MOST_PASSAGES, description="How many passages to find at most.")
]


def _left_out(about: str, **schema: Any) -> WithJsonSchema:
    """The schema of what may be left out: null is let pass, but a query cannot say it."""
    return WithJsonSchema({"type": "string", "description": about, **schema})


Since = Annotated[
    date | None,
    BeforeValidator(_day),
    _left_out("The first day of publication; undated articles are left out.", format="date"),
]
Until = Annotated[
    date | None,
    BeforeValidator(_day),
    _left_out("The last day of publication; undated articles are left out.", format="date"),
]
Source = Annotated[
    Name | None,
    _left_out("The publication, whatever the case of its letters.", maxLength=LONGEST_NAME),
]
Articles = Annotated[
    list[Name],
    Field(max_length=MOST_ARTICLES, description="Ids of articles to search; none searches all."),
]
ArticleId = Annotated[
    str, Field(max_length=LONGEST_NAME, description="The article_id of a citation or a passage.")
]


class AskRequest(BaseModel):
    """A question, with the conversation before it."""

    model_config = ConfigDict(extra="forbid")

    question: Question
    history: History = []
    id: Annotated[
        Name | None, Field(description="Your own name for the question, handed back unchanged.")
    ] = None
    explain: Annotated[bool, Field(strict=True, description="Say how the answer came about.")] = (
        False
    )


class SearchRequest(BaseModel):
    """What to look for, and where."""

    model_config = ConfigDict(extra="forbid")

    question: Question
    k: Count = 5
    since: Since = None
    until: Until = None
    source: Source = None
    article: Articles = []


class ReadRequest(BaseModel):
    """Which article to read."""

    model_config = ConfigDict(extra="forbid")

    article_id: ArticleId
