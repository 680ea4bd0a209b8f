"""Staff's pages of partners: the list, and the agreements of one organisation."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.directory import partners, queries, vocabulary
from eventops.directory.blueprint import bp
from eventops.directory.forms_bodies import PartnershipForm
from eventops.errors import DomainError, NotFound

_ONE = "/staff/directory/<int:organisation_id>/partnerships"


@bp.get("/staff/directory/partners", endpoint="partners")
@require(Permission.VIEW)
def partner_list() -> ResponseReturnValue:
    today = clock.today()
    found = partners.every(read_session())
    return render_template(
        "directory/partners.html",
        present=[one for one in found if one.ends_on is None or today < one.ends_on],
        past=[one for one in found if one.ends_on is not None and one.ends_on <= today],
        roles=vocabulary.PARTNER_ROLES,
    )


@bp.route(f"{_ONE}/new", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def new_partnership(organisation_id: int) -> ResponseReturnValue:
    return _edit(organisation_id, None, PartnershipForm())


@bp.route(f"{_ONE}/<int:partnership_id>", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def edit_partnership(organisation_id: int, partnership_id: int) -> ResponseReturnValue:
    found = partners.one(read_session(), organisation_id, partnership_id)
    return _edit(organisation_id, partnership_id, PartnershipForm(obj=found))


def _edit(organisation_id: int, partnership_id: int | None, form: PartnershipForm) -> ResponseReturnValue:
    organisation = queries.organisation(read_session(), organisation_id)
    if form.validate_on_submit():
        values, actor_id = form.values(), current_user.id
        try:
            with transaction() as session:
                partners.save(
                    session,
                    organisation_id=organisation_id,
                    partnership_id=partnership_id,
                    values=values,
                    actor_id=actor_id,
                    now=clock.now(),
                )
            return _back(organisation_id, _("保存しました。"))
        except NotFound:
            raise
        except DomainError as refusal:
            form.form_errors.append(words.sentence(refusal))
    drop_url = ""
    if partnership_id is not None:
        drop_url = url_for(".drop_partnership", organisation_id=organisation_id, partnership_id=partnership_id)
    page = render_template(
        "directory/body_form.html",
        form=form,
        title=_("%(name)sとの連携", name=organisation.name),
        back_url=url_for(".organisation", organisation_id=organisation_id),
        drop_url=drop_url,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post(f"{_ONE}/<int:partnership_id>/drop")
@require(Permission.MANAGE_EVENTS)
def drop_partnership(organisation_id: int, partnership_id: int) -> ResponseReturnValue:
    ids, actor_id = {"organisation_id": organisation_id, "partnership_id": partnership_id}, current_user.id
    with transaction() as session:
        partners.drop(session, **ids, actor_id=actor_id, now=clock.now())
    return _back(organisation_id, _("連携の記録を削除しました。"))


def _back(organisation_id: int, said: str) -> ResponseReturnValue:
    flash(said, "ok")
    return redirect(url_for(".organisation", organisation_id=organisation_id))
