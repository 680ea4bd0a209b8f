"""Letters: written once, handed over in real SMTP conversations, tried again under one identity, never lost."""

import datetime as dt
import threading

import pytest

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.mail import attachments, outbox, readiness, rules, service
from eventops.mail.delivery import deliver_next
from eventops.mail.models import Letter, LetterState, MailServer
from eventops.mail.readiness import Lack
from tests.conftest import NOW
from tests.mail.conftest import SUBJECT, state_of
from tests.mail.post_office import HANG_UP

SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def frozen(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_a_letter_arrives_whole(app, post_office, write):
    attachments.register_maker(
        app,
        "ics_of_test",
        lambda session, subject: attachments.Attachment("面談.ics", "text/calendar; method=PUBLISH", b"BEGIN"),
    )
    letter_id = write(attachments=(outbox.AttachmentRef("ics_of_test", 7),))
    assert deliver_next(app, "worker") is True
    (message,) = post_office.taken
    assert message["Subject"] == SUBJECT
    assert message["To"] == "髙﨑 𠮷郎 <yoshiro@example.jp>"
    assert message.get_body(("plain",)).get_content().splitlines() == ["髙﨑 𠮷郎 様", "", "ありがとうございます。"]
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_param("method")) == (
        "面談.ics",
        "text/calendar",
        "PUBLISH",
    )
    assert file.get_content_charset() == "utf-8"
    assert state_of(app, letter_id) == (LetterState.SENT, 1, None)
    assert deliver_next(app, "worker") is False


def test_the_same_cause_writes_one_letter(app, write):
    assert write("registration:1:confirmed") == write("registration:1:confirmed")
    assert write("registration:2:confirmed") != write("registration:1:confirmed")


def test_a_name_with_line_breaks_adds_no_header(app, post_office, write):
    write(to_name="山田\r\nBcc: everybody@example.jp", subject="件名\nX-Evil: 1")
    deliver_next(app, "worker")
    (message,) = post_office.taken
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert message["Subject"] == "件名 X-Evil: 1"


@pytest.mark.parametrize(
    ("phase", "answer", "reason"),
    [
        ("RCPT", "450 4.2.1 grey", "RCPT 450 4.2.1"),
        ("DATA", "451 later", "DATA 451"),
        ("BODY", HANG_UP, "DATA no answer"),
    ],
)
def test_a_letter_refused_for_now_goes_up_the_ladder(app, post_office, write, phase, answer, reason, time_machine):
    letter_id, other_id = write(), write("other")
    post_office.answers[phase] = answer
    deliver_next(app, "worker")
    assert state_of(app, letter_id) == (LetterState.QUEUED, 1, reason)
    post_office.answers.clear()
    assert [deliver_next(app, "worker") for _ in range(2)] == [True, False]
    assert state_of(app, other_id) == (LetterState.SENT, 1, None)
    time_machine.move_to(NOW + 11 * SECOND, tick=False)
    assert deliver_next(app, "worker") is True
    assert state_of(app, letter_id) == (LetterState.SENT, 2, None)


@pytest.mark.parametrize("phase", ["RCPT", "DATA", "BODY"])
def test_a_final_refusal_is_shown_and_not_repeated(app, post_office, write, phase):
    letter_id = write()
    post_office.answers[phase] = "550 5.1.1 no such user"
    deliver_next(app, "worker")
    said = f"{'DATA' if phase == 'BODY' else phase} 550 5.1.1"
    assert state_of(app, letter_id) == (LetterState.FAILED, 1, said)
    assert deliver_next(app, "worker") is False


def test_every_try_carries_one_identity_whatever_happens_to_the_settings(app, post_office, write, time_machine):
    letter_id = write()
    post_office.answers["BODY"] = HANG_UP
    for number in range(3):
        time_machine.move_to(NOW + number * dt.timedelta(hours=1), tick=False)
        app.config["MAIL_FROM"] = f"desk@{number}.example.jp"
        deliver_next(app, "worker")
    post_office.answers.clear()
    time_machine.move_to(NOW + dt.timedelta(hours=4), tick=False)
    deliver_next(app, "worker")
    assert state_of(app, letter_id) == (LetterState.SENT, 4, None)
    assert (len(post_office.ids()), len(set(post_office.ids()))) == (4, 1)
    assert post_office.ids()[0].endswith("@0.example.jp>")


