"""What several commands take, and how their examples are shown."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from pullquote.index.errors import PullquoteError
from pullquote.ui.indexing import DEFAULT_INDEX

if TYPE_CHECKING:
    from pullquote.qa.types import Within

_DAY = ["%Y-%m-%d"]


def source_names(context: typer.Context, incomplete: str) -> list[str]:
    """The publications of the index that begin with what has been typed, for the shell."""
    from pullquote.index.catalog import Catalog
    from pullquote.index.store import Layout, read_manifest

    directory = Path(context.params.get("directory") or DEFAULT_INDEX)
    try:
        catalog = Catalog.open(Layout(directory / read_manifest(directory).generation).catalog)
    except PullquoteError:  # a shell that completes has nowhere to say so
        return []
    names = catalog.sources()
    catalog.close()
    return [name for name in names if name.startswith(incomplete)]


Index = Annotated[
    Path, typer.Option("--index", help="Directory of the index, or milvus://HOST:PORT/NAME.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Threshold = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Abstain below this confidence; 0 always answers."),
]
Since = Annotated[
    datetime | None,
    typer.Option(formats=_DAY, metavar="DAY", help="Only articles of 2017-01-31 or later."),
]
Until = Annotated[
    datetime | None,
    typer.Option(formats=_DAY, metavar="DAY", help="Only articles of 2017-01-31 or earlier."),
]
Source = Annotated[
    list[str] | None,
    typer.Option(help="Only this publication; may be repeated.", autocompletion=source_names),
]
Article = Annotated[
    list[str] | None,
    typer.Option(help="Only this article, by its article_id; may be repeated."),
]


def examples(*commands: str) -> str:
    """The end of a command's help."""
    return "\n\n".join(["Examples:", *(f"  {escape(command)}" for command in commands)])


def within(
    since: datetime | None,
    until: datetime | None,
    source: Sequence[str] | None,
    article: Sequence[str] | None,
) -> "Within":
    """Which articles the options let through."""
    from pullquote.qa.types import Within  # here: a shell that completes words waits for this file

    return Within(
        since.date() if since else None,
        until.date() if until else None,
        tuple(source or ()),
        tuple(article or ()),
    )
