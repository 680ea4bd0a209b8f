"""The list of cases, one case with its history, and what is done with it."""

import datetime as dt

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops import clock, searching
from eventops.accounts.permissions import Permission, require
from eventops.cases import access, history, labels, listing, queries, registry, rules, service
from eventops.cases.blueprint import bp
from eventops.cases.forms import CaseForm, NextForm, NoteForm, StageForm, of_case
from eventops.cases.models import Case, Coordinator, NoteKind, Origin, Stage
from eventops.cases.queries import Filter, Show
from eventops.cases.records import queries as records
from eventops.database import read_session, transaction
from eventops.directory import queries as directory
from eventops.several_forms import apart
from eventops.spreadsheets.downloads import answer
from eventops.spreadsheets.exporting import Format, export

_ONE = "/staff/cases/<int:case_id>"
HIGHEST_PAGE = 10_000
SHOW_WORDS = {
    Show.OPEN: lazy_gettext("進行中"),
    Show.MINE: lazy_gettext("自分の担当"),
    Show.OVERDUE: lazy_gettext("期限超過"),
    Show.COLLABORATING: lazy_gettext("連携成立"),
    Show.COMMERCIALISED: lazy_gettext("事業化"),
    Show.CLOSED: lazy_gettext("終了"),
    Show.ALL: lazy_gettext("すべて"),
}


def mark_menu() -> None:
    """Every page of this feature stands under 案件 in the menu."""
    g.nav_endpoint = "cases.index"


