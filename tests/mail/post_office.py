"""A real SMTP server on loopback that does in every phase of a conversation what a test says: refuse, hang, hang up."""

import contextlib
import email
import socket
import ssl
import threading
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

CERTIFICATE = Path(__file__).with_name("loopback.pem")
WELCOME = {
    "CONNECT": "220 post office",
    "EHLO": "250-post office",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 welcome",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go ahead",
    "BODY": "250 taken",
    "QUIT": "221 bye",
}
HANG = "hang"
HANG_UP = "hang up"


class PostOffice:
    """`answers` says what happens instead in a phase: a line to answer, HANG or HANG_UP.

    `taken` are the messages for which the server answered; `arrived` all that came whole, answered for or not.
    While `may_answer` is not set, the server holds its answer to a message back.
    """

    def __init__(self, *, offers: tuple[str, ...] = ()) -> None:
        self.answers: dict[str, str] = {}
        self.offers = offers
        self.taken: list[EmailMessage] = []
        self.arrived: list[EmailMessage] = []
        self.phases: list[str] = []
        self.conversations = 0
        self.may_answer = threading.Event()
        self.may_answer.set()
        self._open: list[socket.socket] = []
        self._talks: list[threading.Thread] = []
        self._stopping = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def url(self, options: str = "security=plain") -> str:
        user = "desk:secret@" if "AUTH" in self.offers else ""
        return f"smtp://{user}127.0.0.1:{self.port}?{options}&timeout=1"

    def ids(self) -> list[str]:
        """The identities of all that arrived."""
        return [str(message["Message-ID"]) for message in self.arrived]

    def close(self) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self.may_answer.set()
        for one in (self._socket, *self._open):
            one.close()
        for talk in self._talks:
            talk.join(timeout=5)

    def _listen(self) -> None:
        while True:
            try:
                line, _address = self._socket.accept()
            except OSError:
                return
            self._open.append(line)
            self.conversations += 1
            talk = threading.Thread(target=self._talk, args=(line,), daemon=True)
            self._talks.append(talk)
            talk.start()

    def _talk(self, line: socket.socket) -> None:
        try:
            with contextlib.ExitStack() as files:
                self._converse(line, files)
        except (OSError, ValueError, ConnectionError):
            line.close()

    def _converse(self, line: socket.socket, files: contextlib.ExitStack) -> None:
        self._answer(line, "CONNECT")
        file = files.enter_context(line.makefile("rb"))
        while command := file.readline().decode().strip():
            phase = command.split(":")[0].split()[0].upper()
            phase = "EHLO" if phase == "HELO" else phase
            if phase == "RSET":
                line.sendall(b"250 OK\r\n")
                continue
            self._answer(line, phase)
            if phase == "STARTTLS":
                line = self._encrypted(line, files)
                file = files.enter_context(line.makefile("rb"))
            elif phase == "DATA" and not self.answers.get("DATA"):
                self._take(line, file)
            elif phase == "QUIT":
                line.close()
                return

    def _take(self, line: socket.socket, file: object) -> None:
        content = b""
        while not content.endswith(b"\r\n.\r\n"):
            content += file.readline()  # type: ignore[attr-defined]
        message = email.message_from_bytes(content.removesuffix(b".\r\n"), policy=default)
        self.arrived.append(message)
        self.may_answer.wait(20)
        self._answer(line, "BODY")
        if self.answers.get("BODY", "250").startswith("250"):
            self.taken.append(message)

    def _answer(self, line: socket.socket, phase: str) -> None:
        self.phases.append(phase)
        said = self.answers.get(phase, self._welcome(phase))
        if said == HANG:
            self._stopping.wait(20)
            raise ConnectionError
        if said == HANG_UP:
            line.close()
            raise ConnectionError
        line.sendall(f"{said}\r\n".encode())

    def _welcome(self, phase: str) -> str:
        if phase != "EHLO":
            return WELCOME[phase]
        more = ["AUTH PLAIN" if one == "AUTH" else one for one in self.offers]
        return "".join([WELCOME["EHLO"], *(f"\r\n250-{one}" for one in more), "\r\n250 SIZE 1000000"])

    def _encrypted(self, line: socket.socket, files: contextlib.ExitStack) -> socket.socket:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        encrypted = context.wrap_socket(line, server_side=True, do_handshake_on_connect=False)
        files.callback(encrypted.close)
        self._open.append(encrypted)
        encrypted.do_handshake()
        return encrypted
