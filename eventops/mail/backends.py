"""Where letters go: an SMTP server, a folder of .eml files, or the console; chosen by `MAIL_URL`."""

import os
import smtplib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import ClassVar, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from eventops.mail import conversation

SECONDS = 30
MOST_SECONDS = 45


class Backend(Protocol):
    """Hands one message over; returns when it is over for certain. `reaches_people` is false where it is only kept."""

    @property
    def reaches_people(self) -> bool: ...

    def send(self, message: EmailMessage) -> None: ...


class BadMailUrl(ValueError):
    """`MAIL_URL` cannot be understood."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Writes `<message id>.eml`; the same letter written twice is one file."""

    path: Path
    reaches_people: ClassVar[bool] = False

    def send(self, message: EmailMessage) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").partition("@")[0]
        draft = self.path / f".{name}.part"
        draft.write_bytes(message.as_bytes())
        draft.replace(self.path / f"{name}.eml")


@dataclass(frozen=True, slots=True)
class Console:
    """Prints headers and text, for those who try the program out."""

    reaches_people: ClassVar[bool] = False

    def send(self, message: EmailMessage) -> None:
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        sys.stdout.write(f"{message['To']} | {message['Subject']}{os.linesep}{text}{os.linesep}")


@dataclass(frozen=True, slots=True)
class Smtp:
    """An SMTP server; `security` is "tls" (smtps), "starttls" or "plain", `seconds` its time for an answer."""

    host: str
    port: int
    user: str
    password: str
    security: str
    seconds: int = SECONDS
    reaches_people: ClassVar[bool] = True

    def send(self, message: EmailMessage) -> None:
        with conversation.opened(self.host, self.port, security=self.security, seconds=self.seconds) as server:
            if self.user:
                conversation.sign_in(server, self.user, self.password)
            conversation.hand_over(server, message, seconds=self.seconds)


def from_url(url: str) -> Backend:
    """`folder:PATH`, `console:`, `smtp://user:password@host:port?security=starttls` or `smtps://…`."""
    parts = urlsplit(url)
    if parts.scheme not in _READERS:
        raise BadMailUrl(f"MAIL_URL begins with none of {', '.join(_READERS)}")
    return _READERS[parts.scheme](url)


def _smtp(url: str) -> Backend:
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    chosen, seconds = options.get("security", "starttls"), options.get("timeout", str(SECONDS))
    if not parts.hostname or chosen not in ("starttls", "plain") or not seconds.isdecimal() or seconds == "0":
        raise BadMailUrl("MAIL_URL needs a host; security is starttls or plain, timeout a number of seconds")
    return Smtp(
        host=parts.hostname,
        port=parts.port or (smtplib.SMTP_SSL_PORT if secure else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        security="tls" if secure else chosen,
        seconds=min(int(seconds), MOST_SECONDS),
    )


_READERS: dict[str, Callable[[str], Backend]] = {
    "folder": lambda url: Folder(Path(url.removeprefix("folder:"))),
    "console": lambda _url: Console(),
    "smtp": _smtp,
    "smtps": _smtp,
}
