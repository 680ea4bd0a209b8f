"""Staff's pages on which the questions of an event are written, ordered and copied from sets."""

from dataclasses import dataclass

from flask import Flask, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from eventops import clock, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.events import providers as event_providers
from eventops.events import queries as event_queries
from eventops.events.models import Event
from eventops.questions import queries, ready, service, vocabulary
from eventops.questions.blueprint import bp
from eventops.questions.forms import CopySetForm, KeepSetForm, QuestionForm, form_for
from eventops.questions.models import QuestionKind
from eventops.questions.rules import Asked

_HOME = "/staff/events/<int:event_id>/questions"


@dataclass(frozen=True, slots=True)
class Line:
    """A question as the list shows it."""

    asked: Asked
    kind: str
    condition: str
    answers: int
    is_first: bool
    is_last: bool


def init_questions(app: Flask) -> None:
    """Questions are copied with their event; templates say of whom one is asked."""
    event_providers.registry.copiers["questions"] = service.copy_event
    app.jinja_env.globals.update(question_condition=vocabulary.condition, question_is_short=vocabulary.is_short)


@bp.before_request
def _frame() -> None:
    """These pages stand under 募集 in the event's frame."""
    g.nav_endpoint = "events.edit"


@bp.get(_HOME)
@require(Permission.MANAGE_EVENTS)
def index(event_id: int) -> ResponseReturnValue:
    return _page(event_queries.event(read_session(), event_id))


