"""The letter that a published timetable sends to the people of one company."""

import datetime as dt

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventops import links
from eventops.directory.models import Organisation
from eventops.links import LinkRef, Purpose
from eventops.mail import outbox
from eventops.mail.outbox import AttachmentRef, Draft
from eventops.meetings.timetable import days
from eventops.meetings.timetable.models import ParticipantPage, Timetable
from eventops.registration import addresses
from eventops.settings import queries as settings_queries

SUBJECT_KIND = "participant_page"


def token_of(page: ParticipantPage) -> str:
    """The secret part of the page's address."""
    return links.issue(LinkRef(page.id, page.link_issue), Purpose.MEETINGS, key=current_app.config["SECRET_KEY"])


def address_of(page: ParticipantPage) -> str:
    """The page's whole address, for letters."""
    return addresses.absolute("meetings.personal_page", token=token_of(page))


def put(
    session: Session,
    timetable: Timetable,
    page: ParticipantPage,
    organisation: Organisation,
    name: str,
    email: str,
    *,
    now: dt.datetime,
) -> None:
    """One letter for one address and version, in the transaction of the publication."""
    organiser = settings_queries.organiser(session)
    event = timetable.round.event
    is_first = timetable.version == 1
    with force_locale("ja"):  # readers have not said what they read; whoever publishes may read English
        subject = _("面談時間割のお知らせ") if is_first else _("面談時間割の変更のお知らせ")
        outbox.put(
            session,
            Draft(
                key=f"timetable:{timetable.id}:{page.id}:{email}",
                kind="timetable",
                to_name=f"{organisation.name} {name}",
                to_email=email,
                subject=f"【{organiser.alias}】{subject}({event.title})",
                body=render_template(
                    "meetings/letters/timetable.txt",
                    organisation=organisation,
                    name=name,
                    event=event,
                    day=days.day_of(session, timetable, organisation.id),
                    version=timetable.version,
                    is_first=is_first,
                    link=address_of(page),
                    organiser=organiser,
                ),
                event_id=event.id,
                subject_kind=SUBJECT_KIND,
                subject_id=page.id,
                attachments=(AttachmentRef("meetings_ics", page.id),),
            ),
            now=now,
        )
