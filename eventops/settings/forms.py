"""The form of the organiser's profile."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, TelField
from wtforms.validators import DataRequired, Email, Length, Optional, Regexp


class OrganiserForm(FlaskForm):
    name = StringField(_("正式名称"), validators=[DataRequired(), Length(max=120)])
    alias = StringField(_("通称"), validators=[DataRequired(), Length(max=60)])
    name_en = StringField(_("英語名称"), validators=[Length(max=120)])
    postal_code = StringField(_("郵便番号"), validators=[Length(max=10)])
    address = StringField(_("住所"), validators=[Length(max=200)])
    phone = TelField(_("電話番号"), validators=[Length(max=20)])
    fax = TelField(_("FAX"), validators=[Length(max=20)])
    email = EmailField(_("メールアドレス"), validators=[Optional(), Email(), Length(max=254)])
    registration_number = StringField(
        _("適格請求書発行事業者の登録番号"),
        description=_("T と13桁の数字。登録していなければ空のままにします。"),
        validators=[Optional(), Regexp(r"^T\d{13}$", message=_("T と13桁の数字で入力してください。"))],
    )
