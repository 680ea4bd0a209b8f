"""The form by which staff say how somebody is received."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from eventops.events.fields import at_most
from eventops.registration import labels
from eventops.registration.models import BadgeCategory


def _choices() -> list[SelectChoice]:
    return [SelectChoice(str(one), labels.BADGES[one]) for one in BadgeCategory]


class HandlingForm(FlaskForm):
    """How somebody is received: the word and colour of the badge, and what the desk is told when they come."""

    badge_category = RadioField(_("名札の区分"), choices=_choices())
    desk_note = StringField(
        _("受付への申し送り"),
        description=_("例：資料は別封筒、胸章をお渡しする。受付の画面と受付名簿に出ます。"),
        validators=[at_most(200)],
    )


class CategoryForm(FlaskForm):
    """One category for many; whoever chose it says so, as no one of theirs stands for all."""

    joined = HiddenField()
    badge_category = RadioField(
        _("新しい区分"), choices=_choices(), validators=[InputRequired(_("新しい区分を選んでください。"))]
    )

    @property
    def ids(self) -> list[int]:
        return [int(one) for one in (self.joined.data or "").split(",") if one.isdecimal() and len(one) < 10]
