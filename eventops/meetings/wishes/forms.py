"""Forms of needs, applications and what participants state; organisations are typed by number or by name."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, Length, NumberRange, Optional, ValidationError

from eventops.events.fields import ClockField, IntegerTypedField, LineField, MomentField, ProseField, Required
from eventops.meetings import words
from eventops.meetings.models import NeedState

_NO_SUCH_CODE = _("半角の英数字で、まだ使われていない番号を入力してください。")


def choices(table: Any, *, empty: Any = None) -> list[SelectChoice]:
    found = [SelectChoice(str(value), word) for value, word in table.items()]
    return found if empty is None else [SelectChoice("", empty), *found]


def number(label: Any, least: int, most: int, **kwargs: Any) -> IntegerTypedField:
    """A whole number between two bounds; empty unless required says otherwise."""
    message = _("%(min)sから%(max)sまでの数字を入力してください。")
    validators = [*kwargs.pop("validators", [Optional()]), NumberRange(least, most, message=message)]
    return IntegerTypedField(label, validators=validators, **kwargs)


def organisation_field(label: Any, **kwargs: Any) -> LineField:
    return LineField(
        label,
        180,
        validators=[Required()],
        description=_("団体番号か名称を入力すると、名簿の候補が出ます。"),
        render_kw={"list": "organisation-choices", "autocomplete": "off"},
        **kwargs,
    )


class NeedForm(FlaskForm):
    """`seen` stands for the wording with which the form was opened; only a new need chooses its state here."""

    seen = HiddenField()
    code = LineField(_("ニーズ番号"), 20, validators=[Required()], render_kw={"class": "input-short"})
    organisation = organisation_field(_("大手企業"))
    unit = LineField(_("事業部・参加部門"), 120)
    title = LineField(_("題名"), 200, validators=[Required()])
    description = ProseField(_("求める技術"), 4000)
    tags = LineField(_("技術分野"), 300, description=_("「、」か「;」で区切ります。例: 微細加工、レーザー加工"))
    stage = LineField(_("段階"), 40, description=_("例: 試作、共同開発、量産調達"))
    excluded = LineField(_("対象外"), 200, description=_("例: 既存取引先・商社経由の提案は対象外"))
    confidentiality = LineField(_("秘密保持"), 120)
    tables = number(_("同時に面談できる卓数"), 1, 20, validators=[Required()], default=1)
    target_meetings = number(_("予定件数"), 0, 999)
    min_meetings = number(_("最少件数"), 0, 999, default=0)
    max_meetings = number(_("最多件数"), 0, 999)
    online_only = BooleanField(_("オンラインのみ"))
    online_ok = BooleanField(_("オンライン可"))
    state = SelectField(_("状態"), choices=choices(words.NEED_STATES), default=str(NeedState.DRAFT))
    entries_close_at = MomentField(_("応募締切"), validators=[Optional()])
    is_anonymous = BooleanField(
        _("社名を公開しない"),
        description=_("応募した企業は、面談の時間割を（予定としてでも）知らせたときに社名を知ります。"),
    )
    public_name = LineField(_("公開のときの呼び名"), 80, description=_("例: 大手電機メーカー"))
    contact_name = LineField(
        _("連絡先の氏名"), 80, description=_("確認と選考をお願いする相手。空欄なら出席者に送ります。")
    )
    contact_email = EmailField(_("連絡先のメールアドレス"), validators=[Optional(), Email(), Length(max=254)])

    def validate_public_name(self, field: LineField) -> None:
        if self.is_anonymous.data and not field.data:
            raise ValidationError(_("社名の代わりに公開する呼び名を入力してください。"))


class ApplicationForm(FlaskForm):
    code = LineField(_("応募番号"), 20, validators=[Required()], render_kw={"class": "input-short"})
    need_id = SelectField(_("ニーズ"), coerce=int)
    organisation = organisation_field(_("応募企業"))
    contact = LineField(_("担当者"), 80, description=_("人の番号か氏名。名簿にいる人だけを選べます。"))
    priority = number(_("希望順"), 1, 99)
    proposal_title = LineField(_("提案の題名"), 200)
    proposal_text = ProseField(_("提案の内容"), 4000)
    tags = LineField(_("技術分野"), 300, description=_("「、」か「;」で区切ります。"))
    state = SelectField(_("状態"), choices=choices(words.APPLICATION_STATES))
    rating = SelectField(_("評価"), choices=choices(words.RATINGS, empty=_("未定")))
    screening_comment = LineField(_("選考コメント"), 300)
    introducer = LineField(
        _("紹介機関"), 120, description=_("例: 商工会議所、信用金庫。同じ機関は同じ書き方にします。")
    )


class LimitForm(FlaskForm):
    organisation = organisation_field(_("団体"))
    kind = SelectField(_("種類"), choices=choices(words.LIMIT_KINDS))
    value = number(_("数"), 1, 99, description=_("追加卓、並行面談、連続、上限の数"))
    time_from = ClockField(_("から"), validators=[Optional()])
    time_to = ClockField(lazy_pgettext("clock", "まで"), validators=[Optional()])
    is_hard = BooleanField(_("必ず守る"), default=True, description=_("外すと「できれば」になります。"))
    in_use = BooleanField(_("時間割に使う"), default=True)
    note = LineField(_("理由・備考"), 300)


class PairForm(FlaskForm):
    first = organisation_field(_("団体A"))
    second = organisation_field(_("団体B"))
    scope = SelectField(_("避けること"), choices=choices(words.PAIR_SCOPES))
    need_id = SelectField(_("ニーズ"), coerce=int, description=_("前後枠を避けるのが1社のときだけ選びます。"))
    is_hard = BooleanField(_("必ず守る"))
    note = LineField(_("理由・備考"), 300, description=_("事務局だけが見ます。"))


class ExclusionForm(FlaskForm):
    need_id = SelectField(_("ニーズ"), coerce=int)
    organisation = organisation_field(_("会わない団体"))
    kind = SelectField(_("区分"), choices=choices(words.EXCLUSION_KINDS))
    reason = LineField(_("理由・備考"), 180, description=_("事務局だけが見ます。"))

    @property
    def said(self) -> str:
        """As it is stored and shown: the kind first."""
        kind = words.SHEET_EXCLUSIONS[self.kind.data]
        return f"{kind}: {self.reason.data}" if self.reason.data else kind
