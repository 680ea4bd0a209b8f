"""The forms of the directory: organisations, their times of membership and sites, people and what they agree to."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventops.directory import vocabulary
from eventops.directory.consents import Word
from eventops.directory.lookup import Lookup
from eventops.directory.memberships import SiteValues, TermValues
from eventops.directory.models import ConsentPurpose, ConsentSource, Organisation
from eventops.directory.people import PersonValues
from eventops.directory.service import OrganisationValues
from eventops.events.fields import DayField, LineField, ProseField, Required
from eventops.events.models import EventHost
from eventops.spreadsheets import values as cells
from eventops.spreadsheets.values import BadValue


class OrganisationForm(FlaskForm):
    name = LineField(_("名称"), 160, validators=[Required()], description=_("法人格も含めて正式に。前株・後株に注意。"))
    kana = LineField(
        _("フリガナ"),
        160,
        validators=[Required()],
        description=_("法人格は不要です。五十音順に使います。"),
        render_kw={"data-kana": ""},
    )
    category = SelectField(
        _("会員区分"), choices=[SelectChoice(str(value), word) for value, word in vocabulary.CATEGORIES.items()]
    )
    size = SelectField(_("規模"), choices=[SelectChoice(str(value), word) for value, word in vocabulary.SIZES.items()])
    is_member = BooleanField(_("会員"), description=_("外すと、今日で会員期間が終わります。"))
    member_number = LineField(_("会員番号"), 20)
    unit = LineField(_("事業部・参加部門"), 120)
    prefecture = LineField(_("都道府県"), 10)
    city = LineField(_("市区町村"), 40)
    phone = LineField(_("電話番号"), 20)
    note = ProseField(_("備考"), 2000)

    def values(self) -> OrganisationValues:
        names = OrganisationValues.__slots__
        return OrganisationValues(**{name: getattr(self, name).data for name in names})


class TermForm(FlaskForm):
    member_number = LineField(_("会員番号"), 20)
    starts_on = DayField(_("入会日"), validators=[Required()], description=_("この日の申込から会員の料金になります。"))
    ends_on = DayField(
        _("退会日"), description=_("この日の申込から一般の料金になります。続いている間は空けておきます。")
    )

    def values(self) -> TermValues:
        return TermValues(self.member_number.data or "", self.starts_on.data, self.ends_on.data)


class SiteForm(FlaskForm):
    kind = SelectField(
        _("種類"), choices=[SelectChoice(str(value), word) for value, word in vocabulary.SITE_KINDS.items()]
    )
    name = LineField(_("名称"), 120, validators=[Required()])
    prefecture = LineField(_("都道府県"), 10)
    city = LineField(_("市区町村"), 40)
    address = LineField(_("住所"), 200)
    phone = LineField(_("電話番号"), 20)

    def values(self) -> SiteValues:
        return SiteValues(**{name: getattr(self, name).data or "" for name in SiteValues.__slots__})


class PersonForm(FlaskForm):
    """`known` is the directory, so that an organisation is found by its number or its name, typed in `belongs_to`."""

    known = Lookup()

    family_name = LineField(_("姓"), 40, validators=[Required()])
    given_name = LineField(_("名"), 40)
    family_kana = LineField(_("セイ"), 40, validators=[Required()], render_kw={"data-kana": ""})
    given_kana = LineField(_("メイ"), 40, render_kw={"data-kana": ""})
    belongs_to = LineField(
        _("団体"),
        180,
        description=_("番号か正式な名称。個人の方は空けておきます。"),
        render_kw={"list": "known-organisations", "autocomplete": "off"},
    )
    site_id = SelectField(_("拠点・部門"), choices=[], validate_choice=False)
    department = LineField(_("部署"), 80)
    job_title = LineField(_("役職"), 80)
    email = LineField(_("メールアドレス"), 254)
    phone = LineField(_("電話番号"), 20)
    is_primary_contact = BooleanField(_("主担当者"))
    note = ProseField(_("備考"), 2000)

    def offer_sites(self, organisation: Organisation | None) -> None:
        sites = organisation.sites if organisation is not None else []
        none = SelectChoice("", gettext("決めない"))
        self.site_id.choices = [none, *(SelectChoice(str(site.id), site.name) for site in sites)]

    def validate_email(self, field: Any) -> None:
        _read(field, cells.email())

    def validate_phone(self, field: Any) -> None:
        _read(field, cells.phone())

    def organisation_id(self) -> int | None:
        """Raises `BadValue` for a name that nobody or several have."""
        typed = (self.belongs_to.data or "").strip()
        if not typed:
            return None
        code = typed.split(maxsplit=1)[0]
        return self.known.organisations.get(code.lower()) or self.known.organisation(typed)

    def validate_belongs_to(self, _field: Any) -> None:
        try:
            self.organisation_id()
        except BadValue:
            raise ValidationError(
                gettext("どの団体か決められません。番号か、名簿のとおりの名称で書いてください。")
            ) from None

    def values(self) -> PersonValues:
        names = set(PersonValues.__slots__) - {"organisation_id", "site_id"}
        site = self.site_id.data or ""
        return PersonValues(
            **{name: getattr(self, name).data for name in names},
            organisation_id=self.organisation_id(),
            site_id=int(site) if site.isdecimal() and len(site) < 10 else None,
        )


def _read(field: Any, parse: Any) -> None:
    """Take what the import would take, and write it as the import would."""
    try:
        field.data = parse(field.data) if field.data else ""
    except BadValue:
        raise ValidationError(gettext("正しい形で入力してください。")) from None


class ConsentForm(FlaskForm):
    purpose = SelectField(
        _("何について"), choices=[SelectChoice(str(value), word) for value, word in vocabulary.PURPOSES.items()]
    )
    agrees = SelectField(
        _("どうするか"), choices=[SelectChoice("yes", _("同意する")), SelectChoice("no", _("同意を取り消す"))]
    )
    host_id = SelectField(
        _("どの行事の共催者か"),
        default="",
        description=_(
            "「共催者への提供」だけで選びます。同意は選んだ共催者だけに効き、選ばない取り消しは全部に効きます。"
        ),
    )
    source = SelectField(
        _("どのように聞いたか"),
        choices=[SelectChoice(str(value), word) for value, word in vocabulary.TOLD_BY.items()],
    )
    day = DayField(_("聞いた日"), validators=[Required()])
    note = LineField(_("補足"), 200)

    def offer(self, hosts: Sequence[EventHost]) -> None:
        """The co-hosts of all events, one of whom an agreement to be named to co-hosts has to say."""
        named = [SelectChoice(str(one.id), f"{one.event.title} ― {one.name}") for one in hosts]
        self.host_id.choices = [SelectChoice("", "―"), *named]

    def validate_host_id(self, field: Any) -> None:
        if self._is_about_hosts() and self.agrees.data == "yes" and not field.data:
            raise ValidationError(gettext("どの行事のどの共催者への提供かを選んでください。"))

    def _is_about_hosts(self) -> bool:
        return str(self.purpose.data) == ConsentPurpose.SHARE

    def word(self, hosts: Sequence[EventHost], recorded_by_id: int) -> Word:
        found = next((one for one in hosts if self._is_about_hosts() and str(one.id) == self.host_id.data), None)
        return Word(
            ConsentSource(self.source.data),
            self.day.data,
            self.note.data or "",
            recorded_by_id,
            event_id=found.event_id if found else None,
            host_name=found.name if found else "",
        )