@bp.route(f"{_HOME}/new", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def new(event_id: int) -> ResponseReturnValue:
    kind = request.args.get("kind", "")
    if kind not in set(QuestionKind):
        abort(404)
    event = event_queries.event(read_session(), event_id)
    form = form_for(QuestionKind(kind), _sources(read_session(), event_id, None))
    if _is_to_be_saved(form):
        return _saved(event, form, question_id=None)
    return _form_page(event, form, None)


@bp.route(f"{_HOME}/<int:question_id>", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def edit(event_id: int, question_id: int) -> ResponseReturnValue:
    session = read_session()
    event = event_queries.event(session, event_id)
    asked = queries.as_asked(queries.question(session, event_id, question_id))
    form = form_for(asked.kind, _sources(session, event_id, asked), asked)
    if _is_to_be_saved(form):
        return _saved(event, form, question_id=question_id)
    return _form_page(event, form, asked)


@bp.post(f"{_HOME}/<int:question_id>/move")
@require(Permission.MANAGE_EVENTS)
def move(event_id: int, question_id: int) -> ResponseReturnValue:
    by = -1 if request.form.get("way") == "up" else 1
    with transaction() as session:
        service.move(session, event_id=event_id, question_id=question_id, by=by)
    return redirect(url_for(".index", event_id=event_id, _anchor=f"question-{question_id}"))


@bp.post(f"{_HOME}/<int:question_id>/remove")
@require(Permission.MANAGE_EVENTS)
def remove(event_id: int, question_id: int) -> ResponseReturnValue:
    try:
        with transaction() as session:
            is_gone = service.take_away(
                session, event_id=event_id, question_id=question_id, actor_id=current_user.id, now=clock.now()
            )
    except service.QuestionInUse as refusal:
        flash(words.sentence(refusal), "bad")
    else:
        kept = _("この質問は、これからは尋ねません。これまでの回答は残っています。")
        flash(_("質問を削除しました。") if is_gone else kept, "ok")
    return redirect(url_for(".index", event_id=event_id))


@bp.post(f"{_HOME}/<int:question_id>/take-up")
@require(Permission.MANAGE_EVENTS)
def take_up(event_id: int, question_id: int) -> ResponseReturnValue:
    with transaction() as session:
        service.take_up(session, event_id=event_id, question_id=question_id, actor_id=current_user.id, now=clock.now())
    flash(_("もう一度尋ねます。"), "ok")
    return redirect(url_for(".index", event_id=event_id))


@bp.post(f"{_HOME}/copy-set")
@require(Permission.MANAGE_EVENTS)
def copy_set(event_id: int) -> ResponseReturnValue:
    event = event_queries.event(read_session(), event_id)
    form = _copy_form(read_session(), event)
    if not form.validate_on_submit():
        return _page(event, copying=form), 422
    questions = _questions_of(read_session(), form.which.data)
    with transaction() as session:
        added = service.copy_in(
            session, event_id=event_id, questions=questions, actor_id=current_user.id, now=clock.now()
        )
    said = _("%(count)s問を加えました。この行事だけで直せます。", count=added)
    flash(said if added else _("このセットの質問は、すべて入っています。"), "ok" if added else "info")
    return redirect(url_for(".index", event_id=event_id))


@bp.post(f"{_HOME}/keep-set")
@require(Permission.MANAGE_EVENTS)
def keep_set(event_id: int) -> ResponseReturnValue:
    form = KeepSetForm()
    if not form.validate_on_submit():
        return _page(event_queries.event(read_session(), event_id), keeping=form), 422
    name = form.name.data or ""
    with transaction() as session:
        service.keep_set(session, event_id=event_id, name=name, actor_id=current_user.id, now=clock.now())
    flash(_("セット「%(name)s」を保存しました。ほかの行事でも使えます。", name=name), "ok")
    return redirect(url_for(".index", event_id=event_id))


@bp.post(f"{_HOME}/sets/<int:set_id>/drop")
@require(Permission.MANAGE_EVENTS)
def drop_set(event_id: int, set_id: int) -> ResponseReturnValue:
    with transaction() as session:
        service.drop_set(session, set_id=set_id, actor_id=current_user.id, now=clock.now())
    flash(_("セットを削除しました。行事に入れた質問はそのまま残ります。"), "ok")
    return redirect(url_for(".index", event_id=event_id))


def _is_to_be_saved(form: QuestionForm) -> bool:
    """Whether 保存 was pressed and everything can be read; buttons for rows change the form alone."""
    if "options" in form and _changed_rows(form):
        return False
    return bool(form.validate_on_submit())


def _changed_rows(form: QuestionForm) -> bool:
    if "add_row" in request.form:
        form.options.append_entry()
        return True
    gone = request.form.get("remove_row", "")
    if gone:
        form.options.entries = [entry for entry in form.options.entries if entry.name != gone]
    return bool(gone)


def _saved(event: Event, form: QuestionForm, *, question_id: int | None) -> ResponseReturnValue:
    event_id, asked, actor_id, now = event.id, form.asked(), current_user.id, clock.now()
    try:
        with transaction() as session:
            if question_id is None:
                question_id = service.add(session, event_id=event_id, asked=asked, actor_id=actor_id, now=now).id
            else:
                service.save(
                    session, event_id=event_id, question_id=question_id, asked=asked, actor_id=actor_id, now=now
                )
    except DomainError as refusal:
        form.form_errors.append(words.sentence(refusal))
        return _form_page(event_queries.event(read_session(), event_id), form, None)
    flash(_("質問を保存しました。"), "ok")
    return redirect(url_for(".index", event_id=event_id, _anchor=f"question-{question_id}"))


def _form_page(event: Event, form: QuestionForm, asked: Asked | None) -> ResponseReturnValue:
    page = render_template(
        "questions/edit.html",
        event=event,
        form=form,
        asked=asked,
        kind_words=vocabulary.KIND_WORDS,
        answers=queries.answer_counts(read_session(), event.id).get(asked.id, 0) if asked else 0,
        asked_of_words=vocabulary.ASKED_OF_WORDS,
    )
    return page, 422 if form.is_submitted() and (form.errors or form.form_errors) else 200


def _page(event: Event, *, copying: CopySetForm | None = None, keeping: KeepSetForm | None = None) -> str:
    session = read_session()
    questions = queries.asked(session, event.id)
    return render_template(
        "questions/index.html",
        event=event,
        lines=_lines(session, event.id, questions),
        retired=[row for row in queries.of_event(session, event.id, retired=True) if row.retired_at],
        copying=copying or _copy_form(session, event),
        keeping=keeping or KeepSetForm(formdata=None),
        kinds=[(kind, vocabulary.KIND_WORDS[kind], vocabulary.KIND_HINTS[kind]) for kind in QuestionKind],
        sets=queries.sets(session),
        asked_of_words=vocabulary.ASKED_OF_WORDS,
        choice_words=vocabulary.choice_words,
    )


def _lines(session: Session, event_id: int, questions: tuple[Asked, ...]) -> list[Line]:
    counts = queries.answer_counts(session, event_id)
    return [
        Line(
            asked,
            str(vocabulary.KIND_WORDS[asked.kind]),
            vocabulary.condition(questions, asked),
            counts.get(asked.id, 0),
            asked is questions[0],
            asked is questions[-1],
        )
        for asked in questions
    ]


def _sources(session: Session, event_id: int, asked: Asked | None) -> list[Asked]:
    """Questions that may stand as a condition; of whom this one is asked decides later which of them fit."""
    probe = asked or Asked(code="?", kind=QuestionKind.SHORT, label="")
    return service.sources(queries.asked(session, event_id), probe)


def _copy_form(session: Session, event: Event) -> CopySetForm:
    form = CopySetForm()
    offered = [
        (f"ready-{one.key}", vocabulary.SET_WORDS[one.key], len(one.questions)) for one in ready.proposed(event.kind)
    ]
    offered += [(f"own-{one.id}", one.name, len(one.questions)) for one in queries.sets(session)]
    form.which.choices = [
        SelectChoice(value, _("%(name)s(%(count)s問)", name=name, count=count)) for value, name, count in offered
    ]
    return form


def _questions_of(session: Session, which: str) -> tuple[Asked, ...]:
    """The questions of the chosen set."""
    origin, _sign, key = which.partition("-")
    if origin == "ready":
        found = ready.ready_set(key)
        return found.questions if found else ()
    row = next((one for one in queries.sets(session) if str(one.id) == key), None)
    return tuple(queries.from_json(data) for data in row.questions) if row else ()
