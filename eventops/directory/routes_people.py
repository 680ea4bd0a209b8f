"""Staff's pages of people: the list by reading, one person with consents and history, and the form."""

from types import SimpleNamespace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, searching
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.directory import circles, committees, consents, happenings, kana, lookup, people, queries, vocabulary
from eventops.directory.blueprint import bp
from eventops.directory.forms import ConsentForm, PersonForm
from eventops.directory.models import ConsentPurpose, Organisation, Person

_ONE = "/staff/directory/people/<int:person_id>"


@bp.get("/staff/directory/people", endpoint="people")
@require(Permission.VIEW)
def people_list() -> ResponseReturnValue:
    session, text, today = read_session(), searching.text(), clock.today()
    key, number = request.args.get("among", ""), request.args.get("page", 1, type=int)
    page = queries.page_of_people(session, text=text, page=number, among=circles.among(key, today))
    chips = [_chip(one, key) for one in circles.offered(session, today)]
    return render_template("directory/people.html", page=page, text=text, row_of=kana.row_of, chips=chips)


def _chip(one: circles.Circle, wanted: str) -> SimpleNamespace:
    url = url_for(".people", among=one.key or None)
    return SimpleNamespace(label=one.label, count=one.count, url=url, active=one.key == wanted)


@bp.get(_ONE)
@require(Permission.VIEW)
def person(person_id: int) -> ResponseReturnValue:
    consent = ConsentForm(formdata=None, day=clock.today())
    consent.offer(consents.every_host(read_session()))
    return _page(person_id, consent)


def _page(person_id: int, consent: ConsentForm, status: int = 200) -> ResponseReturnValue:
    session = read_session()
    found = queries.person(session, person_id)
    page = render_template(
        "directory/person.html",
        person=found,
        merged_into=queries.person(session, found.merged_into_id) if found.merged_into_id else None,
        history=happenings.of_person(session, found),
        in_forms=happenings.agreed_by(session, found),
        committees=committees.of_person(session, person_id),
        committee_roles=vocabulary.COMMITTEE_ROLES,
        consent=consent,
        purposes=vocabulary.PURPOSES,
        sources=vocabulary.SOURCES,
    )
    return page, status


@bp.post(f"{_ONE}/consents")
@require(Permission.MANAGE_REGISTRATIONS)
def note_consent(person_id: int) -> ResponseReturnValue:
    form, hosts = ConsentForm(), consents.every_host(read_session())
    form.offer(hosts)
    if not form.validate_on_submit():
        return _page(person_id, form, 422)
    word = form.word(hosts, current_user.id)
    purpose, agrees = ConsentPurpose(form.purpose.data), form.agrees.data == "yes"
    with transaction() as session:
        people.note_consent(session, person_id=person_id, purpose=purpose, word=word, agrees=agrees, now=clock.now())
    flash(_("記録しました。"), "ok")
    return redirect(url_for(".person", person_id=person_id))


@bp.route("/staff/directory/people/new", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def new_person() -> ResponseReturnValue:
    organisation = read_session().get(Organisation, request.args.get("organisation", 0, type=int))
    return _edit(None, PersonForm(belongs_to=_named(organisation)), organisation)


@bp.route(f"{_ONE}/edit", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def edit_person(person_id: int) -> ResponseReturnValue:
    found = queries.person(read_session(), person_id)
    form = PersonForm(obj=found, belongs_to=_named(found.organisation))
    return _edit(found, form, found.organisation)


def _named(organisation: Organisation | None) -> str:
    if organisation is None:
        return ""
    return f"{organisation.code} {organisation.name}" if organisation.code else organisation.name


def _edit(found: Person | None, form: PersonForm, organisation: Organisation | None) -> ResponseReturnValue:
    form.offer_sites(organisation)
    form.known = lookup.read(read_session())
    if not form.validate_on_submit():
        choices = queries.organisation_choices(read_session())
        page = render_template("directory/person_form.html", form=form, person=found, choices=choices)
        return page, 422 if form.is_submitted() else 200
    values = form.values()
    with transaction() as session:
        saved = people.save(
            session,
            person_id=found.id if found else None,
            values=values,
            actor_id=current_user.id,
            now=clock.now(),
        ).id
    flash(_("保存しました。"), "ok")
    return redirect(url_for(".person", person_id=saved))
