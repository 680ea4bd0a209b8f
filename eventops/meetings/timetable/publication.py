"""Publishing the timetable: a frozen version, personal pages for all, letters only to those whose meetings changed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.directory.models import Organisation, Person
from eventops.errors import DomainError, Stale
from eventops.mail import rules as mail_rules
from eventops.meetings.models import Application, ApplicationState, Need, NeedAttendee
from eventops.meetings.rules import ACCEPTING
from eventops.meetings.timetable import begun, drafts, letters, problems, queries
from eventops.meetings.timetable import told as telling
from eventops.meetings.timetable.begun import Line
from eventops.meetings.timetable.models import ParticipantPage, Timetable, TimetableState
from eventops.meetings.timetable.told import Days
from scheduling.check import check


class NothingToPublish(DomainError):
    """There is no draft with meetings in it."""

    code = "nothing_to_publish"


class NothingChanged(DomainError):
    """The draft is what is published already; `version` says as what."""

    code = "nothing_changed"


class BrokenTimetable(DomainError):
    """The draft breaks hard rules as the facts stand now; the board shows which."""

    code = "broken_timetable"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is told: a person of a company, at an address."""

    organisation: Organisation
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What publishing now would do."""

    version: int
    is_preliminary: bool
    meetings: int
    changed: tuple[Organisation, ...]
    readers: tuple[Reader, ...]
    without_address: tuple[Organisation, ...]

    @property
    def is_told(self) -> bool:
        """Everybody knows it already."""
        return self.version > 1 and not self.changed


def candidate(session: Session, round_id: int) -> Timetable:
    """What publishing would take: the draft, or what is published, where its frame may have moved since."""
    found = queries.draft_of(session, round_id) or queries.published(session, round_id)
    if found is None or not found.meetings:
        raise NothingToPublish
    return found


def outlook(session: Session, *, round_id: int, preliminary: bool | None = None) -> Outlook:
    """Whom publishing would reach; changes nothing. Unasked, it is as preliminary or final as what was told last."""
    return _outlook(session, candidate(session, round_id), queries.published(session, round_id), preliminary)


def may_be_preliminary(session: Session, round_id: int) -> bool:
    """Until something was told as final."""
    last = queries.published(session, round_id)
    return last is None or last.is_preliminary


def untold(session: Session, round_id: int) -> Outlook | None:
    """Where the frame of what is published has moved: whom publishing anew would reach. None where all is told, or
    where an empty draft leaves nothing to publish."""
    last = queries.published(session, round_id)
    if last is None or not telling.is_frame_moved(session, last):
        return None
    working = queries.draft_of(session, round_id) or last
    found = _outlook(session, working, last) if working.meetings else None
    return found if found is not None and found.changed else None


def reach(session: Session, round_id: int) -> Outlook | None:
    """Everybody who knows the published version, which is the outlook's."""
    last = queries.published(session, round_id)
    if last is None:
        return None
    everybody = _reached(session, round_id, {}, last)
    return replace(everybody, version=everybody.version - 1)


def foreseen(session: Session, *, round_id: int, new: Mapping[int, frozenset[Line]]) -> Outlook:
    """Whom publishing these days would reach, though no version holds them yet."""
    days = telling.days_of_lines(session, round_id, new)
    return _reached(session, round_id, days, queries.published(session, round_id))


def publish(
    session: Session,
    *,
    round_id: int,
    revision: int,
    actor_id: int,
    now: dt.datetime,
    preliminary: bool | None = None,
) -> Timetable:
    """Freeze the draft as the next version, supersede the last one, write to everybody whose meetings changed.

    The first final version after preliminary ones goes to everybody.
    """
    queries.lock_round(session, round_id)
    last = queries.published(session, round_id)
    plan = _outlook(session, candidate(session, round_id), last, preliminary)
    if plan.is_told:
        raise NothingChanged(version=plan.version - 1)
    draft = drafts.draft_for_round(session, round_id=round_id, now=now)
    if draft.revision != revision:
        raise Stale
    begun.refuse_moved(session, draft, now)
    _refuse_broken(session, draft, now)
    draft.version, draft.state = plan.version, TimetableState.PUBLISHED
    draft.published_at, draft.published_by_id, draft.is_preliminary = now, actor_id, plan.is_preliminary
    if last is not None:
        last.state = TimetableState.SUPERSEDED
    for meeting in queries.meetings_of(session, draft.id):
        meeting.tell()
    session.flush()  # the letters name the version
    _tell(session, draft, plan, now=now)
    audit.record(
        session,
        actor_id=actor_id,
        action="timetable_published",
        subject=("timetable", draft.id),
        event_id=draft.round.event_id,
        now=now,
        after={
            "version": draft.version,
            "preliminary": draft.is_preliminary,
            "meetings": len(draft.meetings),
            "letters": len(plan.readers),
        },
    )
    return draft


