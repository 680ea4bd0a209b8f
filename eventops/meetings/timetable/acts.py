"""What staff did on the board, in words: for whoever has it open, and for the history."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops import wareki
from eventops.accounts.models import StaffUser
from eventops.meetings.models import Application, MeetingTable, Slot
from eventops.meetings.timetable.begun import LAID_BACK, REPLANNED
from eventops.meetings.timetable.models import TimetableAct
from eventops.meetings.wishes import requests


def sentences(session: Session, acts: Sequence[TimetableAct]) -> tuple[str, ...]:
    """One for each act, in their order."""
    ids = {act.application_ids[0] for act in acts if act.application_ids}
    pairs = {one.id: one for one in requests.applications_of(session, Application.id.in_(ids))} if ids else {}
    who, places = _names(session, acts), _places(session, acts)
    return tuple(_sentence(act, who, pairs, places) for act in acts)


def _names(session: Session, acts: Iterable[TimetableAct]) -> Mapping[int, str]:
    ids = {act.actor_id for act in acts if act.actor_id is not None}
    return {one.id: one.name for one in session.scalars(select(StaffUser).where(StaffUser.id.in_(ids)))}


def _places(session: Session, acts: Iterable[TimetableAct]) -> Mapping[tuple[int, int], str]:
    spots = {(spot[0], spot[1]) for act in acts for spot in (act.spots or {}).values() if spot}
    slots = {one.id: one for one in session.scalars(select(Slot).where(Slot.id.in_({one for one, _table in spots})))}
    wanted = MeetingTable.id.in_({table for _slot, table in spots})
    tables = {one.id: one for one in session.scalars(select(MeetingTable).where(wanted))}
    return {
        (slot, table): str(_("%(time)s 卓%(n)s", time=wareki.clock(slots[slot].starts_at), n=tables[table].number))
        for slot, table in spots
        if slot in slots and table in tables
    }


def _sentence(
    act: TimetableAct,
    names: Mapping[int, str],
    pairs: Mapping[int, Application],
    places: Mapping[tuple[int, int], str],
) -> str:
    name = names.get(act.actor_id or 0)
    who = _("%(name)sさん", name=name) if name is not None else _("自動処理")
    pair = pairs.get(act.application_ids[0]) if act.application_ids else None
    if act.kind in _WHOLE:
        return _WHOLE[act.kind](who)
    if act.kind not in _WORDS:
        return str(_("%(who)sが、時間割を作り直しました。", who=who))
    if pair is None:
        return str(_("%(who)sが、いまは削除されている応募を動かしました。", who=who))
    what = f"{pair.organisation.name} × {pair.need.organisation.name}"
    return _WORDS[act.kind](who, what, _place(act, pair.id, places))


def _place(act: TimetableAct, application_id: int, places: Mapping[tuple[int, int], str]) -> str:
    spot = (act.spots or {}).get(str(application_id))
    if spot is None and act.spots is not None:
        return str(_("未成立"))
    return places.get((spot[0], spot[1]), str(_("別の枠"))) if spot else str(_("別の枠"))


def _undone(who: str) -> str:
    return str(_("%(who)sが、ひとつ前に戻しました。", who=who))


def _redone(who: str) -> str:
    return str(_("%(who)sが、戻した変更をやり直しました。", who=who))


def _replanned(who: str) -> str:
    return str(_("%(who)sが、当日の変更を時間割に入れました。", who=who))


def _laid_back(who: str) -> str:
    return str(_("%(who)sが、当日の変更を取り消しました。", who=who))


def _moved(who: str, what: str, place: str) -> str:
    return str(_("%(who)sが、%(what)sを%(place)sへ動かしました。", who=who, what=what, place=place))


def _placed(who: str, what: str, place: str) -> str:
    return str(_("%(who)sが、%(what)sを%(place)sに置きました。", who=who, what=what, place=place))


def _taken_out(who: str, what: str, _place: str) -> str:
    return str(_("%(who)sが、%(what)sを未成立へ移しました。", who=who, what=what))


def _locked(who: str, what: str, _place: str) -> str:
    return str(_("%(who)sが、%(what)sを固定しました。", who=who, what=what))


def _unlocked(who: str, what: str, _place: str) -> str:
    return str(_("%(who)sが、%(what)sの固定を外しました。", who=who, what=what))


_WORDS: Mapping[str, Callable[[str, str, str], str]] = {
    "moved": _moved,
    "placed": _placed,
    "taken_out": _taken_out,
    "locked": _locked,
    "unlocked": _unlocked,
}

_WHOLE: Mapping[str, Callable[[str], str]] = {
    "undone": _undone,
    "redone": _redone,
    REPLANNED: _replanned,
    LAID_BACK: _laid_back,
}
