"""受付での扱い: how the door receives somebody, as staff decide before the day, one by one or many at once."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.events import queries as event_queries
from eventops.registration import handling, labels, queries
from eventops.registration.blueprint import bp
from eventops.registration.desk import open_desk
from eventops.registration.forms_handling import CategoryForm, HandlingForm
from eventops.registration.listing import roster_asking
from eventops.registration.models import BadgeCategory

_SHOWN: Final = 30


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


def ask_category(event_id: int, ids: Sequence[int]) -> ResponseReturnValue:
    """Which category these people are to have, and which they have now."""
    return _category_page(event_id, CategoryForm(formdata=None, joined=",".join(map(str, ids))))


def _category_page(event_id: int, form: CategoryForm) -> ResponseReturnValue:
    session = read_session()
    people = handling.people(session, event_id=event_id, ids=form.ids)
    now_had = Counter(person.badge_category for person in people)
    page = render_template(
        "registration/bulk_category.html",
        event=event_queries.event(session, event_id),
        form=form,
        people=people[:_SHOWN],
        number=len(people),
        now_had=[(word, now_had[key]) for key, word in labels.BADGES.items() if now_had[key]],
        left_out=len(form.ids) - len(people),
        badges=labels.BADGES,
        address=roster_asking.address,
    )
    return page, 422 if form.errors else 200


@bp.post("/staff/events/<int:event_id>/registrations/bulk/category")
@require(Permission.MANAGE_REGISTRATIONS)
def staff_bulk_category(event_id: int) -> ResponseReturnValue:
    form = CategoryForm()
    if not form.validate():
        return _category_page(event_id, form)
    category, actor_id = BadgeCategory(form.badge_category.data), current_user.id
    with transaction() as session:
        number = handling.categorise(
            session, event_id=event_id, ids=form.ids, category=category, actor_id=actor_id, now=clock.now()
        )
    flash(_("%(count)s名の名札の区分を「%(word)s」にしました。", count=number, word=labels.BADGES[category]), "ok")
    return redirect(roster_asking.address(event_id), 303)