def page_of(session: Session, *, round_id: int, organisation_id: int) -> ParticipantPage:
    """The personal page of an organisation; made at its first mention."""
    wanted = (ParticipantPage.round_id == round_id, ParticipantPage.organisation_id == organisation_id)
    page = session.scalar(select(ParticipantPage).where(*wanted))
    if page is None:
        page = ParticipantPage(round_id=round_id, organisation_id=organisation_id, link_issue=1)
        session.add(page)
        session.flush()  # the link carries its id
    return page


def _outlook(session: Session, draft: Timetable, last: Timetable | None, preliminary: bool | None = None) -> Outlook:
    days = telling.days(queries.meetings_of(session, draft.id), telling.lying)
    return _reached(session, draft.round_id, days, last, preliminary)


def _reached(
    session: Session, round_id: int, new: Days, last: Timetable | None, preliminary: bool | None = None
) -> Outlook:
    old = telling.days(queries.meetings_of(session, last.id)) if last else {}
    is_preliminary = _is_preliminary(last, preliminary)
    is_settled_now = last is not None and last.is_preliminary and not is_preliminary
    ids = [one for one in {*new, *old} if is_settled_now or new.get(one, frozenset()) != old.get(one, frozenset())]
    changed = session.scalars(
        select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.sort_key, Organisation.id)
    ).all()
    readers = _readers(session, round_id, changed)
    reached = {one.organisation.id for one in readers}
    return Outlook(
        version=(last.version or 0) + 1 if last else 1,
        is_preliminary=is_preliminary,
        meetings=len({line for lines in new.values() for line in lines}),
        changed=tuple(changed),
        readers=readers,
        without_address=tuple(one for one in changed if one.id not in reached),
    )


def _is_preliminary(last: Timetable | None, asked: bool | None) -> bool:
    """What was told as final stays final."""
    if last is None:
        return bool(asked)
    return last.is_preliminary and asked is not False


def _readers(session: Session, round_id: int, organisations: Sequence[Organisation]) -> tuple[Reader, ...]:
    """The people named in needs and applications; each address of a company once."""
    named = _named_people(session, round_id)
    return tuple(
        Reader(organisation, name, email)
        for organisation in organisations
        for email, name in named.get(organisation.id, {}).items()
    )


def _named_people(session: Session, round_id: int) -> Mapping[int, dict[str, str]]:
    """Of guests only those whose application was accepted: anybody may apply in a company's name."""
    hosts = (
        select(Need.organisation_id, Person)
        .join(NeedAttendee, NeedAttendee.need_id == Need.id)
        .join(Person, Person.id == NeedAttendee.person_id)
        .where(Need.round_id == round_id)
        .order_by(NeedAttendee.id)
    )
    guests = (
        select(Application.organisation_id, Person)
        .join(Person, Person.id == Application.person_id)
        .where(
            Application.round_id == round_id,
            Application.state == ApplicationState.RECEIVED,
            Application.rating.in_(ACCEPTING),
        )
        .order_by(Application.id)
    )
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for query in (hosts, guests):
        for organisation_id, person in session.execute(query):
            if person.email:
                found[organisation_id].setdefault(person.email.lower(), person.full_name)
    return found


def _refuse_broken(session: Session, draft: Timetable, now: dt.datetime) -> None:
    """What was held was held, even if its application was withdrawn since: only what is wrong beside it counts."""
    problem = problems.build(session, draft.round_id)
    past = check(problem, problems.placed(begun.held(session, draft, now)))
    if set(check(problem, problems.placed(draft.meetings))) - set(past):
        raise BrokenTimetable


def _tell(session: Session, timetable: Timetable, plan: Outlook, *, now: dt.datetime) -> None:
    for organisation_id in telling.days(timetable.meetings):
        page_of(session, round_id=timetable.round_id, organisation_id=organisation_id)
    is_bulk = mail_rules.is_bulk(len(plan.readers))
    for reader in plan.readers:
        page = page_of(session, round_id=timetable.round_id, organisation_id=reader.organisation.id)
        letters.put(session, timetable, page, reader.organisation, reader.name, reader.email, is_bulk=is_bulk, now=now)
