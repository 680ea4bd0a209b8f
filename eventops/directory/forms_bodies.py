"""The forms of committees, of those who belong to them, and of agreements with partners."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventops.directory import vocabulary
from eventops.directory.committees import CommitteeValues, TermValues
from eventops.directory.models import Person
from eventops.directory.partners import PartnershipValues
from eventops.events.fields import DayField, LineField, ProseField, Required

MOST_NAMED = 5


class CommitteeForm(FlaskForm):
    name = LineField(
        _("名称"), 120, validators=[Required()], description=_("行事の「企画」にも、この名称を書くとつながります。")
    )
    kana = LineField(_("フリガナ"), 120, validators=[Required()], render_kw={"data-kana": ""})
    kind = SelectField(
        _("種類"), choices=[SelectChoice(str(value), word) for value, word in vocabulary.COMMITTEE_KINDS.items()]
    )
    note = ProseField(_("備考"), 2000, description=_("目的、集まりの頻度など"))
    closed_on = DayField(
        _("終了日"), description=_("終わると、一斉送信などで選べなくなります。続いている間は空けておきます。")
    )

    def values(self) -> CommitteeValues:
        names = (self.name.data or "", self.kana.data or "", self.kind.data)
        return CommitteeValues(*names, self.note.data or "", self.closed_on.data)


class WhoForm(FlaskForm):
    """`found` are the people whom the typed words mean; one alone may be meant."""

    found: Sequence[Person] = ()

    person = LineField(
        _("人"),
        254,
        validators=[Required()],
        description=_("氏名、フリガナ、人の番号、メールアドレスのどれか。名簿にない方は、先に名簿へ加えます。"),
        render_kw={"autocomplete": "off"},
    )

    def validate_person(self, field: Any) -> None:
        if not self.found:
            raise ValidationError(
                gettext("名簿に見つかりません。「名簿」の「人」で加えてから、もう一度お試しください。")
            )
        if len(self.found) > 1:
            names = "、".join(_named(one) for one in self.found[:MOST_NAMED])
            raise ValidationError(
                gettext("何人か当てはまります（%(names)s）。番号かメールアドレスで書いてください。", names=names)
            )


class CommitteeTermForm(FlaskForm):
    """A member's role and days."""

    role = SelectField(
        _("役割"),
        choices=[SelectChoice(str(value), word) for value, word in vocabulary.COMMITTEE_ROLES.items()],
        default="member",
    )
    starts_on = DayField(_("就任日"), validators=[Required()])
    ends_on = DayField(_("退任日"), description=_("この日からメンバーでなくなります。続いている間は空けておきます。"))

    def values(self, person_id: int) -> TermValues:
        return TermValues(person_id, self.role.data, self.starts_on.data, self.ends_on.data)


class NewMemberForm(WhoForm, CommitteeTermForm):
    """Who becomes a member, and as what."""


def _named(person: Person) -> str:
    marks = (person.code, person.full_name, person.organisation.name if person.organisation else "", person.email)
    return " ".join(mark for mark in marks if mark)


class PartnershipForm(FlaskForm):
    role = SelectField(
        _("行事での主な役割"),
        choices=[SelectChoice(str(value), word) for value, word in vocabulary.PARTNER_ROLES.items()],
        description=_("行事の「主催・共催など」で名称を選べるようになります。役割は行事ごとに変えられます。"),
    )
    starts_on = DayField(_("協定日"), validators=[Required()])
    ends_on = DayField(_("終了日"), description=_("この日から連携先でなくなります。続いている間は空けておきます。"))
    note = LineField(_("内容"), 200, description=_("例: 連携協定、後援名義の使用"))

    def values(self) -> PartnershipValues:
        return PartnershipValues(self.role.data, self.starts_on.data, self.ends_on.data, self.note.data or "")
