"""How long reading takes, beside others that have the same weights.

`python tests/benchmarks/reading.py` prints milliseconds a question at 5, 10 and 20 passages: those
that the tuning questions find, and the same with no title and as much of their article around them
as makes inputs of 256 tokens. All contestants read the same passages in the same run, one after the
other in every round, so that what else the machine does falls on all of them. Beside the medians it
says how many times ours they are.

- ours: from strings to spans, nothing remembered from the round before; passages that a first look
  holds for too poor to be shown are not read to the end, as in the product
- everything read: the same without the first look
- everything read, bfloat16: and with the other arithmetic
- transformers: tokenising and the model in float32, all passages as one batch; no spans
- Haystack: TransformersExtractiveReader (pip install -e '.[test,peers]')
- txtai: Questions (likewise)
- products: the bare matrix products of the model's shapes over just the tokens, in 8 bits (those of
  attention in float32, as onnxruntime computes them), in bfloat16 and in float32
"""

import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Annotated

os.environ.setdefault("HF_HUB_OFFLINE", "1")
sys.path.insert(0, str(Path(__file__).parents[1]))

import torch
import typer
from archive import SOURCES, questions
from rich.console import Console
from rich.table import Table
from torch.nn.functional import linear
from transformers import AutoTokenizer, BertForQuestionAnswering, PreTrainedTokenizerFast

from pullquote.index import Retriever, build_index
from pullquote.index.types import Hit
from pullquote.qa.calibration import Calibration
from pullquote.qa.checkpoint import WEIGHTS, Layout, load_reader, load_tokenizer
from pullquote.qa.networks import Network, OnnxNetwork, TorchNetwork
from pullquote.qa.reader import ExtractiveReader, windows_of
from pullquote.qa.windows import WindowMaker

Task = tuple[str, list[Hit]]  # a question and the passages to read
Contestant = Callable[[Task], object]

TOKENS = 256
COUNTS = (5, 10, 20)


def main(
    source: Annotated[str, typer.Option(help="articles or digests.")] = "digests",
    weights: Annotated[Path, typer.Option(help="Another reader.")] = WEIGHTS,
    rounds: Annotated[int, typer.Option(min=1, help="Questions that are timed.")] = 15,
    peers: Annotated[bool, typer.Option(help="Haystack and txtai as well.")] = True,
) -> None:
    """Read and print."""
    with tempfile.TemporaryDirectory() as directory:
        plain = Path(directory) / "plain"
        save_plain(weights, plain)
        contestants = ours(weights) | {"transformers, float32": transformers(plain)}
        if peers:
            contestants |= {"Haystack 3": haystack(plain), "txtai": txtai(plain)}
        contestants |= products(weights)
        build_index(SOURCES[source], Path(directory) / "index")
        found = list(real_tasks(Retriever.open(Path(directory) / "index"), source, rounds + 1))
        for kind, tasks in (
            (f"{TOKENS} tokens", widened(found, weights)),
            (f"as found in the {source}", found),
        ):
            medians = [race(contestants, tasks, count) for count in COUNTS]
            print_table(kind, list(contestants), medians)


