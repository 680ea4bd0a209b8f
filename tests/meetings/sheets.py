"""Files to import in tests: the demonstration's own sheets, and small ones written on the spot."""

from pathlib import Path

from sqlalchemy.orm import Session

import eventops.demo
from eventops.directory import importing as directory_importing
from eventops.events.models import PartKind
from eventops.meetings.frame import rounds
from eventops.meetings.models import MatchingRound
from eventops.meetings.sheets import importing
from eventops.uploads import Upload
from tests.factories import NOW, make_event, make_part

DATA = Path(eventops.demo.__file__).parent / "data"
MEETING_SHEETS = {
    "rooms": "rooms.csv",
    "slots": "slots.csv",
    "needs": "needs.csv",
    "applications": "applications.csv",
    "limits": "availability.csv",
    "pairs": "competitors.csv",
}


def demo_file(name: str) -> Upload:
    return Upload(name, (DATA / name).read_bytes())


def written(*lines: str, encoding: str = "utf-8", filename: str = "sheet.csv") -> Upload:
    return Upload(filename, "\r\n".join(lines).encode(encoding))


def make_round(session: Session, *, slug: str = "m08") -> MatchingRound:
    """The round of a closed matching from one to ten to five, with its default slots."""
    event = make_event(session, slug=slug)
    make_part(session, event, kind=PartKind.CLOSED_MATCHING, title="第1部 クローズドマッチング")
    found = rounds.ensure(session, event.id)
    assert found is not None
    return found


def load_directory(session: Session) -> None:
    for kind in ("organisations", "people"):
        upload = demo_file(f"{kind}.csv")
        directory_importing.carry_out(session, kind=kind, upload=upload, actor_id=None, now=NOW)


def load_round(session: Session, *kinds: str) -> MatchingRound:
    """The demonstration's round with the sheets named, or with all of them."""
    load_directory(session)
    found = make_round(session)
    for kind in kinds or MEETING_SHEETS:
        upload = demo_file(MEETING_SHEETS[kind])
        importing.carry_out(session, round_id=found.id, kind=kind, upload=upload, actor_id=None, now=NOW)
    session.flush()
    return found
