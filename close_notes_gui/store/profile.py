"""The data folder: who was last signed in, where each account's store is, one process at a time.

Engine thread, but for `lock`, which the start calls before there is one. No key is ever in it.
"""

import json
import os
import re
from pathlib import Path

from filelock import FileLock, Timeout

from close_notes_gui.model.ids import OrganizationId, UserId
from close_notes_gui.model.lead import Account, KeyOrigin
from close_notes_gui.store.errors import StoreFailed, StoreFull, StoreLocked
from close_notes_gui.store.spool import NO_ROOM

_LAST = "account.json"
_KNOWN = "accounts.json"
_UNFIT = re.compile(r"[^A-Za-z0-9_-]")


class Profile:
    """Invariant: while `lock` is held, no other process works on this folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = FileLock(root / "lock", timeout=0, mode=0o600, thread_local=False)

    def lock(self) -> None:
        """Take the folder, made 0700 if need be; the system frees it even after a kill.

        Raises StoreLocked where another process has it, StoreFailed where it cannot be made.
        """
        try:
            _private_folder(self.root)
            self._lock.acquire()
        except Timeout as error:
            raise StoreLocked("in use by another process", path=self.root) from error
        except OSError as error:
            raise _from_os(error, self.root) from error

    def unlock(self) -> None:
        """Let the folder go; no harm where it is not held."""
        self._lock.release()

    def folder_of(self, account: Account) -> Path:
        """The store's folder of this account, made 0700. Raises StoreFailed, StoreFull."""
        folder = self.folder_named(account)
        try:
            _private_folder(self.root)
            _private_folder(folder.parent)
            _private_folder(folder)
        except OSError as error:
            raise _from_os(error, folder) from error
        return folder

    def account_folders(self) -> tuple[Path, ...]:
        """The folders of all accounts that ever signed in here; none where they cannot be read."""
        try:
            return tuple(each for each in (self.root / "accounts").iterdir() if each.is_dir())
        except OSError:
            return ()

    def folder_named(self, account: Account) -> Path:
        """Where the store of this account is or would be."""
        name = f"{_fit(account.organization_id)}_{_fit(account.user_id)}"
        return self.root / "accounts" / name

    def last_account(self) -> Account | None:
        """Who was last signed in; None where nobody was, or the file cannot be read."""
        return _account(self._read(_LAST))

    def known_accounts(self) -> tuple[Account, ...]:
        """Those whose key was kept and who were not signed out, the one used last first."""
        kept = self._read(_KNOWN)
        found = [_account(each) for each in kept] if isinstance(kept, list) else []
        return tuple(account for account in found if account is not None)

    def remember(self, account: Account) -> None:
        """Note who is signed in, whole or not at all. Raises StoreFailed, StoreFull."""
        self._write(_LAST, _json_of(account))
        if account.key_origin is KeyOrigin.KEYRING:
            self._write(_KNOWN, [_json_of(each) for each in (account, *self._others(account))])

    def forget_account(self, account: Account) -> None:
        """Signed out: it is not assumed at the next start; its store stays. Raises StoreFailed,
        StoreFull.
        """
        try:
            last = self.last_account()
            if last is not None and _key(last) == _key(account):
                (self.root / _LAST).unlink(missing_ok=True)
        except OSError as error:
            raise _from_os(error, self.root) from error
        if self.known_accounts():
            self._write(_KNOWN, [_json_of(each) for each in self._others(account)])

    def _others(self, account: Account) -> list[Account]:
        return [each for each in self.known_accounts() if _key(each) != _key(account)]

    def _read(self, name: str) -> object:
        try:
            return json.loads((self.root / name).read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return None

    def _write(self, name: str, value: object) -> None:
        target, partial = self.root / name, self.root / f"{name}.partial"
        try:
            _private_folder(self.root)
            with open(partial, "w", encoding="utf-8", opener=_private) as file:
                file.write(json.dumps(value, indent=1))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
        except OSError as error:
            raise _from_os(error, target) from error


def _key(account: Account) -> tuple[str, str]:
    return account.organization_id, account.user_id


def _account(kept: object) -> Account | None:
    try:
        if not isinstance(kept, dict):
            return None
        return Account(
            user_id=UserId(str(kept["user_id"])),
            user_name=str(kept["user_name"]),
            email=str(kept["email"]),
            organization_id=OrganizationId(str(kept["organization_id"])),
            organization_name=str(kept["organization_name"]),
            key_origin=KeyOrigin(kept["key_origin"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _json_of(account: Account) -> dict[str, str]:
    return {
        "user_id": account.user_id,
        "user_name": account.user_name,
        "email": account.email,
        "organization_id": account.organization_id,
        "organization_name": account.organization_name,
        "key_origin": account.key_origin.value,
    }


def _fit(part: str) -> str:
    """An id of Close as part of a folder's name; ids are opaque, so nothing is taken on trust."""
    return _UNFIT.sub("-", part)[:80] or "-"


def _private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix":
        folder.chmod(0o700)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _from_os(error: OSError, path: Path) -> StoreFailed | StoreFull:
    reason = error.strerror or type(error).__name__
    kind = StoreFull if error.errno in NO_ROOM else StoreFailed
    return kind(reason, path=path)
