"""Whose time a question asks about: "while Bronin was mayor", "under Governor Malloy".

An article of that time seldom says so of itself; that it names the person is what tells.
"""

import re
from dataclasses import dataclass

_OFFICE = (
    r"(?:(?:acting|interim|vice|deputy|lieutenant|lt\.?|prime|police|fire|attorney|city|state) )*"
    r"(?:mayor|governor|gov\.?|president|chief|minister|chancellor|commissioner|superintendent|"
    r"sheriff|general|manager|director|secretary|senator|speaker|premier)"
)
_NAME = r"(?P<name>[\w.’'-]+?(?: [\w.’'-]+?){0,2})"  # as casual questions type it, in small letters
_CAPITAL = r"(?P<name>(?-i:[A-Z])[\w’'-]+(?: (?-i:[A-Z])[\w.’'-]+){0,2})"
_END = r"(?=\s*(?:[?!.,;]|$))"
_FORMS = [
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?:back )?(?:while|when|at the time) {_NAME} (?:was|is) (?:still )?"
        rf"(?:(?:the |its |their )?{_OFFICE}(?: of [\w ]+?)?|in office|in charge){_END}",
        rf"\b(?:in|during|under) (?:the )?(?:{_OFFICE} )?{_NAME}['’]s? "
        rf"(?:time|term|tenure|administration|days|years|era)(?: as (?:the )?{_OFFICE})?{_END}",
        rf"\b(?:in|during|under) the {_CAPITAL} (?:administration|years|era){_END}",
        rf"\bunder (?:(?:the )?{_OFFICE} )?{_CAPITAL}{_END}",
        rf"\bunder {_OFFICE} {_NAME}{_END}",
        rf"(?:\bwith |, ){_NAME} as (?:the )?{_OFFICE}{_END}",
        r"\b(?P<name>[\w’']+)-era\b",
    )
]
_FEWEST = 2  # words that must be left of a question


@dataclass(frozen=True, slots=True)
class Era:
    """A person, by the last word of the name, and what is asked about that person's time."""

    name: str
    question: str


def era_of(question: str) -> Era | None:
    """Whose time the question names, if it does; what is left of it can be asked of articles.

    "Who was police chief while Luke Bronin was mayor?" is "Who was police chief?" of the articles
    that mention Bronin.
    """
    for form in _FORMS:
        if match := form.search(question):
            left = (
                f"{question[: match.start()].rstrip(' ,')} {question[match.end() :].lstrip(' ,')}"
            )
            left = re.sub(r"\s+([?.!,;])", r"\1", left.strip())
            name = re.sub(r"['’]s?$", "", match["name"].split()[-1])
            if len(re.findall(r"\w+", left)) >= _FEWEST:
                return Era(name, left)
    return None
