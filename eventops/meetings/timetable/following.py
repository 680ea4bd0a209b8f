"""What a run that is under way tells those who watch it: in words, figures and a bar."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from eventops.jobs import queries as jobs
from eventops.jobs.models import Job, JobState

LONG_WAIT = dt.timedelta(seconds=30)
LATE = dt.timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Following:
    """One look at a run. `percent` is None while nothing is known; `figures` are labels with their values."""

    percent: int | None
    message: str
    figures: tuple[tuple[str, str], ...]
    is_stopping: bool
    is_done: bool


def follow(job: Job, *, allowed: int, now: dt.datetime) -> Following:
    """How far the run has come; `allowed` are the seconds it may take."""
    seen = job.progress or {}
    elapsed = max(0, round((now - (job.started_at or now)).total_seconds()))
    return Following(
        percent=_percent(seen, elapsed, allowed),
        message=_message(job, seen, allowed, now),
        figures=_figures(seen, elapsed) if "placed" in seen else (),
        is_stopping=job.stop_requested,
        is_done=not jobs.is_open(job),
    )


def _percent(seen: Mapping[str, Any], elapsed: int, allowed: int) -> int | None:
    """How much of the allowed time is used; the end mostly comes much sooner."""
    if "placed" not in seen:
        return None
    return 99 if seen.get("ending") else min(99, round(100 * elapsed / max(1, allowed)))


def _message(job: Job, seen: Mapping[str, Any], allowed: int, now: dt.datetime) -> str:
    if job.state == JobState.QUEUED:
        return _waiting(now - job.created_at)
    if seen.get("ending"):
        return str(_("仕上げています。"))
    if seen.get("explaining"):
        return str(_("入らなかった面談の理由と対策を調べています。"))
    if job.stop_requested:
        return str(_("止めています。まもなく、ここまでで最もよい時間割を表示します。"))
    if "placed" not in seen:
        return str(_("準備しています。"))
    return _late(job, allowed, now) + _searching(seen)


def _late(job: Job, allowed: int, now: dt.datetime) -> str:
    if job.started_at is None or now - job.started_at <= dt.timedelta(seconds=allowed) + LATE:
        return ""
    return str(
        _("コンピュータが混んでいて、予定より長くかかっています。終わらないときも、ここまでの時間割は残ります。")
    )


def _waiting(waited: dt.timedelta) -> str:
    if waited < LONG_WAIT:
        return str(_("順番を待っています。"))
    return str(_("なかなか始まりません。裏で動くはずの処理が止まっていないか、管理者に確認してください。"))


def _searching(seen: Mapping[str, Any]) -> str:
    """Whether more can be placed, and what is being looked for."""
    placed, wanted, bound = seen["placed"], seen["wanted"], seen["bound"]
    if placed < bound:
        return str(_("よりよい時間割を探しています。あと%(n)s件まで増える可能性があります。", n=bound - placed))
    if placed < wanted:
        known = _("%(n)s件より多くは入らないと証明済みです。", n=placed)
    else:
        known = _("面談希望はすべて入りました。")
    return str(known) + str(_("いまは待ちと空きを減らしています。"))


def _figures(seen: Mapping[str, Any], elapsed: int) -> tuple[tuple[str, str], ...]:
    return (
        (str(_("経過")), str(_("%(n)s秒", n=elapsed))),
        (str(_("成立")), f"{seen['placed']}/{seen['wanted']}"),
        (str(_("成立の上限(証明済)")), str(seen["bound"])),
        (str(_("中小の待ち")), str(_("%(n)s枠", n=seen["waiting"]))),
    )
