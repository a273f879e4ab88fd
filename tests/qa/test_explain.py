"""An answer tells how it came about."""

from datetime import date

from fakes import FixedRetriever, SubstringReader, hit

from pullquote.index.types import Hit
from pullquote.qa import Answer, Assistant
from pullquote.qa.calibration import Calibration
from pullquote.qa.types import Explanation

EVEN = Calibration(1.0, 0.0, 0.5, 2.0)  # a score above 0 is answered; a found passage adds 2
OLD, NEW = date(2017, 1, 12), date(2024, 8, 5)
MAYORS = [hit(1, "Mayor Ann Olufsen spoke.", OLD), hit(2, "Mayor Cid Blum spoke.", NEW)]
SCORES = {"Ann Olufsen": 5.0, "Cid Blum": 4.9}


def explained(
    question: str, hits: list[Hit] | None = None, scores: dict[str, float] | None = None
) -> tuple[Answer, Explanation]:
    retriever = FixedRetriever(MAYORS if hits is None else hits, newest=NEW)
    reader = SubstringReader(SCORES if scores is None else scores)
    answer = Assistant(retriever, reader, EVEN).ask(question)
    assert answer.explanation
    return answer, answer.explanation


def test_each_passage_has_the_readers_score_and_what_it_came_to() -> None:
    _, explanation = explained("Who was mayor?")
    assert [(one.hit.passage.id, one.reader, one.text, one.score) for one in explanation.looks] == [
        (1, 5.0, "Ann Olufsen", 7.0),
        (2, 4.9, "Cid Blum", 6.9),
    ]
    assert explanation.reason == "“Ann Olufsen” is the likeliest answer, at 1.00."
    assert (explanation.asked, explanation.time, explanation.threshold) == (
        "Who was mayor?",
        None,
        0.5,
    )


def test_what_a_date_costs_is_told() -> None:
    _, explanation = explained("Who was mayor in 2017?")
    assert explanation.time == (
        "It asks about 2017: answers of another time lose 8, those without a date 6."
    )
    assert [one.score for one in explanation.looks] == [7.0, 4.9 + 2 - 8]
    _, explanation = explained("Who was mayor when Olufsen was governor?")
    assert explanation.time == (
        "It asks about the time of Olufsen: answers of articles without that name lose 8."
    )


def test_why_the_likeliest_is_not_first() -> None:
    answer, explanation = explained("Who is mayor?")
    assert answer.text == "Cid Blum"
    assert explanation.reason == (
        "“Cid Blum” is nearly as likely as “Ann Olufsen”, and of the time that the question "
        "prefers."
    )
    listed = hit(1, "It names the DEA. The council, and then the FBI, joined.")
    answer, explanation = explained(
        "Which agencies joined?", [listed], {"the FBI": 5.0, "the DEA": 4.0}
    )
    assert answer.text == "the DEA"
    assert explanation.reason == "The items of a list stand in the order of their article."


def test_why_there_is_no_answer() -> None:
    answer, explanation = explained("Who is mayor?", scores={"Ann Olufsen": -3.0})
    assert answer.text is None
    assert explanation.reason == (
        "The likeliest answer, “Ann Olufsen”, has a confidence of 0.27; below 0.50 none is shown."
    )
    assert [one.text for one in explanation.looks] == ["Ann Olufsen", None]
    for hits in (MAYORS, []):
        answer, explanation = explained("Who is mayor?", hits, {})
        assert explanation.reason == "Nothing in the passages that were read could be an answer."


def test_passages_that_are_not_read_are_named() -> None:
    said = ["Nothing happened."] * 3 + ["All was quiet."] * 2
    many = [hit(number, text, OLD) for number, text in enumerate(said, 1)]
    _, explanation = explained("Why is it?", many, {"Nothing": 4.0})
    assert [one.reader for one in explanation.looks] == [4.0] * 3 + [None] * 2