@pytest.mark.parametrize(("phase", "answer"), [("CONNECT", "421 down"), ("MAIL", "550 5.7.1 not you")])
def test_a_failing_server_costs_no_letter_a_try_and_is_left_alone(app, post_office, write, phase, answer, time_machine):
    letters = [write(str(number)) for number in range(3)]
    post_office.answers[phase] = answer
    knocks = []
    for number in range(12):
        time_machine.move_to(NOW + number * dt.timedelta(hours=5), tick=False)
        knocks += [deliver_next(app, "worker") for _ in range(2)]
    assert (knocks.count(True), post_office.conversations) == (12, 12)
    assert {state_of(app, one)[:2] for one in letters} == {(LetterState.QUEUED, 0)}
    with app.app_context():
        row = db.session.scalars(db.select(MailServer)).one()
        assert (row.failures, row.failing_since, row.quiet_until) == (12, NOW, NOW + dt.timedelta(hours=55, minutes=5))
    post_office.answers.clear()
    time_machine.move_to(NOW + dt.timedelta(hours=60), tick=False)
    assert [deliver_next(app, "worker") for _ in range(4)] == [True, True, True, False]
    assert len(post_office.taken) == 3
    with app.app_context():
        assert db.session.scalars(db.select(MailServer)).one().failures == 0


def test_a_setting_that_cannot_be_understood_keeps_the_letters(app, write):
    app.config["MAIL_URL"] = "smpt://typo"
    letter_id = write()
    deliver_next(app, "worker")
    assert state_of(app, letter_id) == (LetterState.QUEUED, 0, "SEND BadMailUrl")


def test_an_address_that_mail_cannot_carry_fails_at_once(app, post_office, write):
    letter_id = write(to_email="髙﨑@example.jp")
    deliver_next(app, "worker")
    assert state_of(app, letter_id) == (LetterState.FAILED, 1, "RCPT letters")


def test_what_a_fault_was_about_stands_in_no_log(app, write, caplog):
    about = "山田太郎"

    def fail(_session, _subject):
        raise RuntimeError(about)

    attachments.register_maker(app, "failing", fail)
    letter_id = write(attachments=(outbox.AttachmentRef("failing", 7),))
    deliver_next(app, "worker")
    assert state_of(app, letter_id) == (LetterState.QUEUED, 1, "MAKE RuntimeError")
    assert "RuntimeError" in caplog.text
    assert "山田" not in caplog.text


def test_a_letter_is_given_up_after_about_a_day():
    tries = 0
    at = NOW
    while (later := rules.next_try(tries + 1, now=at)) is not None:
        at, tries = later, tries + 1
    assert tries == 7
    assert dt.timedelta(hours=18) < at - NOW < dt.timedelta(hours=24)


def test_a_letter_of_a_dead_worker_is_taken_over(app, post_office, write, time_machine):
    letter_id = write()
    with app.app_context(), transaction() as session:
        assert service.claim(session, letter_id=letter_id, worker="dead", domain="example.jp", now=NOW)
    assert deliver_next(app, "alive") is False
    time_machine.move_to(NOW + rules.LEASE + SECOND, tick=False)
    assert deliver_next(app, "alive") is True
    assert state_of(app, letter_id)[0] == LetterState.SENT


def test_a_worker_holds_a_letter_longer_than_any_conversation_lasts():
    assert rules.LEASE > rules.CONVERSATION


def test_a_letter_over_which_every_worker_died_is_given_up_and_shown(app, post_office, write):
    letter_id = write()
    with app.app_context(), transaction() as session:
        letter = session.get_one(Letter, letter_id)
        letter.state, letter.worker, letter.attempts = LetterState.SENDING, "dead", 8
        letter.lease_until = NOW - rules.LEASE
    assert [deliver_next(app, "alive") for _ in range(2)] == [True, False]
    assert state_of(app, letter_id) == (LetterState.FAILED, 9, "gave_up")
    assert post_office.arrived == []


