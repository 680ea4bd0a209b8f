"""How the door receives somebody: the category on the badge, and a note for the desk. Never commits."""

from eventops.registration.desk import Desk
from eventops.registration.models import BadgeCategory


def handle(desk: Desk, *, attendee_id: int, category: BadgeCategory, note: str) -> None:
    """How the door receives a person; the history says that a note changed, not what it said."""
    person = desk.attendee(attendee_id)
    if (person.badge_category, person.desk_note) == (category, note):
        return
    before = {"position": person.position, "category": person.badge_category}
    person.badge_category, person.desk_note = category, note
    desk.note("handling_changed", before=before, after={"position": person.position, "category": category})
