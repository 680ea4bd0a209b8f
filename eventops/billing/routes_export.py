"""Taking the list of payments away as a table: its columns, and the rows that the filter shows."""

from collections.abc import Iterator, Sequence
from typing import Final

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from eventops import clock, searching
from eventops.accounts import audit
from eventops.accounts.permissions import Permission, require
from eventops.billing import labels, ledgers, terms
from eventops.billing.blueprint import bp
from eventops.billing.ledgers import Account, Filter, Show
from eventops.billing.terms import Terms
from eventops.database import read_session, transaction
from eventops.events import queries as event_queries
from eventops.registration import labels as registration_labels
from eventops.spreadsheets.downloads import answer
from eventops.spreadsheets.exporting import Format, export
from eventops.spreadsheets.writing import Value

HEADINGS: Final = (
    lazy_gettext("番号"),
    lazy_gettext("会社・団体"),
    lazy_gettext("申込者"),
    lazy_gettext("方法"),
    lazy_gettext("参加費"),
    lazy_gettext("入金"),
    lazy_gettext("残り"),
    lazy_gettext("状態"),
    lazy_gettext("期限"),
    lazy_gettext("お願い"),
)


@bp.post("/staff/events/<int:event_id>/money/export")
@require(Permission.MANAGE_MONEY)
def export_money(event_id: int) -> ResponseReturnValue:
    """All pages of what is shown; the history says who took it away."""
    session, form = read_session(), _form()
    event, wanted = event_queries.event(session, event_id), Filter(_show(), searching.text())
    agreed = terms.of_event(session, event)
    found = ledgers.accounts(session, event, agreed, wanted, today=clock.today(), page=None)
    file = export(_("入金の一覧"), list(map(str, HEADINGS)), rows(found, agreed), form=form)
    if not file.lost or request.form.get("anyway"):
        _note(event_id, number=len(found), show=wanted.show, form=form)
    back_url = url_for(".event_money", event_id=event_id, show=str(wanted.show))
    return answer(file, name=f"{_('入金')}_{event.slug}", form=form, back_url=back_url, event=event)


def _form() -> Format:
    asked = request.form.get("form", "")
    return Format(asked) if asked in set(Format) else Format.XLSX


def _show() -> Show:
    asked = request.args.get("show", "")
    return Show(asked) if asked in set(Show) else Show.ALL


def rows(found: Sequence[Account], agreed: Terms) -> Iterator[list[Value]]:
    """What the list says of each application."""
    for one in found:
        registration = one.registration
        yield [
            f"{registration.number:04d}",
            registration.organisation_name,
            registration.applicant_name,
            str(registration_labels.PAYMENTS[registration.payment_method]),
            registration.total_yen,
            one.paid_yen,
            one.open_yen,
            str(labels.STANDINGS[one.standing][0]),
            terms.due_on(agreed, registration, registration.event) if one.open_yen > 0 else "",
            one.reminded_at.astimezone(clock.TOKYO).date() if one.reminded_at else "",
        ]


def _note(event_id: int, *, number: int, show: Show, form: Format) -> None:
    actor_id, after = current_user.id, {"rows": number, "show": str(show), "form": str(form)}
    with transaction() as session:
        audit.record(
            session,
            actor_id=actor_id,
            action="money_exported",
            subject=("event", event_id),
            event_id=event_id,
            now=clock.now(),
            after=after,
        )
