"""The public form with which a company applies to a need."""

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
from wtforms import EmailField
from wtforms.validators import Email, Length

from eventops.directory.service import PersonAsTyped
from eventops.events.fields import LineField, Required, narrowed, tidy
from eventops.meetings.applying.entries import Entry
from eventops.meetings.applying.forms import ProposalForm


class EntryForm(ProposalForm):
    company = LineField(
        _("会社名"),
        160,
        validators=[Required()],
        description=_("法人格も含めて正式な名称でご記入ください。"),
        render_kw={"autocomplete": "organization"},
    )
    company_kana = LineField(
        _("会社名(フリガナ)"),
        160,
        validators=[Required()],
        description=_("法人格は不要です。"),
        render_kw={"data-kana": ""},
    )
    family_name = LineField(_("姓"), 40, validators=[Required()], render_kw={"autocomplete": "family-name"})
    given_name = LineField(
        lazy_pgettext("person", "名"), 40, validators=[Required()], render_kw={"autocomplete": "given-name"}
    )
    family_kana = LineField(_("セイ"), 40, validators=[Required()], render_kw={"data-kana": ""})
    given_kana = LineField(_("メイ"), 40, validators=[Required()], render_kw={"data-kana": ""})
    department = LineField(_("部署"), 80)
    job_title = LineField(_("役職"), 80, render_kw={"autocomplete": "organization-title"})
    email = EmailField(
        _("メールアドレス"),
        filters=[lambda text: narrowed(tidy(text))],
        validators=[
            Required(),
            Email(message=_("メールアドレスを確認してください。例: taro@example.jp")),
            Length(max=254),
        ],
        render_kw={"autocomplete": "email"},
    )
    phone = LineField(_("電話番号"), 20, render_kw={"autocomplete": "tel", "inputmode": "tel"})

    def entry(self) -> Entry:
        return Entry(
            company=self.company.data,
            company_kana=self.company_kana.data,
            contact=PersonAsTyped(
                family_name=self.family_name.data,
                given_name=self.given_name.data,
                family_kana=self.family_kana.data,
                given_kana=self.given_kana.data,
                email=self.email.data or "",
                phone=narrowed(self.phone.data),
                department=self.department.data,
                job_title=self.job_title.data,
            ),
            proposal=self.proposal(),
        )
