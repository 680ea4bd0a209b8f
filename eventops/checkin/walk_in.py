"""Somebody who comes without having applied: five fields, an application, and in. Never commits."""

import datetime as dt
import unicodedata
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops import wareki
from eventops.checkin import service
from eventops.checkin.commands import Look
from eventops.checkin.models import ScanMethod
from eventops.checkin.outcomes import Outcome
from eventops.directory import kana
from eventops.directory.models import Organisation
from eventops.errors import DomainError
from eventops.events.models import Mode
from eventops.registration import service as registrations
from eventops.registration.commands import Application, Claim, Entrant, PersonDetails
from eventops.registration.membership import standing
from eventops.registration.models import IfFull, PaymentMethod, PlaceState, Registration, Source
from eventops.registration.refusals import SoldOut


class NoRoom(DomainError):
    """A part is full; `part_ids` names which. Somebody in charge may let the person in all the same."""

    code = "no_room"

    def __init__(self, part_ids: tuple[int, ...]) -> None:
        super().__init__()
        self.part_ids = part_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkIn:
    """What the desk writes down. `go_ahead` is the word of somebody in charge that one more may come in."""

    nonce: str
    event_id: int
    part_id: int
    also_part_ids: tuple[int, ...]
    company: str
    name: str
    name_kana: str
    claim: Claim
    contact: str
    go_ahead: bool
    station: str
    user_id: int | None
    station_id: int | None = None

    @property
    def part_ids(self) -> tuple[int, ...]:
        return (self.part_id, *(other for other in self.also_part_ids if other != self.part_id))


def admit(session: Session, guest: WalkIn, *, key: str, now: dt.datetime) -> Outcome:
    """Register and let in. Sent twice, it is one person."""
    try:
        registration = registrations.register(
            session, _application(session, guest, now=now), now=now, actor_id=guest.user_id
        )
    except SoldOut as error:
        raise NoRoom(guest.part_ids) from error
    _seated_or_refuse(registration)
    if registration.total_yen == 0:
        registration.payment_method = PaymentMethod.NONE
    look = Look(
        nonce=f"walk-in-{guest.nonce}",
        event_id=guest.event_id,
        part_id=guest.part_id,
        method=ScanMethod.WALK_IN,
        station=guest.station,
        user_id=guest.user_id,
        attendee_id=registration.attendees[0].id,
        station_id=guest.station_id,
    )
    return service.scan(session, look, key=key, now=now)


def _seated_or_refuse(registration: Registration) -> None:
    places = registration.attendees[0].places
    full = tuple(place.part_id for place in places if place.state != PlaceState.CONFIRMED)
    if full:
        raise NoRoom(full)


def _application(session: Session, guest: WalkIn, *, now: dt.datetime) -> Application:
    family, given = split_name(guest.name)
    family_kana, given_kana = split_name(kana.katakana(guest.name_kana))
    email, phone = _contact(guest.contact)
    details = PersonDetails(
        family_name=family, given_name=given, family_kana=family_kana, given_kana=given_kana, email=email
    )
    return Application(
        event_id=guest.event_id,
        organisation_name=guest.company,
        organisation_kana=_company_kana(session, guest, now=now),
        claim=guest.claim,
        applicant_name=f"{family} {given}".strip(),
        applicant_kana=f"{family_kana} {given_kana}".strip(),
        email=email,
        phone=phone,
        if_full=IfFull.WITHDRAW,
        payment_method=PaymentMethod.CASH_ON_DAY,
        source=Source.WALK_IN,
        submission_key=f"walk-in-{guest.nonce}",
        over_capacity=guest.go_ahead,
        entrants=(Entrant(details=details, wishes=dict.fromkeys(guest.part_ids, Mode.ONSITE)),),
    )


def _company_kana(session: Session, guest: WalkIn, *, now: dt.datetime) -> str:
    """The reading from the directory where the company is certain; otherwise the name, if that is kana already."""
    known = standing(session, name=guest.company, claim=guest.claim, on=wareki.japan_date(now)).organisation_id
    if known is not None:
        return session.get_one(Organisation, known).kana
    written = kana.katakana(guest.company)
    return written if kana.is_katakana(written.replace(" ", "")) else ""


def split_name(text: str) -> tuple[str, str]:
    """Family and given name at the first space, wide or narrow; all of it is the family name where there is none."""
    family, _, given = " ".join(text.split()).partition(" ")
    return family, given


def _contact(text: str) -> tuple[str, str]:
    plain = unicodedata.normalize("NFKC", text).strip()
    return (plain, "") if "@" in plain else ("", plain)
