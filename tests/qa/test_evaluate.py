"""Files of questions, and an assistant measured on them."""

import gzip
import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pullquote.index.errors import QuestionError, SourceError
from pullquote.index.types import Article, Hit, Passage
from pullquote.qa.evaluation.datasets import EvaluationQuestion, read_questions
from pullquote.qa.evaluation.evaluate import evaluate
from pullquote.qa.types import Answer

FERRY = "The ferry to Holm sails at noon. Captain Ines Dahl has steered it since 2009."
MARKET = "The fish market opens on Fridays."


def squad_data() -> dict[str, object]:
    def asked(number: str, question: str, *answers: str) -> dict[str, object]:
        texts = [{"text": answer, "answer_start": 0} for answer in answers]
        return {"id": number, "question": question, "answers": texts}

    ferry = [asked("q1", " Who steers the ferry? ", "Ines Dahl", "Captain Ines Dahl")]
    market = [asked("q2", "Who owns the market?"), asked("q3", "When is market day?", "Fridays")]
    return {
        "version": "v2.0",
        "data": [
            {
                "title": "Holm_Harbour",
                "paragraphs": [
                    {"context": FERRY, "qas": ferry},
                    {"context": MARKET, "qas": market},
                ],
            },
            {"title": "Holm_Harbour", "paragraphs": [{"context": FERRY, "qas": []}]},
        ],
    }


def written(file: Path, text: str) -> Path:
    data = text.encode()
    file.write_bytes(gzip.compress(data) if file.suffix == ".gz" else data)
    return file


@pytest.mark.parametrize("name", ["set.json", "set.json.gz", "SET.JSON"])
def test_squad_file(tmp_path: Path, name: str) -> None:
    found = read_questions(written(tmp_path / name, json.dumps(squad_data())))
    first, second, copy = found.articles
    assert first.id == first.path == "Holm_Harbour/1"
    assert (first.title, first.text) == ("Holm Harbour", FERRY)
    assert (first.source, first.published, first.url) == (None, None, None)
    assert (second.id, second.text) == ("Holm_Harbour/2", MARKET)
    # The title comes back with an identical paragraph: another id, the same text.
    assert (copy.id, copy.sha256) == ("Holm_Harbour/3", first.sha256)
    assert found.questions == (
        EvaluationQuestion(
            id="q1",
            question="Who steers the ferry?",
            answers=("Ines Dahl", "Captain Ines Dahl"),
            article_ids=("Holm_Harbour/1", "Holm_Harbour/3"),
        ),
        EvaluationQuestion("q2", "Who owns the market?", (), ("Holm_Harbour/2",)),
        EvaluationQuestion("q3", "When is market day?", ("Fridays",), ("Holm_Harbour/2",)),
    )


@pytest.mark.parametrize("name", ["set.jsonl", "set.jsonl.gz"])
def test_json_lines(tmp_path: Path, name: str) -> None:
    full = {
        "id": 7,
        "date": "2024-05-01",
        "question": "Who steers it?",
        "answers": ["Ines Dahl", ""],
        "articles": ["holm.txt"],
        "history": ["When does the ferry sail?"],
    }
    short = {"question": "Who paid?\u2028", "answers": []}
    lines = f"\ufeff{json.dumps(full)}\r\n\n{json.dumps(short, ensure_ascii=False)}\n"
    found = read_questions(written(tmp_path / name, lines))
    assert found.articles == ()
    assert found.questions == (
        EvaluationQuestion(
            id="7",
            question="Who steers it?",
            answers=("Ines Dahl",),
            article_ids=("holm.txt",),
            history=("When does the ferry sail?",),
        ),
        EvaluationQuestion("3", "Who paid?", (), ()),
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.jsonl", "", "a.jsonl holds no question: a line looks like"),
        ("a.jsonl", "\n \n", "holds no question"),
        ("a.jsonl", '{"question": "Who?", "answers": []}\n{"question":\n', "line 2: Invalid JSON"),
        ("a.jsonl", '{"answers": []}', "line 1, question: Field required; a line looks like"),
        ("a.jsonl", '{"question": "Who?"}', "line 1, answers: Field required"),
        ("a.jsonl", '{"question": " ", "answers": []}', "line 1, question: String should have"),
        ("a.jsonl", '{"question": "Who?", "answers": "Ann"}', "line 1, answers: Input should be"),
        ("a.jsonl", '{"question": "Who?", "answers": [3]}', "line 1, answers[0]: Input should"),
        ("a.jsonl", '["Who?"]', "line 1: Input should be an object"),
        ("a.json", "", "a.json: Invalid JSON"),
        ("a.json", "{}", "a.json, data: Field required; a SQuAD file has"),
        ("a.json", '{"data": []}', "a.json holds no question: a SQuAD file has"),
        ("a.json", '{"data": [{"title": "T", "paragraphs": []}]}', "holds no question"),
        (
            "a.json.gz",
            '{"data": [{"title": "T", "paragraphs": [{"context": "C.", "qas": [{"id": "1"}]}]}]}',
            "a.json.gz, data[0].paragraphs[0].qas[0].question: Field required",
        ),
        ("a.csv", "question,answer", "a.csv must end in .json, .jsonl"),
    ],
)
def test_wrong_content_is_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_questions(written(tmp_path / name, text))
    assert said in str(caught.value)
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.jsonl.gz", b"{}", "cannot be read: Not a gzipped file"),
        ("a.jsonl.gz", gzip.compress(b"{}" * 99)[:-12], "cannot be read"),
        ("a.jsonl", b'{"question": "\xff"}', "must be text in UTF-8"),
        ("a.json", None, "cannot be read: No such file"),
    ],
)
def test_unreadable_file(tmp_path: Path, name: str, data: bytes | None, said: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=said):
        read_questions(tmp_path / name)


