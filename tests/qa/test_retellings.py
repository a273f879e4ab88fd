"""A quote in another paper's telling of the same story."""

import json
from pathlib import Path

from fakes import HashingEncoder, SubstringReader
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.build import build_index
from pullquote.index.retriever import Retriever
from pullquote.index.types import Article, Passage
from pullquote.qa import Assistant
from pullquote.qa.calibration import Calibration
from pullquote.qa.retellings import retold
from pullquote.qa.types import Span

STORY = (
    "Divers raised the bell of the ferry Corvina on Thursday. It took 12 of them all morning. "
    "Harbour master Odile Brandt said it would hang in the maritime hall. The ferry had sunk off "
    "Saltmarsh Point with a cargo of oranges, and her captain had kept a bakery ever since. "
    "His daughter watched from the quay as the bell came up out of the silt."
)


def article(name: str, text: str) -> Article:
    return Article(name, name, text, None, None, None, name, "")


def span(quote: str, text: str = STORY) -> Span:
    start = text.index(quote)
    whole = Passage(1, "one", 0, len(text), text)
    return Span(whole, article("one", text), start, start + len(quote), 1.0)


def test_the_sentence_is_found_wherever_it_stands() -> None:
    other = article("other", f"SALTMARSH (Wire) —\n{STORY}")
    place = retold(span("12"), other)
    assert place
    assert other.text[slice(*place)] == "12"
    assert place[0] == STORY.index("12") + len("SALTMARSH (Wire) —\n")


def test_a_short_quote_is_not_found_in_another_sentence() -> None:
    assert retold(span("12"), article("other", "The 12 oranges were gone.")) is None
    changed = STORY.replace("It took 12", "It had taken 12")
    assert retold(span("12"), article("other", changed)) is None


WORD = st.text(st.characters(categories=["L", "N"]) | st.sampled_from("$.*([\\é"), min_size=1)
SPACE = st.sampled_from([" ", "\n", "  ", "\r\n", "\t", "\u00a0"])


@given(st.lists(WORD, min_size=1, max_size=12), st.data())
def test_only_the_white_space_may_differ(words: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    text = " ".join(words)
    start = len(" ".join(words[:first])) + (first > 0)
    quote = " ".join(words[first:last])
    whole = Passage(1, "one", 0, len(text), text)
    lifted = Span(whole, article("one", text), start, start + len(quote), 1.0)
    other = words[0]
    for word in words[1:]:
        other += data.draw(SPACE) + word
    place = retold(lifted, article("other", f"Before. {other} After."))
    assert place
    assert f"Before. {other} After."[slice(*place)].split() == quote.split()


def test_an_answer_cites_every_paper_that_has_its_sentence(tmp_path: Path) -> None:
    papers = {
        "Gazette": STORY,
        "Herald": "SALTMARSH (Wire) — " + STORY.replace(". ", ".\n"),
        "Post": STORY.replace("It took 12 of them all morning. ", ""),
    }
    lines = [{"id": name, "source": name, "text": text} for name, text in papers.items()]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    build_index(tmp_path / "a.jsonl", tmp_path / "index", HashingEncoder())
    retriever = Retriever.open(tmp_path / "index", HashingEncoder())
    reader = SubstringReader({"12 of them": 3.0})
    assistant = Assistant(retriever, reader, Calibration(1.0, 0.0, 0.5, 0.0))
    answer = assistant.ask("How many divers did it take?")
    (quote,) = answer.quotes
    assert {citation.source for citation in quote.citations} == {"Gazette", "Herald"}
    assert [citation.number for citation in quote.citations] == [1, 2]
    for citation in quote.citations:
        text = assistant.article(citation.article_id).text
        assert text[citation.start : citation.end] == citation.quote == "12 of them"
    retriever.close()
