"""Names that the form of an event offers for its hosts and planners: partners and committees of today."""

from sqlalchemy.orm import Session

from eventops import clock
from eventops.directory import committees, partners
from eventops.directory.rules import holds
from eventops.events.models import HostRole
from eventops.events.providers import KnownBody


def offered(session: Session) -> list[KnownBody]:
    """Partners in their usual role, then committees as planners."""
    today = clock.today()
    standing = [one for one in partners.every(session) if holds(one, today)]
    found = [KnownBody(one.organisation.name, HostRole(one.role)) for one in standing]
    return [*found, *(KnownBody(one.name, HostRole.PLANNED_BY) for one in committees.open_on(session, today))]
