"""Whether somebody has the office that is asked for: "Interim Police Chief Kenny Howell"."""

import re

from pullquote.qa.attribution.people import NAMES, ROLES, person_at
from pullquote.qa.types import Span

_NAMES = re.compile(NAMES)
_FARTHEST = 80  # characters before a name in which its office begins


def holds_office(question: str, span: Span) -> bool:
    """Whether the span is somebody's name, beside which the office stands that is asked for.

    "Who is the police chief?" asks for a chief. The office may have more words ("interim"), and an
    article may leave some out ("Chief Howell").
    """
    asked = ROLES.intersection(re.findall(r"[\w-]+", question.lower()))
    text = span.article.text
    if not asked:
        return False
    for match in _NAMES.finditer(text, max(0, span.start - _FARTHEST), span.end + _FARTHEST):
        person = person_at(text, *match.span())
        if person and person.name_start < span.end and span.start < person.name_end:
            office = text[person.start : person.name_start] + text[person.name_end : person.end]
            return asked <= set(re.findall(r"[\w-]+", office.lower()))
    return False
