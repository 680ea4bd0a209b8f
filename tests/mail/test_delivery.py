"""Letters: written once, handed over through real SMTP conversations, tried again, never lost."""

import datetime as dt
import email
import socket
import threading
from collections.abc import Callable, Iterator
from email.policy import default as default_policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from flask import Flask

from eventops.database import db, transaction
from eventops.mail import attachments, outbox, rules
from eventops.mail.delivery import deliver_next
from eventops.mail.models import Letter, LetterState
from tests.conftest import NOW


class PostOffice:
    """A real SMTP server on loopback whose answers a test chooses by phase."""

    def __init__(self) -> None:
        self.received: list[email.message.EmailMessage] = []
        self.answers: dict[str, str] = {}

    async def handle_MAIL(
        self, server: SMTP, session: SmtpSession, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: SmtpSession, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.received.append(email.message_from_bytes(envelope.content, policy=default_policy))
        if "AFTER" in self.answers:
            server.transport.abort()
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def post_office(app: Flask) -> Iterator[PostOffice]:
    office = PostOffice()
    port = free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{port}?security=plain"
    app.config["MAIL_FROM"] = "desk@association.example.jp"
    yield office
    controller.stop()


@pytest.fixture
def write(app: Flask) -> Callable[..., int]:
    def put(key: str = "registration:1:confirmed", **values: object) -> int:
        draft = outbox.Draft(
            **(
                {
                    "key": key,
                    "kind": "confirmation",
                    "to_name": "髙﨑 𠮷郎",
                    "to_email": "yoshiro@example.jp",
                    "subject": "【TAMA協会】お申込みを受け付けました(令和9年新春講演会・賀詞交歓会のご案内を兼ねて)",
                    "body": "髙﨑 𠮷郎 様\n\nありがとうございます。\n",
                }
                | values
            )
        )
        with app.app_context(), transaction() as session:
            letter = outbox.put(session, draft, now=NOW)
            session.flush()
            return letter.id

    return put


def state_of(app: Flask, letter_id: int) -> tuple[str, int, str | None]:
    with app.app_context():
        letter = db.session.get_one(Letter, letter_id)
        return letter.state, letter.attempts, letter.error


def test_a_letter_arrives_whole(app, post_office, write):
    app.extensions.setdefault("attachment_makers", {})
    attachments.register_maker(
        app,
        "ics_of_test",
        lambda session, subject: attachments.Attachment("面談.ics", "text/calendar; method=PUBLISH", b"BEGIN"),
    )
    letter_id = write(attachments=(outbox.AttachmentRef("ics_of_test", 7),))
    assert deliver_next(app, "worker") is True
    (message,) = post_office.received
    assert message["Subject"] == "【TAMA協会】お申込みを受け付けました(令和9年新春講演会・賀詞交歓会のご案内を兼ねて)"
    assert message["To"] == "髙﨑 𠮷郎 <yoshiro@example.jp>"
    assert message.get_body(("plain",)).get_content().splitlines() == ["髙﨑 𠮷郎 様", "", "ありがとうございます。"]
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_param("method")) == (
        "面談.ics",
        "text/calendar",
        "PUBLISH",
    )
    assert state_of(app, letter_id) == (LetterState.SENT, 1, None)
    assert deliver_next(app, "worker") is False


def test_the_same_cause_writes_one_letter(app, write):
    assert write("registration:1:confirmed") == write("registration:1:confirmed")
    assert write("registration:2:confirmed") != write("registration:1:confirmed")


