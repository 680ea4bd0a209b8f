"""What happened, in words."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from eventops import wareki
from eventops.meetings.day.comparing import Change
from eventops.meetings.day.happenings import Happening, What
from eventops.meetings.day.models import ProposalState
from eventops.meetings.timetable import problems
from eventops.meetings.timetable.naming import Naming

WHAT: Mapping[str, LazyString] = {
    What.LATE: lazy_gettext("遅刻"),
    What.ABSENT: lazy_gettext("欠席・途中退席"),
    What.TABLE_LOST: lazy_gettext("卓が使えない"),
    What.WITHDRAWN: lazy_gettext("面談の取りやめ"),
    What.ADDED: lazy_gettext("面談の追加"),
    What.SWAPPED: lazy_gettext("入れ替え"),
}
CHANGES: Mapping[str, LazyString] = {
    Change.DROPPED: lazy_gettext("取りやめ"),
    Change.MOVED: lazy_gettext("時刻の変更"),
    Change.RESEATED: lazy_gettext("卓の変更"),
    Change.ADDED: lazy_gettext("追加"),
}
STATES: Mapping[str, LazyString] = {
    ProposalState.OPEN: lazy_gettext("検討中"),
    ProposalState.ACCEPTED: lazy_gettext("確定"),
    ProposalState.ON_BOARD: lazy_gettext("時間割の画面で手直し"),
    ProposalState.DISMISSED: lazy_gettext("見送り"),
    ProposalState.TAKEN_BACK: lazy_gettext("取り消し済み"),
}


def told(one: Happening, name: Naming) -> str:
    """One sentence; `name` turns references into what people call them."""
    return str(_TOLD[one.what](one, name))


def _who(one: Happening, name: Naming) -> str:
    return "、".join(name(f"o{organisation_id}") for organisation_id in one.organisation_ids)


def _late(one: Happening, name: Naming) -> str:
    return str(_("%(who)s: 遅刻、%(at)sに到着", who=_who(one, name), at=wareki.clock(one.at) if one.at else ""))


def _absent(one: Happening, name: Naming) -> str:
    if not one.was_here:
        return str(_("%(who)s: 欠席", who=_who(one, name)))
    if one.at is None:
        return str(_("%(who)s: 途中で退席", who=_who(one, name)))
    return str(_("%(who)s: %(at)sに退席", who=_who(one, name), at=wareki.clock(one.at)))


def _table_lost(one: Happening, name: Naming) -> str:
    table = name(problems.table_ref(one.table_id or 0))
    if one.at is None:
        return str(_("%(table)sが使えない", table=table))
    return str(_("%(table)sが%(at)sから使えない", table=table, at=wareki.clock(one.at)))


def _withdrawn(one: Happening, name: Naming) -> str:
    return str(_("取りやめ: %(what)s", what=_meetings(one, name)))


def _meetings(one: Happening, name: Naming) -> str:
    return "、".join(name(problems.application_ref(application_id)) for application_id in one.application_ids)


def _added(one: Happening, name: Naming) -> str:
    return str(_("追加: %(who)s と %(need)s", who=_who(one, name), need=name(f"n{one.need_id}")))


def _swapped(one: Happening, name: Naming) -> str:
    return str(_("入れ替え: %(what)s", what=_meetings(one, name)))


_TOLD: Mapping[What, Callable[[Happening, Naming], str]] = {
    What.LATE: _late,
    What.ABSENT: _absent,
    What.TABLE_LOST: _table_lost,
    What.WITHDRAWN: _withdrawn,
    What.ADDED: _added,
    What.SWAPPED: _swapped,
}
