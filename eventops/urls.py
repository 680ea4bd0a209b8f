"""Whole addresses, for letters, calendars and papers, whether a request is under way or the worker writes."""

from flask import current_app, has_request_context, request


def absolute(endpoint: str, **values: object) -> str:
    """An address with host."""
    base = current_app.config["PUBLIC_URL"] or (request.url_root.rstrip("/") if has_request_context() else "")
    return str(base + current_app.url_map.bind("").build(endpoint, values))