def hit(name: str, text: str, rank: int) -> Hit:
    article = Article(f"id-{name}", name, text, None, None, None, f"{name}.txt", "")
    return Hit(Passage(rank, article.id, 0, len(text), text), article, 1 / rank, rank)


@dataclass
class Scripted:
    """Gives each question the text and confidence written down for it, and always the same hits."""

    replies: dict[str, tuple[str | None, float]]
    hits: tuple[Hit, ...]

    def ask(self, question: EvaluationQuestion) -> Answer:
        if not question.question:
            raise QuestionError("The question is empty.")
        text, confidence = self.replies[question.id]
        return Answer(question.question, text, confidence, (), self.hits)


HITS = (hit("notice", "Nobody saw INES dahl today.", 1), hit("ferry", FERRY, 2))
QUESTIONS = (
    EvaluationQuestion("right", "Who steers?", ("Ines Dahl",), ("ferry.txt",)),
    EvaluationQuestion("half", "Since when?", ("since 2009",), ("id-ferry",)),
    EvaluationQuestion("missed", "Who was seen?", ("Ines Dahl",), ()),
    EvaluationQuestion("elsewhere", "Who?", ("Captain",), ("id-notice",)),
    EvaluationQuestion("none", "Who owns it?", (), ("id-ferry",)),
    EvaluationQuestion("invented", "Who paid?", (), ()),
)
ASSISTANT = Scripted(
    {
        "right": ("Ines Dahl", 0.9),
        "half": ("2009", 0.6),
        "missed": (None, 0.3),
        "elsewhere": ("noon", 0.2),
        "none": (None, 0.1),
        "invented": ("Dahl", 0.6),
    },
    HITS,
)


def test_evaluate() -> None:
    calls: list[None] = []
    found = evaluate(QUESTIONS, ASSISTANT.ask, progress=lambda: calls.append(None))
    assert len(calls) == found.questions == 6
    f1_sum = 1 + 2 / 3 + 1  # right, half, none
    assert found.em == pytest.approx(100 * 2 / 6)
    assert found.f1 == pytest.approx(100 * f1_sum / 6)
    assert found.has_answer_em == pytest.approx(25)
    assert found.has_answer_f1 == pytest.approx(100 * (5 / 3) / 4)
    assert found.no_answer_accuracy == pytest.approx(50)
    # First: only "missed", whose articles are not known; "elsewhere" is in a wrong article.
    assert found.recall == {1: 0.25, 5: 0.75, 20: 0.75}
    assert (found.no_answer.precision, found.no_answer.recall) == (0.5, 0.5)
    # none (0.1) is below all four; invented (0.6) below one and level with another.
    assert found.no_answer.auroc == pytest.approx((4 + 1.5) / 8)
    assert found.seconds_per_question >= 0
    by_id = {result.id: result for result in found.results}
    assert [by_id[question.id].found_at for question in QUESTIONS] == [2, 2, 1, None, None, None]
    half = by_id["half"]
    assert (half.question, half.expected, half.predicted) == (
        "Since when?",
        ("since 2009",),
        "2009",
    )
    assert (half.em, half.f1, half.confidence) == pytest.approx((0, 2 / 3, 0.6))
    assert by_id["missed"].predicted is None


def test_to_json() -> None:
    figures = evaluate(QUESTIONS, ASSISTANT.ask).to_json()
    assert set(figures) == {
        "em",
        "f1",
        "recall@1",
        "recall@5",
        "recall@20",
        "no_answer",
        "questions",
        "seconds_per_question",
        "has_answer_em",
        "has_answer_f1",
        "no_answer_accuracy",
    }
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures


def test_one_class_alone() -> None:
    answerable = evaluate(QUESTIONS[:1], ASSISTANT.ask, k_recall=(3,))
    assert (answerable.em, answerable.has_answer_em, answerable.no_answer_accuracy) == (
        100,
        100,
        None,
    )
    assert answerable.recall == {3: 1.0}
    assert answerable.no_answer.precision is answerable.no_answer.recall is None
    unanswerable = evaluate(QUESTIONS[4:5], ASSISTANT.ask)
    assert (unanswerable.em, unanswerable.has_answer_f1) == (100, None)
    assert unanswerable.recall == {1: None, 5: None, 20: None}
    assert unanswerable.no_answer.auroc is None


def test_no_questions() -> None:
    with pytest.raises(ValueError, match="no questions"):
        evaluate([], ASSISTANT.ask)


def test_errors_of_the_assistant_come_through() -> None:
    with pytest.raises(QuestionError):
        evaluate([replace(QUESTIONS[0], question="")], ASSISTANT.ask)
