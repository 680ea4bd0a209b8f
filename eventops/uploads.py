"""Uploaded files that wait between preview and confirmation: in the installation's folder, each for one user."""

import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eventops import clock
from eventops.errors import DomainError

KEPT_SECONDS: Final = 24 * 60 * 60
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32}")


class UploadGone(DomainError):
    """The file was confirmed already, belongs to somebody else, or has waited for more than a day."""

    code = "upload_gone"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    filename: str
    data: bytes


def keep(home: Path, upload: Upload, *, user_id: int) -> str:
    """Store the file and give the token that fetches it; files nobody came back for are cleared away."""
    folder = home / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    _clear_old(folder)
    token = secrets.token_urlsafe(24)
    path = _path(home, token, user_id)
    path.touch(mode=0o600)
    path.write_bytes(upload.filename.encode() + b"\0" + upload.data)
    return token


def fetch(home: Path, token: str, *, user_id: int) -> Upload:
    try:
        name, _, data = _path(home, token, user_id).read_bytes().partition(b"\0")
    except FileNotFoundError:
        raise UploadGone from None
    return Upload(name.decode(), data)


def discard(home: Path, token: str, *, user_id: int) -> None:
    _path(home, token, user_id).unlink(missing_ok=True)


def _path(home: Path, token: str, user_id: int) -> Path:
    if not _TOKEN.fullmatch(token):
        raise UploadGone
    return home / "uploads" / f"{user_id}-{token}"


def _clear_old(folder: Path) -> None:
    oldest = clock.now().timestamp() - KEPT_SECONDS
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # another request clears away as well
            if path.stat().st_mtime < oldest:
                path.unlink()
