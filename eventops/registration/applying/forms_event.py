"""The application form fitted to one event: its parts, its modes, its fees, and who fills it in."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, pgettext
from flask_babel.speaklater import LazyString
from wtforms import FieldList, FormField, RadioField
from wtforms.fields.choices import SelectChoice

from eventops.events import pages
from eventops.events.models import Eligibility, Event, Mode, Part
from eventops.languages import language
from eventops.questions import fields as question_fields
from eventops.questions.rules import Asked
from eventops.registration import host_consents, labels
from eventops.registration.answers import asking
from eventops.registration.applying import forms_shares
from eventops.registration.applying.forms import ABSENT, PART, ApplicationForm, EntrantForm, choice_field
from eventops.registration.fields import stop_if_empty
from eventops.registration.models import IfFull

RoomWord = Callable[[int, str], str]
"""Part id and mode in, how full that pool is out."""
_FOR_GUESTS = ("email_again", "privacy", "reference")
_FOR_STAFF = ("uses_reserve",)


def open_parts(event: Event, by_invitation: Collection[int]) -> list[Part]:
    """The parts that guests may apply for; of those for invited people, the ones to which companies were invited."""
    return [part for part in event.parts if part.pools and (not is_invited(part) or part.id in by_invitation)]


def is_invited(part: Part) -> bool:
    return part.eligibility == Eligibility.INVITED


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of one event in one language, for everybody who fills it in: `form` makes one of this request.

    `sent` makes one to be judged alone: the application's guard has seen its token, and no page needs another.
    """

    kind: type[ApplicationForm]
    parts: Sequence[Part]

    def sent(self) -> ApplicationForm:
        return self._fitted(self.kind(meta={"csrf": False}))

    def form(self) -> ApplicationForm:
        return self._fitted(self.kind())

    def _fitted(self, form: ApplicationForm) -> ApplicationForm:
        _fit(form, self.parts)
        _in_reading_order(form)
        _mark_first(form)
        if form.by_staff:
            _make_optional(form)
        else:
            _leave_to_the_invited(form, self.parts)
        return form


def form_for(
    event: Event,
    *,
    rooms: RoomWord,
    by_invitation: Collection[int] = (),
    by_staff: bool = False,
    questions: Sequence[Asked] = (),
    hosts: Sequence[host_consents.Asked] = (),
) -> ApplicationForm:
    """The form of one event. `rooms` says in words how full a pool is."""
    return shape_for(
        event, rooms=rooms, by_invitation=by_invitation, by_staff=by_staff, questions=questions, hosts=hosts
    ).form()


def shape_for(
    event: Event,
    *,
    rooms: RoomWord,
    by_invitation: Collection[int] = (),
    by_staff: bool = False,
    questions: Sequence[Asked] = (),
    hosts: Sequence[host_consents.Asked] = (),
) -> Shape:
    """Which fields the form has, said in the language of now."""
    parts = [part for part in event.parts if part.pools] if by_staff else open_parts(event, by_invitation)
    left_out = [*(_FOR_GUESTS if by_staff else _FOR_STAFF), *_of_no_use(event, parts)]
    own = question_fields.fields_for(asking.of_company(questions), must=not by_staff)
    of_people = question_fields.fields_for(asking.of_people(questions), must=not by_staff)
    fields: dict[str, Any] = {**dict.fromkeys(left_out), **own}
    fields["attendees"] = _attendees(event, parts, rooms, {**of_people, **forms_shares.fields_for(hosts)})
    facts = {"event": event, "by_staff": by_staff, "questions": questions}
    return Shape(type("ApplicationFormOfEvent", (ApplicationForm,), fields | facts), parts)


def _attendees(event: Event, parts: Sequence[Part], rooms: RoomWord, asked: Mapping[str, Any]) -> FieldList:
    fields = {PART.format(part.id): _part_field(event, part, rooms, is_only=len(parts) == 1) for part in parts}
    rows = type("EntrantFormOfEvent", (EntrantForm,), {**fields, **asked})
    people = pgettext("one", "参加者")
    return FieldList(FormField(rows, people), people, min_entries=1, max_entries=event.group_size_max)


def _in_reading_order(form: ApplicationForm) -> None:
    """The summary of errors follows the page: people stand after the company."""
    fields = dict(form._fields)
    attendees = fields.pop("attendees")
    own = {name: fields.pop(name) for name in list(fields) if name.startswith(question_fields.PREFIX)}
    form._fields = {}
    for name, field in fields.items():
        form._fields[name] = field
        if name == "claim":
            form._fields |= {"attendees": attendees, **own}


def _make_optional(form: ApplicationForm) -> None:
    """Who applies on paper or by telephone may have no address, and is sent no letters then."""
    if form.if_full:
        form.if_full.data = form.if_full.data or str(IfFull.WAIT)
    for field in (form.email, form.phone):
        field.validators = [stop_if_empty, *field.validators[1:]]
        field.flags.required = False


def _part_field(event: Event, part: Part, rooms: RoomWord, *, is_only: bool) -> RadioField:
    modes = [Mode(pool.mode) for pool in part.pools]
    choices = [(str(mode), _with_room(mode, part.id, rooms)) for mode in modes]
    if not is_only:
        choices.append((ABSENT, gettext("参加しない")))
    default = str(modes[0]) if is_only and len(modes) == 1 else None
    label = f"{pages.plain_title(part, language())}　{pages.part_when(event, part, language())}"
    return choice_field(label, choices, default=default, description=invitation_hint(part))


def invitation_hint(part: Part) -> str:
    return gettext("ご案内した企業の方のみ") if is_invited(part) else ""


def _mark_first(form: ApplicationForm) -> None:
    """Only the first attendee has to answer; others may leave it as for the first."""
    for field in form.attendees.entries[0].form.parts().values():
        field.flags.required = True


def _leave_to_the_invited(form: ApplicationForm, parts: Sequence[Part]) -> None:
    """Most guests are not invited: they need not answer for parts that are not theirs."""
    fields = form.attendees.entries[0].form.parts()
    for part in parts if len(parts) > 1 else ():
        if is_invited(part):
            fields[part.id].data = fields[part.id].data or ABSENT


def _with_room(mode: Mode, part_id: int, rooms: RoomWord) -> LazyString:
    """会場(満席), put together when the page is drawn."""

    def said() -> str:
        room = rooms(part_id, mode)
        return f"{labels.MODES[mode]}({room})" if room else str(labels.MODES[mode])

    return LazyString(said)


def _of_no_use(event: Event, parts: Sequence[Part]) -> set[str]:
    """The fields that this event does not need."""
    is_limited = any(pool.capacity is not None for part in parts for pool in part.pools)
    names = set() if is_limited else {"if_full", "together"}
    if event.group_size_max == 1:
        names |= {"together"}
    if not any(fee.yen for fee in event.fees):
        names |= {"payment_method", "receipt_name"}
    return names


def _fit(form: ApplicationForm, parts: Sequence[Part]) -> None:
    """Offer what can be had where it is full."""
    if form.if_full:
        has_online = any(pool.mode == Mode.ONLINE for part in parts for pool in part.pools)
        offered = [choice for choice in IfFull if has_online or choice in (IfFull.WAIT, IfFull.WITHDRAW)]
        form.if_full.flags.required = True
        form.if_full.choices = [SelectChoice(str(choice), labels.IF_FULL[choice]) for choice in offered]
