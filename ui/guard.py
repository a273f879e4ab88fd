"""Keys for programs: `Authorization: Bearer KEY`."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from pullquote.ui.accounts import Accounts

_WRONG = (
    "Send a key that is good as `Authorization: Bearer KEY`; the operator makes one with: "
    "pullquote accounts key NAME."
)
# It answers in words of its own where nothing is sent.
_BEARER = HTTPBearer(auto_error=False, description="A key from `pullquote accounts key`.")


def key_holder(accounts: Accounts) -> Callable[..., str]:
    """What a route depends on: the name of the key that a request brings."""

    def holder(sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> str:
        return _admitted(sent.credentials if sent else "", accounts)

    return holder


def admitted(authorization: str | None, accounts: Accounts) -> str:
    """The name of the key in a header; raises HTTPException where it is not good."""
    scheme, _, key = (authorization or "").partition(" ")
    return _admitted(key.strip() if scheme.lower() == "bearer" else "", accounts)


def _admitted(key: str, accounts: Accounts) -> str:
    if name := accounts.holder(key):
        return name
    raise HTTPException(401, _WRONG, headers={"WWW-Authenticate": "Bearer"})
