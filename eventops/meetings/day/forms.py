"""The form in which staff say what happened; each kind asks only for what it needs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from eventops import clock
from eventops.events.fields import ClockField, LineField, Required
from eventops.meetings.day.happenings import Happening, What

NOT_HERE, WAS_HERE = "not_here", "was_here"
_ONE = _("1つ選んでください。")

Choices = Sequence[tuple[int, str]]
ASKED: Mapping[What, tuple[str, ...]] = {
    What.LATE: ("companies", "at", "was_here"),
    What.ABSENT: ("companies", "was_here", "at"),
    What.TABLE_LOST: ("table_id", "at"),
    What.WITHDRAWN: ("first_id",),
    What.ADDED: ("need_id", "company_id", "slot_id"),
    What.SWAPPED: ("first_id", "second_id"),
}


class CompaniesField(SelectMultipleField):
    """Check boxes, one for each company."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class HappeningForm(FlaskForm):
    beside = HiddenField()
    """The proposal to which this is added."""
    companies = CompaniesField(
        _("企業"), coerce=int, validators=[InputRequired(_("企業を選んでください。"))], validate_choice=True
    )
    at = ClockField(_("時刻"), validators=[Optional()])
    was_here = RadioField(
        _("ここまでの面談"),
        choices=[
            SelectChoice(NOT_HERE, _("まだ来ていない(始まった面談も行われていない)")),
            SelectChoice(WAS_HERE, _("来ていた(始まった面談は行われた)")),
        ],
        default=NOT_HERE,
    )
    table_id = SelectField(_("卓"), coerce=int)
    need_id = SelectField(_("大手のニーズ"), coerce=int)
    company_id = SelectField(_("面談に来る企業"), coerce=int)
    slot_id = SelectField(_("時刻"), coerce=int)
    first_id = SelectField(_("面談"), coerce=int)
    second_id = SelectField(_("入れ替える相手の面談"), coerce=int)
    note = LineField(_("理由・連絡の内容"), 300, description=_("記録に残ります。例: 13:20に電話、電車の遅れ"))

    def ask_for(self, what: What, choices: Mapping[str, Choices]) -> None:
        """Leave out what this kind does not need."""
        for name in {name for names in ASKED.values() for name in names} - set(ASKED[what]):
            del self[name]
        for name, rows in choices.items():
            if name in self:
                self[name].choices = [SelectChoice(value, label) for value, label in rows]
        if what is What.LATE:
            self.at.label.text = _("到着の予定")
            self.at.validators = [Required()]
            self.at.flags.required = True
        elif what is What.ABSENT:
            self.at.label.text = _("退席の時刻")
            self.at.description = _("来ていて途中で帰るときだけ。空けておくと、いまから")
        elif what is What.TABLE_LOST:
            self.at.label.text = _("いつから")
            self.at.description = _("空けておくと、次の枠から")

    def happening(self, what: What, day: dt.date) -> Happening:
        at = self._data("at")
        first, second = self._data("first_id"), self._data("second_id")
        company = self._data("company_id")
        return Happening(
            what,
            organisation_ids=tuple(self._data("companies") or ((company,) if company else ())),
            application_ids=tuple(one for one in (first, second) if one),
            table_id=self._data("table_id"),
            need_id=self._data("need_id"),
            slot_id=self._data("slot_id") or None,
            at=clock.tokyo(day, at) if at else None,
            was_here=self._data("was_here") == WAS_HERE,
        )

    def _data(self, name: str) -> Any:
        return self[name].data if name in self else None
