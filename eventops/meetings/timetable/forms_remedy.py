"""The form in which staff confirm a remedy: where a new table goes, and whether those concerned have agreed."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired

from eventops.meetings.models import Room

AGREED, NOT_YET = "agreed", "not_yet"
_CHOOSE = _("どちらかを選んでください。")


class RemedyForm(FlaskForm):
    room_id = SelectField(_("卓を足す部屋"), coerce=int)
    agreement = RadioField(
        _("先方の了解"),
        choices=[
            SelectChoice(AGREED, _("了解を得た")),
            SelectChoice(NOT_YET, _("まだ。先に、入るかどうかを試す(あとで取り消せます)")),
        ],
        validate_choice=False,
        validators=[InputRequired(_CHOOSE), AnyOf((AGREED, NOT_YET), message=_CHOOSE)],
    )

    def ask_for(self, rooms: Sequence[Room], *, agreement: bool) -> None:
        """Leave out what this remedy does not need; the last room is proposed."""
        if rooms:
            self.room_id.choices = [SelectChoice(room.id, room.name) for room in rooms]
            if not self.is_submitted():
                self.room_id.data = rooms[-1].id
        else:
            del self.room_id
        if not agreement:
            del self.agreement

    @property
    def room(self) -> int | None:
        return self.room_id.data if self.room_id else None

    @property
    def is_agreed(self) -> bool:
        """Also when there was nothing to agree to."""
        chosen: Any = self.agreement.data if self.agreement else AGREED
        return bool(chosen == AGREED)
