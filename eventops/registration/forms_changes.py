"""Forms for changing a registration: a person, a substitute, the parts somebody takes part in."""

from collections.abc import Collection, Mapping, Sequence
from typing import cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from eventops.events import pages
from eventops.events.fields import ProseField, Required, at_most
from eventops.events.models import Event, Mode, Part, PriceCategory
from eventops.languages import language
from eventops.registration import host_consents, labels
from eventops.registration.applying import forms_shares
from eventops.registration.applying.forms import ABSENT, PersonForm, choice_field
from eventops.registration.applying.forms_event import is_invited
from eventops.registration.models import IfFull


class PersonPageForm(PersonForm, FlaskForm):
    """A person on a page of its own."""


def substitute_form(hosts: Sequence[host_consents.Asked]) -> PersonPageForm:
    """The form of somebody who comes instead of another."""
    form: PersonPageForm = type("SubstituteFormOfEvent", (PersonPageForm,), forms_shares.fields_for(hosts))()
    return form


class PartsForm(FlaskForm):
    """The parts of one person; the fields are added by `parts_form_for`."""

    if_full = choice_field(_("満席の場合"), [])

    def wanted(self) -> dict[int, Mode]:
        return {
            int(name.removeprefix("part_")): Mode(field.data)
            for name, field in self._fields.items()
            if name.startswith("part_") and field.data in set(Mode)
        }

    def choice(self) -> IfFull:
        return IfFull(self.if_full.data or IfFull.WAIT)

    def part_fields(self) -> list[RadioField]:
        return [cast("RadioField", field) for name, field in self._fields.items() if name.startswith("part_")]


class PriceForm(FlaskForm):
    """Staff decide the fee category; why is kept."""

    category = SelectField(
        _("料金区分"), choices=[SelectChoice(str(category), labels.CATEGORIES[category]) for category in PriceCategory]
    )
    reason = StringField(_("理由"), validators=[Required(), at_most(200)])


class NoteForm(FlaskForm):
    """What staff should know about an application."""

    staff_note = ProseField(_("職員のメモ"), 4000)


def parts_form_for(
    event: Event, held: Mapping[int, Mode], *, inviting: Collection[int] = (), by_staff: bool = False
) -> PartsForm:
    """The parts as somebody has them; those by invitation where staff ask, or for the invited and who is in them."""
    shown = [part for part in event.parts if part.pools and (by_staff or _is_offered(part, {*held, *inviting}))]
    fields = {f"part_{part.id}": _part_field(event, part, held.get(part.id)) for part in shown}
    form: PartsForm = type("PartsFormOfEvent", (PartsForm,), fields)()
    has_online = any(pool.mode == Mode.ONLINE for part in shown for pool in part.pools)
    offered = [choice for choice in IfFull if has_online or choice in (IfFull.WAIT, IfFull.WITHDRAW)]
    form.if_full.choices = [SelectChoice(str(choice), labels.IF_FULL[choice]) for choice in offered]
    return form


def _is_offered(part: Part, reachable: Collection[int]) -> bool:
    return not is_invited(part) or part.id in reachable


def _part_field(event: Event, part: Part, held: Mode | None) -> RadioField:
    choices = [(pool.mode, labels.MODES[pool.mode]) for pool in part.pools]
    label = f"{pages.plain_title(part, language())}　{pages.part_when(event, part, language())}"
    return choice_field(label, [*choices, (ABSENT, gettext("参加しない"))], default=str(held or ABSENT))
