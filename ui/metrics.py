"""What an operator sees at /metrics: questions, how long they take, the queue and the index."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from pullquote.index.errors import PullquoteError
from pullquote.index.store import Manifest
from pullquote.qa.protocols import Answering
from pullquote.qa.types import Answer, Message
from pullquote.ui.limits import Queue

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30)
OUTCOMES = ("answered", "abstained", "refused", "failed")

logger = logging.getLogger(__name__)


class Metrics:
    """Counts for Prometheus, of one server."""

    def __init__(self, queue: Queue, manifest: Callable[[], Manifest]) -> None:
        """`manifest` gives that of the index that answers now."""
        self._registry = CollectorRegistry()
        self._manifest = manifest
        ProcessCollector(registry=self._registry)
        self.questions = Counter(
            "pullquote_questions", "Questions asked.", ["outcome"], registry=self._registry
        )
        for outcome in OUTCOMES:  # so that each is there before the first question
            self.questions.labels(outcome)
        self.seconds = Histogram(
            "pullquote_question_seconds",
            "Seconds that a question took, without waiting for its turn.",
            buckets=SECONDS,
            registry=self._registry,
        )
        told: list[tuple[str, str, Callable[[], float]]] = [
            ("questions_running", "Questions that are read now.", lambda: queue.running),
            ("questions_waiting", "Questions that wait for their turn.", lambda: queue.waiting),
            (
                "questions_turned_away",
                "Questions for which there was no room.",
                lambda: queue.refused,
            ),
            ("index_articles", "Articles in the index.", lambda: manifest().articles),
            ("index_passages", "Passages in the index.", lambda: manifest().passages),
        ]
        for name, about, value in told:
            Gauge(f"pullquote_{name}", about, registry=self._registry).set_function(value)
        self._generation = Gauge(
            "pullquote_index_generation",
            "The generation of the index that answers: it has the value 1.",
            ["generation"],
            registry=self._registry,
        )

    def text(self) -> bytes:
        """All of them, as Prometheus reads them."""
        self._generation.clear()
        self._generation.labels(self._manifest().generation).set(1)
        return generate_latest(self._registry)


class Observed:
    """Answers as another assistant does; counts and logs what became of each question."""

    def __init__(self, assistant: Answering, metrics: Metrics, log_questions: bool = False) -> None:
        """The log has the text of questions only with `log_questions`."""
        self._assistant = assistant
        self._metrics = metrics
        self._log_questions = log_questions

    def ask(
        self, question: str, history: Sequence[Message] = (), *arguments: Any, **named: Any
    ) -> Answer:
        """The other assistant's answer; raises what that raises."""
        started = time.perf_counter()
        outcome, confidence = "failed", None
        try:
            answer = self._assistant.ask(question, history, *arguments, **named)
            outcome = "abstained" if answer.text is None else "answered"
            confidence = round(answer.confidence, 3)
        except PullquoteError:
            outcome = "refused"
            raise
        else:
            return answer
        finally:
            seconds = time.perf_counter() - started
            self._metrics.questions.labels(outcome).inc()
            self._metrics.seconds.observe(seconds)
            told: dict[str, Any] = {
                "event": "question",
                "outcome": outcome,
                "seconds": round(seconds, 3),
                "confidence": confidence,
                "turns_before": len(history),
            }
            if self._log_questions:
                told["question"] = question
            logger.info("A question was asked.", extra=told)
