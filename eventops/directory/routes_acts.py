"""What was done to the directory as a whole - imports, merges, decisions about names - and taking it back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.directory import acts, vocabulary
from eventops.directory.blueprint import bp
from eventops.errors import DomainError, NotFound


@bp.get("/staff/directory/acts", endpoint="acts")
@require(Permission.MANAGE_EVENTS)
def acts_page() -> ResponseReturnValue:
    return _page()


def _page(refusal: str = "") -> ResponseReturnValue:
    number = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    found, total = acts.page(read_session(), number=number)
    page = render_template(
        "directory/acts.html",
        acts=found,
        total=total,
        page=number,
        pages=max(1, -(-total // acts.PAGE)),
        kinds=vocabulary.ACTS,
        sheet_kinds=vocabulary.SHEET_KINDS,
        refusal=refusal,
    )
    return page, 409 if refusal else 200


@bp.post("/staff/directory/acts/<int:act_id>/undo")
@require(Permission.MANAGE_EVENTS)
def undo_act(act_id: int) -> ResponseReturnValue:
    """All of it, or nothing with the reason."""
    try:
        with transaction() as session:
            acts.undo(session, act_id=act_id, actor_id=current_user.id, now=clock.now())
    except NotFound:
        raise
    except DomainError as refusal:
        return _page(words.sentence(refusal))
    flash(_("取り消して、元に戻しました。"), "ok")
    return redirect(url_for(".acts"))
