"""Staff's pages of an organisation's times of membership and of its sites."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.directory import memberships, queries
from eventops.directory.blueprint import bp
from eventops.directory.forms import SiteForm, TermForm
from eventops.directory.models import Organisation
from eventops.errors import DomainError, NotFound

_ONE = "/staff/directory/<int:organisation_id>"


@bp.route(f"{_ONE}/memberships/new", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def new_term(organisation_id: int) -> ResponseReturnValue:
    return _term(organisation_id, None)


@bp.route(f"{_ONE}/memberships/<int:term_id>", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def edit_term(organisation_id: int, term_id: int) -> ResponseReturnValue:
    return _term(organisation_id, term_id)


def _term(organisation_id: int, term_id: int | None) -> ResponseReturnValue:
    organisation = queries.organisation(read_session(), organisation_id)
    form = TermForm(obj=_one(organisation.memberships, term_id) if term_id else None)

    def save(session: Session, fresh: Organisation) -> object:
        return memberships.save_term(
            session, fresh, term_id=term_id, values=form.values(), actor_id=current_user.id, now=clock.now()
        )

    drop_url = url_for(".drop_term", organisation_id=organisation_id, term_id=term_id) if term_id else ""
    return _saved(organisation, form, save, _("会員期間"), drop_url)


@bp.post(f"{_ONE}/memberships/<int:term_id>/drop")
@require(Permission.MANAGE_EVENTS)
def drop_term(organisation_id: int, term_id: int) -> ResponseReturnValue:
    with transaction() as session:
        organisation = queries.organisation(session, organisation_id)
        memberships.drop_term(session, organisation, term_id=term_id, actor_id=current_user.id, now=clock.now())
    return _back(organisation_id, _("会員期間を削除しました。"))


@bp.route(f"{_ONE}/sites/new", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def new_site(organisation_id: int) -> ResponseReturnValue:
    return _site(organisation_id, None)


@bp.route(f"{_ONE}/sites/<int:site_id>", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def edit_site(organisation_id: int, site_id: int) -> ResponseReturnValue:
    return _site(organisation_id, site_id)


def _site(organisation_id: int, site_id: int | None) -> ResponseReturnValue:
    organisation = queries.organisation(read_session(), organisation_id)
    form = SiteForm(obj=_one(organisation.sites, site_id) if site_id else None)

    def save(session: Session, fresh: Organisation) -> object:
        return memberships.save_site(
            session, fresh, site_id=site_id, values=form.values(), actor_id=current_user.id, now=clock.now()
        )

    drop_url = url_for(".drop_site", organisation_id=organisation_id, site_id=site_id) if site_id else ""
    return _saved(organisation, form, save, _("拠点・部門"), drop_url)


@bp.post(f"{_ONE}/sites/<int:site_id>/drop")
@require(Permission.MANAGE_EVENTS)
def drop_site(organisation_id: int, site_id: int) -> ResponseReturnValue:
    with transaction() as session:
        organisation = queries.organisation(session, organisation_id)
        memberships.drop_site(session, organisation, site_id=site_id, actor_id=current_user.id, now=clock.now())
    return _back(organisation_id, _("拠点・部門を削除しました。"))


def _saved(
    organisation: Organisation,
    form: Any,
    save: Callable[[Session, Organisation], object],
    title: str,
    drop_url: str,
) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            with transaction() as session:
                save(session, queries.organisation(session, organisation.id))
            return _back(organisation.id, _("保存しました。"))
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(words.sentence(refusal))
    page = render_template(
        "directory/part_form.html", organisation=organisation, form=form, title=title, drop_url=drop_url
    )
    return page, 422 if form.is_submitted() else 200


def _one(found: list[Any], wanted: int) -> Any:
    for one in found:
        if one.id == wanted:
            return one
    raise NotFound


def _back(organisation_id: int, said: str) -> ResponseReturnValue:
    flash(said, "ok")
    return redirect(url_for(".organisation", organisation_id=organisation_id))
