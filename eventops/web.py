"""The web's edge: security headers, error pages, languages, navigation, template filters."""

import logging
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from eventops import statuses, unasked, wareki, words
from eventops.accounts.permissions import Permission, user_may
from eventops.accounts.sign_in import start_url
from eventops.database import db, read_session
from eventops.directory import names
from eventops.errors import DomainError
from eventops.events import english
from eventops.events.models import Event
from eventops.languages import Words, language
from eventops.settings import queries as settings_queries

log = logging.getLogger(__name__)

ERROR_STATUS = {
    "not_found": 404,
    "bad_link": 404,
    "reset_link_over": 404,
    "station_refused": 401,
    "bad_station_code": 404,
    "not_yours": 403,
    "stale": 409,
    "need_rewritten": 409,
    "already_running": 409,
    "remedy_gone": 409,
    "changed_since": 409,
    "proposal_settled": 409,
    "proposal_outdated": 409,
    "countered_already": 409,
    "line_settled": 409,
    "taken_back_already": 409,
    "act_undone_already": 409,
    "act_changed_since": 409,
    "act_gone_since": 409,
    "act_used_since": 409,
}

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of a menu."""

    label: str
    url: str
    active: bool


class RowNumber(IntegerConverter):
    """`<int:…>` in URLs: a number that no table reaches is a page that does not exist, not an error of the database."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**31 - 1)


