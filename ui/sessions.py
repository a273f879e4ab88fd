"""Keep sessions of the chat only for people who are still in the file of accounts."""

from collections.abc import MutableMapping

from starlette.types import ASGIApp, Receive, Scope, Send

from pullquote.ui.accounts import Accounts


class Sessions:
    """Signs out whoever was removed from the file, or was given another password."""

    def __init__(self, app: ASGIApp, accounts: Accounts, tokens: MutableMapping[str, str]) -> None:
        """`tokens` are gradio's: the names of the people who are signed in, by their cookies."""
        self._app = app
        self._accounts = accounts
        self._tokens = tokens
        self._known = accounts.current()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, once nobody is signed in who may not be."""
        entries = self._accounts.current()
        if entries is not self._known:
            people, before = entries.people, self._known.people
            self._known = entries
            for token, name in list(self._tokens.items()):
                if people.get(name) is None or people[name] != before.get(name):
                    del self._tokens[token]
        await self._app(scope, receive, send)
