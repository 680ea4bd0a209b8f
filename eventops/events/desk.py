"""What staff see of an event: steps with their buttons, warnings in words, the acts that its state allows."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from eventops import clock, wareki
from eventops.accounts.permissions import Permission, user_may, user_may_open
from eventops.events.checklist import Step, StepCode, StepState
from eventops.events.models import Event, EventState
from eventops.events.rules import EventWarning
from eventops.events.vocabulary import FIELD_WORDS, MODE_WORDS, STEP_ACTIONS, STEP_WORDS, WARNING_WORDS


@dataclass(frozen=True, slots=True)
class StepItem:
    """A line of the checklist, ready for the page."""

    code: StepCode
    label: str
    state: StepState
    date: str
    note: str
    action_label: str
    action_url: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class WarningItem:
    """A warning in words, with the field that mends it."""

    text: str
    url: str
    blocks: bool


def step_items(event: Event, steps: Iterable[Step]) -> list[StepItem]:
    return [step_item(event, step) for step in steps]


def step_item(event: Event, step: Step) -> StepItem:
    endpoint, label = STEP_ACTIONS[step.code]
    return StepItem(
        code=step.code,
        label=str(STEP_WORDS[step.code]),
        state=step.state,
        date=_day_words(step.due_on),
        note=_("公募していないため、要りません") if step.needless else step.note,
        action_label=str(label),
        action_url=_action_url(event, step, endpoint),
        by_hand=step.by_hand,
    )


def _day_words(day: dt.date) -> str:
    """The year is said where it is not the present one."""
    return wareki.month_day(day) if day.year == clock.today().year else wareki.date_ja(day)


def _action_url(event: Event, step: Step, endpoint: str) -> str:
    """Where a step is done; nothing where the step happened by itself, or the reader may not act."""
    if step.code == StepCode.PUBLISH:
        draft = event.state == EventState.DRAFT and user_may(Permission.MANAGE_EVENTS)
        return url_for(endpoint, event_id=event.id, target=EventState.PUBLISHED) if draft else ""
    return url_for(endpoint, event_id=event.id) if user_may_open(endpoint) else ""


def warning_items(event: Event, found: Sequence[EventWarning]) -> list[WarningItem]:
    edit = url_for("events.edit", event_id=event.id)
    return [WarningItem(warning_words(item), f"{edit}#{item.anchor}", item.blocks) for item in found]


def warning_words(item: EventWarning) -> str:
    """The sentence, with codes in its details turned into words."""
    details: dict[str, Any] = dict(item.details)
    if "field" in details:
        details["field"] = FIELD_WORDS[details["field"]]
    if "mode" in details:
        details["mode"] = MODE_WORDS[details["mode"]]
    return str(WARNING_WORDS[item.code]).format(**details)


def countdown(held_on: dt.date, today: dt.date) -> str:
    """あと55日, 本日, 3日前に終了."""
    days = (held_on - today).days
    if days == 0:
        words = _("本日")
    else:
        words = _("あと%(days)s日", days=days) if days > 0 else _("%(days)s日前に終了", days=-days)
    return str(words)
