"""LangChain's FAISS store, and transformers over what it finds.

transformers 5 has no pipeline for reading comprehension, so this does what that of version 4 did
where questions may have no answer: probabilities of starts and ends in each passage, the span with
the greatest product, and no answer where [CLS] has a greater one in every passage.
"""

from pathlib import Path

import torch
from benchmarks.peers.harness import PASSAGES, Found, Job, distinct, passages, run
from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

LONGEST = 30  # tokens of an answer


def embeddings(folder: Path) -> HuggingFaceEmbeddings:
    return HuggingFaceEmbeddings(
        model_name=str(folder),
        model_kwargs={"device": "cpu"},
        encode_kwargs={"normalize_embeddings": True},
    )


class LangChain:
    def prepare(self, job: Job) -> None:
        self.embeddings = embeddings(job.encoder)
        self.embeddings.embed_query("Warm.")

    def index(self, job: Job) -> int:
        names, texts = zip(*passages(job), strict=True)
        metadata = [{"article": name} for name in names]
        store = FAISS.from_texts(list(texts), self.embeddings, metadata)
        store.save_local(str(job.index))
        return len(texts)

    def open(self, job: Job) -> None:
        self.read = job.read
        self.store = FAISS.load_local(
            str(job.index), embeddings(job.encoder), allow_dangerous_deserialization=True
        )
        self.tokenizer = AutoTokenizer.from_pretrained(job.reader)
        self.model = AutoModelForQuestionAnswering.from_pretrained(job.reader).eval()

    def ask(self, question: str) -> Found:
        documents = self.store.similarity_search(question, k=PASSAGES)
        best, confidence, nothing = self.best(
            question, [document.page_content for document in documents[: self.read]]
        )
        return Found(
            best,
            confidence,
            best is None or nothing > confidence,
            distinct([document.metadata["article"] for document in documents]),
        )

    def best(self, question: str, texts: list[str]) -> tuple[str | None, float, float]:
        """The likeliest span, its probability, and the least one of no answer."""
        inputs = self.tokenizer(
            [question] * len(texts),
            texts,
            padding=True,
            truncation="only_second",
            max_length=384,
            return_tensors="pt",
            return_offsets_mapping=True,
        )
        offsets = inputs.pop("offset_mapping")
        with torch.inference_mode():
            output = self.model(**inputs)
        best, confidence, nothing = None, 0.0, 1.0
        for row, text in enumerate(texts):
            inside = torch.tensor([part == 1 for part in inputs.sequence_ids(row)])
            allowed = inside.clone()
            allowed[0] = True  # [CLS]
            starts, ends = (
                logits[row].masked_fill(~allowed, -1e4).softmax(0)
                for logits in (output.start_logits, output.end_logits)
            )
            nothing = min(nothing, float(starts[0] * ends[0]))
            products = torch.triu(starts[:, None] * ends[None, :]).tril(LONGEST - 1)
            products[~inside] = 0
            products[:, ~inside] = 0
            at = int(products.argmax())
            if float(products.flatten()[at]) > confidence:
                first, last = divmod(at, products.shape[1])
                confidence = float(products.flatten()[at])
                best = text[int(offsets[row, first, 0]) : int(offsets[row, last, 1])]
        return best, confidence, nothing


if __name__ == "__main__":
    run(LangChain())
