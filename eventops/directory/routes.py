"""Staff's pages of the directory: the list in the order of the syllabary and one organisation."""

from types import SimpleNamespace
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, searching
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.directory import (
    happenings,
    known_bodies,
    partners,
    queries,
    routes_acts,
    routes_committees,
    routes_export,
    routes_import,
    routes_memberships,
    routes_names,
    routes_partners,
    routes_people,
    routes_review,
    service,
    vocabulary,
)
from eventops.directory.blueprint import bp
from eventops.directory.forms import OrganisationForm
from eventops.directory.models import Organisation
from eventops.directory.rules import membership_on
from eventops.events import providers

__all__ = [
    "bp",
    "routes_acts",
    "routes_committees",
    "routes_export",
    "routes_import",
    "routes_memberships",
    "routes_names",
    "routes_partners",
    "routes_people",
    "routes_review",
]


def init_directory() -> None:
    """Tell the form of an event whom it may name."""
    providers.registry.bodies["directory"] = known_bodies.offered


@bp.before_request
def _frame() -> None:
    """Every page of this feature stands under 名簿."""
    g.nav_endpoint = "directory.organisations"


@bp.get("/staff/directory")
@require(Permission.VIEW)
def organisations() -> ResponseReturnValue:
    text, category = searching.text(), request.args.get("category", "")
    session = read_session()
    return render_template(
        "directory/organisations.html",
        page=queries.organisations(session, text=text, category=category, page=request.args.get("page", 1, type=int)),
        people=queries.people(session, text=text) if text else [],
        chips=_chips(queries.category_counts(session), category),
        text=text,
        **_words(),
    )


def _chips(counts: dict[str, int], wanted: str) -> list[SimpleNamespace]:
    kinds: list[tuple[str, Any, int]] = [("", _("すべて"), sum(counts.values()))]
    kinds += [(str(kind), word, counts.get(kind, 0)) for kind, word in vocabulary.CATEGORIES.items()]
    return [
        SimpleNamespace(
            label=word,
            count=count,
            url=url_for(".organisations", category=kind or None),
            active=wanted == kind,
        )
        for kind, word, count in kinds
        if count or not kind
    ]


def _words() -> dict[str, Any]:
    today = clock.today()
    return {
        "category_words": vocabulary.CATEGORIES,
        "size_words": vocabulary.SIZES,
        "membership_of": lambda organisation: membership_on(organisation.memberships, today),
    }


@bp.get("/staff/directory/<int:organisation_id>")
@require(Permission.VIEW)
def organisation(organisation_id: int) -> ResponseReturnValue:
    session = read_session()
    found = queries.organisation(session, organisation_id)
    return render_template(
        "directory/organisation.html",
        organisation=found,
        people=[person for person in found.people if person.merged_into_id is None],
        merged_into=queries.organisation(session, found.merged_into_id) if found.merged_into_id else None,
        history=happenings.of_organisation(session, organisation_id),
        partnerships=partners.of_organisation(session, organisation_id),
        partner_roles=vocabulary.PARTNER_ROLES,
        site_words=vocabulary.SITE_KINDS,
        **_words(),
    )


@bp.route("/staff/directory/new", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def new_organisation() -> ResponseReturnValue:
    return _edit(None, OrganisationForm())


@bp.route("/staff/directory/<int:organisation_id>/edit", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def edit_organisation(organisation_id: int) -> ResponseReturnValue:
    found = queries.organisation(read_session(), organisation_id)
    current = membership_on(found.memberships, clock.today())
    member = {"is_member": current is not None, "member_number": current.member_number if current else ""}
    return _edit(found, OrganisationForm(obj=found, data=member))


def _edit(found: Organisation | None, form: OrganisationForm) -> ResponseReturnValue:
    if not form.validate_on_submit():
        page = render_template("directory/organisation_form.html", form=form, organisation=found)
        return page, 422 if form.is_submitted() else 200
    with transaction() as session:
        saved = service.save_organisation(
            session,
            organisation_id=found.id if found else None,
            values=form.values(),
            actor_id=current_user.id,
            now=clock.now(),
            today=clock.today(),
        )
        organisation_id = saved.id
    flash(_("保存しました。"), "ok")
    return redirect(url_for(".organisation", organisation_id=organisation_id))
