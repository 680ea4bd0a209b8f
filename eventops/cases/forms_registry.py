"""Forms of coordinators, one-off requests, plan periods and numbers of earlier years."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import BooleanField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from eventops.accounts.models import StaffUser
from eventops.cases import queries
from eventops.cases.forms import ORGANISATION
from eventops.cases.models import Coordinator, OneOffRequest, RequestState
from eventops.cases.plans import PastValues, PlanValues
from eventops.cases.registry import CoordinatorValues, RequestValues
from eventops.directory import lookup
from eventops.directory.lookup import Lookup
from eventops.events.fields import DayField, IntegerTypedField, LineField, ProseField, Required, Within
from eventops.spreadsheets import values as cells
from eventops.spreadsheets.values import BadValue

_YEAR = Within(1990, 2100, _("1990から2100までの西暦で入力してください。"))
_COUNT = Within(0, 100_000, _("0から100,000までの数にしてください。"))


class CoordinatorForm(FlaskForm):
    name = LineField(_("氏名"), 80, validators=[Required()])
    qualification = LineField(_("資格"), 80, description=_("中小企業診断士、技術士、弁理士など。"))
    fields = LineField(_("専門分野"), 300, description=_("複数は ; で区切ります。"))
    zone = LineField(_("担当地域"), 60)
    max_cases = IntegerTypedField(
        _("同時に持てる案件"),
        validators=[Required(), Within(0, 99, _("0から99までにしてください。"))],
        default=8,
    )
    email = LineField(_("メールアドレス"), 254, description=_("確認のお知らせを送ります。"))
    staff_user_id = SelectField(
        _("サインインする職員"), description=_("選ぶと、その人がサインインしたとき自分の案件が見えます。")
    )
    is_active = BooleanField(_("活動中"), default=True, description=_("外すと、新しい案件の担当に選べなくなります。"))

    def offer(self, users: Sequence[StaffUser]) -> None:
        none = SelectChoice("", gettext("なし"))
        self.staff_user_id.choices = [none, *(SelectChoice(str(one.id), one.name) for one in users)]

    def validate_email(self, field: Any) -> None:
        if not field.data:
            return
        try:
            field.data = cells.email()(field.data)
        except BadValue:
            raise ValidationError(gettext("メールアドレスの形になっていません。")) from None

    def values(self) -> CoordinatorValues:
        split = (self.fields.data or "").replace("；", ";").replace("、", ";").split(";")
        return CoordinatorValues(
            name=self.name.data or "",
            qualification=self.qualification.data or "",
            fields=tuple(filter(None, (word.strip() for word in split))),
            zone=self.zone.data or "",
            max_cases=self.max_cases.data or 0,
            email=self.email.data or "",
            staff_user_id=int(self.staff_user_id.data) if self.staff_user_id.data else None,
            is_active=bool(self.is_active.data),
        )


def of_coordinator(one: Coordinator) -> dict[str, Any]:
    """What the form holds for a coordinator as they stand."""
    plain = ("name", "qualification", "zone", "max_cases", "email", "is_active")
    return {name: getattr(one, name) for name in plain} | {
        "fields": ";".join(one.fields),
        "staff_user_id": str(one.staff_user_id or ""),
    }


class HandOverForm(FlaskForm):
    """To whom somebody's open cases go."""

    to_id = SelectField(_("引き継ぐ人"), validators=[Required()])


class RequestForm(FlaskForm):
    """`known` is the directory, so that an organisation is found by its number or its name."""

    known = Lookup()

    organisation = LineField(
        _("申し込んだ団体"), 180, validators=[Required()], description=_("番号か正式な名称。"), render_kw=ORGANISATION
    )
    contact = LineField(_("担当者"), 120)
    received_on = DayField(_("受付日"), validators=[Required()])
    wishes_to_meet = LineField(
        _("会いたい相手"), 200, validators=[Required()], description=_("会社名、または「表面処理ができる会社」など。")
    )
    topic = ProseField(_("相談の内容"), 2000, description=_("職員と担当のコーディネーターだけが読めます。"))
    coordinator_id = SelectField(_("担当"))
    meets_on = DayField(_("面談日"))
    result = ProseField(_("結果"), 2000, description=_("書くと「面談済」になります。"))
    is_declined = BooleanField(_("見送りにする"))

    def offer(self, session: Session) -> None:
        self.known = lookup.read(session)
        none = SelectChoice("", gettext("未定"))
        people = queries.coordinators(session, active_only=True)
        self.coordinator_id.choices = [none, *(SelectChoice(str(one.id), one.name) for one in people)]

    def validate_organisation(self, field: Any) -> None:
        try:
            self._find(field.data or "")
        except BadValue:
            raise ValidationError(
                gettext("どの団体か決められません。番号か、名簿のとおりの名称で書いてください。")
            ) from None

    def _find(self, typed: str) -> int:
        code = (typed.split(maxsplit=1) or [""])[0]
        return self.known.organisations.get(code.lower()) or self.known.organisation(typed)

    def values(self) -> RequestValues:
        return RequestValues(
            organisation_id=self._find(self.organisation.data or ""),
            wishes_to_meet=self.wishes_to_meet.data or "",
            received_on=self.received_on.data,
            contact=self.contact.data or "",
            topic=self.topic.data or "",
            coordinator_id=int(self.coordinator_id.data) if self.coordinator_id.data else None,
            meets_on=self.meets_on.data,
            result=self.result.data or "",
            is_declined=bool(self.is_declined.data),
        )


def of_request(one: OneOffRequest) -> dict[str, Any]:
    """What the form holds for a request as it stands."""
    plain = ("contact", "received_on", "wishes_to_meet", "topic", "meets_on", "result")
    return {name: getattr(one, name) for name in plain} | {
        "organisation": one.organisation.name,
        "coordinator_id": str(one.coordinator_id or ""),
        "is_declined": one.state == RequestState.DECLINED,
    }


class _YearsForm(FlaskForm):
    first_year = IntegerTypedField(_("最初の年度（西暦）"), validators=[Required(), _YEAR])
    last_year = IntegerTypedField(_("最後の年度（西暦）"), validators=[Required(), _YEAR])

    def validate_last_year(self, field: Any) -> None:
        if field.data is not None and self.first_year.data is not None and field.data < self.first_year.data:
            raise ValidationError(gettext("最初の年度より後にしてください。"))


class PlanForm(_YearsForm):
    name = LineField(_("計画の名前"), 80, validators=[Required()])
    collaboration_target = IntegerTypedField(_("連携成立の目標"), validators=[Optional(), _COUNT])
    commercialisation_target = IntegerTypedField(_("事業化の目標"), validators=[Optional(), _COUNT])

    def values(self) -> PlanValues:
        return PlanValues(**{name: getattr(self, name).data for name in PlanValues.__slots__})


class PastForm(_YearsForm):
    collaborations = IntegerTypedField(_("連携成立"), validators=[Optional(), _COUNT])
    commercialisations = IntegerTypedField(_("事業化"), validators=[Optional(), _COUNT])
    source = LineField(_("出典"), 200, description=_("どの報告書の数字か。"))

    def values(self) -> PastValues:
        return PastValues(**{name: getattr(self, name).data for name in PastValues.__slots__})
