"""`pullquote serve`: everything that a server needs, put together from what the operator chose."""

import ipaddress
import os
import re
from dataclasses import dataclass
from pathlib import Path

from pullquote.index.errors import PullquoteError
from pullquote.index.store import read_manifest
from pullquote.ui.accounts import Accounts
from pullquote.ui.api import api_of
from pullquote.ui.chat import chat_of
from pullquote.ui.feedback import FEEDBACK, FeedbackFile
from pullquote.ui.fetching import fetch
from pullquote.ui.indexing import ensure_index
from pullquote.ui.limits import ASKED_AT_ONCE, Queue
from pullquote.ui.logs import log_json
from pullquote.ui.metrics import Metrics, Observed
from pullquote.ui.offers import MOST_TOGETHER
from pullquote.ui.server import HOST, PORT, House, serve
from pullquote.ui.service import Service, opened
from pullquote.ui.taking import Taking

_ROOT_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")


class OptionError(PullquoteError):
    """An option of `pullquote serve` has a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the operator chose; see `pullquote serve --help`."""

    directory: Path
    host: str = HOST
    port: int = PORT
    open_browser: bool = False
    threshold: float | None = None
    auth_file: Path | None = None
    root_path: str = ""
    max_concurrent: int = ASKED_AT_ONCE
    log_questions: bool = False
    uploads: bool | None = None  # None: where only people who are known can reach it
    allow_fetch: bool = False


def checked_root_path(path: str) -> str:
    """The path without a slash at its end.

    Raises:
        OptionError: it is not a path such as "/news".
    """
    path = path.rstrip("/")
    if not _ROOT_PATH.fullmatch(path):
        raise OptionError("--root-path must be a path that begins with a slash, such as /news.")
    return path


def serve_index(choices: Choices) -> None:
    """Open the index and serve it until interrupted.

    Raises:
        OptionError, AccountsError, AddressError: what was chosen cannot be used.
        PullquoteError: the index cannot be opened, see Assistant.open.
    """
    # What is wrong with the options is said before anything that takes long.
    root_path = checked_root_path(choices.root_path)
    accounts = Accounts(choices.auth_file) if choices.auth_file else None
    ensure_index(choices.directory, update=True)
    takes_uploads = uploads_wanted(choices, Path(read_manifest(choices.directory).source))
    log_json()
    assistant, retriever = opened(choices.directory, choices.threshold)
    queue = Queue(choices.max_concurrent)
    taking = None
    if takes_uploads:
        taking = Taking(choices.directory, fetch if choices.allow_fetch else None)
    metrics = Metrics(queue, lambda: retriever.current().manifest)
    observed = Observed(assistant, metrics, choices.log_questions)
    api = api_of(Service(observed, retriever.search, retriever.article), queue, accounts, root_path)
    feedback = FeedbackFile(choices.directory / FEEDBACK)
    chat = chat_of(observed, retriever, queue, taking, feedback)
    house = House(
        accounts,
        metrics,
        root_path,
        MOST_TOGETHER if taking else 0,
        own_names=_is_own(choices.host) and not (choices.root_path or accounts),
    )
    serve(chat, choices.host, choices.port, choices.open_browser, api, house)


def uploads_wanted(choices: Choices, source: Path) -> bool:
    """Whether people may add articles to an index of the folder `source`.

    If the operator does not say so, they may where nobody comes in but this machine's own programs
    or people with an account.

    Raises:
        OptionError: they should and cannot.
    """
    wanted = choices.uploads
    if wanted is None:
        wanted = bool(choices.auth_file) or (_is_own(choices.host) and not choices.root_path)
    fits = source.is_dir() and os.access(source, os.W_OK)
    if choices.uploads and not fits:
        raise OptionError(
            f"Uploads are kept in the indexed folder, and {source} is no folder that can be "
            "written; leave --uploads out, or index another folder."
        )
    if choices.allow_fetch and not (wanted and fits):
        raise OptionError("--allow-fetch is of no use without uploads; add --uploads.")
    return wanted and fits


def _is_own(host: str) -> bool:
    """Whether only this machine's own programs reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
