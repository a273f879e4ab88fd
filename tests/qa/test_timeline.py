"""Answers of different dates are dated; answers of the same time disagree."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from fakes import FixedRetriever, SubstringReader, hit
from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.types import Hit
from pullquote.qa import Answer, Assistant
from pullquote.qa.calibration import Calibration

EVEN = Calibration(1.0, 0.0, 0.5, 0.0)  # a score above 0 is answered
OLD, MIDDLE, NEW = date(2015, 8, 11), date(2017, 1, 12), date(2024, 8, 5)
MAYORS = [
    hit(1, "Mayor Ann Olufsen spoke.", OLD),
    hit(2, "Mayor Ben Stern spoke.", MIDDLE),
    hit(3, "Mayor Cid Blum spoke.", NEW),
]
SCORES = {"Ann Olufsen": 9.0, "Ben Stern": 8.0, "Cid Blum": 7.0}


def answered(
    hits: Sequence[Hit], scores: dict[str, float], question: str = "Who is mayor?"
) -> Answer:
    newest = max((one.article.published for one in hits if one.article.published), default=None)
    retriever = FixedRetriever(hits, newest=newest)
    return Assistant(retriever, SubstringReader(scores), EVEN).ask(question)


def texts(answer: Answer) -> list[str]:
    return [quote.text for quote in answer.quotes]


def dated(answer: Answer) -> list[tuple[str, date | None, date | None]]:
    assert answer.timeline
    return [(one.quote.text, one.first, one.last) for one in answer.timeline.moments]


def summary(*articles: tuple[str, date | None]) -> str | None:
    hits = [hit(n, f"It was {text}.", day) for n, (text, day) in enumerate(articles, 1)]
    answer = answered(hits, {text: 3.0 for text, _ in articles}, "Who was it?")
    return answer.timeline.summary if answer.timeline else None


def test_different_answers_are_dated_newest_first() -> None:
    answer = answered(MAYORS, SCORES, "Who was mayor?")
    assert dated(answer) == [
        ("Cid Blum", NEW, NEW),
        ("Ben Stern", MIDDLE, MIDDLE),
        ("Ann Olufsen", OLD, OLD),
    ]
    assert answer.timeline
    assert answer.timeline.summary == "3 articles, 2015 to 2024, give different answers."
    # What was asked about the past is answered by what is likeliest, as ever.
    assert texts(answer) == ["Ann Olufsen", "Ben Stern", "Cid Blum"]
    assert answer.text == "Ann Olufsen"


def test_of_equally_likely_answers_to_who_is_the_newest_is_first() -> None:
    assert texts(answered(MAYORS, SCORES)) == ["Cid Blum", "Ann Olufsen", "Ben Stern"]
    less_likely = {"Ann Olufsen": 4.0, "Ben Stern": 5.0, "Cid Blum": 2.0}
    answer = answered(MAYORS, less_likely)
    assert answer.text == "Ben Stern"
    assert [text for text, *_ in dated(answer)] == ["Cid Blum", "Ben Stern", "Ann Olufsen"]


def test_the_first_is_the_oldest_of_equally_likely_ones() -> None:
    assert answered(MAYORS[1:], SCORES, "Who was the first mayor?").text == "Ben Stern"
    assert answered(MAYORS, SCORES | {"Cid Blum": 10.0}, "Who was the first mayor?").text == (
        "Ann Olufsen"
    )


def test_a_question_that_names_a_time_has_the_answer_of_that_time_first() -> None:
    answer = answered(MAYORS, SCORES, "Who was mayor in 2017?")
    assert texts(answer) == ["Ben Stern"]
    assert answer.timeline is None


def test_citations_are_numbered_in_the_order_of_the_answers() -> None:
    answer = answered(MAYORS, SCORES)
    assert [one.number for quote in answer.quotes for one in quote.citations] == [1, 2, 3]
    assert answer.timeline
    for moment in answer.timeline.moments:
        assert moment.quote in answer.quotes


def test_equal_values_are_one_answer_with_all_their_dates() -> None:
    hits = [
        hit(1, "It cost $500,000.", OLD),
        hit(2, "It cost half a million dollars.", MIDDLE),
        hit(3, "It cost $2 million.", NEW),
    ]
    scores = {"$500,000": 3.0, "half a million dollars": 2.9, "$2 million": 2.0}
    answer = answered(hits, scores, "What did it cost?")
    assert dated(answer) == [("$2 million", NEW, NEW), ("$500,000", OLD, MIDDLE)]
    assert [one.quote for one in answer.quotes[0].citations] == [
        "$500,000",
        "half a million dollars",
    ]


def test_articles_that_agree_have_no_timeline() -> None:
    hits = [hit(1, "There were fourteen.", OLD), hit(2, "There were 14.", NEW)]
    answer = answered(hits, {"fourteen": 3.0, "14": 2.0}, "How many were there?")
    assert answer.timeline is None
    assert len(answer.quotes[0].citations) == 2


def test_what_else_an_article_says_is_no_other_answer() -> None:
    hits = [hit(1, "Ann Olufsen came, then Ben Stern.", OLD), hit(2, "Ann Olufsen came.", NEW)]
    answer = answered(hits, SCORES)
    assert texts(answer) == ["Ann Olufsen", "Ben Stern"]
    assert answer.timeline is None


def test_an_article_that_also_names_an_older_answer_counts_with_its_own() -> None:
    hits = [hit(1, "Ann Olufsen is mayor.", OLD), hit(2, "Ben Stern follows Ann Olufsen.", NEW)]
    scores = {"Ben Stern": 8.0, "Ann Olufsen": 7.0}
    assert dated(answered(hits, scores)) == [("Ben Stern", NEW, NEW), ("Ann Olufsen", OLD, OLD)]


def test_values_of_another_kind_are_no_other_answer() -> None:
    hits = [hit(1, "It was Ann Olufsen.", OLD), hit(2, "It was 14.", NEW)]
    assert answered(hits, {"Ann Olufsen": 3.0, "14": 2.0}).timeline is None


def test_whole_sentences_are_not_compared() -> None:
    assert answered(MAYORS, SCORES, "Why is there a mayor?").timeline is None


def test_a_timeline_may_be_longer_than_other_answers_but_not_without_end() -> None:
    names = ["Ann", "Ben", "Cid", "Dov", "Eve", "Flo", "Gus"]
    hits = [hit(n, f"It was {name}.", date(2010 + n, 1, 1)) for n, name in enumerate(names)]
    answer = answered(hits, {name: 3 - n / 10 for n, name in enumerate(names)}, "Who was it?")
    assert [text for text, *_ in dated(answer)] == ["Flo", "Eve", "Dov", "Cid", "Ben", "Ann"]
    assert texts(answer) == names[:6]


def test_the_same_word_for_two_days_is_two_answers() -> None:
    hits = [hit(1, "It closed Thursday.", MIDDLE), hit(2, "It closed Thursday.", NEW)]
    answer = answered(hits, {"Thursday": 3.0}, "When did it close?")
    assert [(text, last) for text, _, last in dated(answer)] == [
        ("Thursday", NEW),
        ("Thursday", MIDDLE),
    ]
    assert [quote.times[0].meaning for quote in answer.quotes] == [
        "January 12, 2017",
        "August 1, 2024",
    ]
    same = [hit(1, "It closed Thursday.", MIDDLE), hit(2, "It closed yesterday.", MIDDLE)]
    same.append(hit(3, "It closed on January 12, 2017.", NEW))
    scores = {"Thursday": 3.0, "January 12, 2017": 2.0}
    assert len(answered(same, scores, "When did it close?").quotes) == 1


@pytest.mark.parametrize(
    ("articles", "expected"),
    [
        ((("Ann", OLD), ("Ben", NEW)), "2 articles, 2015 to 2024, give different answers."),
        ((("Ann", OLD), ("Ann", NEW)), None),
        ((("Ann", None), ("Ben", None)), None),
        ((("Ann", NEW), ("Ben", NEW)), "2 articles of August 5, 2024 disagree."),
        (
            (("Ann", NEW), ("Ben", NEW - timedelta(7))),
            "2 articles of July 29 to August 5, 2024 disagree.",
        ),
        (
            (("Ann", NEW), ("Ben", date(2024, 3, 1))),
            "2 articles, March to August 2024, give different answers.",
        ),
        (
            (("Ann", NEW), ("Ben", date(2024, 8, 25))),
            "2 articles, August 5 to August 25, 2024, give different answers.",
        ),
        (
            (("Ann", NEW), ("Ben", None)),
            "1 article of August 5, 2024 and 1 without a date give different answers.",
        ),
        (
            (("Ann", NEW), ("Ben", OLD), ("Cid", None)),
            "2 articles, 2015 to 2024, and 1 without a date give different answers.",
        ),
        (
            (("Ann", NEW), ("Ben", NEW), ("Cid", OLD)),
            "3 articles, 2015 to 2024, give different answers. Those of August 5, 2024 disagree.",
        ),
    ],
)
def test_a_sentence_about_the_articles(
    articles: tuple[tuple[str, date | None], ...], expected: str | None
) -> None:
    assert summary(*articles) == expected


def test_an_undated_answer_stands_at_the_end() -> None:
    hits = [hit(1, "Mayor Ann Olufsen spoke."), *MAYORS[1:]]
    answer = answered(hits, SCORES)
    assert dated(answer)[-1] == ("Ann Olufsen", None, None)
    # It may be older than the others: it cannot say who is mayor now, if another is as likely.
    assert answer.text == "Cid Blum"
    assert answered(hits, SCORES, "Who was mayor?").text == "Ann Olufsen"
    assert answered(hits, {"Ann Olufsen": 6.0, "Cid Blum": 1.0}).text == "Ann Olufsen"


def test_articles_that_agree_are_likelier_together() -> None:
    hits = [
        hit(1, "Mayor Ann Olufsen spoke."),
        hit(2, "Mayor Cid Blum spoke."),
        hit(3, "Mayor C. Blum sang.", NEW),
    ]
    scores = {"Ann Olufsen": 2.0, "Cid Blum": 1.5, "C. Blum": 1.4}
    assert answered(hits, scores).text == "Cid Blum"
    del scores["Cid Blum"]
    assert answered(hits, scores).text == "Ann Olufsen"


def test_an_answer_of_another_time_is_found_among_what_is_not_read_at_first() -> None:
    others = [hit(n, "Nothing happened.", NEW) for n in range(4, 20)]
    hits = [MAYORS[2], *others, MAYORS[1]]
    answer = answered(hits, SCORES, "Who was mayor?")
    assert [text for text, *_ in dated(answer)] == ["Cid Blum", "Ben Stern"]
    assert answered(hits, SCORES, "Who was mayor in 2024?").timeline is None


def test_who_holds_the_office_is_kept_however_far_behind() -> None:
    scores = {"Ann Olufsen": 20.0, "Ben Stern": 2.0, "spoke": 1.0}
    assert [text for text, *_ in dated(answered(MAYORS, scores, "Who was mayor?"))] == [
        "Ben Stern",
        "Ann Olufsen",
    ]
    assert answered(MAYORS, scores, "Who was chief?").timeline is None


def test_words_are_no_values_to_compare() -> None:
    hits = [hit(1, "It serves to mend the bridge.", OLD), hit(2, "It serves the ferry.", NEW)]
    scores = {"to mend the bridge": 3.0, "the ferry": 3.0}
    assert answered(hits, scores, "What does it serve?").timeline is None


def test_who_said_something_is_no_answer_over_time() -> None:
    answer = answered(MAYORS, SCORES, "Who called the bridge a disgrace?")
    assert answer.timeline is None
    assert texts(answer) == ["Ann Olufsen", "Ben Stern", "Cid Blum"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Ann", "Ben", "Cid", "14", "fourteen", "Thursday"]),
            st.dates(date(2000, 1, 1), date(2030, 1, 1)) | st.none(),
            st.floats(-1, 9),
        ),
        max_size=8,
    ),
    st.sampled_from(["Who is it?", "Who was it?", "Who was it in 2015?", "Who was it first?"]),
)
def test_a_timeline_is_of_the_answers_and_in_order(
    articles: list[tuple[str, date | None, float]], question: str
) -> None:
    hits = [hit(n, f"It was {text}.", day) for n, (text, day, _) in enumerate(articles)]
    answer = answered(hits, {text: score for text, _, score in articles}, question)
    assert answer.text == (answer.quotes[0].text if answer.quotes else None)
    numbers = [one.number for quote in answer.quotes for one in quote.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    if answer.timeline:
        moments = answer.timeline.moments
        assert len(moments) > 1
        assert all(moment.quote in answer.quotes for moment in moments)
        lasts = [moment.last or date.min for moment in moments]
        assert lasts == sorted(lasts, reverse=True)
        assert any(moment.last for moment in moments)
