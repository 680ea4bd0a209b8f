"""The letters' lane of the worker: claim, hand over outside any transaction, settle."""

import logging
from email.message import EmailMessage

from flask import Flask, current_app
from sqlalchemy.orm import Session

from eventops import clock
from eventops.database import db, transaction
from eventops.mail import attachments, backends, queries, rules, service
from eventops.mail.composing import Sender, compose
from eventops.mail.models import Letter
from eventops.settings import queries as settings_queries

log = logging.getLogger(__name__)
FALLBACK_ADDRESS = "eventops@localhost"


def deliver_next(app: Flask, worker: str) -> bool:
    """Send one due letter; True when there was one."""
    with app.app_context():
        letter_id = queries.next_due_id(db.session(), now=clock.now())
        if letter_id is None:
            return False
        with transaction() as session:
            if not service.claim(session, letter_id=letter_id, worker=worker, now=clock.now()):
                return True
            if rules.is_hopeless(session.get_one(Letter, letter_id).attempts):
                log.error("letter %s is given up: its workers died", letter_id)
                _give_up(session, letter_id, worker)
                return True
        _deliver(letter_id, worker)
    return True


def _give_up(session: Session, letter_id: int, worker: str) -> None:
    service.settle_refused(session, letter_id=letter_id, worker=worker, error="gave_up", final=True, now=clock.now())


def _deliver(letter_id: int, worker: str) -> None:
    try:
        message = message_of(letter_id)
        db.session.rollback()  # no transaction stays open while a slow server answers
        backends.from_url(current_app.config["MAIL_URL"]).send(message)
    except backends.NotNow as error:
        _refused(letter_id, worker, str(error), final=False)
    except backends.Never as error:
        _refused(letter_id, worker, str(error), final=True)
    except Exception as error:
        log.exception("letter %s could not be made", letter_id)
        _refused(letter_id, worker, type(error).__name__, final=False)
    else:
        with transaction() as session:
            service.settle_sent(session, letter_id=letter_id, worker=worker, now=clock.now())


def _refused(letter_id: int, worker: str, error: str, *, final: bool) -> None:
    with transaction() as session:
        service.settle_refused(session, letter_id=letter_id, worker=worker, error=error, final=final, now=clock.now())


def message_of(letter_id: int) -> EmailMessage:
    """The letter as a message, with its attachments as they are now."""
    session = db.session()
    letter = session.get_one(Letter, letter_id)
    organiser = settings_queries.organiser(session)
    email = current_app.config["MAIL_FROM"] or organiser.email or FALLBACK_ADDRESS
    files = [attachments.make(session, **reference) for reference in letter.attachments]
    sender = Sender(organiser.alias, email)
    return compose(letter, files, sender=sender, reply_to=organiser.email, now=clock.now())
