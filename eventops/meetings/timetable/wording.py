"""What a change of facts is called on screens: what is changed, how it stands now and how it will be."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from eventops import wareki
from eventops.meetings.timetable.naming import Naming
from eventops.meetings.timetable.plans import Line, What
from eventops.meetings.words import PAIR_SCOPES


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a change, in the reader's language."""

    what: str
    before: str
    after: str


def told(line: Line, name: Naming) -> Told:
    """The line in words; `name` turns references into what people call them."""
    return _LINES[line.what](line, name)


def _clock(moment: int | str) -> str:
    return wareki.clock(dt.datetime.fromisoformat(str(moment)))


def _span(line: Line) -> str:
    return str(_("%(start)s〜%(end)s", start=_clock(line.since), end=_clock(line.until))) if line.since else ""


def _who(line: Line, name: Naming) -> str:
    return name(line.subjects[0])


def _meetings(number: int | str) -> str:
    return str(_("%(n)s件まで", n=number))


def _at_once(line: Line, name: Naming) -> Told:
    when = _span(line) or str(_("参加中ずっと"))
    what = _("%(who)s: 同時に行える面談(%(when)s)", who=_who(line, name), when=when)
    return Told(str(what), _meetings(line.before), _meetings(line.after))


def _arrives(line: Line, name: Naming) -> Told:
    what = _("%(who)s: 参加できる時間の始まり", who=_who(line, name))
    return Told(str(what), _clock(line.before), _clock(line.after))


def _leaves(line: Line, name: Naming) -> Told:
    what = _("%(who)s: 参加できる時間の終わり", who=_who(line, name))
    return Told(str(what), _clock(line.before), _clock(line.after))


def _available(line: Line, name: Naming) -> Told:
    what = _("%(who)s: %(when)sの参加", who=_who(line, name), when=_span(line))
    return Told(str(what), str(_("できない")), str(_("できる")))


def _maximum(line: Line, name: Naming) -> Told:
    what = _("%(who)s: 面談数の上限", who=_who(line, name))
    return Told(str(what), _meetings(line.before), _meetings(line.after))


def _in_a_row(line: Line, name: Naming) -> Told:
    what = _("%(who)s: 休みなしで続けられる面談", who=_who(line, name))
    return Told(str(what), _meetings(line.before), _meetings(line.after))


def _tables(line: Line, name: Naming) -> Told:
    what = _("使う卓の数(%(room)sに足す)", room=name(line.subjects[0])) if line.subjects else _("使う卓の数")
    before, after = (str(_("%(n)s卓", n=number)) for number in (line.before, line.after))
    return Told(str(what), before, after)


def _slots(line: Line, name: Naming) -> Told:
    before = _("%(n)s枠(%(end)sまで)", n=line.before, end=_clock(line.since))
    after = _("%(n)s枠(%(end)sまで)", n=line.after, end=_clock(line.until))
    return Told(str(_("面談枠の数")), str(before), str(after))


def _equipment(line: Line, name: Naming) -> Told:
    wanted = "・".join(name(one) for one in line.subjects[1:])
    return Told(f"{_who(line, name)}: {wanted}", str(_("できない")), str(_("できる")))


def _kept_apart(line: Line, name: Naming) -> Told:
    first, second = (name(one) for one in line.subjects)
    scope = next(str(word) for value, word in PAIR_SCOPES.items() if value == line.before)
    what = _("%(first)sと%(second)sを離す(%(scope)s)", first=first, second=second, scope=scope)
    return Told(str(what), str(_("必ず")), str(_("できれば")))


def _lock(line: Line, name: Naming) -> Told:
    return Told(str(_("%(who)s: 時刻と卓の固定", who=_who(line, name))), str(_("固定")), str(_("固定しない")))


_LINES: Mapping[What, Callable[[Line, Naming], Told]] = {
    What.AT_ONCE: _at_once,
    What.ARRIVES: _arrives,
    What.LEAVES: _leaves,
    What.AVAILABLE: _available,
    What.MAXIMUM: _maximum,
    What.IN_A_ROW: _in_a_row,
    What.TABLES: _tables,
    What.SLOTS: _slots,
    What.EQUIPMENT: _equipment,
    What.KEPT_APART: _kept_apart,
    What.LOCK: _lock,
}
