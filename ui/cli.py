"""The command line: pullquote index, watch, ask, search, serve, accounts, mcp, check, eval …"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from pullquote.index.errors import PullquoteError
from pullquote.ui.accounts_cli import accounts
from pullquote.ui.indexing import DEFAULT_INDEX, ensure_index, index_folder
from pullquote.ui.options import (
    Article,
    AsJson,
    Index,
    Since,
    Source,
    Threshold,
    Until,
    examples,
    within,
)

if TYPE_CHECKING:
    from pullquote.qa import Assistant

app = typer.Typer(
    help="Ask a folder of news articles and get exact, dated, cited quotes.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False, soft_wrap=True)
app.add_typer(accounts, name="accounts")

ANSWERED, ABSTAINED, ERROR = 0, 1, 2


@app.command(
    epilog=examples(
        "pullquote index FOLDER",
        "pullquote index articles.jsonl.gz --index DIR --json",
        "jq -c '{id, title, text}' *.json | pullquote index -",
    )
)
def index(
    folder: Annotated[
        Path, typer.Argument(help="Folder (or one file) of articles; - reads JSON lines.")
    ],
    directory: Index = DEFAULT_INDEX,
    as_json: AsJson = False,
) -> None:
    """Index a folder of .txt, .md, .html, .pdf and .jsonl articles."""
    built = index_folder(folder, directory)
    if as_json:
        from pullquote.ui.json_format import report_json

        _print_json(report_json(built))


@app.command(
    epilog=examples("pullquote watch FOLDER", "pullquote watch FOLDER --json | jq .articles")
)
def watch(
    folder: Annotated[Path, typer.Argument(help="Folder (or one file) of articles.")],
    directory: Index = DEFAULT_INDEX,
    as_json: AsJson = False,
) -> None:
    """Keep an index current while its articles change; a chat that is open follows."""
    from pullquote.ui.watching import watch_folder

    watch_folder(folder, directory, as_json)


@app.command(
    epilog=examples(
        'pullquote ask "Who was mayor in 2017?" --since 2017-01-01',
        'pullquote ask "And the police chief?" --history "Who was mayor in 2017?"',
        "pullquote ask --questions questions.jsonl --json",
        "pullquote ask - --json < questions.txt | jq .answer",
    )
)
def ask(
    question: Annotated[
        str, typer.Argument(help="What you want to know; - reads a question a line.")
    ] = "",
    directory: Index = DEFAULT_INDEX,
    history: Annotated[
        list[str] | None, typer.Option(help="An earlier question; may be repeated, oldest first.")
    ] = None,
    questions: Annotated[
        Path | None, typer.Option(help="Ask every line of a JSON-lines file (or -) instead.")
    ] = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    article: Article = None,
    threshold: Threshold = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say how it came about.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask one question, or a file of questions. Exit code: 0 answered, 1 abstained, 2 error."""
    from pullquote.ui.asking import ask_all, batch_of

    batch = batch_of(question, questions, history or ())
    ensure_index(directory, update=False)
    fit = within(since, until, source, article)
    console = None if as_json else out
    answered = ask_all(batch, _assistant(directory, threshold), fit, console, explain)
    if not answered:
        raise typer.Exit(ABSTAINED)


@app.command(
    epilog=examples(
        'pullquote search "gun violence" -k 20',
        "pullquote search homicides --since 2017-01-01 --source 'Hartford Courant'",
        "pullquote search - --json < questions.txt | jq -c 'map(.path)'",
    )
)
def search(
    question: Annotated[str, typer.Argument(help="What to look for; - reads a question a line.")],
    directory: Index = DEFAULT_INDEX,
    k: Annotated[int, typer.Option("-k", min=1, help="How many passages.")] = 5,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    article: Article = None,
    as_json: AsJson = False,
) -> None:
    """Find passages without reading them. Exit code: 0 found, 1 nothing, 2 error."""
    from pullquote.index import Retriever
    from pullquote.ui.asking import search_all

    ensure_index(directory, update=False)
    retriever, fit = Retriever.open(directory), within(since, until, source, article)
    found = search_all(question, retriever, k, fit, None if as_json else out)
    if not found:
        raise typer.Exit(ABSTAINED)


