"""The administrator's page about the organiser."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.settings import queries, service
from eventops.settings.forms import OrganiserForm
from eventops.settings.queries import OrganiserProfile

bp = Blueprint("settings", __name__)


@bp.route("/staff/settings", methods=["GET", "POST"])
@require(Permission.ADMINISTER)
def organiser() -> ResponseReturnValue:
    form = OrganiserForm(obj=queries.organiser(read_session()))
    if not form.validate_on_submit():
        return render_template("settings/organiser.html", form=form), 422 if form.is_submitted() else 200
    profile = OrganiserProfile(**{name: getattr(form, name).data or "" for name in OrganiserProfile.__slots__})
    with transaction() as session:
        service.save_organiser(session, profile=profile, actor_id=current_user.id, now=clock.now())
    flash(_("保存しました。"))
    return redirect(url_for(".organiser"))
