"""What the sheets that are taken in are called, by the kind that the history keeps."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

SHEETS: dict[str, LazyString] = {
    "rooms": _("部屋と卓"),
    "slots": _("面談枠"),
    "needs": _("ニーズ"),
    "applications": _("応募"),
    "limits": _("都合"),
    "pairs": _("競合"),
    "exclusions": _("対象外の団体"),
}
