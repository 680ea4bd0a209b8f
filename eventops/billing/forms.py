"""What staff and payers fill in about money."""

import secrets

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from eventops import clock
from eventops.billing import labels
from eventops.billing.documents import Wish
from eventops.billing.items import Split
from eventops.billing.models import DocumentKind, Means, PaymentKind
from eventops.billing.register import Search
from eventops.billing.terms import Terms
from eventops.events.fields import DayField, IntegerTypedField, LineField, ProseField, Required, Within
from eventops.registration.models import Attendee

MOST_YEN = 100_000_000
_AMOUNT = Within(1, MOST_YEN, _("1円以上、1億円までの金額にしてください。"))
_MOST = _("0円以上、1億円までの金額にしてください。")
_RECORDED = (PaymentKind.BANK_TRANSFER, PaymentKind.CASH_ON_DAY, PaymentKind.FEE_DEDUCTED)
HONORIFICS = ("御中", "様")


class OnceForm(FlaskForm):
    """A form that carries a token, so that a second press is known as the same."""

    once = HiddenField(default=lambda: secrets.token_urlsafe(12))

    @property
    def submission_key(self) -> str:
        return f"form:{self.once.data}"[:60]


class PaymentForm(OnceForm):
    kind = SelectField(_("種類"), choices=[SelectChoice(str(kind), labels.KINDS[kind]) for kind in _RECORDED])
    yen = IntegerTypedField(_("金額（円）"), validators=[Required(), _AMOUNT], render_kw={"class": "input-short"})
    received_on = DayField(_("入金日"), validators=[Required()], default=clock.today)
    attendee = SelectField(_("どなたの分"), coerce=int)
    note = LineField(_("メモ"), 200)

    def offer(self, people: list[Attendee]) -> "PaymentForm":
        everybody = SelectChoice(0, _("申込全体"))
        self.attendee.choices = [everybody, *(SelectChoice(one.id, one.full_name) for one in people)]
        return self


class RefundForm(OnceForm):
    yen = IntegerTypedField(_("返金額（円）"), validators=[Required(), _AMOUNT], render_kw={"class": "input-short"})
    received_on = DayField(_("返金日"), validators=[Required()], default=clock.today)
    means = SelectField(
        _("方法"), choices=[SelectChoice(str(means), labels.MEANS[means]) for means in (Means.BANK, Means.CASH)]
    )
    note = LineField(_("メモ"), 200)


class ReasonForm(FlaskForm):
    reason = LineField(_("理由"), 200, validators=[Required()])


class WishForm(FlaskForm):
    """How a receipt or an invoice is wanted."""

    party = LineField(_("宛名"), 160, description=_("会社名か個人名。空欄にすると宛名のない書類になります。"))
    honorific = SelectField(
        _("敬称"),
        choices=[SelectChoice("", _("自動（団体は御中、個人は様）")), *(SelectChoice(one, one) for one in HONORIFICS)],
    )
    proviso = LineField(_("但し書き"), 120, description=_("空欄なら、お支払いの条件の但し書きになります。"))
    split = RadioField(
        _("分け方"),
        choices=[SelectChoice(str(split), labels.SPLITS[split]) for split in Split],
        default=str(Split.WHOLE),
    )

    def wish(self) -> Wish:
        return Wish(
            party=self.party.data or "",
            honorific=self.honorific.data or "",
            proviso=self.proviso.data or "",
            split=Split(self.split.data or Split.WHOLE),
        )


class TermsForm(FlaskForm):
    due_on = DayField(_("お支払期限"), description=_("空欄なら、申込から14日後（遅くとも開催前日）です。"))
    transfer_to = ProseField(
        _("振込先"),
        1000,
        description=_("請求書とお支払いの案内に載ります。銀行・支店・種別・口座番号・口座名義（カナ）。"),
    )
    proviso = LineField(_("但し書き"), 120, description=_("空欄なら「行事名 参加費として」です。"))

    def terms(self) -> Terms:
        return Terms(self.due_on.data, self.transfer_to.data or "", self.proviso.data or "")


class ClosingForm(FlaskForm):
    counted_yen = IntegerTypedField(
        _("数えた現金（円）"),
        validators=[Required(), Within(0, MOST_YEN, _MOST)],
        render_kw={"class": "input-short"},
    )
    note = LineField(_("メモ"), 200)


class SearchForm(FlaskForm):
    """The register's questions: day, amount, party and kind."""

    class Meta:
        csrf = False

    since = DayField(_("日付（から）"))
    until = DayField(_("日付（まで）"))
    least_yen = IntegerTypedField(_("金額（から）"), validators=[Within(0, MOST_YEN, _MOST)])
    most_yen = IntegerTypedField(_("金額（まで）"), validators=[Within(0, MOST_YEN, _MOST)])
    party = LineField(_("取引先"), 120)
    kind = SelectField(
        _("種類"),
        choices=[
            SelectChoice("", _("すべて")),
            *(SelectChoice(str(kind), labels.DOCUMENTS[kind]) for kind in DocumentKind),
        ],
        default="",
    )

    def search(self) -> Search:
        return Search(
            since=self.since.data,
            until=self.until.data,
            least_yen=self.least_yen.data,
            most_yen=self.most_yen.data,
            party=self.party.data or "",
            kind=self.kind.data or "",
        )
