"""Reading each question against its own paragraph, without a search."""

from collections.abc import Callable, Sequence
from datetime import date

from pullquote.index.generation import RRF_CONSTANT
from pullquote.index.passages import story_spans
from pullquote.index.types import Article, Hit, Passage
from pullquote.qa.assistant import Assistant
from pullquote.qa.calibration import Calibration
from pullquote.qa.evaluation.datasets import EvaluationQuestion
from pullquote.qa.protocols import Reader
from pullquote.qa.spelling import Speller
from pullquote.qa.types import Answer

# The score of a passage that words and vectors both rank first: nobody doubts that this is it.
GIVEN = 2 / (RRF_CONSTANT + 1)


class OneArticle:
    """A retriever over one article: whatever is asked, it finds all of its passages."""

    def __init__(self, article: Article) -> None:
        self._article = article

    def current(self) -> "OneArticle":
        """This one: it never changes."""
        return self

    def search(
        self,
        question: str,  # noqa: ARG002 (a Retriever's signature)
        k: int = 5,
        since: date | None = None,
        until: date | None = None,
        source: str | Sequence[str] | None = None,  # noqa: ARG002
        article: str | Sequence[str] | None = None,  # noqa: ARG002
    ) -> list[Hit]:
        """At most k passages in the order of the text; none where a range of dates is asked for."""
        if since or until:
            return []
        text = self._article.text
        return [
            Hit(
                Passage(rank, self._article.id, start, end, text[start:end]),
                self._article,
                GIVEN,
                rank,
            )
            for rank, (start, end) in enumerate(story_spans(text)[:k], start=1)
        ]

    def newest(self) -> date | None:
        """The day of the article."""
        return self._article.published

    def article(self, article_id: str) -> Article:
        """The one article, if that is its id; raises KeyError."""
        if article_id != self._article.id:
            raise KeyError(article_id)
        return self._article


def asking_own(
    articles: Sequence[Article],
    reader: Reader,
    calibration: Calibration,
    speller: Speller | None = None,
) -> Callable[[EvaluationQuestion], Answer]:
    """What `evaluate` asks when each question is read against its own paragraph only."""
    assistants = {
        article.id: Assistant(OneArticle(article), reader, calibration, speller)
        for article in articles
    }
    return lambda question: assistants[question.article_ids[0]].ask(question.question)
