"""Addresses that stand in letters and calendars: the private page of a registration, complete with host."""

from flask import current_app

from eventops import links
from eventops.registration.models import Registration
from eventops.urls import absolute

__all__ = ["absolute", "my_page", "token"]


def token(registration: Registration) -> str:
    """The key of the private page."""
    ref = links.LinkRef(registration.id, registration.link_issue)
    return links.issue(ref, links.Purpose.REGISTRATION, key=current_app.config["SECRET_KEY"])


def my_page(registration: Registration) -> str:
    """The complete address of the private page, for use outside of this site."""
    return absolute("registration.my_page", token=token(registration))
