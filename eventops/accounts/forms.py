"""Forms of signing in, of the first start and of staff users."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Email, EqualTo, Length

from eventops.accounts.models import Role
from eventops.accounts.passwords import MIN_LENGTH

ROLE_WORDS = {
    Role.ADMINISTRATOR: _("管理者"),
    Role.EVENT_MANAGER: _("行事担当"),
    Role.RECEPTION: _("受付"),
    Role.COORDINATOR: _("コーディネーター"),
    Role.READ_ONLY: _("閲覧のみ"),
}


class SignInForm(FlaskForm):
    email = EmailField(
        _("メールアドレス"),
        validators=[DataRequired(), Length(max=254)],
        render_kw={"autocomplete": "username", "autofocus": True},
    )
    password = PasswordField(
        _("パスワード"),
        validators=[DataRequired(), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class NewPasswordForm(FlaskForm):
    password = PasswordField(
        _("新しいパスワード"),
        description=_("10文字以上。長い言葉の組み合わせが安全です。"),
        validators=[DataRequired(), Length(MIN_LENGTH, 200, _("%(min)d文字以上、%(max)d文字以内にしてください。"))],
        render_kw={"autocomplete": "new-password"},
    )
    repeated = PasswordField(
        _("新しいパスワード(確認)"),
        validators=[DataRequired(), EqualTo("password", message=_("2つのパスワードが一致しません。"))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(
        _("いまのパスワード"),
        validators=[DataRequired(), Length(max=200)],
        render_kw={"autocomplete": "current-password", "autofocus": True},
    )


class FirstAdministratorForm(NewPasswordForm):
    name = StringField(_("氏名"), validators=[DataRequired(), Length(max=80)], render_kw={"autocomplete": "name"})
    email = EmailField(
        _("メールアドレス"),
        validators=[DataRequired(), Email(), Length(max=254)],
        render_kw={"autocomplete": "username"},
    )
    demonstration = BooleanField(
        _("デモデータを入れて試す"),
        description=_("架空の300団体・600名と、面談会・新春講演会が入ります。あとから消せます。"),
    )


class UserForm(FlaskForm):
    name = StringField(_("氏名"), validators=[DataRequired(), Length(max=80)])
    office = StringField(_("事務所"), validators=[Length(max=80)])
    role = SelectField(_("役割"), choices=[SelectChoice(str(role), word) for role, word in ROLE_WORDS.items()])
    enabled = BooleanField(_("サインインできる"), default=True)


class NewUserForm(UserForm, NewPasswordForm):
    email = EmailField(_("メールアドレス"), validators=[DataRequired(), Email(), Length(max=254)])
