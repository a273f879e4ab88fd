"""Which words of earlier turns a question means but leaves out."""

import gzip
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.errors import ModelError
from pullquote.qa import terms
from pullquote.qa.followups import leaned_on, stands_alone, understood
from pullquote.qa.terms import (
    EMPTY,
    WORD,
    features,
    mentions_of,
    plain,
    shipped_weights,
    terms_left_out,
)
from pullquote.qa.training.followups import read_followups, without_titles
from pullquote.qa.training.terms import learned, main
from pullquote.qa.types import Answer, Message


def turn(question: str, answer: str | None = None) -> Message:
    return Message(question, Answer(question, answer, 0.9, (), ()))


SAID = """
    And he what they there Hartford's Riverton Mayor mayor bridge closed in 2017 . ? ’s I’m U.S.
    Łódź _ — the
"""
WORDS = st.sampled_from(SAID.split())
TEXTS = st.text(max_size=60) | st.lists(WORDS, max_size=30).map(" ".join)
TURNS = st.lists(st.builds(turn, TEXTS, st.none() | TEXTS), max_size=5)


@given(question=TEXTS, turns=TURNS)
def test_terms_are_words_of_the_turns_that_the_question_lacks(
    question: str, turns: list[Message]
) -> None:
    said = " ".join(f"{one.question}\n{one.answer and one.answer.text}" for one in turns)
    chosen = terms_left_out(question, turns)
    assert all(term in said for term in chosen)
    assert not {plain(term) for term in chosen} & {plain(word) for word in WORD.findall(question)}
    assert not {plain(term) for term in chosen} & EMPTY
    assert len({plain(term) for term in chosen}) == len(chosen)


@given(question=TEXTS, turns=TURNS)
def test_whatever_speaks_for_a_term_has_been_learned(question: str, turns: list[Message]) -> None:
    for mentions in mentions_of(question, turns).values():
        found = features(question, turns, mentions)
        assert all(map(math.isfinite, found.values()))
        assert found.keys() <= shipped_weights().keys()


@given(question=TEXTS, turns=TURNS)
def test_a_question_that_stands_alone_takes_nothing_over(
    question: str, turns: list[Message]
) -> None:
    assert not stands_alone(question) or understood(question, turns) == question


@given(turns=TURNS)
def test_what_is_leaned_on_ends_with_the_last_turn(turns: list[Message]) -> None:
    leaned = list(leaned_on(turns))
    assert leaned == turns[len(turns) - len(leaned) :]
    assert bool(leaned) == bool(turns)


def test_what_a_conversation_is_about_is_taken_over_from_its_first_question() -> None:
    turns = [
        turn("How do I repair a garage door opener?", "First find out whether the motor runs."),
        turn("And if it does not?", "Then look for a fuse that has blown."),
    ]
    meant = understood("How much does it cost to replace it?", turns)
    assert "garage door opener" in meant
    assert "motor" not in meant


def test_what_was_named_before_the_subject_changed_is_not_taken_over() -> None:
    turns = [turn("Who was mayor of Hartford?"), turn("Who is Rosa Blum of Riverton?")]
    meant = understood("What did she teach?", turns)
    assert "Blum" in meant
    assert "Hartford" not in meant


def test_a_name_is_written_as_inside_a_sentence() -> None:
    turns = [turn("Where did Zappa record?", "ZAPPA'S studio was in Los Angeles.")]
    assert "Zappa" in terms_left_out("Why did he leave?", turns)


@pytest.mark.parametrize("damaged", ["", "[]", '{"always": "much"}'])
def test_weights_that_cannot_be_read_are_an_error(
    damaged: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "terms.json").write_text(damaged)
    monkeypatch.setattr(terms, "WEIGHTS", tmp_path)
    shipped_weights.cache_clear()
    with pytest.raises(ModelError, match=r"terms\.json cannot be read .*; install pullquote again"):
        terms_left_out("Why did he leave?", [turn("Where did Zappa record?")])
    shipped_weights.cache_clear()


def test_what_is_right_gets_the_greater_weight() -> None:
    name = ({"always": 1.0, "name": 1.0}, True, 1.0)
    other = ({"always": 1.0, "verbal": 1.0}, False, 1.0)
    weights = learned([name, other] * 20)
    assert weights["name"] > 0 > weights["verbal"]


def test_weights_are_learned_from_conversations(tmp_path: Path) -> None:
    names = [
        "Ann Lee",
        "Bo Carr",
        "Cy Dorn",
        "Di Eaves",
        "Ed Fry",
        "Flo Gant",
        "Gus Hale",
        "Hal Ide",
    ]
    articles = []
    talks = []
    for number in range(60):
        name = names[number % len(names)]
        about = [name, "Early life"]
        talked = [*about, "Where was he born?", "In a village by the sea."]
        for history, asked, meant in (
            (about, "Where was he born?", f"Where was {name} born?"),
            (talked, "When did he move?", f"When did {name} move?"),
            (talked, "Who lives there?", "Who lives there?"),
        ):
            id_ = f"talk {number}"
            entry = {"History": history, "Question": asked, "Rewrite": meant}
            articles.append({**entry, "QuAC_dialog_id": id_})
        utterances = [(f"Who is {name}?",) * 2, ("Where was he born?", f"Where was {name} born?")]
        turns = [{"utterance": said, "manual_rewritten_utterance": m} for said, m in utterances]
        talks.append({"number": number, "turn": turns})
    for file, entries in (("canard-dev", articles), ("cast-2020", talks), ("cast-2022", talks)):
        (tmp_path / f"{file}.json.gz").write_bytes(gzip.compress(json.dumps(entries).encode()))
    main(tmp_path, tmp_path / "terms.json")
    weights = json.loads((tmp_path / "terms.json").read_text())
    found = [one for one in read_followups(tmp_path / "canard-dev.json.gz") if one.turns]
    report = [one for one in found if one.part == "report" and one.left_out]
    assert report
    for one in report:
        assert one.left_out <= {
            plain(term) for term in terms_left_out(one.question, one.turns, weights)
        }
    spoken = list(without_titles(found))
    assert len(spoken) < len(found)
    assert all("Early life" not in one.turns[0].question for one in spoken)
