"""The private page of a registration and the page after applying."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from eventops.accounts.permissions import private_link
from eventops.database import read_session
from eventops.events import notices, pages
from eventops.languages import language
from eventops.registration import host_words, labels
from eventops.registration.applying import joint
from eventops.registration.blueprint import bp
from eventops.registration.own import calendar, views
from eventops.registration.writing import addresses


@bp.get("/r/<token>")
@private_link
def my_page(token: str) -> ResponseReturnValue:
    session = read_session()
    page = views.my_page(session, token)
    changed = notices.since(session, page.event, page.registration.submitted_at)
    return render_template(
        "registration/my_page.html",
        page=page,
        notices=changed,
        joined=_joined(session, page),
        told=host_words.told,
        labels=labels,
    )


def _joined(session: Session, page: views.MyPage) -> list[tuple[str, str]]:
    """Events that were applied for in the same form, with the addresses of their pages."""
    others = joint.others(session, page.registration)
    return [(pages.plain_title(one.event, language()), addresses.my_page(one)) for one in others]


@bp.get("/r/<token>/thanks")
@private_link
def thanks(token: str) -> ResponseReturnValue:
    page = views.my_page(read_session(), token)
    return render_template("registration/thanks.html", page=page, labels=labels)


@bp.get("/r/<token>/calendar.ics")
@private_link
def my_calendar(token: str) -> ResponseReturnValue:
    session = read_session()
    made = calendar.event_ics(session, views.read_link(session, token).id)
    disposition = {"Content-Disposition": f"attachment; filename={made.filename}"}
    return Response(made.content, content_type=f"{made.mime_type}; charset=utf-8", headers=disposition)
