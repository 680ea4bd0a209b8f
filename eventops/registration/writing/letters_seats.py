"""The letters about seats and queues: who moved up, what is kept for whom until when, and every other move in words."""

import datetime as dt
from collections.abc import Sequence

from flask import Flask
from flask_babel import force_locale, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventops.events.models import Event, Promotion
from eventops.mail import kinds
from eventops.mail.kinds import Kind, Placeholder
from eventops.mail.models import Letter
from eventops.registration.models import Place, PlaceState, Registration
from eventops.registration.seats import moves_words, seating
from eventops.registration.seats.moves import Move
from eventops.registration.writing import letters, wording

ANSWER = Placeholder("お返事のお願い", "answer", lazy_gettext("いつまでに何をすればお席が決まるか"))
PROMOTED = Kind(
    "registration_promoted",
    lazy_gettext("キャンセル待ちからの繰り上げ"),
    lazy_gettext("お席をご用意できたとき"),
    "registration/letters/promoted.txt",
    (*wording.PLACEHOLDERS, wording.MOVES),
    wording.readers,
    wording.sample,
)
OFFERED = Kind(
    "registration_offered",
    lazy_gettext("キャンセル待ちの方へのお席のご案内"),
    lazy_gettext("空いたお席を、お返事かご入金まで取っておくとき"),
    "registration/letters/offered.txt",
    (*wording.PLACEHOLDERS, wording.MOVES, ANSWER),
    wording.readers,
    wording.sample,
)
LAPSED = Kind(
    "registration_lapsed",
    lazy_gettext("お席のご案内の期限切れ"),
    lazy_gettext("お返事かご入金の期限を過ぎ、お席を次の方へ回したとき"),
    "registration/letters/lapsed.txt",
    (*wording.PLACEHOLDERS, wording.MOVES),
    wording.readers,
    wording.sample,
)


def init_letters(app: Flask) -> None:
    """Let staff word these letters."""
    kinds.register(app, PROMOTED, OFFERED, LAPSED)


def promoted(
    session: Session, registration: Registration, event: Event, *, now: dt.datetime, moved: Sequence[Move]
) -> Letter | None:
    return _put(session, registration, event, PROMOTED, now=now, moved=moved)


def offered(
    session: Session, registration: Registration, event: Event, *, now: dt.datetime, moved: Sequence[Move]
) -> Letter | None:
    return _put(session, registration, event, OFFERED, now=now, moved=moved)


def lapsed(
    session: Session, registration: Registration, event: Event, *, now: dt.datetime, moved: Sequence[Move]
) -> Letter | None:
    return _put(session, registration, event, LAPSED, now=now, moved=moved)


def changed(
    session: Session, registration: Registration, event: Event, *, now: dt.datetime, moved: Sequence[Move]
) -> Letter | None:
    return _put(session, registration, event, letters.CHANGED, now=now, moved=moved)


def cancelled(
    session: Session, registration: Registration, event: Event, *, now: dt.datetime, moved: Sequence[Move]
) -> Letter | None:
    return _put(session, registration, event, letters.CANCELLED, now=now, moved=moved)


def _put(
    session: Session,
    registration: Registration,
    event: Event,
    kind: Kind,
    *,
    now: dt.datetime,
    moved: Sequence[Move],
) -> Letter | None:
    with force_locale(registration.language):
        said = {"moves": _moves(registration, event, moved), "answer": answer_words(registration)}
    return letters.put(session, registration, event, kind, now=now, said_besides=said)


def _moves(registration: Registration, event: Event, moved: Sequence[Move]) -> str:
    lines = moves_words.lines(moved, registration.attendees, event.parts, language=registration.language)
    return "\n".join([_("▼ 今回の変更"), *lines]) if lines else ""


def answer_words(registration: Registration) -> str:
    """What somebody has to do, and until when, to have the seats that are kept."""
    kept = [place for person in registration.attendees for place in person.places if place.state == PlaceState.OFFERED]
    if not kept:
        return ""
    until = min(place.offered_until for place in kept if place.offered_until)
    when = moves_words.moment(until)
    if any(place.offer_needs == Promotion.PAYMENT for place in kept):
        said = _(
            "%(when)s までに参加費 %(yen)s円をお支払いください。ご入金を確認した時点で、お席が決まります。",
            when=when,
            yen=f"{_open_yen(kept):,}",
        )
    else:
        said = _("%(when)s までに「参加する」か「辞退する」をお選びください。", when=when)
        total = seating.total_if_taken(registration, registration.event)
        if total != registration.total_yen:
            said += "\n" + _("「参加する」を選ぶと、参加費は合計 %(yen)s円(税込)になります。", yen=f"{total:,}")
    return f"{said}\n{_('期限を過ぎたときは、次にお待ちの方へご案内します。')}"


def _open_yen(kept: Sequence[Place]) -> int:
    people = {place.attendee.position: place.attendee for place in kept}
    return sum(max(person.fee_yen - person.paid_yen, 0) for person in people.values())
