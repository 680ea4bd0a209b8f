"""The entry sheet as a form: the proposal with its files, who comes along, and when they cannot."""

from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, FieldList, Form, FormField
from wtforms.validators import DataRequired, Optional, ValidationError

from eventops.directory.service import PersonAsTyped
from eventops.events.fields import ClockField, LineField, ProseField, Required
from eventops.meetings.applying.proposals import Proposal, Times
from eventops.meetings.wishes import typed
from eventops.meetings.wishes.forms import number
from eventops.questions.fields import FileAnswerField

MOST_COMPANIONS = 2
MOST_FILES = 3
_TITLE_FIELDS = ("family_name", "given_name", "family_kana", "given_kana")


class CompanionForm(Form):
    """Somebody who comes along; a row with nothing in it is nobody."""

    family_name = LineField(_("姓"), 40)
    given_name = LineField(lazy_pgettext("person", "名"), 40)
    family_kana = LineField(_("セイ"), 40, render_kw={"data-kana": ""})
    given_kana = LineField(_("メイ"), 40, render_kw={"data-kana": ""})
    job_title = LineField(_("役職"), 80)

    def validate(self, extra_validators: Any = None) -> bool:
        fits = bool(super().validate(extra_validators))
        missing = [name for name in _TITLE_FIELDS if not self[name].data] if self.is_filled else []
        for name in missing:
            self[name].errors = [_("入力してください。")]
        return fits and not missing

    @property
    def is_filled(self) -> bool:
        return any(field.data for field in self)

    def person(self) -> PersonAsTyped:
        return PersonAsTyped(
            family_name=self.family_name.data,
            given_name=self.given_name.data,
            family_kana=self.family_kana.data,
            given_kana=self.given_kana.data,
            email="",
            job_title=self.job_title.data,
        )


class ProposalForm(FlaskForm):
    proposal_title = LineField(_("ご提案の題名"), 200, validators=[Required()])
    proposal_text = ProseField(
        _("ご提案の内容"),
        2000,
        validators=[Required()],
        description=_("公開できる範囲で、できること・実績・設備などをご記入ください(2,000文字まで)。"),
    )
    tags = LineField(_("技術分野"), 300, description=_("「、」で区切ります。例: 微細加工、レーザー加工"))
    priority = number(
        _("希望順"), 1, 20, description=_("複数のニーズに応募する場合、このニーズは何番目のご希望ですか。")
    )
    file_1 = FileAnswerField(
        _("添付 1"),
        description=_(
            "PDF、画像、Word・Excel・PowerPoint。1つ5MB、合わせて9MBまで。図面は公開できるものだけにしてください。"
        ),
    )
    file_2 = FileAnswerField(_("添付 2"))
    file_3 = FileAnswerField(_("添付 3"))
    companions = FieldList(
        FormField(CompanionForm), _("同席される方"), min_entries=MOST_COMPANIONS, max_entries=MOST_COMPANIONS
    )
    arrives_from = ClockField(
        _("到着できる時刻"),
        validators=[Optional()],
        description=_("遠方の方など、はじめからは参加できないとき。例: 14:00"),
    )
    leaves_by = ClockField(_("退出する時刻"), validators=[Optional()], description=_("最後までは参加できないとき。"))
    away_from = ClockField(_("参加できない時間帯(から)"), validators=[Optional()])
    away_until = ClockField(_("参加できない時間帯(まで)"), validators=[Optional()])
    introducer = LineField(
        _("ご紹介の機関"), 120, description=_("商工会議所、金融機関、自治体などのご紹介の場合にご記入ください。")
    )
    no_secrets = BooleanField(
        _("提案の内容と添付に秘密情報は含まれていません"),
        validators=[DataRequired(message=_("秘密情報が含まれていないことをご確認ください。"))],
    )

    def validate_leaves_by(self, field: Field) -> None:
        if field.data and self.arrives_from.data and field.data <= self.arrives_from.data:
            raise ValidationError(_("退出は到着より後の時刻にしてください。"))

    def validate_away_from(self, field: Field) -> None:
        if field.data and not self.away_until.data:
            raise ValidationError(_("参加できない時間帯は、始まりと終わりの両方を入力してください。"))

    def validate_away_until(self, field: Field) -> None:
        if not self.away_from.data:
            raise ValidationError(_("参加できない時間帯は、始まりと終わりの両方を入力してください。"))
        if field.data <= self.away_from.data:
            raise ValidationError(_("終わりは始まりより後の時刻にしてください。"))

    @property
    def files(self) -> Iterator[FileAnswerField]:
        yield from (self.file_1, self.file_2, self.file_3)

    def proposal(self) -> Proposal:
        return Proposal(
            title=self.proposal_title.data,
            text=self.proposal_text.data,
            technology_tags=typed.tags(self.tags.data),
            priority=self.priority.data,
            companions=[entry.form.person() for entry in self.companions if entry.form.is_filled],
            times=Times(self.arrives_from.data, self.leaves_by.data, self.away_from.data, self.away_until.data),
            introducer=self.introducer.data,
            files=[field.data for field in self.files if field.data],
        )
