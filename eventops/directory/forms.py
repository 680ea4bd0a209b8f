"""The form of an organisation."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice

from eventops.directory import vocabulary
from eventops.directory.service import OrganisationValues
from eventops.events.fields import LineField, ProseField, Required


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
