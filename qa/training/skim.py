"""Teach the skim of a finished reader (qa/skim.py): `python -m pullquote.qa.training.skim --help`.

It is to tell early what the reader's best span in a passage will score, so the reader itself is the
teacher, and the passages are those that the retriever finds. The reader does not change.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer
from torch.nn.functional import kl_div, smooth_l1_loss

from pullquote.index import Retriever
from pullquote.qa.checkpoint import WEIGHTS, load_reader, load_tokenizer
from pullquote.qa.evaluation.datasets import read_questions
from pullquote.qa.evaluation.scratch import scratch_index
from pullquote.qa.networks import TorchNetwork
from pullquote.qa.reader import best_score, windows_of
from pullquote.qa.skim import NEVER, WHOLE, Skim, save_skim
from pullquote.qa.training.config import SKIM, SkimTraining
from pullquote.qa.training.graph import save_graphs
from pullquote.qa.training.loop import descend
from pullquote.qa.windows import Window, WindowMaker

Asked = Sequence[Window]  # what one question is to read


def main(
    squad: Annotated[Path, typer.Argument(help="SQuAD 2.0 train, .json or .json.gz.")],
    news: Annotated[Path, typer.Argument(help="Questions about whole articles, alike.")],
    out: Annotated[Path, typer.Option(help="Where the checkpoint goes.")],
    reader: Annotated[Path, typer.Option(help="The reader whose skim it is.")] = WEIGHTS,
) -> None:
    """Train a skim, and write it and the graphs beside its reader; call again to resume."""
    out.mkdir(parents=True, exist_ok=True)
    maker = WindowMaker(load_tokenizer(reader))
    asked = [
        each
        for file, titles in zip((squad, news), SKIM.titles, strict=True)
        for each in asked_of(file, titles, maker, SKIM)
    ]
    chooser = random.Random(SKIM.seed)
    passes = [each for _ in range(SKIM.passes) for each in chooser.sample(asked, len(asked))]
    save_skim(train(passes, reader, SKIM, out), reader)
    save_graphs(reader)


def asked_of(file: Path, titles: int, maker: WindowMaker, how: SkimTraining) -> Iterator[Asked]:
    """Questions of a file with the passages that are found for them in what has some titles."""
    chooser = random.Random(how.seed)
    found = read_questions(file)
    known = list(dict.fromkeys(article.title for article in found.articles))
    chosen = set(chooser.sample(known, min(titles, len(known))))
    articles = [article for article in found.articles if article.title in chosen]
    ids = {article.id for article in articles}
    about = [one.question for one in found.questions if ids.intersection(one.article_ids)]
    with scratch_index(articles) as directory, Retriever.open(directory) as retriever:
        for question in chooser.sample(about, min(how.questions, len(about))):
            hits = retriever.search(question, how.passages)
            if windows := windows_of(maker, question, hits):
                yield windows


def train(asked: Sequence[Asked], reader: Path, how: SkimTraining, out: Path) -> Skim:
    """A skim that tells early what the reader will say, from the last checkpoint in `out`."""
    model = load_reader(reader)
    skim = Skim.untrained(model)
    with torch.no_grad():  # nearer to the end than nothing: what the reader says at its end
        skim.guess.weight[:WHOLE] = 0.3 * model.qa_outputs.weight
        skim.guess.bias.zero_()
    network = TorchNetwork(model, Skim.untrained(model))
    optimiser = torch.optim.AdamW(
        [
            {"params": list(skim.layer.parameters()), "lr": how.learning_rate},
            {"params": list(skim.guess.parameters()), "lr": how.learning_rate_of_guess},
        ],
        weight_decay=how.weight_decay,
    )
    descend(skim, optimiser, asked, lambda each: _loss(skim, network, each, how), how, out)
    return skim.eval()


def _loss(skim: Skim, network: TorchNetwork, windows: Asked, how: SkimTraining) -> torch.Tensor:
    """How far the estimates are from the reader's best scores, and the guesses from its logits."""
    with torch.no_grad():
        hidden, attention, passage = network.begun(windows)
        logits = network.finished(hidden, attention).float()  # (windows, tokens, 2)
    best = [
        best_score(window, each[:, 0], each[:, 1])
        for window, each in zip(windows, logits.numpy(), strict=True)
    ]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        estimates, guessed = skim(hidden.float(), attention.float(), passage)
    far = smooth_l1_loss(estimates.float(), torch.tensor(best), beta=how.tolerance)
    selectable = passage.clone()
    selectable[:, 0] = True
    choices, theirs = (
        each.float().masked_fill(~selectable[:, :, None], NEVER) / how.temperature
        for each in (guessed, logits)
    )
    distance = kl_div(choices.log_softmax(1), theirs.softmax(1), reduction="batchmean")
    return far + how.guessing * distance


if __name__ == "__main__":
    typer.run(main)
