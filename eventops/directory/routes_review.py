"""Organisations and people who may be the same: looking at the pairs, and making one of two."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.directory import duplicates, importing, merging, queries, vocabulary
from eventops.directory.blueprint import bp
from eventops.directory.models import Organisation
from eventops.directory.rules import membership_on
from eventops.errors import NotFound


@bp.get("/staff/directory/duplicates")
@require(Permission.MANAGE_EVENTS)
def duplicates_page() -> ResponseReturnValue:
    session, today = read_session(), clock.today()
    return render_template(
        "directory/duplicates.html",
        organisations=duplicates.organisations(session),
        people=duplicates.people(session),
        likenesses=vocabulary.LIKENESSES,
        is_member=lambda organisation: membership_on(organisation.memberships, today) is not None,
    )


@bp.post("/staff/directory/duplicates/<kind>/apart")
@require(Permission.MANAGE_EVENTS)
def keep_apart(kind: str) -> ResponseReturnValue:
    merging.kind_of(kind)
    first, second = (request.form.get(name, 0, type=int) for name in ("first", "second"))
    with transaction() as session:
        duplicates.keep_apart(
            session, kind=kind, first_id=first, second_id=second, actor_id=current_user.id, now=clock.now()
        )
    flash(_("別の相手として記録しました。候補には出ません。"), "ok")
    return redirect(url_for(".duplicates_page"))


@bp.get("/staff/directory/merge/<kind>")
@require(Permission.MANAGE_EVENTS)
def merge_page(kind: str) -> ResponseReturnValue:
    """What would move, before anything does."""
    keep_id, drop_id = (request.args.get(name, 0, type=int) for name in ("keep", "drop"))
    if not keep_id or not drop_id:
        raise NotFound
    planned = merging.plan(read_session(), merging.kind_of(kind), keep_id=keep_id, drop_id=drop_id)
    return render_template(
        "directory/merge.html",
        kind=kind,
        plan=planned,
        label=merging.label,
        groups=vocabulary.GROUPS,
        table_word=vocabulary.table,
        shown=lambda group, values: _shown(kind, group, values),
    )


def _shown(kind: str, group: str, values: list[object]) -> str:
    """A group of fields as people read it: without keys, with names for ids."""
    if group == "organisation":
        found = queries.organisation(read_session(), int(str(values[0]))) if values[0] else None
        return found.name if found else ""
    if group == "name":
        shown = values[:2] if kind == "organisation" else values[:4]
        return " ".join(map(str, shown))
    words = importing.shown_words()
    return " ".join("、".join(one) if isinstance(one, list) else str(words.get(str(one), one)) for one in values if one)


@bp.post("/staff/directory/merge/<kind>")
@require(Permission.MANAGE_EVENTS)
def merge(kind: str) -> ResponseReturnValue:
    wanted = merging.kind_of(kind)
    keep_id, drop_id = (request.form.get(name, 0, type=int) for name in ("keep", "drop"))
    taken = [group for group in wanted.together if request.form.get(f"take-{group}") == "other"]
    with transaction() as session:
        act_id = merging.merge(
            session,
            wanted,
            keep_id=keep_id,
            drop_id=drop_id,
            taken=taken,
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("統合しました。取り消すときは「取り込みと統合の記録」から戻せます（%(number)s番）。", number=act_id), "ok")
    if wanted.model is Organisation:
        return redirect(url_for(".organisation", organisation_id=keep_id))
    return redirect(url_for(".person", person_id=keep_id))
