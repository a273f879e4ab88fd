"""Who holds the office that a question asks for."""

import pytest
from fakes import hit

from pullquote.qa.offices import holds_office
from pullquote.qa.types import Span

TEXT = (
    "Interim Police Chief Bo Stern and Mayor Ines Okafor met. Cid Blum, the fire chief, did not "
    "come. Dee Lund sang for Chief Stern."
)


@pytest.mark.parametrize(
    ("question", "name", "holds"),
    [
        ("Who is the police chief?", "Bo Stern", True),
        ("Who is the police chief?", "Stern", True),
        ("Who is the chief?", "Cid Blum", True),
        ("Who is the mayor?", "Ines Okafor", True),
        ("Who is the mayor?", "Bo Stern", False),
        ("Who is the mayor?", "Dee Lund", False),
        ("Who is the deputy mayor?", "Ines Okafor", False),
        ("Who sang?", "Dee Lund", False),
        ("Who is the mayor?", "met", False),
    ],
)
def test_who_holds_an_office(question: str, name: str, holds: bool) -> None:
    found = hit(1, TEXT)
    start = TEXT.index(name)
    span = Span(found.passage, found.article, start, start + len(name), 1.0)
    assert holds_office(question, span) == holds
