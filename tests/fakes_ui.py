"""A tiny archive and an assistant that answers from it by looking for words."""

import threading
from collections.abc import Sequence
from datetime import date

from pullquote.index.errors import QuestionError
from pullquote.index.types import Article, Hit, Passage
from pullquote.qa.types import (
    EVERYTHING,
    Answer,
    Citation,
    Message,
    Moment,
    Quote,
    Timeline,
    Within,
)
from pullquote.ui.collection import Collection

HOSTILE_TITLE = '<img src=x onerror="alert(1)"> **bold** [x](javascript:alert(2)) $$x^2$$'
HOSTILE_SENTENCE = (
    "The banner read </mark><script>alert(3)</script> ![y](http://example.com/y.png) "
    "`code` {{7}} ${alert(4)} _so_ $$y_1$$ &lt;b&gt; for 12 hours."
)

BRIDGE = Article(
    id="bridge",
    title="Harbor bridge reopens after a year of repairs",
    text=(
        "RIVERTON — The harbor bridge reopened to traffic on Friday morning, eleven months after "
        "an inspector found cracks in two of its cables.\n\n"
        + "Shop owners on both banks had waited for the day. "
        * 30
        + "\n\nThe repairs cost $14.2 million, Mayor Ines Okafor said, and 14 crews worked on them "
        "around the clock. She called it money well spent.\n\n"
        + "Ferries carried commuters across in the meantime, and many said they would miss them. "
        * 12
    ),
    source="Riverton Courier",
    published=date(2023, 5, 12),
    url="https://example.com/bridge?a=1&b=2",
    path="2023/bridge.md",
    sha256="0" * 64,
)
BUDGET = Article(
    id="budget",
    title="Council passes budget, closing a gap",
    text=(
        "The council voted 7 to 2 for next year's budget.\n\nBridge repairs took $14.2 million of "
        "it, the largest single sum. Libraries will open on Sundays again."
    ),
    source=None,
    published=None,
    url="javascript:alert(5)",
    path="2023/budget.md",
    sha256="1" * 64,
)
HOSTILE = Article(
    id="hostile",
    title=HOSTILE_TITLE,
    text=f"A protest was held downtown.\n\n{HOSTILE_SENTENCE}\n\n# Not a heading",
    source='<b onclick="alert(6)">Daily</b>',
    published=date(2024, 1, 2),
    url=None,
    path='"><script>alert(7)</script>.md',
    sha256="2" * 64,
)
ARTICLES = {article.id: article for article in (BRIDGE, BUDGET, HOSTILE)}
ABOUT = Collection(3, ("Riverton Courier", "Daily"), date(2023, 5, 12), date(2024, 1, 2))


def cite(number: int, article: Article, quote: str) -> Citation:
    start = article.text.index(quote)
    return Citation(
        number,
        article.id,
        article.title,
        article.source,
        article.published,
        article.path,
        start,
        start + len(quote),
        quote,
    )


def hits(*articles: Article) -> tuple[Hit, ...]:
    return tuple(
        Hit(Passage(n, one.id, 0, len(one.text), one.text), one, 1 / n, n)
        for n, one in enumerate(articles, 1)
    )


COST = Quote(
    "$14.2 million",
    "The repairs cost $14.2 million, Mayor Ines Okafor said, and 14 crews worked on them "
    "around the clock.",
    0.93,
    (cite(1, BRIDGE, "$14.2 million"), cite(2, BUDGET, "$14.2 million")),
)
MAYOR = Quote(
    "Ines Okafor",
    "The repairs cost $14.2 million, Mayor Ines Okafor said, and 14 crews worked on them "
    "around the clock.",
    0.61,
    (cite(1, BRIDGE, "Ines Okafor"),),
)
BANNER = Quote(
    HOSTILE_SENTENCE[:-14], HOSTILE_SENTENCE, 0.3, (cite(1, HOSTILE, HOSTILE_SENTENCE[:-14]),)
)

BEFORE = Article(
    id="before",
    title="Mayor Bo Stern will not run again",
    text="Mayor Bo Stern said in a letter that he will not run again. He had won three times.",
    source="Riverton Courier",
    published=date(2017, 3, 9),
    url=None,
    path="2017/mayor.md",
    sha256="3" * 64,
)
STORED = ARTICLES | {BEFORE.id: BEFORE}  # what is stored, beside what is searched
STERN = Quote(
    "Bo Stern",
    "Mayor Bo Stern said in a letter that he will not run again.",
    0.55,
    (cite(2, BEFORE, "Bo Stern"),),
)
OVER_TIME = Timeline(
    "2 articles of 2017 to 2023 give different answers.",
    (
        Moment(date(2023, 5, 12), date(2023, 5, 12), MAYOR),
        Moment(date(2017, 3, 9), date(2017, 3, 9), STERN),
    ),
)


class FakeAssistant:
    """Answers by the words in the question, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[Message, ...]]] = []
        self.within: list[Within] = []
        self.held = threading.Lock()
        self._lock = threading.Lock()

    def ask(
        self, question: str, history: Sequence[Message] = (), within: Within = EVERYTHING
    ) -> Answer:
        with self._lock:
            self.asked.append((question, tuple(history)))
            self.within.append(within)
        with self.held:  # a test may keep it for a while
            pass
        if "crash" in question:
            raise RuntimeError("a fault that nobody foresaw")
        if len(question) > 500:
            raise QuestionError("The question is <b>too long</b>: at most 500 characters.")
        if "over time" in question:
            return Answer(
                question,
                MAYOR.text,
                MAYOR.confidence,
                (MAYOR, STERN),
                hits(BRIDGE, BEFORE),
                timeline=OVER_TIME,
            )
        for word, quote, articles in (
            ("cost", COST, (BRIDGE, BUDGET)),
            ("mayor", MAYOR, (BRIDGE,)),
            ("banner", BANNER, (HOSTILE,)),
        ):
            if word in question.lower():
                notice = "Only articles from 2023 were searched." if "2023" in question else None
                leans = question.startswith("And ") and history
                return Answer(
                    question,
                    quote.text,
                    quote.confidence,
                    (quote,),
                    hits(*articles),
                    notice,
                    understood=f"{question} (Riverton)" if leans else None,
                )
        return Answer(question, None, 0.04, (), hits(BRIDGE, BUDGET, HOSTILE, BRIDGE))


def fake_search(
    question: str,
    k: int = 5,
    since: date | None = None,
    until: date | None = None,
    source: str | None = None,
    article: str | Sequence[str] | None = None,
) -> list[Hit]:
    """Finds every article that fits the filters, whatever is asked."""
    wanted = [article] if isinstance(article, str) else article
    fit = [
        one
        for one in ARTICLES.values()
        if (since is None or (one.published and one.published >= since))
        and (until is None or (one.published and one.published <= until))
        and (source is None or (one.source or "").lower() == source.lower())
        and (wanted is None or one.id in wanted)
    ]
    return list(hits(*fit))[:k]
