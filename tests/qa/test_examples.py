"""What the reader learns from."""

import gzip
import json
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from pullquote.qa.training.examples import (
    Example,
    as_keywords,
    cropped,
    read_examples,
    windows_of,
    with_lead,
)
from pullquote.qa.training.negatives import strangers
from pullquote.qa.training.news import news_pairs
from pullquote.qa.training.written import paragraph_key, written_examples


@pytest.mark.parametrize(
    ("question", "keywords"),
    [
        ("Who was the first mayor of Oslo?", "first mayor of oslo"),
        (
            "How many ships did O'Hara's yard build in 1912?",
            "how ships o'hara's yard build in 1912",
        ),
        ("Who was it bought by?", "Who was it bought by?"),  # one word would be left
        ("", ""),
    ],
)
def test_a_question_is_typed_as_keywords(question: str, keywords: str) -> None:
    assert as_keywords(Example(question, "", "", ())).question == keywords


@given(st.text(max_size=80))
def test_keywords_are_the_questions_own(question: str) -> None:
    made = as_keywords(Example(question, "title", "passage", ((0, 4),)))
    assert (made.title, made.passage, made.answers) == ("title", "passage", ((0, 4),))
    assert all(word in question.lower() for word in made.question.lower().split())


STORY = (
    "The mill in Oxby closed in May. “It was time,” said Rosa Blum, who had run it. "
    "Two buyers came to look at it.\n"
    "Sign up for our morning newsletter.\n"
    "“Nobody came any more,” she said. Two of the looms go to a museum."
)


def told(answer: str, start: int) -> Example:
    return Example("Who bought?", "Mill", STORY, ((start, start + len(answer)),))


def test_windows_are_the_passages_of_the_index_with_the_answers_inside() -> None:
    first, second = windows_of(told("Two", STORY.rindex("Two")))
    assert first.answers == ()
    assert [second.passage[start:end] for start, end in second.answers] == ["Two"]
    assert (first.lead, second.lead) == ("", first.passage)


def test_a_crop_holds_an_answer_where_there_is_one() -> None:
    for choice in (0.0, 0.5, 0.99):
        assert cropped(told("Two", STORY.rindex("Two")), choice).passage.endswith("museum.")
    assert cropped(Example("Who?", "", STORY, ()), 0.99).passage.endswith("museum.")


def test_an_answer_across_two_windows_leaves_the_pair_whole() -> None:
    whole = Example("What?", "", STORY, ((0, len(STORY)),))
    assert cropped(whole, 0.5) == whole


def test_what_stands_before_a_crop_can_be_its_lead() -> None:
    crop = windows_of(told("Two", STORY.rindex("Two")))[1]
    assert with_lead(crop, STORY).lead.endswith("newsletter.")
    assert with_lead(crop, crop.passage).lead == ""


def test_news_pairs_hold_the_answer_where_the_file_says_or_not_at_all() -> None:
    here = told("Two", STORY.rindex("Two"))
    elsewhere = Example("Who runs the dam?", "Dam", "Ada Moss runs the dam.", ())
    pairs = list(news_pairs([here, elsewhere], seed=1))
    answered = [pair for pair in pairs if pair.answers]
    assert [pair.passage for pair in answered] == [windows_of(here)[1].passage]
    # "Two buyers" is another two: the first window is no example for this question at all.
    assert ("Who bought?", windows_of(here)[0].passage) not in {
        (pair.question, pair.passage) for pair in pairs
    }
    assert ("Who runs the dam?", "Ada Moss runs the dam.") in {
        (pair.question, pair.passage) for pair in pairs
    }


@given(st.text(min_size=1, max_size=300), st.data())
def test_answers_keep_their_words_in_every_window(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    for window in windows_of(Example("?", "", text, ((start, end),))):
        assert all(window.passage[a:b] == text[start:end] for a, b in window.answers)


NEWS = (ROOT / "qa/training/news.json", ROOT / "tests/data/news.json")


@pytest.mark.parametrize("file", NEWS, ids=["learned", "held out"])
def test_answers_about_the_news_stand_where_the_file_says(file: Path) -> None:
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                assert question["is_impossible"] == (not question["answers"])
                for answer in question["answers"]:
                    start, text = answer["answer_start"], answer["text"]
                    assert paragraph["context"][start : start + len(text)] == text


def test_no_article_is_both_learned_and_held_out() -> None:
    learned, held_out = (
        {example.passage for example in read_examples(file, every_occurrence=False)}
        for file in NEWS
    )
    assert learned
    assert held_out
    assert learned.isdisjoint(held_out)


def test_a_stranger_answers_nothing() -> None:
    towns = [
        Example(f"Who runs {town}?", "", f"{mayor} runs {town}.", ((0, len(mayor)),))
        for town, mayor in (("Oxby", "Ann"), ("Arle", "Bob"), ("Corby", "Cleo"))
    ]
    made = list(strangers(towns, 1))
    assert made
    for pair in made:
        assert pair.answers == ()
        assert pair.question.removeprefix("Who runs ").removesuffix("?") not in pair.passage


def test_written_questions_are_about_the_paragraph_that_they_name(tmp_path: Path) -> None:
    paragraph = Example("Who closed it?", "Mill", "The mill in Oxby closed in May.", ((12, 16),))
    lines = [
        {"paragraph": paragraph_key(paragraph.passage), "question": "When did it open?"},
        {
            "paragraph": paragraph_key(paragraph.passage),
            "question": "Where was it?",
            "answer": "Oxby",
        },
        {"paragraph": paragraph_key("Another."), "question": "When?"},
    ]
    file = tmp_path / "written.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    unanswered, answered = written_examples(file, [paragraph])
    assert (unanswered.question, unanswered.passage, unanswered.answers) == (
        "When did it open?",
        paragraph.passage,
        (),
    )
    assert [answered.passage[start:end] for start, end in answered.answers] == ["Oxby"]
