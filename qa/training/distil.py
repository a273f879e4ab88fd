"""Train a larger reader and have the small one learn from it, on a GPU if there is one.

`python -m pullquote.qa.training.distil pairs --help` makes what is learned from, on any machine;
`… learn --help` learns, and needs no data but that and the two models to start from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import torch
import typer
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from pullquote.qa.training.config import DISTILLATIONS, HELD_OUT, Steps
from pullquote.qa.training.examples import Example, held_out, read_examples
from pullquote.qa.training.features import Feature, features_of, load_features, save_features
from pullquote.qa.training.held_out import right
from pullquote.qa.training.loop import MODEL, state_of, train
from pullquote.qa.training.mixture import examples_of
from pullquote.qa.training.news import news_examples, news_pairs
from pullquote.qa.training.start import reader_of, thinned
from pullquote.qa.training.teacher import Teacher, taught
from pullquote.qa.windows import WindowMaker

app = typer.Typer(help=__doc__)

PAIRS = "pairs.npz"
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
HeldOut = Mapping[str, Sequence[Feature]]  # by kind


@app.command()
def pairs(
    tokenizer: Annotated[Path, typer.Option(help="tokenizer.json of an uncased BERT.")],
    squad: Annotated[Path, typer.Option(help="SQuAD 2.0 train, .json or .json.gz.")],
    shift: Annotated[list[Path], typer.Option(help="A SQuADShifts file; may be repeated.")],
    news: Annotated[Path, typer.Option(help="Questions about whole articles, as SQuAD has them.")],
    news_held_out: Annotated[Path, typer.Option(help="More of those, not to learn from.")],
    out: Annotated[Path, typer.Option(help="Where the files go.")],
    written: Annotated[
        Path | None, typer.Option(help="More questions about SQuAD's paragraphs (written.py).")
    ] = None,
    run: Annotated[str, typer.Option(help="Which of the DISTILLATIONS in config.py.")] = "tenth",
) -> None:
    """Write the pairs to learn from, and some to look at that are not learned from."""
    out.mkdir(parents=True, exist_ok=True)
    maker = WindowMaker(Tokenizer.from_file(str(tokenizer)))
    kept: dict[str, list[Example]] = {
        "news": list(news_pairs(news_examples(news_held_out, 0, 1_000_000)[1], HELD_OUT.seed)),
        **{
            file.name.split(".")[0]: [
                replace(pair, title="") for pair in read_examples(file) if held_out(pair)
            ]
            for file in shift
        },
    }
    for name, examples in kept.items():
        save_features(list(features_of(examples, maker, HELD_OUT)), out / f"held-out-{name}.npz")
    config = DISTILLATIONS[run].pairs
    learned = features_of(examples_of(config, squad, shift, news, written), maker, config)
    save_features(list(learned), out / PAIRS)


@app.command()
def learn(
    made: Annotated[Path, typer.Option(help="The `out` of `pairs`.")],
    teacher: Annotated[Path, typer.Option(help="The directory of all-mpnet-base-v2.")],
    after: Annotated[Path, typer.Option(help="The reader to start from.")],
    out: Annotated[Path, typer.Option(help="Where checkpoints and the results go.")],
    layers: Annotated[list[int], typer.Option(help="Of the readers that learn.")] = [12],  # noqa: B006
    run: Annotated[str, typer.Option(help="Which of the DISTILLATIONS in config.py.")] = "tenth",
) -> None:
    """Train the teacher, and a reader of each number of layers from it; call again to resume."""
    where = {number: out / f"layers-{number}" for number in layers}
    missing = [number for number, place in where.items() if not (place / MODEL).exists()]
    if not missing:
        return
    features = load_features(made / PAIRS)
    held_out = {file.stem: load_features(file) for file in sorted(made.glob("held-out-*.npz"))}
    chosen = DISTILLATIONS[run]
    larger = _teacher(teacher, chosen.teacher, features, held_out, out / "teacher")
    features = taught(larger, features)
    start = state_of(after)
    for number, place in where.items():
        if number in missing:
            reader = reader_of(thinned(start, number))
            _trained(reader, chosen.students[number], features, held_out, place)
        start = state_of(place)  # a thinner one starts from the thicker


def _teacher(
    start: Path, how: Steps, features: Sequence[Feature], held_out: HeldOut, where: Path
) -> Teacher:
    model = Teacher.from_pretrained(str(start), local_files_only=True)
    if (where / MODEL).exists():
        model.load_state_dict(state_of(where))
        model.to(DEVICE)  # type: ignore[arg-type]
    else:
        _trained(model, how, features, held_out, where)
    return model


def _trained(
    model: PreTrainedModel, how: Steps, features: Sequence[Feature], held_out: HeldOut, where: Path
) -> None:
    """Train the model and say how it does on pairs that it has not learned from."""
    where.mkdir(parents=True, exist_ok=True)
    model.to(DEVICE)  # type: ignore[arg-type]
    train(model, how, features, where)
    for kind, some in held_out.items():
        print(where.name, kind, asdict(right(model, some)), flush=True)


if __name__ == "__main__":
    app()