def race(contestants: dict[str, Contestant], tasks: Sequence[Task], count: int) -> dict[str, float]:
    """Median milliseconds of each; the first task warms up and does not count."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for question, hits in tasks:
        for name, read in contestants.items():
            started = time.perf_counter()
            read((question, hits[:count]))
            times[name].append((time.perf_counter() - started) * 1000)
    return {name: median(each[1:]) for name, each in times.items()}


def print_table(kind: str, names: list[str], medians: list[dict[str, float]]) -> None:
    table = Table(title=f"{kind}: ms a question, times ours")
    table.add_column("")
    for count in COUNTS:
        table.add_column(f"{count} passages", justify="right")
    for name in names:
        cells = (f"{each[name]:.0f}  {each[name] / each[names[0]]:4.1f}" for each in medians)
        table.add_row(name, *cells)
    Console(width=100).print(table)


def ours(weights: Path) -> dict[str, Contestant]:
    tokenizer = load_tokenizer(weights)

    def reading(network: Network, calibration: Calibration | None) -> Contestant:
        return lambda task: ExtractiveReader(network, WindowMaker(tokenizer), calibration).read(
            *task
        )

    in_bytes = OnnxNetwork.open(weights)
    return {
        "ours, 8 bits": reading(in_bytes, Calibration.open(weights)),
        "everything read, 8 bits": reading(in_bytes, None),
        "everything read, bfloat16": reading(TorchNetwork.open(weights), None),
    }


def transformers(plain: Path) -> Contestant:
    model = BertForQuestionAnswering.from_pretrained(plain)
    tokenizer = AutoTokenizer.from_pretrained(plain)

    def read(task: Task) -> object:
        question, hits = task
        texts = [hit.passage.text for hit in hits]
        inputs = tokenizer([question] * len(texts), texts, padding=True, return_tensors="pt")
        with torch.inference_mode():
            return model(**inputs)

    return read


def haystack(plain: Path) -> Contestant:
    _need("haystack_integrations.components.readers.transformers")
    from haystack import Document
    from haystack.utils import ComponentDevice
    from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

    reader = TransformersExtractiveReader(plain, device=ComponentDevice.from_str("cpu"))
    reader.warm_up()

    def read(task: Task) -> object:
        question, hits = task
        documents = [Document(content=hit.passage.text) for hit in hits]
        return reader.run(query=question, documents=documents)

    return read


def txtai(plain: Path) -> Contestant:
    _need("txtai.pipeline")
    from txtai.pipeline import Questions

    class Reading(Questions):  # type: ignore[misc]
        def answer(self, context: str, tokens: object, start: int, end: int) -> str:
            # The original raises a TypeError where the model points at [CLS], for "no answer".
            return context[int(start) : int(end)]

    pipeline = Reading(str(plain), gpu=False)
    return lambda task: pipeline([task[0]] * len(task[1]), [hit.passage.text for hit in task[1]])


def products(weights: Path) -> dict[str, Contestant]:
    """What no implementation can do without, in each arithmetic."""
    config = load_reader(weights).config
    maker = WindowMaker(load_tokenizer(weights))
    hidden, wide, heads = config.hidden_size, config.intermediate_size, config.num_attention_heads
    shapes = ((hidden, 3 * hidden), (hidden, hidden), (hidden, wide), (wide, hidden))

    def multiplying(dense: torch.dtype, attention: torch.dtype) -> Contestant:
        matrices = [torch.ones(rows, columns).to(dense) for columns, rows in shapes]

        def multiply(task: Task) -> None:
            lengths = [len(window.token_ids) for window in windows_of(maker, *task)]
            inputs = {
                columns: torch.ones(sum(lengths), columns).to(dense) for columns in (hidden, wide)
            }
            with torch.inference_mode():
                for _ in range(config.num_hidden_layers):
                    for matrix in matrices:
                        rows = inputs[matrix.shape[1]]
                        if dense is torch.int8:
                            torch._int_mm(rows, matrix.T)
                        else:
                            linear(rows, matrix)
                    for length in lengths:
                        queries = torch.ones(heads, length, hidden // heads, dtype=attention)
                        weighed = queries @ queries.transpose(1, 2)
                        weighed @ queries

        return multiply

    return {
        "products, 8 bits": multiplying(torch.int8, torch.float32),
        "products, bfloat16": multiplying(torch.bfloat16, torch.bfloat16),
        "products, float32": multiplying(torch.float32, torch.float32),
    }


def save_plain(weights: Path, directory: Path) -> None:
    """The reader as transformers and what is built on it load one."""
    load_reader(weights).save_pretrained(directory)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(Layout(weights).tokenizer),
        model_max_length=512,
        pad_token="[PAD]",  # noqa: S106
        unk_token="[UNK]",  # noqa: S106
        cls_token="[CLS]",  # noqa: S106
        sep_token="[SEP]",  # noqa: S106
        mask_token="[MASK]",  # noqa: S106
    ).save_pretrained(directory)


def widened(tasks: Sequence[Task], weights: Path) -> list[Task]:
    """The same with the text around each passage, so that inputs have TOKENS tokens.

    Titles are left out, because not everybody reads them. Inputs of short articles have fewer.
    """
    tokenizer = load_tokenizer(weights)
    tokenizer.no_padding()
    tokenizer.no_truncation()

    def tokens(text: str) -> list[tuple[int, int]]:
        return tokenizer.encode(text, add_special_tokens=False).offsets

    wider = []
    for question, hits in tasks:
        longer = []
        for hit in hits:
            room = TOKENS - len(tokens(question)) - 3  # [CLS] question [SEP] passage [SEP]
            text, passage = hit.article.text, hit.passage
            offsets = tokens(text)
            middle = (passage.start + passage.end) // 2
            at = next((n for n, (_, end) in enumerate(offsets) if end > middle), 0)
            first = max(0, min(at - room // 2, len(offsets) - room))
            last = min(first + room, len(offsets)) - 1
            start, end = offsets[first][0], offsets[last][1]
            whole = replace(passage, start=start, end=end, text=text[start:end])
            longer.append(replace(hit, passage=whole, article=replace(hit.article, title="")))
        wider.append((question, longer))
    return wider


def real_tasks(retriever: Retriever, source: str, how_many: int) -> Iterator[Task]:
    for each in questions(source, "tune")[:how_many]:
        yield each.question, retriever.search(each.question, max(COUNTS))


def _need(module: str) -> None:
    try:
        found = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        found = None
    if not found:
        sys.exit(
            f"{module} is not installed: pip install -e '.[test,peers]', or leave the peers out "
            "with --no-peers."
        )


if __name__ == "__main__":
    typer.run(main)
