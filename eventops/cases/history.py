"""A case's history as its page shows it: steps, notes, and changes by staff, newest first."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventops import words
from eventops.accounts.models import AuditEntry
from eventops.cases import labels, queries
from eventops.cases.models import Case, CaseNote, StageStep
from eventops.clock import TOKYO

_TOLD_ELSEWHERE = frozenset({"case_opened", "case_moved", "case_noted", "case_step_taken_back"})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. A step taken back is shown struck out."""

    day: dt.date
    recorded_at: dt.datetime
    what: str
    who: str
    text: str = ""
    tone: str = "neutral"
    is_gone: bool = False


def lines(session: Session, case: Case, *, reads_private: bool) -> Sequence[Line]:
    """Free words only for those who work on the case."""
    names = {one.id: one.name for one in queries.coordinators(session)}
    found = [_step(one) for one in case.steps]
    if reads_private:
        found += [_note(one) for one in case.notes]
        changes = (one for one in queries.history(session, case.id) if one.action not in _TOLD_ELSEWHERE)
        found += [_change(one, names) for one in changes]
    else:
        found = [_without_words(one) for one in found]
    return sorted(found, key=lambda one: (one.recorded_at, one.day), reverse=True)


def _without_words(line: Line) -> Line:
    return Line(line.day, line.recorded_at, line.what, line.who, "", line.tone, line.is_gone)


def _step(step: StageStep) -> Line:
    what = str(labels.STAGES[step.stage])
    tone = str(labels.STAGE_TONES.get(step.stage, "info"))
    who = step.recorded_by.name if step.recorded_by else ""
    return Line(step.happened_on, step.recorded_at, what, who, step.note, tone, step.taken_back_at is not None)


def _note(note: CaseNote) -> Line:
    who = note.recorded_by.name if note.recorded_by else ""
    return Line(note.happened_on, note.recorded_at, str(labels.NOTES[note.kind]), who, note.text)


def _change(entry: AuditEntry, names: dict[int, str]) -> Line:
    what = str(words.ACTIONS.get(entry.action, entry.action))
    said = "、".join(_said(name, value, names) for name, value in (entry.after or {}).items())
    who = entry.actor.name if entry.actor else ""
    return Line(entry.at.astimezone(TOKYO).date(), entry.at, what, who, said)


def _said(name: str, value: Any, names: dict[int, str]) -> str:
    match name:
        case "lead_id":
            return str(_("主担当: %(name)s", name=names.get(value, "―")))
        case "deputies":
            return str(_("副担当: %(names)s", names="・".join(names.get(one, "―") for one in value)))
        case "due_on":
            return str(_("期限: %(day)s", day=value or "―"))
        case "next_action":
            return str(_("次の行動: %(what)s", what=value or "―"))
        case "title":
            return str(_("件名: %(what)s", what=value))
        case "funding_source":
            return str(_("事業・財源: %(what)s", what=value or "―"))
        case "outcome":
            return str(_("連携の種類: %(what)s", what=labels.OUTCOMES.get(value, "―")))
        case _:
            return str(_("ほかの項目"))
