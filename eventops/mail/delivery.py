"""The letters' lane of the worker: claim, hand over outside any transaction, settle."""

import datetime as dt
import logging
import traceback
from email.message import EmailMessage

from flask import Flask, current_app
from sqlalchemy.orm import Session

from eventops import clock
from eventops.database import db, transaction
from eventops.mail import attachments, backends, queries, rules, server, service, unsubscribing
from eventops.mail.composing import Sender, compose
from eventops.mail.conversation import Refused
from eventops.mail.models import Letter
from eventops.mail.queries import Due
from eventops.mail.rules import Blame
from eventops.settings import queries as settings_queries

log = logging.getLogger(__name__)
FALLBACK_ADDRESS = "eventops@localhost"


def deliver_next(app: Flask, worker: str) -> bool:
    """Send one due letter; True when there was one."""
    with app.app_context():
        due = _next_due(db.session())
        if due is None:
            return False
        with transaction() as session:
            may_go = _claimed(session, due, worker)
        if may_go:
            _deliver(due.letter_id, worker)
    return True


def _next_due(session: Session) -> Due | None:
    """Bulk letters come last, and only at their own pace; a server that fails is left alone for a while."""
    now = clock.now()
    due = queries.next_due(session, now=now)
    if due is None:
        return None
    row = server.known(session)
    if server.is_quiet(row, now=now) or (due.is_bulk and not server.is_free_for_bulk(row, now=now)):
        return None
    return due


def _claimed(session: Session, due: Due, worker: str) -> bool:
    """Whether the letter is this worker's to send."""
    now, letter_id = clock.now(), due.letter_id
    if due.is_bulk and not server.take_turn(session, per_minute=current_app.config["MAIL_PER_MINUTE"], now=now):
        return False
    domain = sender(session).domain
    if not service.claim(session, letter_id=letter_id, worker=worker, domain=domain, now=now):
        return False
    letter = session.get_one(Letter, letter_id)
    reason = _unwanted(session, letter, now)
    if reason:
        service.settle_unwanted(session, letter_id=letter_id, worker=worker, reason=reason)
        return False
    if rules.is_hopeless(letter.attempts):
        log.error("letter %s is given up: its workers died", letter_id)
        service.settle_refused(session, letter_id=letter_id, worker=worker, error="gave_up", final=True, now=now)
        return False
    return True


def _unwanted(session: Session, letter: Letter, now: dt.datetime) -> str:
    """Why nobody needs the letter any more, if so."""
    if letter.expires_at is not None and letter.expires_at <= now:
        return service.EXPIRED
    if letter.is_announcement and unsubscribing.is_refused(session, letter.to_email):
        return service.UNSUBSCRIBED
    return ""


def _deliver(letter_id: int, worker: str) -> None:
    try:
        is_gone = _hand_over(letter_id)
    except Refused as refusal:
        with transaction() as session:
            _note(session, letter_id, worker, refusal)
    else:
        with transaction() as session:
            service.settle_sent(session, letter_id=letter_id, worker=worker, is_only_kept=not is_gone, now=clock.now())
            server.worked(session)


def _hand_over(letter_id: int) -> bool:
    """Whether the letter is on its way to its reader, and not only kept where nobody but staff can read it."""
    if not db.session().get_one(Letter, letter_id).to_email.isascii():
        raise Refused("RCPT letters", blame=Blame.LETTER, final=True)
    try:
        message = message_of(letter_id)
    except Exception as error:
        raise _fault(error, "MAKE", Blame.LETTER) from error
    db.session.rollback()  # no transaction stays open while a slow server answers
    try:
        backend = backends.from_url(current_app.config["MAIL_URL"])
        backend.send(message)
    except (OSError, backends.BadMailUrl) as error:  # the disk, or the setting: no letter is to blame
        raise _fault(error, "SEND", Blame.SERVER) from error
    except Refused:
        raise
    except Exception as error:
        raise _fault(error, "SEND", Blame.LETTER) from error
    return backend.reaches_people


def _fault(error: Exception, phase: str, blame: Blame) -> Refused:
    """A fault of the program or of the disk. Its place is logged and its words are not: they may name people."""
    place = "".join(traceback.format_tb(error.__traceback__))
    log.error("a letter failed with %s in %s\n%s", type(error).__name__, phase, place)
    return Refused(f"{phase} {type(error).__name__}", blame=blame)


def _note(session: Session, letter_id: int, worker: str, refusal: Refused) -> None:
    now = clock.now()
    if refusal.blame is Blame.SERVER:
        log.warning("the mail server failed: %s", refusal.reason)
        server.failed(session, reason=refusal.reason, now=now)
        service.settle_unsent(session, letter_id=letter_id, worker=worker, error=refusal.reason)
        return
    server.worked(session)
    service.settle_refused(
        session, letter_id=letter_id, worker=worker, error=refusal.reason, final=refusal.final, now=now
    )


def message_of(letter_id: int) -> EmailMessage:
    """The letter as a message, with its attachments as they are now."""
    session = db.session()
    letter = session.get_one(Letter, letter_id)
    return compose(
        letter,
        attachments.make_all(session, letter.attachments),
        sender=sender(session),
        reply_to=settings_queries.organiser(session).email,
        stop_url=unsubscribing.address(letter) if letter.is_announcement else "",
        now=clock.now(),
    )


def sender(session: Session) -> Sender:
    """Who letters come from."""
    organiser = settings_queries.organiser(session)
    return Sender(organiser.alias, current_app.config["MAIL_FROM"] or organiser.email or FALLBACK_ADDRESS)
