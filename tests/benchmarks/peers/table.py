"""The figures as Markdown and as a picture."""

from collections.abc import Mapping
from pathlib import Path

from benchmarks.peers.environments import PEERS
from benchmarks.peers.scoring import Figures

SHARES = {
    "recall_1": "recall@1",
    "recall_5": "@5",
    "recall_20": "@20",
    "em": "EM",
    "f1": "F1",
    "f1_best": "F1, best threshold",
    "f1_forced": "F1, forced",
    "right": "right",
    "abstained": "abstained rightly",
    "gave_up": "wrongly",
    "auroc": "AUROC",
}
RATIOS = {
    "articles_a_second": "articles/s",
    "questions_a_second": "questions/s",
    "p95": "p95",
    "start": "start",
    "index_mb": "memory, index",
    "ask_mb": "memory, ask",
}
OF_READING = set(SHARES) - {"recall_1", "recall_5", "recall_20"}
INK, PALE = "#7d1f1f", "#b0a696"


def table(measured: Mapping[str, Figures], ours: str) -> str:
    """A Markdown table of quality, one of ratios to ours, and what ours are."""
    read = {peer.name: peer.reads for peer in PEERS}
    rows = [["", *SHARES.values()]]
    for name, each in measured.items():
        rows.append(
            [
                name,
                *(
                    f"{100 * getattr(each, key):.1f}" if read[name] or key not in OF_READING else ""
                    for key in SHARES
                ),
            ]
        )
    tables = [_markdown(rows)]
    if ours in measured:
        base = measured[ours]
        rows = [["times ours", *RATIOS.values()]]
        for name, each in measured.items():
            ratios = (getattr(each, key) / getattr(base, key) for key in RATIOS)
            rows.append([name, *(f"{ratio:.2f}" for ratio in ratios)])
        tables.append(_markdown(rows))
        tables.append(
            f"Ours on this machine: {base.articles_a_second:.1f} articles and "
            f"{base.questions_a_second:.1f} questions a second, p95 {1000 * base.p95:.0f} ms, "
            f"{base.start:.1f} s to the first answer, {base.index_mb:,.0f} MB to index and "
            f"{base.ask_mb:,.0f} MB to ask; {base.passages:,} passages."
        )
    return "\n\n".join(tables)


def _markdown(rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, "|---" * len(rows[0]) + "|")
    return "\n".join(lines)


def draw(measured: Mapping[str, Mapping[str, Figures]], file: Path) -> None:
    """F1, abstention and speed of everybody who reads, a row for each set of questions."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise SystemExit(
            "The plot needs matplotlib: pip install 'pullquote[benchmarks]'"
        ) from error
    panels = (
        ("f1", "F1 as it comes", 100.0),
        ("f1_best", "F1 at its best threshold", 100.0),
        ("auroc", "AUROC of abstention", 1.0),
        ("questions_a_second", "questions a second, times ours", None),
        ("articles_a_second", "articles a second, times ours", None),
    )
    figure = Figure(figsize=(15, 0.6 + 2.2 * len(measured)), layout="constrained")
    axes = figure.subplots(len(measured), len(panels), sharey="row", squeeze=False)
    reading = {peer.name for peer in PEERS if peer.reads}
    for row, (name, of_peers) in zip(axes, measured.items(), strict=True):
        shown = {peer: each for peer, each in of_peers.items() if peer in reading}
        colours = [INK if peer == PEERS[0].name else PALE for peer in shown]
        for axis, (key, title, scale) in zip(row, panels, strict=True):
            base = 1 / scale if scale else getattr(next(iter(shown.values())), key)
            values = [getattr(each, key) / base for each in shown.values()]
            bars = axis.barh(list(shown), values, color=colours)
            axis.bar_label(bars, fmt="%.2f" if scale != 100.0 else "%.1f", padding=2)
            axis.set_title(title, fontsize=10)
            axis.margins(x=0.25)
            axis.spines[["top", "right"]].set_visible(False)
        row[0].invert_yaxis()
        row[0].set_ylabel(name)
    figure.savefig(file, dpi=100)
