"""What tests of letters share: a post office, and letters in the outbox."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from eventops.database import db, transaction
from eventops.mail import outbox
from eventops.mail.models import Letter
from tests.conftest import NOW
from tests.mail.post_office import PostOffice

Write = Callable[..., int]
SUBJECT = "【TAMA協会】お申込みを受け付けました(令和9年新春講演会・賀詞交歓会のご案内を兼ねて)"


@pytest.fixture
def post_office(app: Flask) -> Iterator[PostOffice]:
    office = PostOffice()
    app.config["MAIL_URL"] = office.url()
    app.config["MAIL_FROM"] = "desk@association.example.jp"
    yield office
    office.close()


@pytest.fixture
def write(app: Flask) -> Write:
    """Put a letter into the outbox; its number."""

    def put(key: str = "registration:1:confirmed", **values: object) -> int:
        fields: dict[str, object] = {
            "kind": "confirmation",
            "to_name": "髙﨑 𠮷郎",
            "to_email": "yoshiro@example.jp",
            "subject": SUBJECT,
            "body": "髙﨑 𠮷郎 様\n\nありがとうございます。\n",
        }
        with app.app_context(), transaction() as session:
            letter = outbox.put(session, outbox.Draft(key=key, **(fields | values)), now=NOW)  # type: ignore[arg-type]
            session.flush()
            return letter.id

    return put


def state_of(app: Flask, letter_id: int) -> tuple[str, int, str | None]:
    with app.app_context():
        letter = db.session.get_one(Letter, letter_id)
        return letter.state, letter.attempts, letter.error
