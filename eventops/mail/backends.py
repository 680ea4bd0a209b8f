"""Where letters go: an SMTP server, a folder of .eml files, or the console; chosen by `MAIL_URL`."""

import os
import smtplib
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT_SECONDS = 20


class NotNow(Exception):
    """The letter could not be handed over now; trying again later may help."""


class Never(Exception):
    """The letter was refused for good, e.g. because the address does not exist."""


class Backend(Protocol):
    """Hands one message over; returns when it is handed over for certain."""

    def send(self, message: EmailMessage) -> None: ...


class BadMailUrl(ValueError):
    """`MAIL_URL` cannot be understood."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Writes `<message id>.eml`; the same letter written twice is one file."""

    path: Path

    def send(self, message: EmailMessage) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").partition("@")[0]
        draft = self.path / f".{name}.part"
        draft.write_bytes(message.as_bytes())
        draft.replace(self.path / f"{name}.eml")


@dataclass(frozen=True, slots=True)
class Console:
    """Prints headers and text, for those who try the program out."""

    def send(self, message: EmailMessage) -> None:
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        sys.stdout.write(f"{message['To']} | {message['Subject']}{os.linesep}{text}{os.linesep}")


@dataclass(frozen=True, slots=True)
class Smtp:
    """An SMTP server; `security` is "tls" (smtps), "starttls" or "plain"."""

    host: str
    port: int
    user: str
    password: str
    security: str

    def send(self, message: EmailMessage) -> None:
        try:
            with self._connect() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _by_code(min(code for code, _ in error.recipients.values())) from error
        except smtplib.SMTPResponseException as error:
            raise _by_code(error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow(type(error).__name__) from error

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _by_code(code: int) -> Exception:
    """RFC 5321: 5yz will not change by itself. 530-538 are about signing in, which staff can mend: try again."""
    return Never(f"SMTP {code}") if code >= 550 else NotNow(f"SMTP {code}")


def from_url(url: str) -> Backend:
    """`folder:PATH`, `console:`, `smtp://user:password@host:port?security=starttls` or `smtps://…`."""
    parts = urlsplit(url)
    if parts.scheme not in _READERS:
        raise BadMailUrl(f"MAIL_URL begins with none of {', '.join(_READERS)}")
    return _READERS[parts.scheme](url)


def _smtp(url: str) -> Backend:
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    chosen = parse_qs(parts.query).get("security", ["starttls"])[0]
    if not parts.hostname or chosen not in ("starttls", "plain"):
        raise BadMailUrl("MAIL_URL needs a host; security is starttls or plain")
    return Smtp(
        host=parts.hostname,
        port=parts.port or (465 if secure else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        security="tls" if secure else chosen,
    )


_READERS: dict[str, Callable[[str], Backend]] = {
    "folder": lambda url: Folder(Path(url.removeprefix("folder:"))),
    "console": lambda _url: Console(),
    "smtp": _smtp,
    "smtps": _smtp,
}
