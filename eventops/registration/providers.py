"""What features above add to the private page of a registration. Each registers itself at the start."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from eventops.events.providers import PublicLink
from eventops.registration.models import Registration

LinkGiver = Callable[[Session, Registration], PublicLink | None]


@dataclass(slots=True)
class Providers:
    """Who is asked; names make registering twice harmless."""

    my_page_links: dict[str, LinkGiver] = field(default_factory=dict)


registry = Providers()


def my_page_links(session: Session, registration: Registration) -> list[PublicLink]:
    """Further private pages of this guest, such as the meetings of the company."""
    links = (give(session, registration) for give in registry.my_page_links.values())
    return [link for link in links if link is not None]
