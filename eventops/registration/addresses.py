"""Addresses that stand in letters and calendars: the private page of a registration, complete with host."""

from flask import current_app, has_request_context, request

from eventops import links
from eventops.registration.models import Registration


def token(registration: Registration) -> str:
    """The key of the private page."""
    ref = links.LinkRef(registration.id, registration.link_issue)
    return links.issue(ref, links.Purpose.REGISTRATION, key=current_app.config["SECRET_KEY"])


def my_page(registration: Registration) -> str:
    """The complete address of the private page, for use outside of this site."""
    return absolute("registration.my_page", token=token(registration))


def absolute(endpoint: str, **values: object) -> str:
    """An address with host, whether a request is under way or the worker writes a letter."""
    base = current_app.config["PUBLIC_URL"] or (request.url_root.rstrip("/") if has_request_context() else "")
    return base + current_app.url_map.bind("").build(endpoint, values)
