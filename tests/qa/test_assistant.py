"""Answers are quotes, cited to the letter, or there is none."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from fakes import FixedRetriever, HashingEncoder, SubstringReader, hit
from hypothesis import given, settings
from hypothesis import strategies as st

from pullquote.index.build import build_index
from pullquote.index.errors import QuestionError
from pullquote.index.retriever import Retriever
from pullquote.index.types import Article, Hit, Passage
from pullquote.qa import Answer, Assistant, Message
from pullquote.qa.calibration import Calibration
from pullquote.qa.spelling import Speller
from pullquote.qa.types import Span

EVEN = Calibration(1.0, 0.0, 0.5, 0.0)  # a score above 0 is answered


def answered(
    hits: Sequence[Hit],
    scores: dict[str, float],
    question: str = "Who cut the ribbon?",
    stored: Sequence[Article] = (),
    calibration: Calibration = EVEN,
) -> Answer:
    retriever = FixedRetriever(hits, stored)
    return Assistant(retriever, SubstringReader(scores), calibration).ask(question)


def quotes(answer: Answer) -> list[str]:
    return [quote.text for quote in answer.quotes]


@pytest.fixture
def retriever(articles: Path, tmp_path: Path) -> Retriever:
    build_index(articles, tmp_path / "index", HashingEncoder())
    return Retriever.open(tmp_path / "index", HashingEncoder())


def test_an_answer_is_quoted_and_cited_to_the_letter(retriever: Retriever) -> None:
    reader = SubstringReader({"Ann Olufsen": 3.0, "$2 million": -3.0})
    answer = Assistant(retriever, reader, EVEN).ask("Who cut the ribbon of the bridge?")
    (quote,) = answer.quotes
    (citation,) = quote.citations
    assert answer.text == quote.text == citation.quote == "Ann Olufsen"
    assert quote.sentence == "Mayor Ann Olufsen cut the ribbon."
    assert (citation.number, citation.title) == (1, "Bridge reopens")
    assert (citation.source, citation.published) == ("The Ferry", date(2015, 5, 2))
    assert citation.path == "bridge-2015.md"
    stored = retriever.article(citation.article_id).text
    assert stored[citation.start : citation.end] == citation.quote
    assert answer.confidence == pytest.approx(EVEN.confidence(3.0))
    assert answer.hits[0].article.title == "Bridge reopens"
    assert [found.rank for found in answer.hits] == list(range(1, len(answer.hits) + 1))


@pytest.mark.parametrize(("score", "says"), [(0.1, "Ann"), (0.0, "Ann"), (-0.1, None)])
def test_it_abstains_below_the_threshold(score: float, says: str | None) -> None:
    answer = answered([hit(1, "It was Ann.")], {"Ann": score})
    assert answer.text == says
    assert bool(answer.quotes) is (says is not None)
    assert answer.confidence == pytest.approx(EVEN.confidence(score))
    assert answer.hits


@pytest.mark.parametrize(("threshold", "says"), [(0.0, "Ann"), (0.2, None), (1.0, None)])
def test_the_threshold_can_be_moved(threshold: float, says: str | None) -> None:
    calibration = EVEN.with_threshold(threshold)
    assert answered([hit(1, "It was Ann.")], {"Ann": -2.0}, calibration=calibration).text == says


@pytest.mark.parametrize("threshold", [0.0, 0.5])
@pytest.mark.parametrize("hits", [[], [hit(1, "It was Ann.")]])
def test_where_nothing_is_found_there_is_no_answer(hits: list[Hit], threshold: float) -> None:
    answer = answered(hits, {}, calibration=EVEN.with_threshold(threshold))
    assert (answer.text, answer.quotes, answer.confidence) == (None, (), 0.0)
    assert len(answer.hits) == len(hits)


@given(score=st.floats(-50, 50), threshold=st.floats(0, 1))
def test_no_text_no_quotes(score: float, threshold: float) -> None:
    calibration = EVEN.with_threshold(threshold)
    answer = answered([hit(1, "It was Ann.")], {"Ann": score}, calibration=calibration)
    assert (answer.text is None) == (answer.quotes == ())
    assert (answer.text is None) == (calibration.confidence(score) < threshold)


def test_the_same_answer_in_two_articles_is_one_quote_with_two_citations() -> None:
    hits = [hit(1, "It was Ann Olufsen."), hit(2, "Later Ann Olufsen, the mayor, came.")]
    (quote,) = answered(hits, {"Ann Olufsen": 2.0}).quotes
    assert [(one.number, one.article_id) for one in quote.citations] == [(1, "a1"), (2, "a2")]


def test_a_passage_that_was_found_first_counts_for_more() -> None:
    hits = [hit(1, "It was Ann."), replace(hit(2, "It was Bob."), score=3.0)]
    scores = {"Ann": 2.0, "Bob": 1.0}
    assert quotes(answered(hits, scores)) == ["Ann", "Bob"]
    weighed = answered(hits, scores, calibration=replace(EVEN, retrieval=2.0))
    assert quotes(weighed) == ["Bob", "Ann"]
    assert weighed.confidence == pytest.approx(EVEN.confidence(1.0 + 2.0 * 3.0))


def test_both_ends_of_a_range_are_one_quote() -> None:
    hits = [hit(1, "Doors open at 2 p.m. until 6 p.m. daily. At 9 p.m. it is dark.")]
    answer = answered(hits, {"6 p.m.": 3.0, "2 p.m.": 2.0, "9 p.m.": 1.0})
    assert quotes(answer) == ["2 p.m. until 6 p.m.", "9 p.m."]


def test_a_shorter_form_of_a_name_is_the_same_answer() -> None:
    hits = [hit(1, "It was Mayor Ann Olufsen."), hit(2, "Olufsen cut it.")]
    scores = {"Mayor Ann Olufsen": 3.0, "Olufsen cut": 0.0}
    assert len(answered(hits, scores).quotes) == 2
    (quote,) = answered(
        [hits[0], hit(2, "It was the mayor, Ann Olufsen.")],
        {"Mayor Ann Olufsen": 3.0, "Ann Olufsen.": 2.0},
    ).quotes
    assert quote.text == "Mayor Ann Olufsen"
    assert [one.quote for one in quote.citations] == ["Mayor Ann Olufsen", "Ann Olufsen."]


def test_numbers_are_the_same_to_the_letter_only() -> None:
    hits = [hit(1, "It cost $2 million."), hit(2, "It cost $12 million."), hit(3, "It cost 2.")]
    scores = {"$2 million": 3.0, "$12 million": 2.9, "2.": 2.8}
    assert quotes(answered(hits, scores)) == ["$2 million", "$12 million", "2."]


def test_further_answers_are_numbered_through_and_three_at_most() -> None:
    names = ["Ann", "Ben", "Cid", "Dov", "Eve"]
    hits = [hit(number, f"It was {name}.") for number, name in enumerate(names, 1)]
    scores = {name: 3.0 - number / 10 for number, name in enumerate(names)}
    answer = answered(hits, scores)
    assert quotes(answer) == names[:3]
    assert [one.number for quote in answer.quotes for one in quote.citations] == [1, 2, 3]
    assert answer.text == "Ann"


def test_an_answer_far_behind_the_best_is_not_shown() -> None:
    hits = [hit(1, "It was Ann."), hit(2, "It was Ben."), hit(3, "It was Cid.")]
    assert quotes(answered(hits, {"Ann": 9.0, "Ben": 6.0, "Cid": 4.0})) == ["Ann", "Ben"]
    assert quotes(answered(hits, {"Ann": 2.0, "Ben": -1.0})) == ["Ann"]


def test_overlapping_spans_of_an_article_are_one_answer() -> None:
    answer = answered([hit(1, "The cost was $2 million in all.")], {"$2 million": 3.0, "2": 2.5})
    assert quotes(answer) == ["$2 million"]


def test_an_article_is_cited_once_for_one_answer() -> None:
    text = "It was Ann. Ann it was."
    first = hit(1, text)
    second = replace(first, passage=Passage(2, "a1", 12, len(text), text[12:]), rank=2)
    (quote,) = answered([first, second], {"Ann": 3.0}).quotes
    assert len(quote.citations) == 1


def test_what_the_stored_article_does_not_say_is_not_quoted() -> None:
    hits = [hit(1, "It was Ann.", before="Long ago. "), hit(2, "It was Ben.")]
    stored = replace(hits[0].article, text="Long ago. It was not.")
    answer = answered(hits, {"Ann": 3.0, "Ben": 2.0}, stored=[stored])
    assert quotes(answer) == [answer.text] == ["Ben"]
    assert [one.number for one in answer.quotes[0].citations] == [1]
    assert answered(hits[:1], {"Ann": 3.0}, stored=[stored]).text is None


def test_neither_quote_nor_sentence_comes_from_an_article_that_has_changed() -> None:
    hits = [hit(1, "It was Ann, they hoped."), hit(2, "It was Ann, they say.")]
    stored = replace(hits[0].article, text="It was Ann, they feared.")
    (quote,) = answered(hits, {"Ann": 3.0}, stored=[stored]).quotes
    assert quote.sentence == "It was Ann, they say."
    assert [(one.number, one.article_id) for one in quote.citations] == [(1, "a2")]


@given(
    before=st.text(max_size=20),
    texts=st.lists(st.text(max_size=30), min_size=1, max_size=5),
    wanted=st.text(min_size=1, max_size=3),
    question=st.sampled_from(["Who was it?", "Why was it?"]),
)
@settings(max_examples=50)
def test_every_quote_is_in_its_article_at_the_characters_it_names(
    before: str, texts: list[str], wanted: str, question: str
) -> None:
    hits = [
        hit(number, f"{text}{wanted}. {text}", before=before) for number, text in enumerate(texts)
    ]
    stored = {found.article.id: found.article for found in hits}
    answer = answered(hits, {wanted: 1.0}, question)
    citations = [one for quote in answer.quotes for one in quote.citations]
    assert [one.number for one in citations] == list(range(1, len(citations) + 1))
    for quote in answer.quotes:
        assert quote.text == quote.citations[0].quote
        assert quote.text in quote.sentence
    for one in citations:
        assert stored[one.article_id].text[one.start : one.end] == one.quote
        assert wanted in one.quote


def test_a_year_in_the_question_prefers_the_article_of_that_year() -> None:
    hits = [
        hit(1, "Mayor Ben spoke.", date(2021, 11, 20)),
        hit(2, "Mayor Ann spoke.", date(2015, 5, 2)),
        hit(3, "Mayor Cid spoke."),
    ]
    scores = {"Ben": 6.0, "Ann": 2.0, "Cid": 4.0}
    assert answered(hits, scores, "Who was mayor?").text == "Ben"
    answer = answered(hits, scores, "Who was mayor in May 2015?")
    assert answer.text == "Ann"
    assert answer.notice is None
    assert answer.hits[0].article.id == "a2"


def test_a_year_that_no_passage_speaks_of_is_told() -> None:
    hits = [hit(1, "Mayor Ben spoke.", date(2021, 11, 20))]
    answer = answered(hits, {"Ben": 6.0}, "Who was mayor in 1999?")
    assert answer.text is None
    assert answer.notice == "No passage that was found speaks of 1999."
    spoken = answered([hit(1, "In 1999 it was Ben.")], {"Ben": 6.0}, "Who was mayor in 1999?")
    assert (spoken.text, spoken.notice) == ("Ben", None)


def test_a_passage_of_the_year_is_read_though_many_others_are_nearer(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(40):
        text = f"---\npublished: 2021-01-01\n---\nThe mayor, mayor of mayors, is Ben {number}.\n"
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    (folder / "old.md").write_text(
        "---\npublished: 2015-01-01\n---\nAt that time a mayor called Ann held the office.\n",
        encoding="utf-8",
    )
    build_index(folder, tmp_path / "index", HashingEncoder())
    retriever = Retriever.open(tmp_path / "index", HashingEncoder())
    reader = SubstringReader({"Ben": 3.0, "Ann": 2.0})
    assert Assistant(retriever, reader, EVEN).ask("Who was mayor in 2015?").text == "Ann"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Why did it close?", "It closed because a pier is sinking."),
        ("How did they notice?", "It closed because a pier is sinking."),
        ("List the causes.", "It closed because a pier is sinking."),
        ("What did the mayor say?", "It closed because a pier is sinking."),
        ("What is sinking?", "a pier"),
        ("How many piers?", "a pier"),
    ],
)
def test_reasons_ways_and_lists_are_whole_sentences(question: str, expected: str) -> None:
    found = hit(1, "The bridge is shut. It closed because a pier is sinking. Rain fell.")
    assert answered([found], {"a pier": 3.0}, question).text == expected


def test_sentences_that_follow_each_other_are_one_quote() -> None:
    found = hit(1, "Rain fell. First they dug. Then they built. Snow fell.")
    answer = answered([found], {"dug": 3.0, "built": 2.0}, "How did they mend it?")
    assert quotes(answer) == ["First they dug. Then they built."]


@pytest.mark.parametrize("question", ["", " \n", "x" * 10_000])
def test_what_cannot_be_asked_is_refused(question: str) -> None:
    with pytest.raises(QuestionError):
        answered([hit(1, "It was Ann.")], {}, question)


def test_the_question_comes_back_as_it_was_asked() -> None:
    assert answered([], {}, "  And who? ").question == "And who?"


ANN = [hit(1, "Mayor Ann Olufsen cut the ribbon of the Lea Bridge. She spoke for an hour.")]


def asked(question: str, history: Sequence[Message]) -> list[str]:
    """What the reader was asked, last of all the question."""
    reader = SubstringReader({"Ann Olufsen": 3.0})
    answer = Assistant(FixedRetriever(ANN), reader, EVEN).ask(question, history)
    assert answer.question == question
    return reader.asked


def test_a_follow_up_is_understood_with_the_turn_before() -> None:
    last = "Who cut the ribbon of the Lea Bridge?"
    given_answer = answered(ANN, {"Ann Olufsen": 3.0}, last)
    (understood,) = asked("How long did she speak?", [Message(last, given_answer)])
    assert "Lea Bridge" in understood
    assert "Ann Olufsen" in understood


def test_the_answer_says_how_a_follow_up_was_understood() -> None:
    assistant = Assistant(FixedRetriever(ANN), SubstringReader({"Ann Olufsen": 3.0}), EVEN)
    turns = [Message("Who opened the Lea Bridge?")]
    answer = assistant.ask("What did she cut?", turns)
    assert answer.understood == "What did Ann Olufsen cut (Lea Bridge)?"
    assert assistant.ask("What did Ann Olufsen cut?", turns).understood is None
    assert assistant.ask("What did she cut?").understood is None


def test_a_history_of_questions_alone_is_answered_first() -> None:
    *_, understood = asked("How long did she speak?", [Message("Who cut the ribbon of Lea?")])
    assert "Ann Olufsen" in understood


def test_a_question_that_stands_alone_is_asked_as_it_is() -> None:
    assert asked("Who is Rovella?", [Message("Who cut the ribbon?")]) == ["Who is Rovella?"]


@pytest.mark.parametrize(
    "history",
    [[""], [" "], ["And?"] * 3000, ["Who cut it?", ""], ["word " * 390], ["?"]],
)
def test_no_history_keeps_a_question_from_being_asked(history: list[str]) -> None:
    assert len(asked("And why?", [Message(one) for one in history])) <= 6


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did the flood of last week begin?", ["Monday"]),  # "last week" repeats the question
        ("Did it begin last week or on Monday?", ["last week", "Monday"]),  # a choice
        ("Why is it that it began last week?", ["The flood began on Monday last week."]),
    ],
)
def test_what_only_repeats_the_question_is_no_answer(question: str, expected: list[str]) -> None:
    found = hit(1, "The flood began on Monday last week.")
    assert quotes(answered([found], {"last week": 3.0, "Monday": 2.0}, question)) == expected


def test_a_misspelt_word_is_read_as_the_articles_spell_it() -> None:
    reader = SubstringReader({"Ann": 2.0})
    assistant = Assistant(FixedRetriever(ANN), reader, EVEN, Speller({"who", "was"}))
    answer = assistant.ask("Who was Olufsn then?")
    assert reader.asked[-1] == "Who was Olufsen then?"
    assert answer.question == "Who was Olufsn then?"
    assert answer.notice == "“Olufsn” was read as “Olufsen”."


def test_a_citation_tells_who_says_it() -> None:
    before = "Interim Chief Kim Stern came late. "
    found = hit(1, "“We counted 14 floods since May,” Stern said. They cost a lot.", before=before)
    (quote,) = answered([found], {"14": 3.0}, "How many floods were there?").quotes
    (citation,) = quote.citations
    assert citation.speaker is not None
    assert citation.speaker.text == "Interim Chief Kim Stern"
    assert (citation.speaker.start, citation.speaker.end) == (0, 23)
    (quote,) = answered([found], {"a lot": 3.0}, "What did they cost?").quotes
    assert quote.citations[0].speaker is None


def test_an_article_that_never_mentions_a_name_of_the_question_is_trusted_less() -> None:
    here = hit(1, "Mayor Ann Olufsen leads Lower Wick.")
    there = hit(2, "Mayor Bo Stern leads Upper Wick, by the Ferry.")
    scores = {"Ann Olufsen": 3.0, "Bo Stern": 2.0}
    assert answered([here, there], scores, "Who is mayor of Lower Wick?").text == "Ann Olufsen"
    assert answered([here, there], scores, "Who is mayor at the Ferry?").text == "Bo Stern"
    assert answered([here, there], scores, "Who is mayor of Bridgeport?").text is None


class RebuildingReader(SubstringReader):
    """While it reads for the first time, somebody indexes the folder again."""

    def __init__(self, scores: dict[str, float], rebuild: Callable[[], object]) -> None:
        super().__init__(scores)
        self._rebuild = rebuild

    def read(self, question: str, hits: Sequence[Hit], spans_each: int = 3) -> list[Span]:
        if not self.asked:
            self._rebuild()
        return super().read(question, hits, spans_each)


def test_a_build_in_the_middle_of_a_question_does_not_change_its_answer(
    articles: Path, tmp_path: Path, retriever: Retriever
) -> None:
    def rebuild() -> None:
        (articles / "bridge-2015.md").unlink()
        build_index(articles, tmp_path / "index", HashingEncoder())

    reader = RebuildingReader({"Ann Olufsen": 3.0}, rebuild)
    assistant = Assistant(retriever, reader, EVEN)
    question = "Who cut the ribbon of the bridge?"
    answer = assistant.ask(question)
    assert (answer.text, answer.quotes[0].citations[0].path) == ("Ann Olufsen", "bridge-2015.md")
    assert assistant.ask(question).text is None
    with pytest.raises(KeyError):
        assistant.article("bridge-2015.md")


AGENCIES = (
    "Partners are the Drug Office (DO), the Bureau of Guns and the Tax Police. All were glad."
)


def test_the_items_of_an_enumeration_are_one_quote() -> None:
    scores = {"Bureau of Guns": 3.0, "Tax Police": 2.0, "Drug Office": 1.0}
    answer = answered([hit(1, AGENCIES, before="News. ")], scores, "Which agencies are partners?")
    assert quotes(answer) == ["Drug Office (DO), the Bureau of Guns and the Tax Police"]
    assert answer.quotes[0].citations[0].start == AGENCIES.index("Drug") + len("News. ")
    apart = answered([hit(1, AGENCIES)], scores, "Which agency is a partner?")
    assert quotes(apart) == ["Bureau of Guns", "Tax Police", "Drug Office"]


def test_a_list_stands_in_the_order_of_its_article() -> None:
    story = hit(1, "First, roads. Rain fell. Second, schools. Snow fell. Third, parks.")
    other = hit(2, "Fourth, taxes.")
    scores = {"schools": 9.0, "taxes": 8.8, "roads": 8.5, "parks": 8.0}
    answer = answered([story, other], scores, "What are the goals of the plan?")
    assert quotes(answer) == [
        "First, roads.",
        "Second, schools.",
        "Third, parks.",
        "Fourth, taxes.",
    ]
    assert [one.number for quote in answer.quotes for one in quote.citations] == [1, 2, 3, 4]


def test_what_a_list_repeats_is_named_once() -> None:
    hits = [hit(1, "Rain. Ann Olufsen came. Ben Adeyemi came."), hit(2, "Ann Olufsen left.")]
    answer = answered(hits, {"Ben Adeyemi": 3.0, "Ann Olufsen": 2.5}, "Which people were there?")
    assert quotes(answer) == ["Ann Olufsen", "Ben Adeyemi"]
    assert [one.article_id for one in answer.quotes[0].citations] == ["a1", "a2"]


def test_what_falls_behind_the_best_does_not_come_before_it() -> None:
    story = hit(1, "First, roads. Rain fell. Second, schools.")
    answer = answered([story], {"schools": 9.0, "roads": 6.0}, "What are the goals of the plan?")
    assert quotes(answer) == ["Second, schools.", "First, roads."]


def test_yes_or_no_is_left_to_the_sentence_that_settles_it() -> None:
    found = hit(1, "Two men died. Police say the shootings are not connected. Rain fell.")
    answer = answered([found], {"not connected": 3.0}, "Were the two shootings connected?")
    assert quotes(answer) == ["Police say the shootings are not connected."]
    choice = answered([found], {"not connected": 3.0}, "Are they connected or not connected?")
    assert quotes(choice) == ["not connected"]


@given(
    st.lists(st.sampled_from(["Ann", "Ben", ", ", " and ", "; ", ". ", " (x), ", "Cid"])),
    st.dictionaries(st.sampled_from(["Ann", "Ben", "Cid"]), st.floats(0, 9)),
    st.sampled_from(["Which people were there?", "What are the goals?", "Was it Ann?"]),
)
def test_lists_are_quoted_to_the_letter_and_do_not_overlap(
    parts: list[str], scores: dict[str, float], question: str
) -> None:
    found = hit(1, "".join(["There, ", *parts, "."]), before="Before. ")
    answer = answered([found], scores, question)
    places = [(one.start, one.end) for quote in answer.quotes for one in quote.citations]
    for quote in answer.quotes:
        for one in quote.citations:
            assert found.article.text[one.start : one.end] == one.quote
    for (_, end), (start, _) in pairwise(sorted(places)):
        assert end <= start
