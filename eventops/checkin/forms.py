"""What the door's pages send: a look at a ticket, the desk's name, and somebody who comes without an application."""

import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from eventops.checkin.models import ScanMethod
from eventops.checkin.overruling import REASON_LENGTH
from eventops.checkin.rules import Direction
from eventops.checkin.service import STATION_LENGTH
from eventops.checkin.walk_in import split_name
from eventops.directory import kana
from eventops.errors import DomainError
from eventops.events.models import Event, Mode, Part
from eventops.registration import labels
from eventops.registration.commands import Claim, PersonDetails

NONCE = re.compile(r"[0-9A-Za-z-]{8,40}")
CODE_LENGTH = 300
NAME_LENGTH = 40
KEY_LENGTH = 60
MOST_FORMER = 20
_TOO_LONG = _("姓と名は、それぞれ40文字までで入力してください。")
_HIGHEST_ID = 2**31 - 1
_CONTACT = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|\+?[0-9()\- ]{4,20}")


class BadScan(DomainError):
    """A request to scan that no page of this program sends."""

    code = "bad_scan"


@dataclass(frozen=True, slots=True)
class Sent:
    """A look as the page sent it."""

    nonce: str
    part_id: int
    method: ScanMethod
    code: str
    attendee_id: int | None
    direction: Direction


def read_look(values: Mapping[str, object]) -> Sent:
    """Read the fields of a form or of JSON; either a code or a person, never neither."""
    nonce, code = values.get("nonce"), values.get("code") or ""
    part_id, attendee_id = _id(values.get("part")), _id(values.get("attendee"))
    if not isinstance(nonce, str) or not NONCE.fullmatch(nonce) or part_id is None:
        raise BadScan
    if not isinstance(code, str) or len(code) > CODE_LENGTH or not (code.strip() or attendee_id):
        raise BadScan
    method, direction = _method(values.get("method")), _direction(values.get("direction"))
    return Sent(nonce, part_id, method, code.strip(), attendee_id, direction)


def read_former_keys(value: object) -> list[str]:
    """Keys of the stations that a device was before; one that is enrolled for the first time has none."""
    keys = [] if value is None else value
    if not isinstance(keys, list) or len(keys) > MOST_FORMER:
        raise BadScan
    if not all(isinstance(key, str) and len(key) <= KEY_LENGTH for key in keys):
        raise BadScan
    return keys


def _id(value: object) -> int | None:
    if value is None or value == "":
        return None
    text = str(value)
    if not (text.isascii() and text.isdecimal()) or int(text) > _HIGHEST_ID:
        raise BadScan
    return int(text)


def _method(value: object) -> ScanMethod:
    asked = {str(method): method for method in (ScanMethod.CAMERA, ScanMethod.KEYBOARD, ScanMethod.SEARCH)}
    if str(value) not in asked:
        raise BadScan
    return asked[str(value)]


def _direction(value: object) -> Direction:
    """Pages that know of no exit do not say it."""
    if value in (None, "", Direction.IN):
        return Direction.IN
    if value != Direction.OUT:
        raise BadScan
    return Direction.OUT


def new_nonce() -> str:
    return secrets.token_hex(14)


class DeskForm(FlaskForm):
    station = StringField(
        _("窓口の名前"),
        description=_("例：受付1。2回目の読み取りのとき「どこで受け付けたか」として表示されます。"),
        validators=[DataRequired(_("窓口の名前を入力してください。")), Length(max=STATION_LENGTH)],
        render_kw={"list": "desk-names", "autocomplete": "off"},
    )
    part = RadioField(_("受付する部"), coerce=int, validators=[DataRequired(_("受付する部を選んでください。"))])

    def offer(self, parts: list[Part]) -> "DeskForm":
        self.part.choices = [SelectChoice(part.id, part.title) for part in parts]
        return self


class StationForm(FlaskForm):
    name = StringField(
        _("端末の名前"),
        description=_("例：受付3（タブレット）。受付の記録と要確認の一覧に、この名前が出ます。"),
        validators=[DataRequired(_("端末の名前を入力してください。")), Length(max=STATION_LENGTH)],
        render_kw={"autocomplete": "off"},
    )
    part = RadioField(_("最初に受付する部"), coerce=int, validators=[DataRequired(_("受付する部を選んでください。"))])

    def offer(self, parts: list[Part]) -> "StationForm":
        self.part.choices = [SelectChoice(part.id, part.title) for part in parts]
        return self


