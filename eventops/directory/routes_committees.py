"""Staff's pages of committees: the list, one with those who belong to it and what it held, and the forms."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.directory import committees, lookup, queries, vocabulary
from eventops.directory.blueprint import bp
from eventops.directory.bodies import Committee, CommitteeTerm
from eventops.directory.forms_bodies import CommitteeForm, CommitteeTermForm, NewMemberForm
from eventops.directory.models import Person
from eventops.errors import DomainError, NotFound
from eventops.spreadsheets.values import BadValue

_ALL = "/staff/directory/committees"
_ONE = f"{_ALL}/<int:committee_id>"


@bp.get(_ALL, endpoint="committees")
@require(Permission.VIEW)
def committee_list() -> ResponseReturnValue:
    session, today = read_session(), clock.today()
    return render_template(
        "directory/committees.html",
        committees=committees.listed(session),
        counts=committees.counts(session, today),
        kinds=vocabulary.COMMITTEE_KINDS,
    )


@bp.get(_ONE)
@require(Permission.VIEW)
def committee(committee_id: int) -> ResponseReturnValue:
    session, today = read_session(), clock.today()
    found = committees.one(session, committee_id)
    terms = committees.terms(session, committee_id)
    return render_template(
        "directory/committee.html",
        committee=found,
        present=[term for term in terms if term.ends_on is None or today < term.ends_on],
        past=[term for term in terms if term.ends_on is not None and term.ends_on <= today],
        today=today,
        events=committees.events(session, found),
        kinds=vocabulary.COMMITTEE_KINDS,
        roles=vocabulary.COMMITTEE_ROLES,
    )


@bp.route(f"{_ALL}/new", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def new_committee() -> ResponseReturnValue:
    return _edit(None, CommitteeForm())


@bp.route(f"{_ONE}/edit", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def edit_committee(committee_id: int) -> ResponseReturnValue:
    found = committees.one(read_session(), committee_id)
    return _edit(found, CommitteeForm(obj=found))


def _edit(found: Committee | None, form: CommitteeForm) -> ResponseReturnValue:
    if form.validate_on_submit():
        known, actor_id = found.id if found else None, current_user.id
        try:
            with transaction() as session:
                saved = committees.save(
                    session, committee_id=known, values=form.values(), actor_id=actor_id, now=clock.now()
                ).id
            return _back(saved, _("保存しました。"))
        except committees.NameTaken as refusal:
            form.name.errors = [words.sentence(refusal)]
    back_url = url_for(".committee", committee_id=found.id) if found else url_for(".committees")
    title = found.name if found else _("分科会・委員会を追加")
    return _form_page(form, title, back_url)


@bp.route(f"{_ONE}/members/new", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def new_committee_term(committee_id: int) -> ResponseReturnValue:
    found, form = committees.one(read_session(), committee_id), NewMemberForm(starts_on=clock.today())
    form.found = _meant(form.person.data or "")
    if form.validate_on_submit() and _is_saved(form, committee_id, None, form.found[0].id):
        return _back(committee_id, _("保存しました。"))
    return _form_page(form, *_term_heading(found, None))


@bp.route(f"{_ONE}/members/<int:term_id>", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def edit_committee_term(committee_id: int, term_id: int) -> ResponseReturnValue:
    session = read_session()
    found, term = committees.one(session, committee_id), committees.term(session, committee_id, term_id)
    form = CommitteeTermForm(obj=term)
    if form.validate_on_submit() and _is_saved(form, committee_id, term_id, term.person_id):
        return _back(committee_id, _("保存しました。"))
    return _form_page(form, *_term_heading(found, term))


def _is_saved(form: CommitteeTermForm, committee_id: int, term_id: int | None, person_id: int) -> bool:
    """Whether the term is kept now; else the form says why not."""
    actor_id = current_user.id
    try:
        with transaction() as session:
            committees.save_term(
                session,
                committee_id=committee_id,
                term_id=term_id,
                values=form.values(person_id),
                actor_id=actor_id,
                now=clock.now(),
            )
    except NotFound:
        raise
    except DomainError as refusal:
        form.form_errors.append(words.sentence(refusal))
        return False
    return True


def _meant(typed: str) -> list[Person]:
    """Who is meant: by number, else everybody whose name, reading or address has the words."""
    session = read_session()
    if not typed.strip():
        return []
    try:
        return [session.get_one(Person, lookup.read(session).person(typed))]
    except BadValue:
        found = list(queries.people(session, text=typed.strip()))
    same = typed.strip().lower()
    return [one for one in found if one.email.lower() == same] or found


def _term_heading(found: Committee, term: CommitteeTerm | None) -> tuple[str, str, str]:
    back_url = url_for(".committee", committee_id=found.id)
    if term is None:
        return _("%(name)sにメンバーを追加", name=found.name), back_url, ""
    drop_url = url_for(".drop_committee_term", committee_id=found.id, term_id=term.id)
    return f"{term.person.full_name} ― {found.name}", back_url, drop_url


@bp.post(f"{_ONE}/members/<int:term_id>/drop")
@require(Permission.MANAGE_EVENTS)
def drop_committee_term(committee_id: int, term_id: int) -> ResponseReturnValue:
    actor_id = current_user.id
    with transaction() as session:
        committees.drop_term(session, committee_id=committee_id, term_id=term_id, actor_id=actor_id, now=clock.now())
    return _back(committee_id, _("メンバーの記録を削除しました。"))


def _form_page(form: Any, title: str, back_url: str, drop_url: str = "") -> ResponseReturnValue:
    page = render_template("directory/body_form.html", form=form, title=title, back_url=back_url, drop_url=drop_url)
    return page, 422 if form.is_submitted() else 200


def _back(committee_id: int, said: str) -> ResponseReturnValue:
    flash(said, "ok")
    return redirect(url_for(".committee", committee_id=committee_id))
