"""txtai: hybrid embeddings and its extractor, which joins three passages and reads them as one.

The variant "each" lets its reader, `Questions`, read as many passages as the others, one by one,
and takes the surest answer.
"""

from typing import Any

import torch
from benchmarks.peers.harness import PASSAGES, Found, Job, distinct, passages, run
from txtai.embeddings import Embeddings
from txtai.pipeline import RAG, Questions


class Reading(Questions):  # type: ignore[misc]
    """The reader, which also keeps how sure it is; the original keeps that to itself."""

    def __init__(self, path: str) -> None:
        super().__init__(path, gpu=False)
        self.confidences: list[float] = []
        network: Any = self.model  # type: ignore[has-type]

        def model(**tokens: torch.Tensor) -> Any:
            output = network(**tokens)
            starts, ends = output.start_logits.softmax(-1), output.end_logits.softmax(-1)
            self.confidences.append(float(starts.max() * ends.max()))
            return output

        self.model = model

    def answer(self, context: str, tokens: Any, start: int, end: int) -> str | None:
        # The original raises a TypeError where the model points at [CLS], for "no answer".
        if tokens.token_to_sequence(int(start)) != 1 or tokens.token_to_sequence(int(end)) != 1:
            return None
        answer: str = super().answer(context, tokens, start, end)
        return answer


class Txtai:
    def prepare(self, job: Job) -> None:
        # Content is stored, because whoever quotes must have the text.
        settings = {"path": str(job.encoder), "hybrid": True, "content": True, "gpu": False}
        self.embeddings = Embeddings(settings)
        self.embeddings.batchtransform(["Warm."])

    def index(self, job: Job) -> int:
        entries = [(f"{one}\t{number}", text) for number, (one, text) in enumerate(passages(job))]
        self.embeddings.index(entries)
        self.embeddings.save(str(job.index))
        return len(entries)

    def open(self, job: Job) -> None:
        self.job = job
        self.embeddings = Embeddings(gpu=False)
        self.embeddings.load(str(job.index))
        self.reader = Reading(str(job.reader))
        self.extractor = RAG(self.search, self.reader, output="flatten")

    def search(self, questions: list[str], _: int) -> list[list[dict[str, Any]]]:
        self.found: list[list[dict[str, Any]]] = self.embeddings.batchsearch(questions, PASSAGES)
        return list(self.found)

    def ask(self, question: str) -> Found:
        self.reader.confidences.clear()
        if self.job.variant == "each":
            self.search([question], PASSAGES)
            texts = [each["text"] for each in self.found[0][: self.job.read]]
            answers = self.reader([question] * len(texts), texts)
        else:
            answers = self.extractor([question])
        said = zip(self.reader.confidences, answers, strict=True)
        confidence, answer = max(said, default=(0.0, None), key=lambda one: (bool(one[1]), one[0]))
        return Found(
            answer or None,
            confidence if answer else 0.0,
            not answer,
            distinct([each["id"].rpartition("\t")[0] for each in self.found[0]]),
        )


if __name__ == "__main__":
    run(Txtai())
