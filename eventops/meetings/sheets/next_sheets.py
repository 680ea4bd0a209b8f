"""Which sheet comes next: the first of those that follow of which the round has nothing yet."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from eventops.meetings.models import Application, CompetitorPair, Exclusion, MeetingTable, Need, ParticipantLimit, Room
from eventops.meetings.sheets.importing import SHEETS
from eventops.meetings.sheets.scope import Sheet


def _of_round(round_id: int) -> Mapping[str, Select[int]]:
    needs = select(Need.id).where(Need.round_id == round_id)
    return {
        "rooms": select(MeetingTable.id).join(MeetingTable.room).where(Room.round_id == round_id),
        "slots": needs,
        "needs": needs,
        "applications": select(Application.id).where(Application.round_id == round_id),
        "limits": select(ParticipantLimit.id).where(ParticipantLimit.round_id == round_id),
        "pairs": select(CompetitorPair.id).where(CompetitorPair.round_id == round_id),
        "exclusions": select(Exclusion.id).join(Exclusion.need).where(Need.round_id == round_id),
    }


_ORDER: Final = tuple(SHEETS)


def after(session: Session, round_id: int, kind: str) -> Sheet | None:
    """A round begins with the usual slots, so those of a sheet are asked for until there are needs."""
    rows = _of_round(round_id)
    following = _ORDER[_ORDER.index(kind) + 1 :]
    return next((SHEETS[one] for one in following if session.scalar(rows[one].limit(1)) is None), None)
