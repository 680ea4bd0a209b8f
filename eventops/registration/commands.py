"""What the services are asked to do: values in the shape that the forms give and the rules understand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from eventops.events.models import Mode
from eventops.questions.giving import Given
from eventops.registration.models import IfFull, PaymentMethod, Source


class Claim(StrEnum):
    """What the applicant says about membership."""

    MEMBER = "member"
    GENERAL = "general"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails:
    """An attendee as typed: what may also be changed later."""

    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    department: str = ""
    job_title: str = ""
    email: str = ""
    dietary_need: str = ""
    accommodation_request: str = ""
    list_consent: bool = False
    photo_consent: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody agrees to: which columns may be given, and the words that the person read."""

    columns: Sequence[str]
    text: str
    language: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """An attendee to be registered. `is_outside` is somebody who does not belong to the applying company.

    `shares` are the hosts to which this person agrees to be named, each with what the form told of it.
    """

    details: PersonDetails
    wishes: Mapping[int, Mode]
    is_outside: bool = False
    shares: Mapping[str, Agreement] = field(default_factory=dict)
    answers: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application of one company. The same `submission_key` is only ever registered once.

    `uses_reserve` and `over_capacity` are for staff alone: seats kept back, and one more than there are.
    `told` is what the applicant agrees to, word for word. The part `free_part_id` costs these people nothing.
    Staff may register without a letter to the applicant (`tells_applicant`).
    """

    event_id: int
    organisation_name: str
    organisation_kana: str
    claim: Claim
    applicant_name: str
    applicant_kana: str
    email: str
    entrants: tuple[Entrant, ...]
    phone: str = ""
    if_full: IfFull = IfFull.WAIT
    payment_method: PaymentMethod = PaymentMethod.NONE
    receipt_name: str = ""
    message: str = ""
    mail_opt_in: bool = False
    keeps_together: bool = False
    tells_attendees: bool = False
    language: str = "ja"
    told: Mapping[str, str] = field(default_factory=dict)
    source: Source = Source.PUBLIC
    submission_key: str | None = None
    uses_reserve: bool = False
    over_capacity: bool = False
    free_part_id: int | None = None
    tells_applicant: bool = True
    answers: tuple[Given, ...] = ()
