"""Haystack 3: in-memory BM25 and embedding retrievers, joined, and its extractive reader.

The variant "words" has BM25 alone.
"""

import os

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

from benchmarks.peers.harness import PASSAGES, Found, Job, distinct, passages, run
from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

CPU = ComponentDevice.from_str("cpu")


class Haystack:
    def prepare(self, job: Job) -> None:
        self.embedder = SentenceTransformersDocumentEmbedder(
            model=str(job.encoder), device=CPU, progress_bar=False
        )
        if job.variant != "words":
            self.embedder.warm_up()

    def index(self, job: Job) -> int:
        store = InMemoryDocumentStore()
        documents = [Document(content=text, meta={"article": one}) for one, text in passages(job)]
        if job.variant != "words":
            documents = self.embedder.run(documents)["documents"]
        store.write_documents(documents)
        store.save_to_disk(str(job.index))
        return len(documents)

    def open(self, job: Job) -> None:
        self.job = job
        store = InMemoryDocumentStore.load_from_disk(str(job.index))
        search = Pipeline()
        search.add_component("bm25", InMemoryBM25Retriever(store, top_k=PASSAGES))
        if job.variant != "words":
            search.add_component(
                "embedder",
                SentenceTransformersTextEmbedder(
                    model=str(job.encoder), device=CPU, progress_bar=False
                ),
            )
            search.add_component("vectors", InMemoryEmbeddingRetriever(store, top_k=PASSAGES))
            search.add_component("joiner", DocumentJoiner("reciprocal_rank_fusion", top_k=PASSAGES))
            search.connect("embedder.embedding", "vectors.query_embedding")
            search.connect("bm25", "joiner")
            search.connect("vectors", "joiner")
        self.search = search
        self.reader = TransformersExtractiveReader(model=str(job.reader), device=CPU)
        self.reader.warm_up()

    def ask(self, question: str) -> Found:
        asked = {"bm25": {"query": question}}
        if self.job.variant != "words":
            asked["embedder"] = {"text": question}
        result = self.search.run(asked)
        documents = result["joiner" if "joiner" in result else "bm25"]["documents"]
        read = documents[: self.job.read]
        answers = self.reader.run(query=question, documents=read)["answers"] if read else []
        best = next((answer for answer in answers if answer.data), None)
        return Found(
            best.data if best else None,
            best.score if best else 0.0,
            best is None or answers[0].data is None,
            distinct([document.meta["article"] for document in documents]),
        )


if __name__ == "__main__":
    run(Haystack())
