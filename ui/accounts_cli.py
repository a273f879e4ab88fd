"""`pullquote accounts`: who may ask a server that has an --auth-file."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from pullquote.ui import accounts as file_of_accounts

accounts = typer.Typer(
    help="Let people and programs in, and out again, of a server with --auth-file.",
    no_args_is_help=True,
)

AuthFile = Annotated[Path, typer.Option(help="The file of accounts.")]
Name = Annotated[str, typer.Argument(help="Letters, digits and . @ + - _")]
DEFAULT_FILE = Path("pullquote-accounts")


@accounts.command()
def add(name: Name, auth_file: AuthFile = DEFAULT_FILE) -> None:
    """Let a person in: asks for a password, or reads it from standard input."""
    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    file_of_accounts.add_person(auth_file, name, password)
    print(f"{name} may sign in with: pullquote serve --auth-file {auth_file}", file=sys.stderr)


@accounts.command()
def key(name: Name, auth_file: AuthFile = DEFAULT_FILE) -> None:
    """Print a new key for a program. It is shown only now: the file keeps a hash of it."""
    print(file_of_accounts.add_key(auth_file, name))


@accounts.command()
def remove(name: Name, auth_file: AuthFile = DEFAULT_FILE) -> None:
    """Let a person or a program in no longer; a server that runs follows at once."""
    file_of_accounts.remove(auth_file, name)


@accounts.command(name="list")
def list_names(auth_file: AuthFile = DEFAULT_FILE) -> None:
    """Print who may come in: a name and "person" or "key" in each line."""
    entries = file_of_accounts.read_entries(auth_file)
    for kind, names in (("person", entries.people), ("key", entries.keys)):
        for name in names:
            print(f"{name}\t{kind}")
