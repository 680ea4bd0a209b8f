"""Staff's pages of the zones of an event and their booths."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.events import queries, zones
from eventops.events.blueprint import bp
from eventops.events.fields import LineField, ProseField, required
from eventops.events.models import Zone
from eventops.events.zones import BoothPlan, ZonePlan

MOST_BOOTHS = 60
_HOME = "/staff/events/<int:event_id>/zones"


class BoothForm(Form):
    number = LineField(lazy_gettext("番号"), 12, render_kw={"class": "input-short"})
    exhibitor = LineField(lazy_gettext("出展者"), 160)
    exhibit = LineField(lazy_gettext("展示の内容"), 200)


class ZoneForm(FlaskForm):
    name = LineField(
        lazy_gettext("ゾーンの名前"),
        120,
        validators=[required()],
        description=lazy_gettext("例: コラボレーション企画ゾーン"),
    )
    sponsor = LineField(lazy_gettext("企画・協賛"), 160, description=lazy_gettext("例: ○○銀行・○○株式会社"))
    description = ProseField(lazy_gettext("説明"), 1000)
    booths = FieldList(FormField(BoothForm), lazy_gettext("ブース"), min_entries=1, max_entries=MOST_BOOTHS)

    def plan(self) -> ZonePlan:
        """Rows in which nothing was typed fall out."""
        rows = [entry.form.data for entry in self.booths.entries]
        booths = tuple(BoothPlan(**row) for row in rows if any(row.values()))
        return ZonePlan(self.name.data or "", self.sponsor.data or "", self.description.data or "", booths)


@bp.get(_HOME)
@require(Permission.MANAGE_EVENTS)
def zone_list(event_id: int) -> ResponseReturnValue:
    g.nav_endpoint = "events.edit"
    session = read_session()
    event = queries.event(session, event_id)
    return render_template("events/zones.html", event=event, zones=zones.of_event(session, event_id))


@bp.route(f"{_HOME}/new", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def new_zone(event_id: int) -> ResponseReturnValue:
    return _form_page(event_id, None)


@bp.route(f"{_HOME}/<int:zone_id>", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def edit_zone(event_id: int, zone_id: int) -> ResponseReturnValue:
    return _form_page(event_id, zones.zone(read_session(), event_id, zone_id))


@bp.post(f"{_HOME}/<int:zone_id>/remove")
@require(Permission.MANAGE_EVENTS)
def remove_zone(event_id: int, zone_id: int) -> ResponseReturnValue:
    with transaction() as session:
        zones.remove(session, event_id=event_id, zone_id=zone_id, actor_id=current_user.id, now=clock.now())
    flash(_("ゾーンを削除しました。"), "ok")
    return redirect(url_for(".zone_list", event_id=event_id))


def _form_page(event_id: int, row: Zone | None) -> ResponseReturnValue:
    g.nav_endpoint = "events.edit"
    event, form, zone_id = queries.event(read_session(), event_id), ZoneForm(obj=row), row.id if row else None
    if not _changed_rows(form) and form.validate_on_submit():
        plan, actor_id = form.plan(), current_user.id
        with transaction() as session:
            zones.save(session, event_id=event_id, zone_id=zone_id, plan=plan, actor_id=actor_id, now=clock.now())
        flash(_("ゾーンを保存しました。"), "ok")
        return redirect(url_for(".zone_list", event_id=event_id))
    page = render_template("events/zone.html", event=event, form=form, row=row, most=MOST_BOOTHS)
    return page, 422 if form.errors else 200


def _changed_rows(form: ZoneForm) -> bool:
    """Adding and removing booths without scripts."""
    if "add_row" in request.form and len(form.booths) < MOST_BOOTHS:
        form.booths.append_entry()
        return True
    gone = request.form.get("remove_row", "")
    if gone:
        form.booths.entries = [entry for entry in form.booths.entries if entry.name != gone]
    return bool(gone)
