"""`pullquote serve`: everything that a server needs, put together from what the operator chose."""

import logging
import re
from dataclasses import dataclass
from pathlib import Path

from pullquote.index.errors import PullquoteError
from pullquote.ui.accounts import Accounts
from pullquote.ui.api import api_of
from pullquote.ui.chat import chat_of
from pullquote.ui.limits import ASKED_AT_ONCE, Queue
from pullquote.ui.logs import log_json
from pullquote.ui.metrics import Metrics, Observed
from pullquote.ui.server import HOST, PORT, House, serve
from pullquote.ui.service import Service, opened

_ROOT_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")

logger = logging.getLogger(__name__)


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
    # What is wrong with the options is said before the models are loaded.
    root_path = checked_root_path(choices.root_path)
    accounts = Accounts(choices.auth_file) if choices.auth_file else None
    log_json()
    assistant, retriever = opened(choices.directory, choices.threshold)
    queue = Queue(choices.max_concurrent)
    metrics = Metrics(queue, lambda: retriever.current().manifest)
    observed = Observed(assistant, metrics, choices.log_questions)
    api = api_of(Service(observed, retriever.search, retriever.article), queue, accounts, root_path)
    chat = chat_of(observed, retriever, queue)
    house = House(accounts, metrics, root_path)
    serve(chat, choices.host, choices.port, choices.open_browser, api, house)
