"""The form in which a company reads, corrects and confirms its own need."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError

from eventops.events.fields import LineField, ProseField, Required
from eventops.meetings.hosting.service import Corrected
from eventops.meetings.wishes import typed


class HostForm(FlaskForm):
    """`seen` stands for the wording with which the page was opened."""

    seen = HiddenField()
    title = LineField(_("題名"), 200, validators=[Required()])
    description = ProseField(_("求める技術"), 4000, validators=[Required()])
    tags = LineField(_("技術分野"), 300, description=_("「、」で区切ります。例: 微細加工、レーザー加工"))
    stage = LineField(_("段階"), 40, description=_("例: 試作、共同開発、量産調達"))
    excluded = LineField(_("対象外"), 200, description=_("例: 既存取引先・商社経由の提案は対象外"))
    unit = LineField(_("事業部・参加部門"), 120)
    online_only = BooleanField(_("オンラインのみ"))
    online_ok = BooleanField(_("オンライン可"))
    is_anonymous = BooleanField(
        _("社名を公開しない"),
        description=_("応募した企業は、面談の時間割を（予定としてでも）知らせたときに社名を知ります。"),
    )
    public_name = LineField(_("公開のときの呼び名"), 80, description=_("例: 大手電機メーカー"))
    confirmed_by = LineField(_("確認した方のお名前"), 80)

    def validate_public_name(self, field: LineField) -> None:
        if self.is_anonymous.data and not field.data:
            raise ValidationError(_("社名の代わりに公開する呼び名を入力してください。"))

    def values(self) -> Corrected:
        return Corrected(
            unit=self.unit.data,
            title=self.title.data,
            description=self.description.data,
            required_tags=typed.tags(self.tags.data),
            stage=self.stage.data,
            excluded=self.excluded.data,
            online_only=self.online_only.data,
            online_ok=self.online_ok.data,
            is_anonymous=self.is_anonymous.data,
            public_name=self.public_name.data,
        )
