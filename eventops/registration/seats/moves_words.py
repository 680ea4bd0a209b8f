"""Moves of places in the reader's language: who, in which part, from where to where, and what let it happen."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from eventops import wareki
from eventops.events import pages
from eventops.events.models import Part
from eventops.registration.models import Attendee
from eventops.registration.seats.moves import WHY, Move, Why, between
from eventops.registration.seats.stands import Stand

STANDS: dict[Stand, LazyString] = {
    Stand.VENUE: lazy_gettext("会場で参加"),
    Stand.OFFERED: lazy_gettext("会場のお席をご案内中"),
    Stand.ONLINE: lazy_gettext("オンラインで参加"),
    Stand.ONLINE_AND_QUEUE: lazy_gettext("オンラインで参加しながら、会場のキャンセル待ち"),
    Stand.QUEUE: lazy_gettext("会場のキャンセル待ち"),
    Stand.ONLINE_OFFERED: lazy_gettext("オンラインのお席をご案内中"),
    Stand.ONLINE_QUEUE: lazy_gettext("オンラインのキャンセル待ち"),
    Stand.LAPSED: lazy_gettext("お席のご案内の期限切れ"),
    Stand.FULL: lazy_gettext("満席のため参加できません"),
    Stand.NONE: lazy_gettext("参加しない"),
}
TONES: dict[Stand, str] = {
    Stand.VENUE: "ok",
    Stand.ONLINE: "ok",
    Stand.ONLINE_AND_QUEUE: "info",
    Stand.LAPSED: "neutral",
    Stand.FULL: "bad",
    Stand.NONE: "neutral",
}
WAYS: dict[tuple[Stand, Stand], LazyString] = {
    (Stand.VENUE, Stand.ONLINE): lazy_gettext("会場の席を譲って、オンラインで参加する"),
    (Stand.ONLINE_AND_QUEUE, Stand.ONLINE): lazy_gettext("順番待ちをやめて、オンラインだけで参加する"),
    (Stand.ONLINE_AND_QUEUE, Stand.QUEUE): lazy_gettext("オンラインの席を返して、会場の空きを待つ（順番はそのまま）"),
    (Stand.QUEUE, Stand.ONLINE_AND_QUEUE): lazy_gettext("オンラインで参加しながら、会場の空きを待つ（順番はそのまま）"),
    (Stand.QUEUE, Stand.ONLINE): lazy_gettext("順番待ちをやめて、オンラインで参加する"),
    (Stand.OFFERED, Stand.VENUE): lazy_gettext("会場で参加する"),
    (Stand.OFFERED, Stand.ONLINE): lazy_gettext("会場の席は辞退して、オンラインで参加する"),
    (Stand.ONLINE_OFFERED, Stand.ONLINE): lazy_gettext("オンラインで参加する"),
}
_WAYS_TO: dict[Stand, LazyString] = {
    Stand.VENUE: lazy_gettext("会場で参加する（いま空きがあります）"),
    Stand.ONLINE: lazy_gettext("オンラインで参加する"),
    Stand.ONLINE_AND_QUEUE: lazy_gettext("オンラインで参加しながら、会場の空きを待つ"),
    Stand.QUEUE: lazy_gettext("会場の空きを待つ（順番はいちばん後になります）"),
    Stand.NONE: lazy_gettext("この部には参加しない"),
}
REASONS: dict[str, LazyString] = {
    Why.CANCELLATION: lazy_gettext("取消や変更で席が空いたため"),
    Why.MORE_SEATS: lazy_gettext("席が増えたため"),
    Why.RELEASE: lazy_gettext("取り置きの席が一般に開放されたため"),
    Why.PASSED_ON: lazy_gettext("前の順番の方が辞退されたか、期限までにお返事がなかったため"),
    Why.BY_HAND: lazy_gettext("事務局からのご案内"),
}


def tone(stand: Stand) -> str:
    return TONES.get(stand, "warn")


def way(here: Stand, target: Stand) -> str:
    """What going there means, from here."""
    return str(WAYS.get((here, target)) or _WAYS_TO[target])


def lines(moved: Iterable[Move], people: Iterable[Attendee], parts: Sequence[Part], *, language: str) -> list[str]:
    """One line for each move; a part that was taken away since has no name any more."""
    names = {person.position: person.full_name for person in people}
    titles = {part.id: pages.plain_title(part, language) for part in parts}
    known = [move for move in moved if move.part_id in titles and move.position in names]
    return [_line(names[move.position], titles[move.part_id], move) for move in known]


def brief(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """For staff, by the numbers of the people: the parts' names may have changed since."""
    said = [
        _("参加者%(number)s %(stand)s", number=move.position, stand=_from_to(move)) for move in between(before, after)
    ]
    reason = REASONS.get(after.get(WHY, ""))
    return "、".join([*said, *([f"({reason})"] if reason else [])])


def _line(name: str, title: str, move: Move) -> str:
    about = _("%(name)s 様 %(part)s", name=name, part=title)
    return f"{about}: {_from_to(move)}"


def _from_to(move: Move) -> str:
    if move.was is Stand.NONE:
        return str(STANDS[move.now])
    return f"{STANDS[move.was]} → {STANDS[move.now]}"


def moment(at: dt.datetime) -> str:
    """1月15日(金) 17:00, or in English with the year."""
    locale = get_locale()
    japanese = locale is None or locale.language == "ja"
    return f"{wareki.month_day(at) if japanese else wareki.date_en(at)} {wareki.clock(at)}"
