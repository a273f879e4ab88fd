"""Who may come in: people with passwords and programs with keys, in one small file."""

import hashlib
import logging
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pullquote.index.errors import PullquoteError
from pullquote.index.store import Stamp

SHORTEST_PASSWORD = 8  # characters
KEY_PREFIX = "pullquote_"  # by which a key that leaked is recognised

_NAME = re.compile(r"[\w.@+-]{1,64}")
_KEY = re.compile(r"\$sha256\$[0-9a-f]{64}")
_HEAD = "# Who may ask: written by `pullquote accounts`. Lines of name:hash, one a person or key.\n"

logger = logging.getLogger(__name__)


class AccountsError(PullquoteError):
    """The file of accounts cannot be used, or not in the way that was asked for."""


@dataclass(frozen=True, slots=True)
class Entries:
    """What a file of accounts says: hashes by name."""

    people: dict[str, str]  # Argon2id, of passwords
    keys: dict[str, str]  # SHA-256 in hex, of keys: these are long and random


def read_entries(file: Path) -> Entries:
    """The people and keys in a file.

    Raises:
        AccountsError: it cannot be read, or a line in it is not of the form that is written.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AccountsError(
            f"{file} cannot be read ({error}); add somebody with: pullquote accounts add NAME "
            f"--auth-file {file}"
        ) from error
    entries = Entries({}, {})
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, stored = line.strip().partition(":")
        known = name in entries.people or name in entries.keys
        if known or not _NAME.fullmatch(name):
            raise AccountsError(f"{file}:{number}: the name is not usable or there twice; mend it.")
        if stored.startswith("$argon2"):
            entries.people[name] = stored
        elif _KEY.fullmatch(stored):
            entries.keys[name] = stored.rpartition("$")[2]
        else:
            raise AccountsError(
                f"{file}:{number}: there is no hash behind {name!r}; remove the line and use: "
                "pullquote accounts add, or key."
            )
    return entries


def add_person(file: Path, name: str, password: str) -> None:
    """Let a person in, or give them another password; only a hash of it is kept.

    Raises:
        AccountsError: the name or the password is not usable, or the file is not.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise AccountsError(f"The password is too short; take {SHORTEST_PASSWORD} characters.")
    entries = _of_new(file, name)
    if name in entries.keys:
        raise AccountsError(f"{name} is the name of a key; take another, or remove it first.")
    entries.people[name] = PasswordHasher().hash(password)
    _write(file, entries)


def add_key(file: Path, name: str) -> str:
    """A new key for a program, to be shown once: only its hash is kept.

    A key of the same name is no longer good.

    Raises:
        AccountsError: the name is not usable, or the file is not.
    """
    entries = _of_new(file, name)
    if name in entries.people:
        raise AccountsError(f"{name} is the name of a person; take another, or remove it first.")
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    entries.keys[name] = _digest(key)
    _write(file, entries)
    return key


def remove(file: Path, name: str) -> None:
    """Let a person or a key in no longer.

    Raises:
        AccountsError: nobody has the name, or the file is not usable.
    """
    entries = read_entries(file)
    if not (entries.people.pop(name, None) or entries.keys.pop(name, None)):
        raise AccountsError(f"Nobody in {file} is called {name}; see: pullquote accounts list.")
    _write(file, entries)


class Accounts:
    """A file of accounts while it is used: who is added or removed is so at once."""

    def __init__(self, file: Path) -> None:
        """Raises AccountsError as read_entries does, or where nobody is in the file."""
        self._file = file
        self._stamp = _stamp_of(file)
        self._entries = read_entries(file)
        if not self._entries.people and not self._entries.keys:
            raise AccountsError(
                f"Nobody is in {file}; add somebody with: pullquote accounts add NAME "
                f"--auth-file {file}"
            )
        self._hasher = PasswordHasher()
        # Somebody who is not there must take as long as somebody who is.
        self._nobody = self._hasher.hash(secrets.token_urlsafe())
        # A hash takes 64 MB and much of a core: whoever guesses takes no more than one.
        self._one = CapacityLimiter(1)

    async def admits(self, name: str, password: str) -> bool:
        """Whether there is such a person with such a password."""
        stored = self.current().people.get(name)
        fits = await to_thread.run_sync(
            self._fits, stored or self._nobody, password, limiter=self._one
        )
        if not (fits and stored):
            logger.warning("A sign-in failed.", extra={"event": "sign-in"})
        return bool(fits and stored)

    def holder(self, key: str) -> str | None:
        """The name of a key; None where it is not good."""
        digest = _digest(key)
        found = [
            name
            for name, stored in self.current().keys.items()
            if secrets.compare_digest(stored, digest)
        ]
        return found[0] if found else None

    def current(self) -> Entries:
        """What the file says now; where it cannot be read, what it said before."""
        stamp = _stamp_of(self._file)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._entries = read_entries(self._file)
            except AccountsError as error:
                logger.warning("The accounts stay as they were: %s", error)
        return self._entries

    def _fits(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def _of_new(file: Path, name: str) -> Entries:
    if not _NAME.fullmatch(name):
        raise AccountsError(
            "The name is not usable; take up to 64 letters, digits and . @ + - _ without spaces."
        )
    return read_entries(file) if file.exists() else Entries({}, {})


def _write(file: Path, entries: Entries) -> None:
    lines = [f"{name}:{stored}" for name, stored in entries.people.items()]
    lines += [f"{name}:$sha256${stored}" for name, stored in entries.keys.items()]
    beside = file.with_name(f".{file.name}.part")
    try:
        beside.unlink(missing_ok=True)
        # Nobody else may read it, not even while it is written.
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(_HEAD + "".join(f"{line}\n" for line in lines))
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    except OSError as error:
        raise AccountsError(f"{file} cannot be written ({error}); name another file.") from error


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def _stamp_of(file: Path) -> Stamp | None:
    try:
        about = file.stat()
    except OSError:
        return None
    return about.st_ino, about.st_mtime_ns, about.st_size