class OverruleForm(FlaskForm):
    reason = StringField(
        _("通す理由"),
        description=_("例：会場で追加の席を用意した。記録に残り、責任者の名前と一緒に一覧に出ます。"),
        validators=[DataRequired(_("通す理由を入力してください。")), Length(max=REASON_LENGTH)],
        render_kw={"autocomplete": "off"},
    )
    code = StringField(
        _("責任者の番号"),
        description=_("責任者が「受付の端末」の画面で出した6桁の番号です。"),
        validators=[Length(max=12)],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "data-narrow": True},
    )
    nonce = HiddenField(validators=[Regexp(r"[0-9a-f]{28}\Z")])


def _is_short(_form: FlaskForm, field: StringField) -> None:
    _refuse_long(field.data or "")


def _is_reading(_form: FlaskForm, field: StringField) -> None:
    read = kana.katakana(field.data or "")
    if not kana.is_katakana(read.replace(" ", "").replace("・", "")):
        raise ValidationError(gettext("フリガナはカタカナかひらがなで入力してください。"))
    _refuse_long(read)


def _refuse_long(name: str) -> None:
    if any(len(part) > NAME_LENGTH for part in split_name(name)):
        raise ValidationError(_TOO_LONG)


def _name_field() -> StringField:
    return StringField(
        _("氏名"),
        validators=[DataRequired(_("氏名を入力してください。")), Length(max=80), _is_short],
        render_kw={"placeholder": _("山田 太郎"), "data-kana-target": "name_kana"},
    )


def _kana_field() -> StringField:
    return StringField(
        _("フリガナ"),
        validators=[DataRequired(_("フリガナを入力してください。")), Length(max=80), _is_reading],
        render_kw={"placeholder": _("ヤマダ タロウ"), "data-kana": True},
    )


class SubstituteForm(FlaskForm):
    name = _name_field()
    name_kana = _kana_field()
    department = StringField(_("部署"), validators=[Length(max=80)])
    job_title = StringField(_("役職"), validators=[Length(max=80)])
    nonce = HiddenField(validators=[Regexp(r"[0-9a-f]{28}\Z")])

    def details(self) -> PersonDetails:
        """Nothing of the person who does not come is carried over."""
        family, given = split_name(self.name.data or "")
        family_kana, given_kana = split_name(kana.katakana(self.name_kana.data or ""))
        return PersonDetails(
            family_name=family,
            given_name=given,
            family_kana=family_kana,
            given_kana=given_kana,
            department=(self.department.data or "").strip(),
            job_title=(self.job_title.data or "").strip(),
        )


class WalkInForm(FlaskForm):
    company = StringField(
        _("会社・団体名"), validators=[DataRequired(_("会社・団体名を入力してください。")), Length(max=160)]
    )
    name = _name_field()
    name_kana = _kana_field()
    claim = RadioField(
        _("会員区分"),
        choices=[SelectChoice(str(claim), labels.CLAIMS[claim]) for claim in Claim],
        default=str(Claim.UNKNOWN),
    )
    contact = StringField(
        _("電話番号またはメールアドレス"),
        validators=[Length(max=200)],
        filters=[lambda text: unicodedata.normalize("NFKC", text or "").strip()],
        render_kw={"data-narrow": True},
    )
    parts = SelectMultipleField(
        _("参加する部"),
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    go_ahead = BooleanField(_("責任者の了承を得たので、定員を超えて受け付ける"))
    nonce = HiddenField(validators=[Regexp(r"[0-9a-f]{28}\Z")])

    def offer(self, event: Event) -> "WalkInForm":
        """The parts that can be attended at the venue."""
        at_venue = [part for part in event.parts if any(pool.mode == Mode.ONSITE for pool in part.pools)]
        self.parts.choices = [SelectChoice(part.id, part.title) for part in at_venue]
        return self

    def validate_contact(self, field: StringField) -> None:
        if field.data and not _CONTACT.fullmatch(field.data):
            raise ValidationError(gettext("電話番号かメールアドレスの形で入力してください。空欄でもかまいません。"))

    def validate_parts(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError(gettext("参加する部を選んでください。"))
