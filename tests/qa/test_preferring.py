"""A follow-up prefers the articles that the answer before it cited."""

from dataclasses import replace

from fakes import FixedRetriever, SubstringReader, hit
from hypothesis import given
from hypothesis import strategies as st

from pullquote.qa import Answer, Assistant, Message, Within
from pullquote.qa.calibration import Calibration
from pullquote.qa.preferring import JUST_CITED, PreferringRetriever, just_cited

# In both towns a mill burned; Blum is the chief of the one, Roth of the other.
WICK = hit(1, "The mill at Wick burned down.")
BLUM = replace(hit(2, "Fire chief Rosa Blum was there."), article=WICK.article)
ROTH = hit(3, "Fire chief Ernst Roth said that the mill at Dale will be rebuilt.")
STORIES = [hit(number, f"Story {number}.") for number in range(1, 31)]
CALIBRATION = Calibration(1.0, 0.0, 0.5, 50.0)
QUESTION = "Who is their fire chief?"


def assistant(scores: dict[str, float]) -> Assistant:
    article = replace(WICK.article, text=f"{WICK.article.text} {BLUM.passage.text}")
    start = len(WICK.article.text) + 1
    blum = replace(BLUM.passage, article_id="a1", start=start, end=len(article.text))
    hits = [
        replace(ROTH, score=0.170),
        replace(WICK, article=article, score=0.165),
        replace(BLUM, passage=blum, article=article, score=0.160),
    ]
    return Assistant(FixedRetriever(hits), SubstringReader(scores), CALIBRATION)


ANSWERED = Message("What happened?", assistant({"burned down": 2.0}).ask("What happened?"))
CHIEFS = assistant({"Rosa Blum": 0.0, "Ernst Roth": 0.2})


def test_a_follow_up_is_answered_by_the_article_just_cited() -> None:
    assert just_cited([ANSWERED]) == ["a1"]
    assert CHIEFS.ask(QUESTION).text == "Ernst Roth"
    answer = CHIEFS.ask(QUESTION, [ANSWERED])
    assert answer.text == "Rosa Blum"
    assert answer.explanation
    assert answer.explanation.preferred == (
        "It leans on the turns before: answers of articles just cited gain 0.5, and others lose as "
        "much."
    )


def test_a_question_that_stands_alone_prefers_nothing() -> None:
    question = "Which fire chief spoke at the mill?"
    answer = CHIEFS.ask(question, [ANSWERED])
    assert answer == CHIEFS.ask(question)
    assert answer.explanation
    assert answer.explanation.preferred is None


def test_what_was_cited_before_an_abstention_is_preferred_still() -> None:
    silent = Message("And why?", Answer("And why?", None, 0.1, (), ()))
    assert just_cited([ANSWERED, silent]) == ["a1"]
    assert just_cited([silent]) == just_cited([]) == []


def test_articles_outside_of_what_is_asked_are_not_preferred() -> None:
    answer = CHIEFS.ask(QUESTION, [ANSWERED], Within(articles=("a3",)))
    assert {one.article.id for one in answer.hits} == {"a3"}


@given(st.integers(1, 25), st.sets(st.integers(1, 30), max_size=5), st.sets(st.integers(1, 30)))
def test_what_is_found_is_ranked_and_no_longer_than_asked_for(
    k: int, preferred: set[int], asked: set[int]
) -> None:
    scores = {one.passage.id: 1 / (10 + one.rank) for one in STORIES}
    scored = [replace(one, score=scores[one.passage.id]) for one in STORIES]
    retriever = PreferringRetriever(FixedRetriever(scored), [f"a{number}" for number in preferred])
    found = retriever.search("story", k, article=[f"a{number}" for number in asked])
    ids = [one.passage.id for one in found]
    assert len(set(ids)) == len(ids) == min(k, len(asked))
    assert set(ids) <= asked
    assert [one.rank for one in found] == list(range(1, len(found) + 1))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    # What only the preference found counts as the last of the others.
    last = min(sorted((scores[number] for number in asked), reverse=True)[:k], default=0)
    for one in found:
        gained = JUST_CITED if one.passage.id in preferred else -JUST_CITED
        assert one.score == max(scores[one.passage.id], last) + gained
