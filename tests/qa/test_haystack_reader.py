"""The reader as a component of Haystack: exact quotes of whatever documents it is given."""

import asyncio
from typing import Any

import pytest
from fakes import SubstringReader
from haystack import Document, Pipeline

from pullquote.index.errors import QuestionError
from pullquote.qa.calibration import Calibration
from pullquote.qa.integrations.haystack import PullquoteReader

EVEN = Calibration(1.0, 0.0, 0.5, 0.0)  # a score above 0 is answered
TEXT = "Mayor Ann Olufsen cut the ribbon. Repairs had cost $2 million."
QUESTION = "Who cut the ribbon?"


def reading(scores: dict[str, float], **options: Any) -> PullquoteReader:
    component = PullquoteReader(**options)
    component._loaded = SubstringReader(scores), EVEN
    return component


def test_answers_are_cut_out_of_the_documents_best_first() -> None:
    reader = reading({"Ann Olufsen": 2.0, "$2 million": 1.0, "Repairs": -1.0})
    answers = reader.run(QUESTION, [Document(content=TEXT)])["answers"]
    assert [answer.data for answer in answers] == ["Ann Olufsen", "$2 million"]
    for answer in answers:
        assert answer.document_offset is not None
        start, end = answer.document_offset.start, answer.document_offset.end
        assert TEXT[start:end] == answer.data
    assert answers[0].score == pytest.approx(EVEN.confidence(2.0))
    assert asyncio.run(reader.run_async(QUESTION, [Document(content=TEXT)]))["answers"] == answers
    assert len(reader.run(QUESTION, [Document(content=TEXT)], top_k=1)["answers"]) == 1


def test_an_answer_keeps_its_place_in_the_article() -> None:
    document = Document(content=TEXT, meta={"article_id": "a", "start": 100, "end": 162})
    (answer,) = reading({"Ann Olufsen": 2.0}).run(QUESTION, [document])["answers"]
    assert answer.meta == {"article_id": "a", "start": 106, "end": 117}
    assert answer.document == document


@pytest.mark.parametrize("documents", [[], [Document(content="")], [Document(content=TEXT)]])
def test_where_they_do_not_answer_it_says_so(documents: list[Document]) -> None:
    (answer,) = reading({"Ann Olufsen": -1.0}).run(QUESTION, documents)["answers"]
    assert answer.data is None
    assert answer.score >= 0.5


def test_a_question_that_is_empty() -> None:
    with pytest.raises(QuestionError):
        reading({}).run(" ", [Document(content=TEXT)])


@pytest.mark.parametrize(
    "meta",
    [
        {"start": -3, "article_id": "a"},
        {"start": "7", "article_id": "a"},
        {"start": 7},
        {"published": "last week", "title": 7, "source": []},
    ],
)
def test_metadata_of_other_retrievers_does_no_harm(meta: dict[str, Any]) -> None:
    document = Document(content=TEXT, meta=meta, score=17.0)
    (answer,) = reading({"Ann Olufsen": 2.0}).run(QUESTION, [document])["answers"]
    assert answer.data == "Ann Olufsen"
    assert answer.meta == {"article_id": document.id, "start": 6, "end": 17}


def test_a_pipeline_is_stored_and_loaded() -> None:
    pipeline = Pipeline()
    pipeline.add_component("reader", PullquoteReader(2, 0.3))
    loaded = Pipeline.loads(pipeline.dumps(), allowed_modules=["pullquote.*"]).get_component(
        "reader"
    )
    assert isinstance(loaded, PullquoteReader)
    assert (loaded.top_k, loaded.threshold) == (2, 0.3)
