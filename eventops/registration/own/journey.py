"""What happened to an application, in words for the people whom it is about: every move, and what let it happen."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts.models import AuditEntry
from eventops.languages import language
from eventops.registration import history
from eventops.registration.models import Registration
from eventops.registration.seats import moves, moves_words

_WORDS: dict[str, LazyString] = {
    "registration_made": lazy_gettext("お申込みを受け付けました"),
    "registration_cancelled": lazy_gettext("お申込みを取り消しました"),
    "attendee_changed": lazy_gettext("参加者の情報を訂正しました"),
    "attendee_substituted": lazy_gettext("代理の方に変更しました（以前の参加証は使えません）"),
    "places_changed": lazy_gettext("参加のしかたを変更しました"),
    "place_promoted": lazy_gettext("キャンセル待ちから繰り上がりました"),
    "place_offered": lazy_gettext("空いたお席をご案内しました"),
    "offer_accepted": lazy_gettext("ご案内したお席に決まりました"),
    "offer_paid": lazy_gettext("ご入金を確認し、お席が決まりました"),
    "offer_declined": lazy_gettext("ご案内したお席を辞退されました"),
    "offer_lapsed": lazy_gettext("ご案内の期限が過ぎ、お席は次の方へ回りました"),
    "group_changed": lazy_gettext("お連れの方との順番の待ち方を変更しました"),
    "price_category_changed": lazy_gettext("会員区分を確認し、参加費が変わりました"),
    "link_replaced": lazy_gettext("専用リンクを新しくしました"),
}
BY_ITSELF = ("place_promoted", "place_offered", "offer_lapsed", "offer_paid")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened."""

    at: dt.datetime
    who: str
    what: str
    details: tuple[str, ...]


def steps(session: Session, registration: Registration) -> list[Step]:
    """The latest first; what only concerns the secretariat is left out."""
    entries = session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == history.SUBJECT,
            AuditEntry.subject_id == registration.id,
            AuditEntry.action.in_(_WORDS),
        )
        .order_by(AuditEntry.id.desc())
    )
    return [_step(registration, entry) for entry in entries]


def _step(registration: Registration, entry: AuditEntry) -> Step:
    before, after = entry.before or {}, entry.after or {}
    details = _details(registration, entry.action, before, after)
    return Step(entry.at, _who(entry), str(_WORDS[entry.action]), tuple(details))


def _who(entry: AuditEntry) -> str:
    if entry.actor_id is not None:
        return str(_("事務局の担当者"))
    return str(_("自動") if entry.action in BY_ITSELF else _("お申込みの方"))


def _name(values: Mapping[str, Any]) -> str:
    return f"{values.get('family_name', '')} {values.get('given_name', '')}".strip()


def _details(registration: Registration, action: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    if action in ("attendee_changed", "attendee_substituted"):
        was, now = _name(before), _name(after)
        return [f"{was} → {now}"] if was != now else []
    if action == "registration_cancelled":
        gone = before.get("attendees", [])
        return [_("%(name)s 様", name=one.full_name) for one in registration.attendees if one.position in gone]
    if action == "group_changed":
        return [together_words(together=bool(after.get("together")))]
    moved = moves.between(before, after)
    found = moves_words.lines(moved, registration.attendees, registration.event.parts, language=language())
    reason = moves_words.REASONS.get(after.get(moves.WHY, ""))
    return [*found, str(reason)] if reason else found


def together_words(*, together: bool) -> str:
    """What people who applied together have chosen."""
    return str(_("全員分の席がそろうまで、一緒に待つ") if together else _("空いた席から、一人ずつ順に参加する"))
