"""Example questions: about the articles at hand, and such as are answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fakes_ui import BRIDGE, COST

from pullquote.index.catalog import Catalog
from pullquote.index.errors import QuestionError
from pullquote.index.types import Article
from pullquote.qa.types import EVERYTHING, Answer, Message, Within
from pullquote.ui.suggestions import OF_ONE_KIND, SHOWN, TRIED, Suggestions

TEXT = (
    "Police Chief Rosa Blum said the old bridge over the Lea would stay closed until March.\n\n"
    "Deputy Mayor Bo Stern said that the repairs would cost more than two million dollars.\n\n"
    "“It is a scandal,” said Ann Olufsen, who owns a shop at the bridge.\n\n"
    "He said it would never open again.\n"
)


@dataclass(frozen=True)
class State:
    name: str
    texts: tuple[str, ...]

    def articles(self, count: int) -> Sequence[Article]:
        made = [replace(BRIDGE, id=str(n), text=text) for n, text in enumerate(self.texts)]
        return made[:count]


class Knowing:
    """Answers questions that have a word with a name; notes what it is asked."""

    def __init__(self, answers: dict[str, str], confidence: float = 0.9) -> None:
        self.asked: list[str] = []
        self._answers = answers
        self._confidence = confidence

    def ask(
        self, question: str, history: Sequence[Message] = (), within: Within = EVERYTHING
    ) -> Answer:
        self.asked.append(question)
        if "scandal" in question:
            raise QuestionError("No.")
        text = next((name for word, name in self._answers.items() if word in question), None)
        return Answer(question, text, self._confidence if text else 0.0, (COST,), ())


def test_questions_that_are_answered_are_suggested() -> None:
    knowing = Knowing({"closed": "Rosa Blum", "Police Chief": "Blum", "repairs": "nobody"})
    found = Suggestions(knowing, lambda: State("1", (TEXT,)))()
    assert "Who said the old bridge over the Lea would stay closed until March?" in found
    assert "Who is the Police Chief?" in found
    assert set(found) <= set(knowing.asked)
    assert not [one for one in found if one.startswith("Who said the repairs")]  # it was not nobody
    assert not [one for one in knowing.asked if " it " in one or "He " in one]


def test_unlikely_answers_and_refused_questions_are_none() -> None:
    unsure = Knowing({"": "Rosa Blum"}, confidence=0.3)
    assert Suggestions(unsure, lambda: State("1", (TEXT,)))() == []
    assert Suggestions(Knowing({}), lambda: State("1", ("", "Nobody speaks.")))() == []


def test_they_are_found_once_for_each_state_and_not_for_ever() -> None:
    knowing = Knowing({})
    state = State("1", tuple(TEXT.replace("closed", f"closed {n} times") for n in range(40)))
    drawn = Suggestions(knowing, lambda: state)
    drawn()
    tried = len(knowing.asked)
    assert 0 < tried <= TRIED
    drawn()
    assert len(knowing.asked) == tried
    state = replace(state, name="2")
    drawn()
    assert len(knowing.asked) == 2 * tried


def test_they_are_few_and_of_several_kinds() -> None:
    many = tuple(TEXT.replace("closed", f"closed {n} times") for n in range(9))
    found = Suggestions(Knowing({"": "Blum Stern"}), lambda: State("1", many))()
    assert len(found) <= SHOWN
    assert sum(one.startswith("Who said") for one in found) == OF_ONE_KIND


def test_articles_are_taken_from_all_over_the_catalog() -> None:
    catalog = Catalog.create(Path(":memory:"))
    assert catalog.spread(3) == []
    for number in range(10):
        catalog.add(replace(BRIDGE, id=str(number)), [(0, 4)])
    assert [one.id for one in catalog.spread(3)] == ["0", "3", "6"]
    assert len(catalog.spread(40)) == 10
    catalog.close()