@app.command(epilog=examples("pullquote serve", "pullquote serve --port 8080 --no-browser"))
def serve(
    directory: Index = DEFAULT_INDEX,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 7860,
    open_browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the chat in a browser.")
    ] = True,
    threshold: Threshold = None,
    auth_file: Annotated[
        Path | None,
        typer.Option(help="Only people and keys in this file may ask; see pullquote accounts."),
    ] = None,
    root_path: Annotated[
        str, typer.Option(help="Where a proxy puts the chat, such as /news; / at its root.")
    ] = "",
    max_concurrent: Annotated[
        int, typer.Option(min=1, max=64, help="Questions that are read at once; the rest waits.")
    ] = 4,
    log_questions: Annotated[
        bool, typer.Option("--log-questions", help="Write the text of questions to the log too.")
    ] = False,
    uploads: Annotated[
        bool | None,
        typer.Option(
            "--uploads/--no-uploads",
            help="Whether people may add articles. Without either: where only this machine, or "
            "only people in the --auth-file, come in.",
        ),
    ] = None,
    allow_fetch: Annotated[
        bool, typer.Option("--allow-fetch", help="Add articles from public web addresses too.")
    ] = False,
) -> None:
    """Open the chat in a browser; programs ask under /api. The log is JSON lines."""
    from pullquote.ui.serving import Choices, serve_index

    serve_index(
        Choices(
            directory,
            host,
            port,
            open_browser,
            threshold,
            auth_file,
            root_path,
            max_concurrent,
            log_questions,
            uploads,
            allow_fetch,
        )
    )


@app.command(epilog=examples("pullquote mcp --index DIR", "pullquote mcp --http --port 7861"))
def mcp(
    directory: Index = DEFAULT_INDEX,
    http: Annotated[bool, typer.Option("--http", help="Over HTTP, not standard input.")] = False,
    host: Annotated[str, typer.Option(help="Address to listen on, with --http.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on, with --http.")
    ] = 7861,
    threshold: Threshold = None,
) -> None:
    """Give ask, search and read_article to an assistant that speaks MCP."""
    # First, for what is missing is to be said before the models are loaded.
    from pullquote.ui.mcp import mcp_server, serve_http, serve_stdio
    from pullquote.ui.service import Service, opened

    ensure_index(directory, update=False)
    server = mcp_server(Service.of(*opened(directory, threshold)))
    if http:
        serve_http(server, host, port)
    else:
        serve_stdio(server)


@app.command(epilog=examples("pullquote check", "pullquote check --index DIR --json"))
def check(directory: Index = DEFAULT_INDEX, as_json: AsJson = False) -> None:
    """Read the whole index and say whether it is as it was written."""
    from pullquote.index.milvus.address import address_of
    from pullquote.index.places import check as checked

    manifest = checked(directory)
    if as_json:
        _print_json({"articles": manifest.articles, "passages": manifest.passages})
    else:
        whole = f"{manifest.articles:,} articles, {manifest.passages:,} passages"
        place = escape(str(address_of(directory) or directory))
        out.print(f"The index in {place} is whole: {whole}.", highlight=False)


@app.command(
    name="eval",
    epilog=examples(
        "pullquote eval dev-v2.0.json --own",
        "pullquote eval mine.jsonl --index DIR --report PAGE",
        "zcat dev-v2.0.json.gz | pullquote eval - --json",
    ),
)
def evaluate(
    file: Annotated[
        Path, typer.Argument(help="SQuAD .json(.gz), or .jsonl with --index; - reads either.")
    ],
    directory: Index = DEFAULT_INDEX,
    own: Annotated[
        bool, typer.Option("--own", help="Read each question against its own paragraph only.")
    ] = False,
    threshold: Threshold = None,
    report: Annotated[
        Path | None, typer.Option(help="Write a page with figures and mistakes to this folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure answers, abstentions and recall on questions with known answers."""
    from pullquote.ui.measure import measure, print_evaluation
    from pullquote.ui.piped import from_file
    from pullquote.ui.report import write_report

    with from_file(file) as questions:
        evaluation = measure(questions, directory, own, threshold)
    if report:
        write_report(evaluation, questions.name, report)
    if as_json:
        _print_json(evaluation.to_json())
    else:
        print_evaluation(evaluation, out)


@app.command(
    epilog=examples("pullquote calibrate mine.jsonl", "pullquote calibrate - --json < mine.jsonl")
)
def calibrate(
    file: Annotated[
        Path,
        typer.Argument(help="JSON lines: question, answers (none: not in the articles); or -."),
    ],
    directory: Index = DEFAULT_INDEX,
    as_json: AsJson = False,
) -> None:
    """Fit the confidence below which to abstain to your own questions, and keep it."""
    from pullquote.ui.calibrating import calibrate as fit
    from pullquote.ui.calibrating import print_fit
    from pullquote.ui.piped import from_file

    with from_file(file) as questions:
        fitted = fit(questions, directory)
    if as_json:
        _print_json(fitted.to_json())
    else:
        print_fit(fitted, out)


def _assistant(directory: Path, threshold: float | None) -> "Assistant":
    from pullquote.qa import Assistant

    return Assistant.open(directory, threshold)


def _print_json(value: Any) -> None:
    from pullquote.ui.json_format import print_json

    print_json(value)


def main() -> None:
    """Run the command line; an error that the user can mend is one line on standard error."""
    try:
        app(prog_name="pullquote")
    except PullquoteError as error:
        print(f"pullquote: {error}", file=sys.stderr)
        sys.exit(ERROR)


if __name__ == "__main__":
    main()
