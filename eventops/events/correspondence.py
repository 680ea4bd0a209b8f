"""The event's own view of the outbox: the page belongs to letters, the event is known here."""

from flask.typing import ResponseReturnValue

from eventops.accounts.permissions import Permission, require
from eventops.database import read_session
from eventops.errors import NotFound
from eventops.events.models import Event
from eventops.mail.routes import bp, letters_page


@bp.get("/staff/events/<int:event_id>/letters")
@require(Permission.READ_LETTERS)
def event_letters(event_id: int) -> ResponseReturnValue:
    event = read_session().get(Event, event_id)
    if event is None:
        raise NotFound
    return letters_page(event)