@bp.get("/staff/cases")
@require(Permission.SEE_CASES)
def index() -> ResponseReturnValue:
    session, today = read_session(), clock.today()
    viewer, mine = access.viewer(session), _mine(session)
    wanted = _wanted(session, mine)
    counts = queries.counts(session, viewer, today=today, mine=mine)
    page = min(max(request.args.get("page", 1, type=int), 1), HIGHEST_PAGE)
    total = queries.count(session, wanted, viewer, today=today)
    chips = [
        {"label": SHOW_WORDS[show], "count": counts[show], "url": url_for(".index", show=show), "active": _is_on(show)}
        for show in Show
        if show in counts
    ]
    return render_template(
        "cases/index.html",
        cases=queries.cases(session, wanted, viewer, today=today, page=page),
        chips=chips,
        wanted=wanted,
        figure=listing.figure_words(request.args),
        total=total,
        page=page,
        pages=-(-total // queries.PAGE),
        today=today,
        labels=labels,
        rules=rules,
    )


def _is_on(show: Show) -> bool:
    return not listing.names_figure(request.args) and _show() is show


def _show() -> Show:
    asked = request.args.get("show", "")
    return Show(asked) if asked in set(Show) else Show.OPEN


def _mine(session: Session) -> int | None:
    return session.scalar(select(Coordinator.id).where(Coordinator.staff_user_id == current_user.id))


def _wanted(session: Session, mine: int | None) -> Filter:
    """As the address says: a chip, a search, one coordinator, or the cases behind a figure."""
    ids = listing.ids_of_figure(session, request.args)
    show = Show.ALL if ids is not None or (searching.text() and "show" not in request.args) else _show()
    coordinator_id = request.args.get("coordinator", None, type=int)
    if show is Show.MINE:
        coordinator_id = mine or 0
    return Filter(show, searching.text(), coordinator_id, request.args.get("event", None, type=int), ids)


@bp.post("/staff/cases/export")
@require(Permission.MANAGE_CASES)
def export_cases() -> ResponseReturnValue:
    """What the list shows now, all pages of it."""
    session = read_session()
    wanted = _wanted(session, _mine(session))
    found = queries.cases(session, wanted, access.viewer(session), today=clock.today(), page=None)
    asked = request.form.get("form", "")
    form = Format(asked) if asked in set(Format) else Format.XLSX
    file = export(_("案件"), listing.headings(), [listing.row(one) for one in found], form=form)
    return answer(file, name=_("案件一覧"), form=form, back_url=url_for(".index"))


@bp.get(_ONE)
@require(Permission.SEE_CASES)
def one(case_id: int) -> ResponseReturnValue:
    return _page(case_id)


def _page(case_id: int, *, move: StageForm | None = None, note: NoteForm | None = None) -> ResponseReturnValue:
    mark_menu()
    session, today = read_session(), clock.today()
    viewer = access.viewer(session)
    case = access.reach(session, case_id, viewer)
    return render_template(
        "cases/one.html",
        case=case,
        lines=history.lines(session, case, reads_private=viewer.reads_private),
        viewer=viewer,
        records=records.of_meeting(session, case.application_id) if case.application_id else {},
        move=apart(move or _stage_form(case, today), "stage"),
        note=note or NoteForm(formdata=None, happened_on=today),
        plan=NextForm(formdata=None, obj=case),
        today=today,
        labels=labels,
        rules=rules,
    ), 422 if move or note else 200


def _stage_form(case: Case, today: dt.date, *, typed: bool = False) -> StageForm:
    form = StageForm() if typed else StageForm(formdata=None, happened_on=today)
    form.offer(Stage(case.stage), today=today)
    return form


@bp.route("/staff/cases/new", methods=["GET", "POST"])
@require(Permission.MANAGE_CASES)
def new() -> ResponseReturnValue:
    """Empty, or about a meeting or a request: what is known of it stands in the form."""
    mark_menu()
    session, today = read_session(), clock.today()
    application_id, request_id = (request.args.get(name, None, type=int) for name in ("application", "request"))
    given, origin, event_id = listing.beginning(session, application_id, request_id, today=today)
    form = CaseForm(data=given)
    form.offer(session, listing.wanted_fields(session, application_id))
    if not form.validate_on_submit():
        return _edit_page(form, None)
    frame = form.frame(origin=origin, event_id=event_id, application_id=application_id)
    actor_id, now = current_user.id, clock.now()
    with transaction() as writing:
        asked = registry.take_up(writing, request_id) if request_id else None
        case_id = service.open_case(writing, frame, started_on=form.started_on.data, actor_id=actor_id, now=now).id
        if asked is not None:
            registry.settle(writing, asked, case_id=case_id, actor_id=actor_id, now=now)
    flash(_("案件を作りました。1か月後と四半期ごとに担当へ確認のメールを送ります。"), "ok")
    return redirect(url_for(".one", case_id=case_id))


@bp.route(f"{_ONE}/edit", methods=["GET", "POST"])
@require(Permission.MANAGE_CASES)
def edit(case_id: int) -> ResponseReturnValue:
    mark_menu()
    session = read_session()
    case = access.reach(session, case_id, access.viewer(session))
    form = CaseForm(data=of_case(case))
    form.offer(session)
    if not form.validate_on_submit():
        return _edit_page(form, case)
    frame, typed = form.frame(origin=Origin(case.origin)), str(form.revision.data)
    with transaction() as writing:
        service.change(
            writing,
            case_id=case_id,
            frame=frame,
            revision=int(typed) if typed.isdecimal() else -1,
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("保存しました。"), "ok")
    return redirect(url_for(".one", case_id=case_id))


def _edit_page(form: CaseForm, case: Case | None) -> ResponseReturnValue:
    session = read_session()
    page = render_template(
        "cases/edit.html",
        form=form,
        case=case,
        choices=directory.organisation_choices(session),
        funding=listing.funding_sources(session),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post(f"{_ONE}/stage")
@require(Permission.FOLLOW_CASES)
def move(case_id: int) -> ResponseReturnValue:
    case = access.reach(read_session(), case_id, access.viewer(read_session()))
    form = _stage_form(case, clock.today(), typed=True)
    if not form.validate_on_submit():
        return _page(case_id, move=form)
    with transaction() as session:
        service.move(
            session,
            case_id=case_id,
            stage=Stage(form.stage.data),
            happened_on=form.happened_on.data,
            note=form.note.data or "",
            outcome=form.outcome.data or "",
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("段階を記録しました。"), "ok")
    return redirect(url_for(".one", case_id=case_id))


@bp.post(f"{_ONE}/take-back")
@require(Permission.FOLLOW_CASES)
def take_back(case_id: int) -> ResponseReturnValue:
    access.reach(read_session(), case_id, access.viewer(read_session()))
    step_id = request.form.get("step", 0, type=int)
    with transaction() as session:
        service.take_back(session, case_id=case_id, step_id=step_id, actor_id=current_user.id, now=clock.now())
    flash(_("最後の段階を取り消しました。集計からも外れます。"), "ok")
    return redirect(url_for(".one", case_id=case_id))


@bp.post(f"{_ONE}/notes")
@require(Permission.FOLLOW_CASES)
def add_note(case_id: int) -> ResponseReturnValue:
    access.reach(read_session(), case_id, access.viewer(read_session()))
    form = NoteForm()
    if not form.validate_on_submit():
        return _page(case_id, note=form)
    with transaction() as session:
        service.add_note(
            session,
            case_id=case_id,
            kind=NoteKind(form.kind.data),
            happened_on=form.happened_on.data,
            text=form.text.data or "",
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("記録しました。"), "ok")
    return redirect(url_for(".one", case_id=case_id))


@bp.post(f"{_ONE}/next")
@require(Permission.FOLLOW_CASES)
def plan_next(case_id: int) -> ResponseReturnValue:
    case = access.reach(read_session(), case_id, access.viewer(read_session()))
    form = NextForm()
    if not form.validate_on_submit() or case.stage not in rules.OPEN:
        flash(_("次の行動と期限の両方を入れてください。"), "bad")
        return redirect(url_for(".one", case_id=case_id))
    with transaction() as session:
        service.plan_next(
            session,
            case_id=case_id,
            action=form.next_action.data or "",
            due_on=form.due_on.data,
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("次の行動を決めました。"), "ok")
    return redirect(url_for(".one", case_id=case_id))
