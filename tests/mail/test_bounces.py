"""What came back: reports of non-delivery are read, the letter is found, staff see it and send it again."""

import io

import pytest

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.mail import bounces, reasons
from eventops.mail.bounces import Found
from eventops.mail.delivery import deliver_next
from eventops.mail.models import Letter, LetterState
from tests.mail.conftest import state_of

REPORT = """From: MAILER-DAEMON@mx.example.jp
To: desk@association.example.jp
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

I am sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.jp

Final-Recipient: rfc822; yoshiro@example.jp
Action: {action}
Status: {status}

--b
Content-Type: {kind}

From: desk@association.example.jp
Message-ID: <{message_id}>
Subject: hello

--b--
"""


def report(message_id, *, action="failed", status="5.1.1", kind="message/rfc822"):
    text = REPORT.format(message_id=message_id, action=action, status=status, kind=kind)
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def sent(app, post_office, write) -> tuple[int, str]:
    """A letter that went out, and its identity."""
    letter_id = write()
    deliver_next(app, "worker")
    return letter_id, post_office.ids()[0].strip("<>")


def note(app, content) -> Found:
    with app.app_context(), transaction() as session:
        return bounces.note(session, content)


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_letter_that_came_back_is_found_and_noted_once(app, sent, kind):
    letter_id, message_id = sent
    assert note(app, report(message_id, action="delayed", kind=kind)) is Found.DELAYED
    assert state_of(app, letter_id)[0] == LetterState.SENT
    assert note(app, report(message_id, kind=kind)) is Found.NOTED
    assert note(app, report(message_id, kind=kind)) is Found.KNOWN
    assert state_of(app, letter_id) == (LetterState.BOUNCED, 1, "BACK 5.1.1")


def test_what_is_no_report_or_about_no_letter_of_ours_changes_nothing(app, sent):
    assert note(app, report("stranger@example.jp")) is Found.STRANGER
    assert note(app, b"Subject: hello\r\n\r\nno report") is Found.NO_REPORT
    assert note(app, b"\xff\x00" * 100) is Found.NO_REPORT
    assert state_of(app, sent[0])[0] == LetterState.SENT


def test_staff_hand_in_what_came_back_and_send_it_again(app, sign_in, sent):
    letter_id, message_id = sent
    manager = sign_in(Role.EVENT_MANAGER)
    files = [(io.BytesIO(report(message_id)), "back.eml"), (io.BytesIO(b"x"), "other.eml")]
    page = manager.post("/staff/letters/returned", data={"files": files}, follow_redirects=True).text
    assert "1通を「戻ってきた」と記録しました" in page
    assert "宛先のアドレスがありません" in page
    manager.post("/staff/letters/send-again", data={"ids": [letter_id], "state": "bounced"})
    assert state_of(app, letter_id) == (LetterState.QUEUED, 0, None)


def test_a_file_that_is_no_report_is_refused_in_words(sign_in):
    files = [(io.BytesIO(b"x"), "other.eml")]
    answer = sign_in(Role.EVENT_MANAGER).post("/staff/letters/returned", data={"files": files})
    assert (answer.status_code, "読み取れません" in answer.text) == (422, True)


def test_a_mail_server_hands_in_reports_by_command(app, sent):
    result = app.test_cli_runner().invoke(args=["returned"], input=report(sent[1]))
    assert (result.exit_code, result.output) == (0, "noted\n")


def test_staff_send_the_same_words_to_a_corrected_address_as_a_letter_of_its_own(app, sign_in, sent):
    manager = sign_in(Role.EVENT_MANAGER)
    address = f"/staff/letters/{sent[0]}/redirect"
    assert manager.post(address, data={"email": "no address"}).status_code == 422
    manager.post(address, data={"email": "right@example.jp"})
    with app.app_context():
        old, new = db.session.scalars(db.select(Letter).order_by(Letter.id)).all()
        assert (new.to_email, new.state, new.body) == ("right@example.jp", LetterState.QUEUED, old.body)
        assert (old.to_email, old.state) == ("yoshiro@example.jp", LetterState.SENT)
        assert new.message_id.partition("@")[0] != old.message_id.partition("@")[0]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("CONNECT ConnectionRefusedError", "メールサーバーにつながりません。(CONNECT ConnectionRefusedError)"),
        ("AUTH 535 5.7.8", "メールサーバーのユーザー名かパスワードが違います。(AUTH 535 5.7.8)"),
        ("MAIL 451 4.3.0", "メールサーバーがいまは受け付けません。(MAIL 451 4.3.0)"),
        ("MAIL 550 5.7.1", "メールサーバーが差出人のアドレスを受け付けません。(MAIL 550 5.7.1)"),
        ("RCPT 550 5.1.1", "宛先のアドレスがありません。(RCPT 550 5.1.1)"),
        ("RCPT 452 4.2.2", "宛先の受信箱がいっぱいです。(RCPT 452 4.2.2)"),
        ("RCPT 550 5.7.1", "宛先のサーバーが受け取りを断りました。(RCPT 550 5.7.1)"),
        ("RCPT no answer", "宛先のサーバーがいまは受け取れません。(RCPT no answer)"),
        ("BACK 5.1.1", "届かずに戻ってきました。宛先のアドレスがありません。(BACK 5.1.1)"),
        ("expired", "送る時期を過ぎたため、送りませんでした。"),
        ("something", "送れませんでした。"),
    ],
)
def test_every_reason_is_a_sentence(app, error, words):
    with app.test_request_context():
        assert reasons.sentence(error) == words
