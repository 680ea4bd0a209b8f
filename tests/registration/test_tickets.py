"""Ticket codes: only what this installation issued is read, and any altered character is refused."""

import random
import re
import string

import pytest

from eventops.registration.tickets import BadTicket, TicketRef, TooManyIssues, issue, number, read

KEY = "a key"
QR_ALPHANUMERIC = string.digits + string.ascii_uppercase + " $%*+-./:"


def test_a_code_is_read_back_and_fits_a_small_symbol():
    randomly = random.Random(1)
    for _attempt in range(200):
        ref = TicketRef(randomly.randrange(1, 2**32), randomly.randrange(1, 256))
        code = issue(ref, key=KEY)
        assert re.fullmatch(r"E[A-Z2-7]{24}", code)
        assert read(code, key=KEY) == ref
        assert read(f" {code.lower()}\r\n", key=KEY) == ref


@pytest.mark.parametrize("ref", [TicketRef(1, 1), TicketRef(4_000_000_000, 255), TicketRef(86, 2)])
def test_every_altered_character_is_refused(ref):
    code = issue(ref, key=KEY)
    altered = {
        code[:place] + letter + code[place + 1 :]
        for place in range(len(code))
        for letter in QR_ALPHANUMERIC
        if letter != code[place]
    }
    assert len(altered) == len(code) * (len(QR_ALPHANUMERIC) - 1)
    for text in altered:
        with pytest.raises(BadTicket):
            read(text, key=KEY)


def test_every_missing_doubled_or_swapped_character_is_refused():
    code = issue(TicketRef(7, 1), key=KEY)
    for place in range(len(code)):
        swapped = code[:place] + code[place : place + 2][::-1] + code[place + 2 :]
        for text in (code[:place] + code[place + 1 :], code[:place] + code[place] + code[place:], swapped):
            if text != code:
                with pytest.raises(BadTicket):
                    read(text, key=KEY)


@pytest.mark.parametrize(
    "text", ["", "E", "https://example.jp/", "あ" * 25, "E" + "=" * 24, "E" + "A" * 24, "4901234567894"]
)
def test_foreign_text_is_refused(text):
    with pytest.raises(BadTicket):
        read(text, key=KEY)


def test_a_code_of_another_installation_is_refused():
    with pytest.raises(BadTicket):
        read(issue(TicketRef(1, 1), key="another key"), key=KEY)


def test_an_issue_that_does_not_fit_is_refused_rather_than_wrapped():
    with pytest.raises(TooManyIssues):
        issue(TicketRef(1, 256), key=KEY)


def test_the_number_people_read_out():
    assert number(12, 3) == "0012-3"
