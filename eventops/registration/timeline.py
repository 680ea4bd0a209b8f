"""What happened to a registration and what was sent about it, in one line of time."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from eventops import sheet_words, words
from eventops.accounts.models import AuditEntry
from eventops.mail import queries as mail_queries
from eventops.mail import reasons
from eventops.mail.models import Letter
from eventops.registration import history, labels
from eventops.registration.models import Registration, Source
from eventops.registration.own import journey
from eventops.registration.own.journey import BY_ITSELF
from eventops.registration.seats import moves_words
from eventops.registration.writing import letters

_MONEY = (
    "payment_recorded",
    "payment_corrected",
    "payment_refunded",
    "fee_received",
    "document_issued",
    "document_taken_back",
)


AT_STATIONS = ("fee_received",)
"""What a device at the door may do without anybody of the staff."""
_BRIEF: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], str]] = {
    "handling_changed": lambda before, after: " → ".join(
        str(labels.BADGES[one["category"]]) for one in (before, after)
    ),
    "answers_changed": lambda _before, after: "、".join(after.get("questions", [])),
    "sheet_imported": lambda _before, after: str(sheet_words.SHEETS.get(after.get("kind", ""), "")),
    "sheet_taken_back": lambda _before, after: str(sheet_words.SHEETS.get(after.get("kind", ""), "")),
    "group_changed": lambda _before, after: journey.together_words(together=bool(after.get("together"))),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. `letter` is the letter that it is about, if it is one."""

    at: dt.datetime
    who: str
    what: str
    detail: str = ""
    letter: Letter | None = None


def happenings(session: Session, registration_id: int) -> list[Happening]:
    """The latest first."""
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_kind == history.SUBJECT, AuditEntry.subject_id == registration_id)
        .options(joinedload(AuditEntry.actor))
        .order_by(AuditEntry.id)
    )
    sent = mail_queries.letters_about(session, subject_kind=letters.SUBJECT_KIND, subject_id=registration_id)
    source = session.get_one(Registration, registration_id).source
    found = [*(act(entry, source=source) for entry in entries), *map(_letter, sent)]
    return sorted(found, key=lambda happening: happening.at)[::-1]


def act(entry: AuditEntry, *, source: str = "") -> Happening:
    """An entry of the audit trail in words; `source` is how the application came in that it is about."""
    word = words.ACTIONS.get(entry.action, entry.action)
    detail = _detail(entry.action, entry.before or {}, entry.after or {})
    return Happening(entry.at, _who(entry, source), str(word), detail)


def _who(entry: AuditEntry, source: str) -> str:
    """Who made a device's code answers for substitutes at it, and may long have gone home: the device is named."""
    station = (entry.after or {}).get("station") if entry.action == "attendee_substituted" else ""
    if station:
        return str(_("受付の端末（%(name)s）", name=station))
    if entry.actor is not None:
        return entry.actor.name
    if entry.action in AT_STATIONS or (entry.action == "registration_made" and source == Source.WALK_IN):
        return str(_("受付の端末"))
    return str(_("自動") if entry.action in BY_ITSELF else _("申込者"))


def _letter(letter: Letter) -> Happening:
    detail = f"{letter.to_email} {reasons.sentence(letter.error)}".strip()
    return Happening(letter.sent_at or letter.created_at, _("メール"), letter.subject, detail, letter)


def _detail(action: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if action in ("attendee_changed", "attendee_substituted"):
        return f"{_name(before)} → {_name(after)}"
    if action in _MONEY:
        return " ".join(filter(None, (after.get("document"), f"{after.get('yen', 0):,}円", after.get("reason"))))
    if action == "price_category_changed":
        return str(_("理由: %(reason)s", reason=after.get("reason", "")))
    if action == "tags_changed":
        return f"+{after['tag']}" if "tag" in after else f"-{before.get('tag', '')}"
    if action in ("list_exported", "money_exported"):
        return str(_("%(count)s行", count=after.get("rows", 0)))
    if action == "registration_cancelled":
        kept = _("参加費は請求する") if after.get("keeps_fee") else _("参加費なし")
        return f"{_('参加者')} {'、'.join(map(str, before.get('attendees', [])))} / {kept}"
    if action in ("share_agreed", "share_withdrawn"):
        return f"{_('参加者')} {after.get('position')} / {after.get('host')}"
    if action in _BRIEF:
        return _BRIEF[action](before, after)
    return moves_words.brief(before, after)


def _name(values: Mapping[str, Any]) -> str:
    return f"{values.get('family_name', '')} {values.get('given_name', '')}".strip()
