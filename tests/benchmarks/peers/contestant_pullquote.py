"""Pullquote, as `pip install .` gives it; the variant "search" finds passages and reads none."""

from benchmarks.peers.harness import PASSAGES, Found, Job, distinct, run

from pullquote.index import MiniLMEncoder, Retriever, build_index
from pullquote.qa import Assistant
from pullquote.qa.calibration import Calibration


class Pullquote:
    def prepare(self, job: Job) -> None:
        self.encoder = MiniLMEncoder()
        self.encoder.encode_documents(["Warm."])

    def index(self, job: Job) -> int:
        return build_index(job.articles, job.index, self.encoder).passages

    def open(self, job: Job) -> None:
        self.retriever = Retriever.open(job.index)
        self.assistant: Assistant | None = None
        if job.variant != "search":
            self.assistant = Assistant.over(self.retriever, threshold=0.0)
        self.threshold = Calibration.of_index(job.index).threshold

    def ask(self, question: str) -> Found:
        if self.assistant is None:
            hits = self.retriever.search(question, PASSAGES)
            return Found(None, 0.0, True, distinct([hit.article.id for hit in hits]))
        answer = self.assistant.ask(question)
        return Found(
            answer.text,
            answer.confidence,
            answer.text is None or answer.confidence < self.threshold,
            distinct([hit.article.id for hit in answer.hits]),
        )


if __name__ == "__main__":
    run(Pullquote())
