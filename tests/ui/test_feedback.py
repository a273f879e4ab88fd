"""Judgements of answers: whole lines, whoever writes and whatever is killed, and a test set."""

import json
import threading
from datetime import date
from pathlib import Path

import pytest
from fakes_ui import COST, FakeAssistant
from hypothesis import given
from hypothesis import strategies as st

from pullquote.qa.evaluation.datasets import read_questions
from pullquote.qa.types import Within
from pullquote.ui import words
from pullquote.ui.feedback import FeedbackError, FeedbackFile, Judgement, feedback_line
from pullquote.ui.turns import Conversation, next_turn

LINES = st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=30), max_size=3), max_size=4)


def conversation(*questions: str, within: Within | None = None) -> Conversation:
    made = Conversation(within=within or Within())
    for question in questions:
        made.turns.append(next_turn(FakeAssistant(), question, made))
    return made


def stored(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_what_is_kept_is_a_test_set(tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    kept = FeedbackFile(file)
    within = Within(date(2023, 1, 1), None, ("Riverton Courier",), ("bridge",))
    asked = conversation("What did it cost?", "Who won?", "Who is its mayor?", within=within)
    kept.add(feedback_line(asked, 0, Judgement(liked=True, comment="fine")))
    kept.add(feedback_line(asked, 1, Judgement(liked=True)))
    kept.add(feedback_line(asked, 2, Judgement(liked=False)))  # and nobody knows what is right
    kept.add(feedback_line(asked, 2, Judgement(liked=False, right="Bo Stern")))
    kept.add(feedback_line(asked, 2, Judgement(liked=False, nowhere=True)))
    read = read_questions(file).questions
    assert [one.answers for one in read] == [("$14.2 million",), (), ("Bo Stern",), ()]
    assert read[0].article_ids == tuple(one.path for one in COST.citations)
    assert read[2].history == ("What did it cost?", "Who won?")
    assert {one.within for one in read} == {within}


def test_a_form_may_say_anything() -> None:
    said = Judgement.of_form({"liked": "yes", "comment": " é ", "right": 7, "nowhere": ["x"]})
    assert said == Judgement(liked=True, comment="é")
    long = Judgement.of_form({"comment": "x" * 10_000, "nowhere": "yes"})
    assert (len(long.comment), long.liked, long.nowhere) == (2000, False, True)
    assert Judgement.of_form({}) == Judgement(liked=False)


@given(LINES, st.binary(max_size=40).filter(lambda torn: b"\n" not in torn), LINES)
def test_a_torn_line_harms_no_other(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[dict[str, str]],
    torn: bytes,
    after: list[dict[str, str]],
) -> None:
    file = tmp_path_factory.mktemp("kept") / "feedback.jsonl"
    for line in before:
        FeedbackFile(file).add(line)
    with file.open("ab") as stream:
        stream.write(torn)
    for line in after:
        FeedbackFile(file).add(line)
    if after:
        assert stored(file) == [*before, *after]
    else:
        assert file.read_bytes().endswith(torn)


@given(st.integers(1, 200))
def test_a_test_set_is_read_up_to_where_a_kill_has_torn_it(
    tmp_path_factory: pytest.TempPathFactory, lost: int
) -> None:
    file = tmp_path_factory.mktemp("torn") / "feedback.jsonl"
    asked = conversation("What did it cost – é?", "Who won?")
    for turn in (0, 1):
        FeedbackFile(file).add(feedback_line(asked, turn, Judgement(liked=True)))
    whole = file.read_bytes()
    file.write_bytes(whole[:-lost])
    expected = ["What did it cost – é?", "Who won?"] if lost == 1 else ["What did it cost – é?"]
    assert [one.question for one in read_questions(file).questions] == expected


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    own = [FeedbackFile(file) for _ in range(4)]  # as if of four processes

    def write(at: int) -> None:
        for n in range(20):
            own[at].add({"n": f"{at}-{n}"})

    threads = [threading.Thread(target=write, args=[at]) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one["n"] for one in stored(file)} == {f"{a}-{n}" for a in range(4) for n in range(20)}


def test_a_full_file_takes_no_more(tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    FeedbackFile(file, largest=20).add({"a": "1"})
    with pytest.raises(FeedbackError, match=r"full"):
        FeedbackFile(file, largest=20).add({"long": "x" * 20})
    assert stored(file) == [{"a": "1"}]


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    file = tmp_path / "no directory"
    file.touch()
    with pytest.raises(FeedbackError) as caught:
        FeedbackFile(file / "feedback.jsonl").add({"a": 1})
    assert str(caught.value) == words.NOT_KEPT
