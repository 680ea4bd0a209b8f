"""The part of the application form that offers tied events: one answer for everybody in the application."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from wtforms import Form, RadioField

from eventops.events import pages
from eventops.events.models import Eligibility, Event, Mode, Part
from eventops.languages import language
from eventops.registration import labels
from eventops.registration.applying.forms import ABSENT, choice_field
from eventops.registration.commands import Application
from eventops.registration.models import PaymentMethod

_ALSO = "also_"


class JointForm(Form):
    """The parts of other events, for everybody in the application; fields are added by `form_for`."""

    events: Sequence[Event] = ()

    def of(self, event: Event) -> list[RadioField]:
        names = [f"{_ALSO}{part.id}" for part in event.parts]
        return [cast("RadioField", self._fields[name]) for name in names if name in self._fields]

    def wishes(self, event: Event) -> dict[int, Mode]:
        """The parts of an event that were chosen."""
        chosen = {part.id: self._fields.get(f"{_ALSO}{part.id}") for part in event.parts}
        return {part_id: Mode(field.data) for part_id, field in chosen.items() if field and field.data in set(Mode)}

    def commands(self, command: Application) -> list[tuple[Event, Application]]:
        """The applications for the other events, of the same people."""
        wished = [(event, self.wishes(event)) for event in self.events]
        return [(event, _command(event, command, wishes)) for event, wishes in wished if wishes]


def form_for(events: Sequence[Event], typed: Mapping[str, str] | None) -> JointForm:
    fields = {
        f"{_ALSO}{part.id}": _field(event, part) for event in events for part in event.parts if _is_offered(event, part)
    }
    kind = type("JointFormOfEvents", (JointForm,), fields) if fields else JointForm
    form: JointForm = kind(typed)
    form.events = [event for event in events if any(_is_offered(event, part) for part in event.parts)]
    return form


def _is_offered(event: Event, part: Part) -> bool:
    return bool(part.pools) and Eligibility.INVITED not in (event.eligibility, part.eligibility)


def _field(event: Event, part: Part) -> RadioField:
    choices = [*((pool.mode, labels.MODES[pool.mode]) for pool in part.pools), (ABSENT, labels.NOT_ALSO)]
    label = f"{pages.plain_title(part, language())}　{pages.part_when(event, part, language())}"
    return choice_field(label, choices, default=ABSENT)


def _command(event: Event, command: Application, wishes: Mapping[int, Mode]) -> Application:
    """Questions of the other event are answered on its own page; a fee nobody was asked about is paid by transfer."""
    owes = any(fee.yen for fee in event.fees)
    method = command.payment_method
    return replace(
        command,
        event_id=event.id,
        entrants=tuple(replace(entrant, wishes=wishes, answers=(), shares={}) for entrant in command.entrants),
        answers=(),
        payment_method=PaymentMethod.BANK_TRANSFER if owes and method == PaymentMethod.NONE else method,
        submission_key=f"{command.submission_key}:{event.id}"[:40] if command.submission_key else None,
    )
