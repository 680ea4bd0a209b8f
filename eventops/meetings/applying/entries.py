"""Applications that companies send themselves through the public form, and the letter of receipt."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventops.directory import service as directory
from eventops.directory.models import Person
from eventops.directory.service import PersonAsTyped
from eventops.errors import DomainError
from eventops.events.models import Event, EventState
from eventops.languages import language
from eventops.meetings import rules
from eventops.meetings.applying import entry_letters, proposals
from eventops.meetings.applying.proposals import Proposal
from eventops.meetings.models import Application, ApplicationState, MatchingRound, Need, NeedState


class EntriesClosed(DomainError):
    """The need takes no applications: not published, closed, or past its hour."""

    code = "entries_closed"


@dataclass(frozen=True, slots=True)
class Entry:
    """An application as a company typed it."""

    company: str
    company_kana: str
    contact: PersonAsTyped
    proposal: Proposal


def is_open(event: Event, need: Need, now: dt.datetime) -> bool:
    """Whether the need takes applications now."""
    in_time = need.entries_close_at is None or now < need.entries_close_at
    return event.state == EventState.PUBLISHED and need.state == NeedState.OPEN and in_time


def enter(session: Session, *, need_id: int, entry: Entry, now: dt.datetime) -> Application:
    """Take an application in: company and person found or made, a number given, receipt written.

    The same form sent twice is one application.
    """
    need = session.get_one(Need, need_id)
    found = session.get_one(MatchingRound, need.round_id, with_for_update=True)
    if not is_open(found.event, need, now):
        raise EntriesClosed
    known = _sent_before(session, need, entry)
    if known is not None:
        return known
    organisation = directory.find_or_make_organisation(session, name=entry.company, kana_name=entry.company_kana)
    person = directory.find_or_make_person(session, organisation_id=organisation.id, typed=entry.contact)
    codes = session.scalars(select(Application.code).where(Application.round_id == found.id))
    application = Application(
        round_id=found.id,
        code=rules.next_code(codes, prefix="A", digits=3),
        need_id=need_id,
        organisation_id=organisation.id,
        person_id=person.id,
        submitted_at=now,
        need=need,
    )
    session.add(application)
    proposals.write(session, application, entry.proposal, now=now)
    session.flush()  # the letter's key needs its id
    contact = entry.contact
    entry_letters.put_receipt(
        session,
        application,
        company=entry.company,
        name=f"{contact.family_name} {contact.given_name}".strip(),
        email=contact.email,
        language=language(),
        now=now,
    )
    return application


def _sent_before(session: Session, need: Need, entry: Entry) -> Application | None:
    query = (
        select(Application)
        .join(Application.person)
        .where(
            Application.need_id == need.id,
            Application.state == ApplicationState.RECEIVED,
            Application.proposal_title == entry.proposal.title,
            func.lower(Person.email) == entry.contact.email.lower(),
        )
        .order_by(Application.id)
    )
    return next((one for one in session.scalars(query) if proposals.is_same(session, one, entry.proposal)), None)
