"""How good a timetable is, goal by goal, and what of that is proven."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from flask_babel import lazy_gettext as _

from eventops.meetings.timetable.kept import Standing
from eventops.meetings.timetable.models import Timetable
from scheduling.problem import GoalName, Problem
from scheduling.score import score
from scheduling.solution import Meeting

ABOUT_THE_PUBLISHED = frozenset({GoalName.PEOPLE_DISTURBED, GoalName.MEETINGS_MOVED})

LABELS = {
    GoalName.MANDATORY_UNPLACED: _("固定した面談で入らなかったもの"),
    GoalName.PEOPLE_DISTURBED: _("予定が変わる人"),
    GoalName.MEETINGS_MOVED: _("動く面談"),
    GoalName.WEIGHT_UNPLACED: _("入らなかった面談希望"),
    GoalName.MINIMA_MISSED: _("最低の面談数に足りない数"),
    GoalName.GUEST_IDLE_SLOTS: _("中小の待ち(枠)"),
    GoalName.GUEST_IDLE_PERIODS: _("中小の待ち(回数)"),
    GoalName.SOFT_PAIR_RULES: _("競合が前後に続くところ"),
    GoalName.DISLIKED_SLOTS: _("避けたい時間の面談"),
    GoalName.MISSED_RESTS: _("休みなしで続くところ"),
    GoalName.HOST_IDLE_SLOTS: _("大手の空き(枠)"),
    GoalName.UNFAIRNESS: _("待ちの長い会社と短い会社の差(枠)"),
    GoalName.FAR_SPAN: _("遠方の会社の空き(枠)"),
    GoalName.LAST_SLOT: _("最後の面談がある枠"),
    GoalName.SOFT_TABLE_RULES: _("競合が隣の卓か同じ部屋になる組"),
    GoalName.HOST_TABLE_CHANGES: _("大手の卓替え"),
    GoalName.GUEST_ROOM_CHANGES: _("中小の部屋の移動(遠い部屋は多く数える)"),
}


def change_in_words(goal: str, change: int) -> str:
    """What a step does to one goal, for whoever holds a meeting over a cell."""
    return f"{LABELS[GoalName(goal)]} {change:+d}".replace("-", "−")


class Proof(StrEnum):
    """What is known about a goal."""

    PROVEN = "proven"  # no timetable does better, as long as the goals above it stay as good
    BOUNDED = "bounded"  # it could get down to the bound, not further
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One goal: its value, smaller is better, and for BOUNDED how far down it could go."""

    goal: GoalName
    value: int
    proof: Proof
    bound: int = 0


@dataclass(frozen=True, slots=True)
class Quality:
    """What the timetable is worth; `outcome` is the run's, None once the timetable or the facts changed.

    `may_differ`: the time limit or a stop ended that run, so that another one may lay the meetings differently.
    """

    placed: int
    wanted: int
    outcome: str | None
    may_differ: bool = False
    values: Mapping[str, int] = field(default_factory=dict)
    bounds: Mapping[str, int | None] = field(default_factory=dict)
    lines: tuple[GoalLine, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether it is proven that no timetable places more, nor lets guests wait less."""
        goals = ("mandatory_unplaced", "weight_unplaced", "guest_idle_slots", "guest_idle_periods")
        return bool(self.bounds) and all(self.values[goal] == self.bounds.get(goal) for goal in goals)

    @property
    def is_full(self) -> bool:
        """Whether it is proven that no timetable places more."""
        return bool(self.bounds) and self.values["weight_unplaced"] == self.bounds.get("weight_unplaced")


def quality_of(timetable: Timetable | None, standing: Standing, meetings: Sequence[Meeting], number: int) -> Quality:
    """`number` counts all meetings of the timetable, also those that the round no longer asks for.

    What the run proved is said only as long as neither the timetable nor the facts have changed since.
    """
    kept, problem = timetable.quality if timetable else {}, standing.problem
    is_as_made = (
        timetable is not None
        and kept.get("revision") == timetable.revision
        and timetable.fingerprint == standing.fingerprint
    )
    values = {str(one.goal): one.value for one in score(problem, meetings)}
    bounds = {one["goal"]: one["bound"] for one in kept.get("bills", ())} if is_as_made else {}
    return Quality(
        placed=number,
        wanted=len(problem.requests),
        outcome=timetable.outcome if timetable and is_as_made else None,
        may_differ=is_as_made and kept.get("is_repeatable") is False,
        values=values,
        bounds=bounds,
        lines=tuple(_lines(problem, values, bounds, len(problem.requests) - len(meetings))),
    )


def _lines(
    problem: Problem, values: Mapping[str, int], bounds: Mapping[str, int | None], unplaced: int
) -> Sequence[GoalLine]:
    found = []
    heaviest = max((one.weight for one in problem.requests), default=1) or 1
    for goal in sorted(problem.goals, key=lambda goal: goal.band):
        if goal.name in ABOUT_THE_PUBLISHED and not problem.previous:
            continue
        value, bound = values[goal.name], bounds.get(goal.name) or 0
        proof = _proof(value, bound, is_known=bool(bounds))
        if goal.name is GoalName.WEIGHT_UNPLACED:  # shown as a number of requests, not as their weight
            value, bound = unplaced, -(-bound // heaviest)
        found.append(GoalLine(goal.name, value, proof, bound))
    return found


def _proof(value: int, bound: int, *, is_known: bool) -> Proof:
    if value == 0 or (is_known and value <= bound):
        return Proof.PROVEN
    return Proof.BOUNDED if bound else Proof.OPEN
