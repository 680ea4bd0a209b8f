"""A conversation with an SMTP server that goes wrong in each of its phases: whose fault it is, and what is tried."""

import ssl

import pytest

from eventops.mail import backends, conversation
from eventops.mail.composing import Sender, compose
from eventops.mail.conversation import Refused
from eventops.mail.models import Letter
from eventops.mail.rules import Blame
from tests.conftest import NOW
from tests.mail.post_office import CERTIFICATE, HANG, HANG_UP, PostOffice

SERVER, LETTER = Blame.SERVER, Blame.LETTER
FAILURES = [
    ("CONNECT", "421 too many", "CONNECT 421", SERVER, False),
    ("CONNECT", "554 5.3.2 no mail here", "CONNECT 554 5.3.2", SERVER, False),
    ("CONNECT", HANG, "CONNECT no answer", SERVER, False),
    ("CONNECT", HANG_UP, "CONNECT no answer", SERVER, False),
    ("EHLO", "502 what", "EHLO 502", SERVER, False),
    ("EHLO", HANG_UP, "EHLO no answer", SERVER, False),
    ("MAIL", "451 4.3.0 later", "MAIL 451 4.3.0", SERVER, False),
    ("MAIL", "550 5.7.1 <desk@association.example.jp> may not", "MAIL 550 5.7.1", SERVER, False),
    ("MAIL", "552 5.3.4 too large", "MAIL 552 5.3.4", LETTER, True),
    ("MAIL", HANG, "MAIL no answer", SERVER, False),
    ("RCPT", "450 4.2.1 grey", "RCPT 450 4.2.1", LETTER, False),
    ("RCPT", "550 5.1.1 <yoshiro@example.jp> no such user", "RCPT 550 5.1.1", LETTER, True),
    ("RCPT", "503 first say hello", "RCPT 503", LETTER, False),
    ("RCPT", HANG_UP, "RCPT no answer", LETTER, False),
    ("DATA", "451 later", "DATA 451", LETTER, False),
    ("DATA", "554 5.6.0 no", "DATA 554 5.6.0", LETTER, True),
    ("DATA", HANG_UP, "DATA no answer", LETTER, False),
    ("BODY", "452 disk full", "DATA 452", LETTER, False),
    ("BODY", "554 5.7.1 looks like spam", "DATA 554 5.7.1", LETTER, True),
    ("BODY", HANG_UP, "DATA no answer", LETTER, False),
]


@pytest.fixture
def office():
    made = PostOffice()
    yield made
    made.close()


def message():
    letter = Letter(
        to_name="髙﨑 𠮷郎",
        to_email="yoshiro@example.jp",
        subject="件名",
        body="本文\n",
        message_id="abc@example.jp",
        language="ja",
    )
    sender = Sender("TAMA協会", "desk@association.example.jp")
    return compose(letter, (), sender=sender, reply_to="", stop_url="", now=NOW)


def refusal(url):
    with pytest.raises(Refused) as caught:
        backends.from_url(url).send(message())
    return caught.value.reason, caught.value.blame, caught.value.final


@pytest.mark.parametrize(("phase", "answer", "reason", "blame", "final"), FAILURES)
def test_every_failure_has_a_phase_and_an_owner_and_names_nobody(office, phase, answer, reason, blame, final):
    office.answers[phase] = answer
    assert refusal(office.url()) == (reason, blame, final)
    assert office.taken == []


def test_a_server_that_never_answers_for_the_letter_is_left_in_the_end(office, monkeypatch):
    monkeypatch.setattr(conversation, "WAITS_FOR_THE_LAST_ANSWER", 1)
    office.answers["BODY"] = HANG
    assert refusal(office.url()) == ("DATA no answer", LETTER, False)
    assert (office.ids(), office.taken) == (["<abc@example.jp>"], [])


def test_the_longest_time_ends_a_conversation_that_drips(office, monkeypatch):
    monkeypatch.setattr(conversation.rules, "CONVERSATION", conversation.rules.CATCH_UP / 10)
    office.answers["RCPT"] = HANG
    assert refusal(office.url().replace("timeout=1", "timeout=30")) == ("RCPT no answer", LETTER, False)


@pytest.mark.parametrize("answer", ["500 no farewell", HANG_UP])
def test_a_letter_that_was_answered_for_is_sent_however_the_two_part(office, answer):
    office.answers["QUIT"] = answer
    backends.from_url(office.url()).send(message())
    assert len(office.taken) == 1


def test_nobody_listens(office):
    office.close()
    assert refusal(office.url()) == ("CONNECT ConnectionRefusedError", SERVER, False)


class TestSecurely:
    """STARTTLS and signing in."""

    @pytest.fixture
    def office(self, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        made = PostOffice(offers=("STARTTLS", "AUTH"))
        yield made
        made.close()

    def test_the_letter_goes_encrypted_and_signed_in(self, office):
        backends.from_url(office.url("security=starttls")).send(message())
        assert office.phases == ["CONNECT", "EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "BODY", "QUIT"]
        assert len(office.taken) == 1

    @pytest.mark.parametrize(
        ("phase", "answer", "reason"),
        [
            ("STARTTLS", "454 not now", "STARTTLS 454"),
            ("STARTTLS", HANG_UP, "STARTTLS no answer"),
            ("AUTH", "535 5.7.8 wrong password", "AUTH 535 5.7.8"),
            ("AUTH", "454 4.7.0 not now", "AUTH 454 4.7.0"),
            ("AUTH", HANG_UP, "AUTH no answer"),
        ],
    )
    def test_what_fails_before_the_letter_is_the_servers(self, office, phase, answer, reason):
        office.answers[phase] = answer
        assert refusal(office.url("security=starttls")) == (reason, SERVER, False)

    def test_a_server_that_offers_no_encryption_gets_neither_password_nor_letter(self, office):
        office.offers = ("AUTH",)
        assert refusal(office.url("security=starttls")) == ("STARTTLS SMTPNotSupportedError", SERVER, False)
        assert office.phases == ["CONNECT", "EHLO"]

    def test_a_stranger_with_a_certificate_of_its_own_gets_nothing(self, office, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
        assert isinstance(ssl.create_default_context(), ssl.SSLContext)
        assert refusal(office.url("security=starttls")) == ("STARTTLS SSLCertVerificationError", SERVER, False)
        assert office.phases == ["CONNECT", "EHLO", "STARTTLS"]
