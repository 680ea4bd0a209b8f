"""Staff's pages of coordinators and of requests to meet outside of events."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from eventops import clock
from eventops.accounts import queries as accounts
from eventops.accounts.permissions import Permission, require, user_may
from eventops.cases import access, labels, queries, registry, service
from eventops.cases.blueprint import bp
from eventops.cases.forms_registry import CoordinatorForm, HandOverForm, RequestForm, of_coordinator, of_request
from eventops.cases.models import Coordinator, OneOffRequest, RequestState
from eventops.cases.queries import Load
from eventops.cases.routes_cases import mark_menu
from eventops.database import read_session, transaction
from eventops.directory import queries as directory
from eventops.errors import NotFound


@bp.get("/staff/cases/coordinators")
@require(Permission.VIEW)
def coordinators() -> ResponseReturnValue:
    """Who takes cases, with what they know and how much they carry."""
    mark_menu()
    session = read_session()
    found = queries.coordinators(session)
    loads, field = queries.loads(session), request.args.get("field", "")
    fields = sorted({word for one in found for word in one.fields})
    return render_template(
        "cases/coordinators.html",
        lines=[(one, loads.get(one.id, Load())) for one in found if not field or field in one.fields],
        fields=fields,
        field=field,
    )


@bp.route("/staff/cases/coordinators/edit", methods=["GET", "POST"])
@require(Permission.MANAGE_CASES)
def edit_coordinator() -> ResponseReturnValue:
    """The one that the address names, or a new one."""
    mark_menu()
    session, asked = read_session(), request.args.get("id", None, type=int)
    one = session.get(Coordinator, asked) if asked else None
    if asked and one is None:
        raise NotFound
    form = CoordinatorForm(data=of_coordinator(one) if one else None)
    form.offer(accounts.users(session))
    if not form.validate_on_submit() or not _saved(form, one):
        return _coordinator_page(form, one)
    flash(_("保存しました。"), "ok")
    return redirect(url_for(".coordinators"))


def _saved(form: CoordinatorForm, one: Coordinator | None) -> bool:
    try:
        with transaction() as session:
            registry.save_coordinator(
                session,
                coordinator_id=one.id if one else None,
                values=form.values(),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except registry.UserTaken:
        form.staff_user_id.errors = [_("この職員は、ほかのコーディネーターに結び付いています。")]
        return False
    return True


def _coordinator_page(form: CoordinatorForm, one: Coordinator | None) -> ResponseReturnValue:
    session = read_session()
    load = queries.loads(session).get(one.id, Load()) if one else Load()
    page = render_template("cases/coordinator.html", form=form, one=one, load=load, give=_hand_over_form(one))
    return page, 422 if form.is_submitted() else 200


def _hand_over_form(one: Coordinator | None) -> HandOverForm:
    form = HandOverForm(formdata=request.form if request.endpoint == "cases.hand_over" else None)
    people = queries.coordinators(read_session(), active_only=True)
    others = [SelectChoice(str(other.id), other.name) for other in people if one and other.id != one.id]
    form.to_id.choices = [SelectChoice("", _("選んでください")), *others]
    return form


@bp.post("/staff/cases/coordinators/<int:coordinator_id>/hand-over")
@require(Permission.MANAGE_CASES)
def hand_over(coordinator_id: int) -> ResponseReturnValue:
    one = read_session().get(Coordinator, coordinator_id)
    if one is None:
        raise NotFound
    form = _hand_over_form(one)
    if not form.validate_on_submit():
        flash(_("引き継ぐ人を選んでください。"), "bad")
        return redirect(url_for(".edit_coordinator", id=coordinator_id))
    with transaction() as session:
        moved = service.hand_over(
            session,
            from_id=coordinator_id,
            to_id=int(form.to_id.data),
            actor_id=current_user.id,
            now=clock.now(),
        )
        number = len(moved)
    flash(_("%(n)s件の主担当を引き継ぎました。", n=number), "ok")
    return redirect(url_for(".coordinators"))


@bp.get("/staff/cases/requests")
@require(Permission.SEE_CASES)
def requests() -> ResponseReturnValue:
    """Wishes to meet outside of events: received, assigned, met, declined; a coordinator sees their own."""
    mark_menu()
    session, state = read_session(), request.args.get("state", "")
    only_of = access.viewer(session).only_of
    counts = registry.request_counts(session, only_of=only_of)
    chips = [
        {"label": _("すべて"), "count": sum(counts.values()), "url": url_for(".requests"), "active": not state},
        *(
            {
                "label": labels.REQUESTS[one],
                "count": counts.get(one, 0),
                "url": url_for(".requests", state=one),
                "active": state == one,
            }
            for one in RequestState
        ),
    ]
    return render_template(
        "cases/requests.html",
        requests=registry.requests(session, state=state if state in set(RequestState) else "", only_of=only_of),
        chips=chips,
        labels=labels,
        reads_private=user_may(Permission.FOLLOW_CASES),
    )


@bp.route("/staff/cases/requests/edit", methods=["GET", "POST"])
@require(Permission.MANAGE_CASES)
def edit_request() -> ResponseReturnValue:
    """The one that the address names, or a new one."""
    mark_menu()
    session, asked = read_session(), request.args.get("id", None, type=int)
    one = session.get(OneOffRequest, asked) if asked else None
    if asked and one is None:
        raise NotFound
    form = RequestForm(data=of_request(one) if one else {"received_on": clock.today()})
    form.offer(session)
    if not form.validate_on_submit():
        choices = directory.organisation_choices(session)
        page = render_template("cases/request.html", form=form, one=one, choices=choices)
        return page, 422 if form.is_submitted() else 200
    with transaction() as writing:
        registry.save_request(
            writing,
            request_id=one.id if one else None,
            values=form.values(),
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("保存しました。"), "ok")
    return redirect(url_for(".requests"))
