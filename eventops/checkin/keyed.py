"""Routes whose key is a station's: it travels in a header of its own, which no form of another site can send."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from eventops import clock
from eventops.checkin import knocking, overruling, stations
from eventops.checkin.stations import StationRefused
from eventops.database import read_session, transaction
from eventops.languages import LANGUAGES

SCHEME = "Station "
ACCESS = "station"

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def in_each_language(
    bp: Blueprint, rule: str, *, endpoint: str, methods: tuple[str, ...] = ("GET",)
) -> Callable[[View], View]:
    """The language stands in the address: a cached page must not depend on a cookie."""

    def decorate(view: View) -> View:
        @wraps(view)
        def speaking(lang: str, **values: object) -> ResponseReturnValue:
            with force_locale(lang):
                return view(lang=lang, **values)

        for lang in LANGUAGES:
            bp.add_url_rule(f"/door/{lang}{rule}", endpoint, speaking, defaults={"lang": lang}, methods=[*methods])
        return cast("View", speaking)

    return decorate


def station_key(view: View) -> View:
    """Say that a station's key is needed here; the view looks it up in its own transaction."""
    view.access = ACCESS  # type: ignore[attr-defined]
    return view


def key_given() -> str:
    given = request.headers.get("Authorization", "")
    if not given.startswith(SCHEME):
        raise StationRefused
    return given.removeprefix(SCHEME)


def opened() -> tuple[object, str]:
    """What is asked, as JSON, and the key of a station. Read first: what is too large is refused before the key."""
    body = request.get_json(silent=True, force=True)
    key = key_given()
    stations.of_key(read_session(), key, now=clock.now())
    return body, key


def who_asks(key: str) -> str:
    """The station whose acts are counted; the key itself is kept nowhere."""
    return f"station:{stations.key_hash(key)}"


def count_guess(key: str, who: str) -> None:
    """A number of somebody in charge that nobody has; in a transaction of its own, as what was asked is refused."""
    knocking.count_guess(who)
    now = clock.now()
    with transaction() as session:
        station = stations.of_key(session, key, now=now)
        overruling.note_wrong(session, event_id=station.event_id, station=station.name, user_id=None, now=now)


def without_tokens(app: Flask) -> None:
    """What is asked with a station's key needs no token of a form."""
    protection = app.extensions["csrf"]
    for view in app.view_functions.values():
        if getattr(view, "access", None) == ACCESS:
            protection.exempt(view)
