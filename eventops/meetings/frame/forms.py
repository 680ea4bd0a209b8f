"""Forms of the round's frame: window and breaks, slots, rooms. Rows left empty at the end are no rows."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField
from wtforms.validators import Optional

from eventops.clock import tokyo
from eventops.events.fields import ClockField, LineField, Required
from eventops.meetings.frame.capacity import Frame, Pause
from eventops.meetings.frame.rounds import RoomRow, SlotRow
from eventops.meetings.models import MatchingRound
from eventops.meetings.wishes.forms import number
from eventops.wareki import japan_time

_ENDS_FIRST = _("終わりは始まりより後の時刻にしてください。")


class PauseForm(Form):
    starts = ClockField(_("休憩の始まり"), validators=[Optional()])
    ends = ClockField(_("休憩の終わり"), validators=[Optional()])


class FrameForm(FlaskForm):
    starts = ClockField(_("始まり"), validators=[Required()])
    ends = ClockField(_("終わり"), validators=[Required()])
    slot_minutes = number(_("面談の長さ(分)"), 5, 120, validators=[Required()])
    changeover_minutes = number(_("入替(分)"), 0, 30, validators=[Required()])
    pauses = FieldList(FormField(PauseForm), _("休憩"))
    sme_max_meetings = number(_("中小の上限"), 1, 50, validators=[Required()])
    solve_seconds = number(_("自動作成(秒)"), 5, 600, validators=[Required()])

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super().validate(extra_validators)) and self._times_fit()

    def _times_fit(self) -> bool:
        if self.ends.data <= self.starts.data:
            self.ends.errors = [_ENDS_FIRST]
            return False
        judged = [self._pause_fits(entry.form) for entry in self.pauses]
        return all(judged)

    def _pause_fits(self, pause: PauseForm) -> bool:
        if pause.starts.data is None and pause.ends.data is None:
            return True
        if pause.starts.data is None or pause.ends.data is None or pause.ends.data <= pause.starts.data:
            pause.ends.errors = [_ENDS_FIRST]
            return False
        if pause.starts.data < self.starts.data or pause.ends.data > self.ends.data:
            pause.starts.errors = [_("休憩は面談の時間の中に置いてください。")]
            return False
        return True

    def frame(self, day: dt.date) -> Frame:
        """The window as typed, on the day of the event."""
        pauses = [entry.form for entry in self.pauses if entry.form.starts.data is not None]
        return Frame(
            tokyo(day, self.starts.data),
            tokyo(day, self.ends.data),
            self.slot_minutes.data or 0,
            self.changeover_minutes.data or 0,
            tuple(Pause(tokyo(day, pause.starts.data), tokyo(day, pause.ends.data)) for pause in pauses),
        )


def frame_data(found: MatchingRound) -> dict[str, Any]:
    """The stored window, with one empty break behind the others."""
    return {
        "starts": _time(found.starts_at),
        "ends": _time(found.ends_at),
        "slot_minutes": found.slot_minutes,
        "changeover_minutes": found.changeover_minutes,
        "pauses": [{"starts": _time(one.starts_at), "ends": _time(one.ends_at)} for one in found.breaks] + [{}],
        "sme_max_meetings": found.sme_max_meetings,
        "solve_seconds": found.solve_seconds,
    }


class SlotForm(Form):
    row_id = HiddenField()
    code = LineField(_("枠"), 10)
    starts = ClockField(_("開始"), validators=[Optional()])
    ends = ClockField(_("終了"), validators=[Optional()])
    block = LineField(_("区分"), 20)
    in_use = BooleanField(_("使う"))
    gone = BooleanField(_("削除"))

    @property
    def is_empty(self) -> bool:
        return not (self.code.data or self.starts.data or self.ends.data) or bool(self.gone.data)


class SlotsForm(FlaskForm):
    rows = FieldList(FormField(SlotForm), _("面談枠"))

    def validate(self, extra_validators: Any = None) -> bool:
        fits = bool(super().validate(extra_validators))
        rows = [entry.form for entry in self.rows if not entry.form.is_empty]
        judged = [_slot_fits(row) for row in rows]
        return all(judged) and codes_differ(rows) and fits

    def slot_rows(self, day: dt.date) -> list[SlotRow]:
        return [
            SlotRow(
                _id(row.row_id.data),
                row.code.data,
                tokyo(day, row.starts.data),
                tokyo(day, row.ends.data),
                row.block.data,
                bool(row.in_use.data),
            )
            for row in (entry.form for entry in self.rows)
            if not row.is_empty
        ]


def _slot_fits(row: SlotForm) -> bool:
    if not row.code.data:
        row.code.errors = [_("枠の番号を入力してください。")]
    if row.starts.data is None or row.ends.data is None or row.ends.data <= row.starts.data:
        row.ends.errors = [_ENDS_FIRST]
    return not (row.code.errors or row.starts.errors or row.ends.errors)


def slots_data(found: MatchingRound) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [
        {
            "row_id": str(slot.id),
            "code": slot.code,
            "starts": _time(slot.starts_at),
            "ends": _time(slot.ends_at),
            "block": slot.block,
            "in_use": slot.in_use,
        }
        for slot in found.slots
    ]
    return {"rows": [*rows, {"in_use": True}]}


class RoomForm(Form):
    row_id = HiddenField()
    code = LineField(_("部屋番号"), 10)
    name = LineField(_("部屋名"), 60)
    tables = number(_("卓数"), 1, 200)
    gone = BooleanField(_("削除"))

    @property
    def is_empty(self) -> bool:
        return not (self.code.data or self.name.data or self.tables.data) or bool(self.gone.data)


class RoomsForm(FlaskForm):
    rows = FieldList(FormField(RoomForm), _("部屋"))

    def validate(self, extra_validators: Any = None) -> bool:
        fits = bool(super().validate(extra_validators))
        rows = [entry.form for entry in self.rows if not entry.form.is_empty]
        judged = [_room_fits(row) for row in rows]
        return all(judged) and codes_differ(rows) and fits

    def room_rows(self) -> list[RoomRow]:
        return [
            RoomRow(_id(row.row_id.data), row.code.data, row.name.data, row.tables.data or 0)
            for row in (entry.form for entry in self.rows)
            if not row.is_empty
        ]


def _room_fits(row: RoomForm) -> bool:
    for field in (row.code, row.name):
        if not field.data:
            field.errors = [_("入力してください。")]
    if row.tables.data is None and not row.tables.errors:
        row.tables.errors = [_("卓の数を入力してください。")]
    return not (row.code.errors or row.name.errors or row.tables.errors)


def codes_differ(rows: Iterable[Any]) -> bool:
    """Every row has a number of its own; the second of two says so."""
    seen: set[str] = set()
    fits = True
    for row in rows:
        if row.code.data in seen:
            row.code.errors = [_("同じ番号が2つあります。")]
            fits = False
        seen.add(row.code.data)
    return fits


def rooms_data(found: MatchingRound) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [
        {"row_id": str(room.id), "code": room.code, "name": room.name, "tables": room.table_count}
        for room in found.rooms
    ]
    return {"rows": [*rows, {}, {}]}


def _time(moment: dt.datetime) -> dt.time:
    return japan_time(moment).time()


def _id(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
