"""Pairs out of whole news articles: the passages that answer a question, and some that do not."""

from collections.abc import Iterator, Sequence

from pullquote.qa.training.examples import Example, windows_of, with_every_occurrence
from pullquote.qa.training.negatives import retrieved

DEPTH = 6  # mostly passages of the same article
WRONG = 2  # passages for each question that do not answer it


def news_pairs(questions: Sequence[Example], seed: int) -> Iterator[Example]:
    """Every passage that holds the answer where the file says, and WRONG others, as found by BM25.

    `questions` come with whole articles, and with the one place of each answer. Elsewhere in the
    article the same words ("two", "the mayor") may mean another thing; in the same passage they
    seldom do.
    """
    articles = {question.passage: question for question in questions}
    passages = [window for article in articles.values() for window in windows_of(article)]
    for question in questions:
        for window in windows_of(question):
            if window.answers:
                yield with_every_occurrence(window)
    yield from retrieved(questions, passages, seed, DEPTH, WRONG)