def test_a_letter_whose_time_is_over_is_not_sent(app, post_office, write):
    letter_id = write(expires_at=NOW - SECOND)
    deliver_next(app, "worker")
    assert state_of(app, letter_id) == (LetterState.CANCELLED, 1, "expired")
    assert post_office.arrived == []


def test_bulk_letters_keep_their_pace_and_let_all_others_pass(app, post_office, write, time_machine):
    app.config["MAIL_PER_MINUTE"] = 30
    for number in range(4):
        write(f"bulk:{number}", is_bulk=True, subject=f"一斉{number}")
    sent = []
    for second in range(7):
        time_machine.move_to(NOW + second * SECOND, tick=False)
        if second == 1:
            write("single", subject="受付")
        while deliver_next(app, "worker"):
            pass
        sent.append([message["Subject"] for message in post_office.taken])
        post_office.taken.clear()
    assert sent == [["一斉0"], ["受付"], ["一斉1"], [], ["一斉2"], [], ["一斉3"]]


@pytest.mark.both_databases
def test_many_workers_send_each_letter_once(app, post_office, write, time_machine):
    time_machine.move_to(NOW, tick=True)
    app.config["MAIL_PER_MINUTE"] = 6_000
    for number in range(20):
        write(f"letter:{number}", subject=f"第{number}号", is_bulk=number % 2 == 0)
    finished = threading.Event()

    def work(name: str) -> None:
        while len(post_office.taken) < 20 and not finished.wait(0.01):
            deliver_next(app, name)

    threads = [threading.Thread(target=work, args=(f"worker-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    finished.set()
    assert sorted(message["Subject"] for message in post_office.arrived) == sorted(f"第{n}号" for n in range(20))


def test_the_folder_holds_one_file_for_a_letter_written_twice(app, write, tmp_path):
    from eventops.mail import backends, delivery

    letter_id = write()
    deliver_next(app, "worker")
    with app.app_context():
        backends.from_url(app.config["MAIL_URL"]).send(delivery.message_of(letter_id))
    assert len(list((tmp_path / "letters").iterdir())) == 1


def test_without_a_server_a_letter_is_kept_and_nobody_is_told_that_it_went_out(app, sign_in, tmp_path, write):
    app.config["MAIL_URL"] = f"folder:{tmp_path}"
    letter_id = write()
    assert deliver_next(app, "worker") is True
    assert len(list(tmp_path.glob("*.eml"))) == 1
    assert state_of(app, letter_id) == (LetterState.KEPT, 1, None)
    desk = sign_in(Role.ADMINISTRATOR)
    for page in ("/staff/letters", f"/staff/letters/{letter_id}"):
        assert "ファイルに保存</span>" in desk.get(page).text
    assert "メールサーバーが設定されていません" in desk.get("/staff/letters").text
    desk.post("/staff/letters/send-again", data={"ids": [letter_id], "state": "kept"})
    assert state_of(app, letter_id)[0] == LetterState.QUEUED


@pytest.mark.parametrize(
    ("mail_url", "public_url", "email", "lacks"),
    [
        ("folder:letters", "http://localhost:8000", "", [Lack.NO_SERVER, Lack.LOCAL_LINKS, Lack.NO_ORGANISER]),
        ("smpt://typo", "https://events.example.jp", "office@example.jp", [Lack.NO_SERVER]),
        ("console:", "https://events.example.jp", "office@example.jp", [Lack.NO_SERVER]),
        ("smtp://mail.example.jp", "http://[::1]:8000", "office@example.jp", [Lack.LOCAL_LINKS]),
        ("smtps://mail.example.jp", "https://events.example.jp", "office@example.jp", []),
    ],
)
def test_what_keeps_letters_from_their_readers_is_said(mail_url, public_url, email, lacks):
    assert readiness.lacks(mail_url, public_url, email) == lacks
