"""The event's own view of the outbox."""

from flask.typing import ResponseReturnValue

from eventops.accounts.permissions import Permission, require
from eventops.database import read_session
from eventops.errors import NotFound
from eventops.events.models import Event
from eventops.events.routes import bp
from eventops.mail.routes import letters_page


@bp.get("/staff/events/<int:event_id>/letters")
@require(Permission.READ_LETTERS)
def letters(event_id: int) -> ResponseReturnValue:
    event = read_session().get(Event, event_id)
    if event is None:
        raise NotFound
    return letters_page(event)
