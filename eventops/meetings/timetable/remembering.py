"""What the last run said about the draft, kept while something is tried, and said again when that is taken back."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from eventops.meetings.timetable import problems
from eventops.meetings.timetable.models import Timetable
from scheduling import format as problem_format


def remember(draft: Timetable) -> dict[str, Any]:
    """What was said about the draft as it lies, as JSON."""
    return {
        "quality": draft.quality,
        "is_as_made": draft.quality.get("revision") == draft.revision,
        "outcome": draft.outcome,
        "fingerprint": draft.fingerprint,
        "made_at": draft.made_at.isoformat() if draft.made_at else None,
    }


def say_again(session: Session, draft: Timetable, said: Mapping[str, Any]) -> None:
    """Facts and draft lie again as they did when it was said."""
    draft.quality = {**said["quality"], "revision": draft.revision if said["is_as_made"] else -1}
    draft.outcome, draft.fingerprint = said["outcome"], said["fingerprint"]
    draft.made_at = dt.datetime.fromisoformat(said["made_at"]) if said["made_at"] else None
    draft.problem = problem_format.write(problems.build(session, draft.round_id))
