"""受付での扱い: how the door receives somebody, as staff decide before the day."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.registration import handling, queries
from eventops.registration.blueprint import bp
from eventops.registration.desk import open_desk
from eventops.registration.forms_handling import HandlingForm
from eventops.registration.models import BadgeCategory


@bp.route("/staff/registrations/<int:registration_id>/people/<int:attendee_id>/handling", methods=["GET", "POST"])
@require(Permission.MANAGE_REGISTRATIONS)
def staff_handling(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    registration = queries.registration(read_session(), registration_id)
    person = next((one for one in registration.attendees if one.id == attendee_id), None)
    if person is None:
        raise NotFound
    form = HandlingForm(obj=person)
    if form.validate_on_submit():
        category, note = BadgeCategory(form.badge_category.data), (form.desk_note.data or "").strip()
        actor_id = current_user.id
        with transaction() as session:
            desk = open_desk(session, registration_id, now=clock.now(), actor_id=actor_id)
            handling.handle(desk, attendee_id=attendee_id, category=category, note=note)
        flash(_("受付での扱いを保存しました。"), "ok")
        return redirect(url_for(".staff_one", registration_id=registration_id), 303)
    back_url = url_for(".staff_one", registration_id=registration_id)
    page = render_template(
        "registration/handling.html", event=registration.event, person=person, form=form, back_url=back_url
    )
    return page, 422 if form.is_submitted() else 200