def test_a_name_with_line_breaks_adds_no_header(app, post_office, write):
    write(to_name="山田\r\nBcc: everybody@example.jp", subject="件名\nX-Evil: 1")
    deliver_next(app, "worker")
    (message,) = post_office.received
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert message["Subject"] == "件名 X-Evil: 1"


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA"])
def test_a_refusal_for_now_is_tried_again_later_with_the_same_message_id(app, post_office, write, phase, time_machine):
    time_machine.move_to(NOW)
    letter_id = write()
    post_office.answers[phase] = "451 later please"
    deliver_next(app, "worker")
    assert state_of(app, letter_id) == (LetterState.QUEUED, 1, "SMTP 451")
    assert deliver_next(app, "worker") is False
    post_office.answers.clear()
    time_machine.move_to(NOW + dt.timedelta(seconds=11))
    assert deliver_next(app, "worker") is True
    assert state_of(app, letter_id) == (LetterState.SENT, 2, None)
    assert len(post_office.received) == 1


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA"])
def test_a_final_refusal_is_shown_and_not_repeated(app, post_office, write, phase):
    letter_id = write()
    post_office.answers[phase] = "550 no such user"
    deliver_next(app, "worker")
    assert state_of(app, letter_id) == (LetterState.FAILED, 1, "SMTP 550")
    assert deliver_next(app, "worker") is False


def test_a_server_that_dies_after_taking_the_letter_gets_it_again_under_the_same_id(
    app, post_office, write, time_machine
):
    time_machine.move_to(NOW)
    letter_id = write()
    post_office.answers["AFTER"] = "gone"
    deliver_next(app, "worker")
    assert state_of(app, letter_id)[0] == LetterState.QUEUED
    post_office.answers.clear()
    time_machine.move_to(NOW + dt.timedelta(seconds=11))
    deliver_next(app, "worker")
    assert state_of(app, letter_id)[0] == LetterState.SENT
    assert len({message["Message-ID"] for message in post_office.received}) == 1
    assert len(post_office.received) == 2


def test_no_server_at_all_keeps_the_letter(app, write, time_machine):
    time_machine.move_to(NOW)
    app.config["MAIL_URL"] = "smtp://127.0.0.1:9?security=plain"
    letter_id = write()
    deliver_next(app, "worker")
    assert state_of(app, letter_id) == (LetterState.QUEUED, 1, "ConnectionRefusedError")


def test_a_letter_is_given_up_after_about_a_day(app):
    tries = 0
    at = NOW
    while (later := rules.next_try(tries + 1, now=at)) is not None:
        at, tries = later, tries + 1
    assert tries == 7
    assert dt.timedelta(hours=18) < at - NOW < dt.timedelta(hours=24)


def test_a_letter_of_a_dead_worker_is_taken_over(app, post_office, write, time_machine):
    from eventops.mail import service

    time_machine.move_to(NOW)
    letter_id = write()
    with app.app_context(), transaction() as session:
        assert service.claim(session, letter_id=letter_id, worker="dead", now=NOW)
    assert deliver_next(app, "alive") is False
    time_machine.move_to(NOW + rules.LEASE + dt.timedelta(seconds=1))
    assert deliver_next(app, "alive") is True
    assert state_of(app, letter_id)[0] == LetterState.SENT


def test_a_letter_over_which_every_worker_died_is_given_up_and_shown(app, post_office, write):
    letter_id = write()
    with app.app_context(), transaction() as session:
        letter = session.get_one(Letter, letter_id)
        letter.state, letter.worker, letter.attempts = LetterState.SENDING, "dead", 8
        letter.lease_until = NOW - rules.LEASE
    assert [deliver_next(app, "alive") for _ in range(2)] == [True, False]
    assert state_of(app, letter_id) == (LetterState.FAILED, 9, "gave_up")
    assert post_office.received == []


@pytest.mark.both_databases
def test_many_workers_send_each_letter_once(app, post_office, write):
    for number in range(20):
        write(f"letter:{number}", subject=f"第{number}号")

    def work(name: str) -> None:
        while deliver_next(app, name):
            pass

    threads = [threading.Thread(target=work, args=(f"worker-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(message["Subject"] for message in post_office.received) == sorted(f"第{n}号" for n in range(20))


def test_the_folder_holds_one_file_for_a_letter_written_twice(app, write, tmp_path):
    from eventops.mail import backends, delivery

    letter_id = write()
    deliver_next(app, "worker")
    with app.app_context():
        backends.from_url(app.config["MAIL_URL"]).send(delivery.message_of(letter_id))
    assert len(list((tmp_path / "letters").iterdir())) == 1
