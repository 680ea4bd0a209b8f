"""The answer to open boards that know everything, given before the application is troubled: they ask all the time."""

import re
from collections.abc import Iterable
from functools import cached_property
from http import HTTPMethod
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from eventops.accounts.sign_in import Cookies, Holder
from eventops.database import db
from eventops.meetings.timetable import news

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_NEWS = re.compile(r"/staff/events/([0-9]{1,9})/timetable/news")
_HEADERS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]


def init_idle(app: Flask) -> None:
    app.wsgi_app = Idle(app, app.wsgi_app)  # type: ignore[method-assign]


class Idle:
    """Nothing new, for who may look and knows the newest stamp; everybody else is the application's to answer."""

    def __init__(self, app: Flask, otherwise: "WSGIApplication") -> None:
        self._app, self._otherwise = app, otherwise
        self._cookies = Cookies(app)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not self._knows_all(environ):
            return self._otherwise(environ, start_response)
        start_response("204 NO CONTENT", _HEADERS)
        return ()

    def _knows_all(self, environ: "WSGIEnvironment") -> bool:
        asked = _NEWS.fullmatch(environ.get("PATH_INFO", ""))
        if asked is None or environ["REQUEST_METHOD"] != HTTPMethod.GET:
            return False
        holder = self._cookies.holder(environ.get("HTTP_COOKIE", ""))
        stamp = self._stamp(int(asked[1]), holder) if holder is not None else None
        return stamp is not None and environ.get("QUERY_STRING", "") == f"since={stamp}"

    def _stamp(self, event_id: int, holder: Holder) -> news.Stamp | None:
        try:
            with self._engine.connect() as connection:
                return news.stamp_for(connection, event_id, holder)
        except SQLAlchemyError:
            return None

    @cached_property
    def _engine(self) -> Engine:
        with self._app.app_context():
            return db.engine
