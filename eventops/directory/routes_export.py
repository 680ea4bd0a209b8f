"""Taking the directory away as a file that the import reads again; the audit trail says who did."""

from collections.abc import Sequence

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, searching
from eventops.accounts import audit
from eventops.accounts.permissions import Permission, require, user_may
from eventops.database import read_session, transaction
from eventops.directory import circles, committees, exporting, partners, queries
from eventops.directory.blueprint import bp
from eventops.directory.rules import membership_on
from eventops.spreadsheets.downloads import answer
from eventops.spreadsheets.exporting import ExportedFile, Format, export
from eventops.spreadsheets.writing import Value


@bp.post("/staff/directory/export")
@require(Permission.MANAGE_EVENTS)
def export_organisations() -> ResponseReturnValue:
    """The organisations that the list shows now, all pages of it."""
    today = clock.today()
    found = queries.every_organisation(read_session(), text=searching.text(), category=request.args.get("category", ""))
    table = exporting.organisations((one, membership_on(one.memberships, today)) for one in found)
    return _send("organisations", _("団体"), *table, back_url=url_for(".organisations"))


@bp.post("/staff/directory/people/export")
@require(Permission.MANAGE_EVENTS)
def export_people() -> ResponseReturnValue:
    among = circles.among(request.args.get("among", ""), clock.today())
    found = queries.people(read_session(), text=searching.text(), limit=None, among=among)
    table = exporting.people(found, sees_sensitive=user_may(Permission.SEE_SENSITIVE))
    return _send("people", _("人"), *table, back_url=url_for(".people"))


@bp.post("/staff/directory/committees/export")
@require(Permission.MANAGE_EVENTS)
def export_committees() -> ResponseReturnValue:
    session = read_session()
    table = exporting.committees((one, committees.terms(session, one.id)) for one in committees.listed(session))
    return _send("committees", _("分科会・委員会"), *table, back_url=url_for(".committees"))


@bp.post("/staff/directory/partners/export")
@require(Permission.MANAGE_EVENTS)
def export_partners() -> ResponseReturnValue:
    table = exporting.partners(partners.every(read_session()))
    return _send("partners", _("連携先"), *table, back_url=url_for(".partners"))


def _send(
    kind: str, title: str, headings: Sequence[str], rows: Sequence[Sequence[Value]], *, back_url: str
) -> ResponseReturnValue:
    asked = request.form.get("form", "")
    form = Format(asked) if asked in set(Format) else Format.XLSX
    file = export(title, headings, rows, form=form)
    if not file.lost or request.form.get("anyway"):
        _note(kind, rows=len(rows), form=form, file=file)
    return answer(file, name=_("名簿_%(title)s", title=title), form=form, back_url=back_url)


def _note(kind: str, *, rows: int, form: Format, file: ExportedFile) -> None:
    actor_id = current_user.id
    after = {"kind": kind, "rows": rows, "form": str(form), "lost": len(file.lost)}
    with transaction() as session:
        audit.record(
            session,
            actor_id=actor_id,
            action="directory_exported",
            subject=("directory", None),
            now=clock.now(),
            after=after,
        )
