"""One conversation with an SMTP server, in which every failure has a phase, an owner and an end in time."""

import contextlib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

from eventops.mail import rules
from eventops.mail.rules import Blame

QUIT_SECONDS = 5
WAITS_FOR_THE_LAST_ANSWER = 5
"""How many times longer than usual: who gives up between the dot and the answer sends the letter twice."""
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")
_TOO_LARGE = 552
_FINAL_FROM = 550
"""RFC 5321: 5yz will not change by itself; those below are about commands and signing in, which staff can mend."""


class Refused(Exception):
    """The letter was not handed over. `reason` is phase and code and names nobody; `final` says that trying is vain."""

    def __init__(self, reason: str, *, blame: Blame, final: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.blame, self.final = reason, blame, final


@contextlib.contextmanager
def opened(host: str, port: int, *, security: str, seconds: float) -> Iterator[smtplib.SMTP]:
    """A connection over which letters may be sent; however it ends, it is closed."""
    with _phase("CONNECT"):
        server = _connected(host, port, security, seconds)
    try:
        with _phase("EHLO"):
            server.ehlo_or_helo_if_needed()
        if security == "starttls":
            with _phase("STARTTLS"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo_or_helo_if_needed()
        yield server
    finally:
        server.close()


def sign_in(server: smtplib.SMTP, user: str, password: str) -> None:
    with _phase("AUTH"):
        server.login(user, password)


def hand_over(server: smtplib.SMTP, message: EmailMessage, *, seconds: float) -> None:
    """Give one letter to the server; when this returns, the server has answered for it."""
    sender, reader = message["From"].addresses[0].addr_spec, message["To"].addresses[0].addr_spec
    content = message.as_bytes(policy=SMTP)
    options = [f"size={len(content)}"] if server.has_extn("size") else []
    with _phase("MAIL"):
        _expect(server.mail(sender, options), "MAIL", 250)
    with _phase("RCPT"):
        _expect(server.rcpt(reader), "RCPT", 250, 251)
    with _phase("DATA"):
        _wait(server, seconds * WAITS_FOR_THE_LAST_ANSWER)
        _expect(server.data(content), "DATA", 250)
    with contextlib.suppress(OSError, smtplib.SMTPException):  # the letter is the server's; how we part changes nothing
        _wait(server, QUIT_SECONDS)
        server.docmd("QUIT")


class _Watched(smtplib.SMTP):
    """Cut off after the longest time that a conversation may take: a server that drips is not waited for."""

    def connect(self, host: str = "localhost", port: int = 0, source_address: object = None) -> tuple[int, bytes]:
        self.watch = threading.Timer(rules.CONVERSATION.total_seconds(), self._cut)
        self.watch.daemon = True
        self.watch.start()
        try:
            return super().connect(host, port)
        except BaseException:
            self.watch.cancel()
            raise

    def close(self) -> None:
        self.watch.cancel()
        super().close()

    def _cut(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # type: ignore[arg-type]


class _WatchedTls(_Watched, smtplib.SMTP_SSL):
    """The same inside TLS from the first byte."""


def _connected(host: str, port: int, security: str, seconds: float) -> _Watched:
    if security == "tls":
        return _WatchedTls(host, port, timeout=seconds, context=ssl.create_default_context())
    return _Watched(host, port, timeout=seconds)


def _wait(server: smtplib.SMTP, seconds: float) -> None:
    if server.sock is not None:
        server.sock.settimeout(seconds)


def _expect(answer: tuple[int, bytes], phase: str, *welcome: int) -> None:
    code, said = answer
    if code not in welcome:
        raise _judged(phase, code, said)


@contextlib.contextmanager
def _phase(name: str) -> Iterator[None]:
    """Whatever goes wrong inside becomes a refusal of this phase."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        raise _judged(name, error.smtp_code, said) from error
    except smtplib.SMTPServerDisconnected as error:
        raise Refused(f"{name} no answer", blame=_blame(name, 0)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Refused(f"{name} {type(error).__name__}", blame=_blame(name, 0)) from error


def _judged(phase: str, code: int, said: bytes) -> Refused:
    """The answer of a server as a refusal; of its words, only the status code is kept: the rest names people."""
    enhanced = _ENHANCED.search(said)
    reason = f"{phase} {code}" + (f" {enhanced[0].decode()}" if enhanced else "")
    blame = _blame(phase, code)
    return Refused(reason, blame=blame, final=blame is Blame.LETTER and code >= _FINAL_FROM)


def _blame(phase: str, code: int) -> Blame:
    """Until the reader is named, only the size differs between letters."""
    is_letters = phase in ("RCPT", "DATA") or (phase == "MAIL" and code == _TOO_LARGE)
    return Blame.LETTER if is_letters else Blame.SERVER
