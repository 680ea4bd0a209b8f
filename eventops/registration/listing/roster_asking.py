"""What staff asked of the list of participants, read from the address and their session, and the filters to offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import searching
from eventops.accounts.permissions import Permission, user_may
from eventops.events.models import Event, PriceCategory
from eventops.registration import labels
from eventops.registration.answers import queries as answer_queries
from eventops.registration.listing import roster_columns
from eventops.registration.listing.roster import Door, Filter, Paying, Show, Sort
from eventops.registration.listing.roster_columns import Column

SHOW_WORDS: Mapping[Show, LazyString] = {
    Show.ACTIVE: lazy_gettext("すべて"),
    Show.CONFIRMED: lazy_gettext("参加"),
    Show.WAITING: lazy_gettext("キャンセル待ち"),
    Show.CANCELLED: lazy_gettext("取消済"),
    Show.MARKED: lazy_gettext("★印"),
    Show.CHECK: lazy_gettext("会員区分を確認"),
    Show.NEEDS: lazy_gettext("配慮あり"),
}
ALWAYS_SHOWN = (Show.ACTIVE, Show.CONFIRMED, Show.WAITING, Show.CANCELLED)
PAYING_WORDS: Mapping[Paying, LazyString] = {
    Paying.UNPAID: lazy_gettext("未入金"),
    Paying.BY_TRANSFER: lazy_gettext("未入金（銀行振込）"),
    Paying.IN_CASH: lazy_gettext("未入金（当日現金）"),
    Paying.PAID: lazy_gettext("入金済"),
    Paying.FREE: lazy_gettext("参加費なし"),
}
DOOR_WORDS: Mapping[Door, LazyString] = {Door.IN: lazy_gettext("受付済"), Door.NOT_YET: lazy_gettext("まだ")}
HIGHEST_PAGE = 10_000
COLUMNS_KEPT = "roster_columns"
MOST_KEPT = 100
_PASSED_ON = ("show", "part", "category", "pay", "door", "tag", "sort", "dir", "cols", searching.PARAMETER)
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter with the number of people that it shows."""

    label: str
    count: int | None
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class Select:
    """A filter to choose from, with the value chosen now."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str


def wanted() -> Filter:
    """The filter in the address; what nobody could have chosen there is left out."""
    show = _choice(Show, "show") or Show.ACTIVE
    return Filter(
        show=show if _may_see(show) else Show.ACTIVE,
        part_id=request.args.get("part", type=int),
        category=_choice(PriceCategory, "category"),
        paying=_choice(Paying, "pay"),
        door=_choice(Door, "door"),
        tag=request.args.get("tag", "")[:40],
        search=searching.text(),
        sort=_choice(Sort, "sort") or Sort.COMPANY,
        descending=request.args.get("dir") == "desc",
    )


def page() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), HIGHEST_PAGE)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that there are for this reader and event, and those that are shown."""

    offered: Sequence[Column]
    shown: Sequence[Column]

    @property
    def question_ids(self) -> list[int]:
        """The questions whose answers are shown."""
        return [column.question_id for column in self.shown if column.question_id is not None]


def columns(session: Session, event_id: int) -> Columns:
    """As chosen in the address, or last time, or the usual ones."""
    questions = answer_queries.to_be_answered(session, event_id)
    offered = roster_columns.offered(questions, sees_sensitive=user_may(Permission.SEE_SENSITIVE))
    keys = request.args.getlist("cols") or current_user.choices.get(COLUMNS_KEPT, ())
    return Columns(offered, roster_columns.chosen(keys, offered))


def to_keep(columns: Columns) -> list[str] | None:
    """What is remembered from now on, where the address chooses anew; questions of other events stay chosen."""
    if "cols" not in request.args:
        return None
    here = {column.key for column in columns.offered}
    kept = current_user.choices.get(COLUMNS_KEPT, ())
    elsewhere = [key for key in kept if key.startswith(roster_columns.QUESTION) and key not in here]
    keys = [*(column.key for column in columns.shown), *elsewhere[:MOST_KEPT]]
    return keys if keys != kept else None


def address(event_id: int, endpoint: str = ".staff_list", **changed: object) -> str:
    """The list, or an act on it, with what is asked now; `changed` replaces parts of it."""
    kept: dict[str, object] = {name: request.args.getlist(name) for name in _PASSED_ON if name in request.args}
    return url_for(endpoint, event_id=event_id, **(kept | changed))  # type: ignore[arg-type]


def show_chips(event: Event, asked: Filter, counts: Mapping[Show, int]) -> list[Chip]:
    return [
        Chip(str(word), counts[show], address(event.id, show=str(show)), show is asked.show)
        for show, word in SHOW_WORDS.items()
        if _may_see(show) and (counts[show] or show in ALWAYS_SHOWN)
    ]


def selects(event: Event, asked: Filter, tags: Mapping[str, int]) -> list[Select]:
    """The filters beside the state; one with nothing to choose between is left out."""
    parts = [(str(part.id), part.title) for part in event.parts]
    words = [(tag, f"{tag}（{number}）") for tag, number in tags.items()]
    paying = _options(PAYING_WORDS) if any(fee.yen for fee in event.fees) else ()
    found = [
        Select("part", _("部"), parts if len(parts) > 1 else (), str(asked.part_id or "")),
        Select("category", _("区分"), _options(labels.CATEGORIES), asked.category or ""),
        Select("pay", _("支払"), paying, asked.paying or ""),
        Select("door", _("受付"), _options(DOOR_WORDS), asked.door or ""),
        Select("tag", _("タグ"), words, asked.tag),
    ]
    return [select for select in found if select.options]


def hidden() -> list[tuple[str, str]]:
    """What a form for filters has to carry along."""
    mine = ("show", "sort", "dir", "cols", searching.PARAMETER)
    return [(name, value) for name, value in request.args.items(multi=True) if name in mine]


def _options(words: Mapping[_Choice, LazyString] | Mapping[str, LazyString]) -> list[tuple[str, str]]:
    return [(str(value), str(word)) for value, word in words.items()]


def _choice(kind: type[_Choice], name: str) -> _Choice | None:
    asked = request.args.get(name, "")
    return kind(asked) if asked in set(kind) else None


def _may_see(show: Show) -> bool:
    return show is not Show.NEEDS or user_may(Permission.SEE_SENSITIVE)