def init_web(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    proxies = int(app.config["TRUSTED_PROXIES"])
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    CSRFProtect(app)
    unasked.init_unasked(app)
    Babel(app, locale_selector=language).domain_instance = Words()
    app.after_request(_security_headers)
    app.context_processor(_page_context)
    app.jinja_env.globals.update(event_nav_for=event_nav_for, user_may=user_may, Permission=Permission)
    app.jinja_env.globals.update(has_page=lambda endpoint: endpoint in app.view_functions)
    app.jinja_env.globals.update(
        action_word=lambda code: words.ACTIONS.get(code, code), subject_word=lambda code: words.SUBJECTS.get(code, code)
    )
    app.jinja_env.filters.update(
        wareki=lambda day: wareki.wareki_date(day) if _reads_japanese() else wareki.date_en(day),
        date_ja=lambda day: wareki.date_ja(day) if _reads_japanese() else wareki.date_en(day),
        date_en=wareki.date_en,
        clock=wareki.clock,
        abbreviated=names.abbreviated,
        said=lambda one, name: english.said(one, name, "ja" if _reads_japanese() else "en"),
        titled=lambda one: one.title if _reads_japanese() else one.title_en or one.title,
        yen=lambda amount: f"{amount:,}円" if _reads_japanese() else f"¥{amount:,}",
    )
    _register_errors(app)


def _reads_japanese() -> bool:
    """Whether what is written now is read in Japanese: the reader's page, or a letter to somebody else."""
    locale = get_locale()
    return locale is None or locale.language == "ja"


def _security_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _page_context() -> dict[str, object]:
    lang = language()
    other = "en" if lang == "ja" else "ja"
    return {
        "lang": lang,
        "lang_switch_url": f"{request.path}?{urlencode({**request.args.to_dict(), 'lang': other})}",
        "organiser": settings_queries.organiser(read_session()),
        "home_url": start_url() if current_user.is_authenticated else url_for("events.home"),
        "public_home_url": url_for("events.public_list"),
        "sign_out_url": url_for("accounts.sign_out"),
        "global_nav": _global_nav() if current_user.is_authenticated else [],
    }


def _global_nav() -> list[NavItem]:
    entries = [
        (_("ホーム"), "events.home", Permission.VIEW),
        (_("予定表"), "events.staff_calendar", Permission.VIEW),
        (_("名簿"), "directory.organisations", Permission.VIEW),
        (_("案件"), "cases.index", Permission.SEE_CASES),
        (_("会計"), "billing.bank", Permission.MANAGE_MONEY),
        (_("連絡"), "mail.outbox", Permission.READ_LETTERS),
        (_("職員"), "accounts.users", Permission.ADMINISTER),
        (_("設定"), "settings.organiser", Permission.ADMINISTER),
        (_("操作の記録"), "accounts.audit_trail", Permission.ADMINISTER),
    ]
    return [
        NavItem(label, url_for(endpoint), _is_inside(endpoint))
        for label, endpoint, permission in entries
        if endpoint in current_app.view_functions and user_may(permission)
    ]


def event_nav_for(event_id: int, *, has_matching: bool) -> list[NavItem]:
    """The event's frame, in the same order everywhere; what the event or the role does not have is left out."""
    entries = [
        (_("概要"), "events.overview", Permission.VIEW, True),
        (_("募集"), "events.edit", Permission.MANAGE_EVENTS, True),
        (_("参加者"), "registration.staff_list", Permission.VIEW, True),
        (_("マッチング"), "meetings.desk", Permission.VIEW, has_matching),
        (_("時間割"), "meetings.board", Permission.VIEW, has_matching),
        (_("当日"), "meetings.day", Permission.VIEW, has_matching),
        (_("入金"), "billing.event_money", Permission.MANAGE_MONEY, True),
        (_("受付"), "checkin.monitor", Permission.RECEIVE, True),
        (_("連絡"), "mail.event_letters", Permission.READ_LETTERS, True),
        (_("印刷"), "printing.papers", Permission.VIEW, True),
        (_("記録"), "cases.event_records", Permission.VIEW, has_matching),
    ]
    return [
        NavItem(label, url_for(endpoint, event_id=event_id), _is_inside(endpoint))
        for label, endpoint, permission, shown in entries
        if shown and endpoint in current_app.view_functions and user_may(permission)
    ]


def _is_inside(endpoint: str) -> bool:
    return request.endpoint == endpoint or g.get("nav_endpoint") == endpoint


def _register_errors(app: Flask) -> None:
    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> ResponseReturnValue:
        return _error_page(words.sentence(error), ERROR_STATUS.get(error.code, 422), error.code)

    @app.errorhandler(CSRFError)
    def no_csrf(_error: CSRFError) -> ResponseReturnValue:
        return _error_page(
            _("画面を開いてから時間がたちました。ページを読み込み直して、もう一度お試しください。"),
            400,
            "csrf",
        )

    @app.errorhandler(DataError)
    @app.errorhandler(OverflowError)
    def out_of_range(_error: Exception) -> ResponseReturnValue:
        return _error_page(str(statuses.STATUS[400]), 400, "bad_request")

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        code = error.code or 500
        if error.response is not None or code < 400:
            return error
        return _error_page(str(statuses.STATUS.get(code, statuses.STATUS[400])), code, str(code))

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:
        log.exception("unexpected error at %s", request.endpoint, exc_info=error)
        return _error_page(str(statuses.STATUS[500]), 500, "500")


def _error_page(text: str, status: int, code: str) -> ResponseReturnValue:
    db.session.rollback()
    if request.accept_mimetypes.best == "application/json" or request.is_json:
        return jsonify(error=code, message=text), status
    if request.headers.get("HX-Request"):
        return text, status
    if request.path.startswith("/staff/") and current_user.is_authenticated:
        return _staff_error_page(text, status), status
    return render_template("errors/error.html", text=text, status=status), status


def _staff_error_page(text: str, status: int) -> str:
    """In the frame of the event where it happened, with a way back to where the reader came from."""
    event = read_session().get(Event, (request.view_args or {}).get("event_id", 0))
    return render_template("errors/staff.html", text=text, status=status, event=event, back_url=_came_from())


def _came_from() -> str:
    """The page of this site that led here, unless it is this one."""
    referrer = request.referrer or ""
    if not referrer.startswith(request.host_url) or urlsplit(referrer).path == request.path:
        return ""
    return "/" + referrer.removeprefix(request.host_url).lstrip("/")
