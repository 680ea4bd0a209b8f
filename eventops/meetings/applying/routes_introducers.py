"""Staff's page of introducing agencies, and the sheets: all agencies counted, or one agency's own list to hand on."""

import io
from collections.abc import Collection, Sequence

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts import audit
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.meetings import rules, words
from eventops.meetings.applying import introducers as agencies
from eventops.meetings.applying.introducers import Introduced
from eventops.meetings.blueprint import bp
from eventops.meetings.models import MatchingRound
from eventops.meetings.routes_desk import open_round
from eventops.spreadsheets.exporting import Format, export
from eventops.spreadsheets.writing import Value


@bp.get("/staff/events/<int:event_id>/matching/introducers")
@require(Permission.VIEW)
def introducers(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    return render_template(
        "meetings/introducers.html",
        event=found.event,
        agencies=agencies.introducers(read_session(), found.id),
        standing=rules.standing,
        standing_words=words.STANDINGS,
    )


@bp.get("/staff/events/<int:event_id>/matching/introducers.xlsx")
@require(Permission.MANAGE_MATCHING)
def introducers_sheet(event_id: int) -> ResponseReturnValue:
    """Counts of all; with `name` the one agency's applicants, as it may know them."""
    found = open_round(event_id)
    listed = agencies.introducers(read_session(), found.id)
    name = request.args.get("name")
    if name is None:
        return _noted(found, None, _sheet(_("紹介機関"), _headings_counted(), [_counted(one) for one in listed]))
    wanted = next((one for one in listed if agencies.folded(one.name) == agencies.folded(name)), None)
    if wanted is None:
        raise NotFound
    rows = _listed(wanted, agencies.published(read_session(), found.id))
    return _noted(found, wanted.name, _sheet(wanted.name, _headings_listed(), rows))


def _noted(found: MatchingRound, name: str | None, made: ResponseReturnValue) -> ResponseReturnValue:
    subject, event_id, actor_id = ("matching_round", found.id), found.event_id, current_user.id
    after = {"list": "introducers"} if name is None else {"list": "introducers", "introducer": name}
    with transaction() as session:
        audit.record(
            session,
            actor_id=actor_id,
            action="introducers_exported",
            subject=subject,
            event_id=event_id,
            now=clock.now(),
            after=after,
        )
    return made


def _headings_counted() -> list[str]:
    return [_("紹介機関"), _("企業"), _("応募"), _("採択"), _("面談")]


def _counted(one: Introduced) -> Sequence[Value]:
    return [one.name, one.companies, len(one.applications), one.accepted, one.meetings]


def _headings_listed() -> list[str]:
    return [_("応募番号"), _("応募企業"), _("ニーズ"), _("大手企業"), _("状態"), _("面談")]


def _listed(agency: Introduced, published: Collection[int]) -> list[Sequence[Value]]:
    """For a third party: a company that is not named in public is not named here either, whatever its guests know."""
    return [
        [
            one.code,
            one.organisation.name,
            f"{one.need.code} {one.need.title}",
            words.public_host(one.need),
            str(words.STANDINGS[rules.standing(one.state, one.rating)]),
            one.id in published,
        ]
        for one in agency.applications
    ]


def _sheet(title: str, headings: Sequence[str], rows: Sequence[Sequence[Value]]) -> ResponseReturnValue:
    made = export(title, headings, rows, form=Format.XLSX)
    return send_file(
        io.BytesIO(made.data), mimetype=made.mimetype, as_attachment=True, download_name=title + made.ending
    )
