"""Who may come in: the file of accounts, the commands that write it, and what it lets through."""

import asyncio
import io
import stat
import sys
from pathlib import Path

import pytest

from pullquote.ui import cli
from pullquote.ui.accounts import Accounts, AccountsError, add_key, add_person, read_entries, remove

PASSWORD = "hunter2 hunter2 ä"  # noqa: S105


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "who may"


def run(
    monkeypatch: pytest.MonkeyPatch, *arguments: str | Path, stdin: str = ""
) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["pullquote", "accounts", *map(str, arguments)])
    monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
    with pytest.raises(SystemExit) as caught:
        cli.main()
    return caught.value.code


def test_a_person_comes_in_with_the_password_and_with_no_other(file: Path) -> None:
    add_person(file, "ann@example.com", PASSWORD)
    accounts = Accounts(file)
    assert asyncio.run(accounts.admits("ann@example.com", PASSWORD))
    assert not asyncio.run(accounts.admits("ann@example.com", PASSWORD.upper()))
    assert not asyncio.run(accounts.admits("ann", PASSWORD))
    assert not asyncio.run(accounts.admits("", ""))
    assert PASSWORD not in file.read_text(encoding="utf-8")


def test_a_key_is_kept_as_a_hash_and_known_again(file: Path) -> None:
    key, other = add_key(file, "archive-bot"), add_key(file, "other")
    accounts = Accounts(file)
    assert (accounts.holder(key), accounts.holder(other)) == ("archive-bot", "other")
    assert accounts.holder(key + "x") is None
    assert accounts.holder("") is None
    assert key not in file.read_text(encoding="utf-8")


def test_a_key_is_no_password_and_a_password_no_key(file: Path) -> None:
    key = add_key(file, "bot")
    add_person(file, "ann", PASSWORD)
    accounts = Accounts(file)
    assert accounts.holder(PASSWORD) is None
    assert not asyncio.run(accounts.admits("bot", key))


def test_nobody_else_may_read_the_file(file: Path) -> None:
    add_person(file, "ann", PASSWORD)
    add_key(file, "bot")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_who_is_added_or_removed_is_so_at_once(file: Path) -> None:
    add_person(file, "ann", PASSWORD)
    accounts = Accounts(file)
    key = add_key(file, "bot")
    assert accounts.holder(key) == "bot"
    again = add_key(file, "bot")
    assert (accounts.holder(key), accounts.holder(again)) == (None, "bot")
    remove(file, "ann")
    assert not asyncio.run(accounts.admits("ann", PASSWORD))


def test_a_file_that_is_broken_meanwhile_changes_nothing(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    add_person(file, "ann", PASSWORD)
    accounts = Accounts(file)
    file.write_text("ann:secret\n", encoding="utf-8")
    assert asyncio.run(accounts.admits("ann", PASSWORD))
    assert "stay as they were" in caplog.text
    file.unlink()
    assert asyncio.run(accounts.admits("ann", PASSWORD))


@pytest.mark.parametrize(
    "text", ["ann:secret\n", "ann\n", "a b:$argon2id$x\n", "a:$argon2id$x\na:$argon2id$y\n", "\xff"]
)
def test_a_file_of_another_form(file: Path, text: str) -> None:
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(AccountsError, match="who may"):
        Accounts(file)


def test_a_file_without_anybody(file: Path) -> None:
    with pytest.raises(AccountsError, match="cannot be read"):
        Accounts(file)
    file.write_text("# nobody\n\n", encoding="utf-8")
    with pytest.raises(AccountsError, match="accounts add NAME"):
        Accounts(file)


@pytest.mark.parametrize("name", ["", "a:b", "a b", "#a", "x" * 65, "a\nb"])
def test_names_that_cannot_be_written(file: Path, name: str) -> None:
    with pytest.raises(AccountsError, match="name"):
        add_person(file, name, PASSWORD)
    with pytest.raises(AccountsError, match="name"):
        add_key(file, name)
    assert not file.exists()


def test_one_name_is_one_account(file: Path) -> None:
    add_person(file, "ann", PASSWORD)
    add_key(file, "bot")
    with pytest.raises(AccountsError, match="person"):
        add_key(file, "ann")
    with pytest.raises(AccountsError, match="key"):
        add_person(file, "bot", PASSWORD)


def test_the_commands(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ("--auth-file", file)
    assert run(monkeypatch, "add", "ann", *at, stdin=f"{PASSWORD}\n") == 0
    capsys.readouterr()
    assert run(monkeypatch, "key", "bot", *at) == 0
    key = capsys.readouterr().out.strip()
    assert Accounts(file).holder(key) == "bot"
    assert asyncio.run(Accounts(file).admits("ann", PASSWORD))
    assert run(monkeypatch, "list", *at) == 0
    assert capsys.readouterr().out == "ann\tperson\nbot\tkey\n"
    assert run(monkeypatch, "remove", "ann", *at) == 0
    assert list(read_entries(file).people) == []
    assert run(monkeypatch, "remove", "ann", *at) == 2
    assert run(monkeypatch, "add", "ann", *at, stdin="short\n") == 2
    assert "too short" in capsys.readouterr().err
