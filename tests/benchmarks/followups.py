"""What follow-up questions are understood as: `python tests/benchmarks/followups.py SHARED`.

Of CANARD's development part and CAsT 2020 and 2022, where somebody wrote each question again so
that it stands alone. The terms that this adds are what the question leaves out. Printed are how
many of them are taken over from the turns before, how many of those taken over are among them, and
how many of the questions that left nothing out are left alone. Rules and weights are chosen on the
part "tune". An article's title and section open each conversation of CANARD, as its askers saw
them; the last line is of the same without titles.
"""

from pathlib import Path
from typing import Annotated

import typer

from pullquote.qa.followups import understood
from pullquote.qa.training.followups import SETS, FollowUp, read_followups, terms, without_titles


def main(
    shared: Annotated[Path, typer.Argument(help="The folder that holds data/followups.")],
    part: Annotated[str, typer.Option(help="tune or report.")] = "tune",
    wrong: Annotated[int, typer.Option(help="List so many that are not understood.")] = 0,
) -> None:
    """Ask and print."""
    read = {name: read_followups(shared / f"data/followups/{name}.json.gz") for name in SETS}
    read["canard-dev, no titles"] = list(without_titles(read["canard-dev"]))
    for name, asked in read.items():
        asked = [one for one in asked if one.part == part and one.turns]
        _print_figures(name, asked, wrong)


def _print_figures(name: str, asked: list[FollowUp], wrong: int) -> None:
    right = added = missing = alone = left_alone = leaning = changed = 0
    for one in asked:
        meant = understood(one.question, one.turns)
        taken = terms(meant) - terms(one.question)
        if left_out := one.left_out:
            leaning += 1
            changed += bool(taken)
            right += len(left_out & taken)
            added += len(taken)
            missing += len(left_out)
            if wrong and left_out - taken:
                wrong -= 1
                print(f"  {one.turns[-1].question} | {meant} | {one.rewrite}")
        else:
            alone += 1
            left_alone += not taken
    print(
        f"{name}: {leaning} lean, {changed / leaning:.1%} of them understood; terms taken over "
        f"{right / missing:.1%} of {missing}, of those taken over {right / max(added, 1):.1%} "
        f"belong; {left_alone / alone:.1%} of {alone} that stand alone left alone"
    )


if __name__ == "__main__":
    typer.run(main)
