"""What the stored values of the directory are called on screens."""

from flask_babel import lazy_gettext as _

from eventops.directory.models import OrganisationCategory, OrganisationSize

CATEGORIES = {
    OrganisationCategory.CORPORATION: _("営利法人"),
    OrganisationCategory.SCHOOL: _("教育機関"),
    OrganisationCategory.BODY: _("団体"),
    OrganisationCategory.MUNICIPALITY: _("自治体"),
    OrganisationCategory.INDIVIDUAL: _("個人会員"),
}
SIZES = {
    OrganisationSize.LARGE: _("大手"),
    OrganisationSize.MID: _("中堅"),
    OrganisationSize.SME: _("中小"),
    OrganisationSize.OTHER: _("―"),
}
