"""Pairs out of whole news articles: the passages that answer a question, and some that do not."""

from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path

from pullquote.qa.training.examples import Example, read_examples, windows_of, with_every_occurrence
from pullquote.qa.training.negatives import retrieved

DEPTH = 6  # mostly passages of the same article
NEAR = 3  # where nothing answers the question: among them the passage that nearly does
WRONG = 2  # passages for each question that do not answer it


def news_examples(file: Path, first: int, last: int) -> tuple[list[Example], list[Example]]:
    """The questions about the articles before number `first`, and about those from it to `last`.

    Each comes with its whole article, and with the place of the answer that the file gives.
    """
    questions = read_examples(file, every_occurrence=False)
    articles = [list(group) for _, group in groupby(questions, lambda example: example.passage)]
    return list(chain(*articles[:first])), list(chain(*articles[first:last]))


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
    answerable = [question for question in questions if question.answers]
    others = [question for question in questions if not question.answers]
    yield from retrieved(answerable, passages, seed, DEPTH, WRONG)
    yield from retrieved(others, passages, seed, NEAR, WRONG)
