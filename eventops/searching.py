"""What staff typed into a search box, kept in their session: addresses of pages end up in logs, names must not."""

import secrets
from typing import Final

from flask import request
from flask import session as cookie

PARAMETER: Final = "s"
LONGEST: Final = 80
_KEPT: Final = "searches"
_MOST: Final = 6


def text() -> str:
    """What this page's address stands for, or nothing when it was not typed in this session."""
    return str(_searches().get(request.args.get(PARAMETER, ""), ""))


def keep(typed: str) -> str:
    """Remember it, and give the short key that stands for it in addresses; the oldest searches are forgotten."""
    wanted = typed[:LONGEST]
    known = _searches()
    key = next((key for key, kept in known.items() if kept == wanted), None) or secrets.token_urlsafe(4)
    others = [(other, kept) for other, kept in known.items() if other != key]
    cookie[_KEPT] = [*others, (key, wanted)][-_MOST:]
    return key


def _searches() -> dict[str, str]:
    return dict(cookie.get(_KEPT, ()))
