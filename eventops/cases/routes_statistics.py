"""Results by fiscal year and plan period, broken down and as Excel; plans, earlier numbers, the newsletter's text."""

from collections.abc import Sequence
from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock, wareki
from eventops.accounts.permissions import Permission, require
from eventops.cases import charts, labels, newsletter, plans, statistics
from eventops.cases.blueprint import bp
from eventops.cases.forms_registry import PastForm, PlanForm
from eventops.cases.models import PastResult, PlanPeriod, Stage
from eventops.cases.records import queries as records
from eventops.cases.routes_cases import mark_menu
from eventops.cases.statistics import By, Counted, PlanLine
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.events.models import Event
from eventops.spreadsheets.downloads import answer
from eventops.spreadsheets.exporting import Format, export
from eventops.spreadsheets.writing import Value

_HERE = "/staff/cases/statistics"
Row = TypeVar("Row", PlanPeriod, PastResult)
BY_WORDS = {
    By.CATEGORY: lazy_gettext("会員区分"),
    By.MUNICIPALITY: lazy_gettext("自治体"),
    By.FUNDING: lazy_gettext("事業・財源"),
    By.OUTCOME: lazy_gettext("連携の種類"),
    By.ORIGIN: lazy_gettext("きっかけ"),
}


@bp.get(_HERE)
@require(Permission.VIEW)
def figures() -> ResponseReturnValue:
    mark_menu()
    session, today = read_session(), clock.today()
    found = statistics.counted(session)
    first, last = statistics.years_shown(found, today=today)
    lines, past = statistics.by_year(found, first, last), statistics.past(session)
    year, by = _year(last), _by()
    return render_template(
        "cases/statistics.html",
        lines=lines,
        chart=charts.grouped([(str(one.year), (one.collaborations, one.commercialisations)) for one in lines]),
        past=past,
        past_chart=charts.grouped(
            [
                (_span(one), (one.collaborations or 0, one.commercialisations or 0))
                for one in past
                if one.first_year == one.last_year
            ]
        ),
        plans=statistics.plans(session, found),
        year=year,
        by=by,
        by_words=BY_WORDS,
        breakdown=statistics.breakdown([one for one in found if one.year == year], by),
        year_words=statistics.year_words,
        years_words=statistics.years_words,
        stages=Stage,
        labels=labels,
    )


def _span(one: PastResult) -> str:
    return str(one.first_year) if one.first_year == one.last_year else f"{one.first_year}–{one.last_year}"


def _year(default: int) -> int:
    asked = request.args.get("year", default, type=int)
    return asked if 1990 <= asked <= 2100 else default


def _by() -> By:
    asked = request.args.get("by", "")
    return By(asked) if asked in set(By) else By.CATEGORY


@bp.post(f"{_HERE}/export")
@require(Permission.VIEW)
def export_figures() -> ResponseReturnValue:
    """One table: years, plan periods, earlier numbers, and the breakdowns of the year that is shown."""
    session, today = read_session(), clock.today()
    found = statistics.counted(session)
    first, last = statistics.years_shown(found, today=today)
    rows = [*_year_rows(found, first, last), *_plan_rows(session, found), *_past_rows(session)]
    rows += _breakdown_rows(found, _year(last))
    headings = [_("表"), _("項目"), _("連携成立"), _("事業化"), _("連携成立の目標"), _("事業化の目標")]
    file = export(_("連携と事業化"), headings, rows, form=Format.XLSX)
    return answer(file, name=_("連携と事業化"), form=Format.XLSX, back_url=url_for(".figures"))


def _year_rows(found: Sequence[Counted], first: int, last: int) -> list[Sequence[Value]]:
    return [
        (_("年度"), statistics.year_words(one.year), one.collaborations, one.commercialisations, None, None)
        for one in statistics.by_year(found, first, last)
    ]


def _plan_rows(session: Session, found: Sequence[Counted]) -> list[Sequence[Value]]:
    return [
        (
            _("中期計画"),
            one.plan.name,
            one.collaborations,
            one.commercialisations,
            one.plan.collaboration_target,
            one.plan.commercialisation_target,
        )
        for one in statistics.plans(session, found)
    ]


def _past_rows(session: Session) -> list[Sequence[Value]]:
    return [
        (
            _("入力した実績"),
            statistics.years_words(one.first_year, one.last_year),
            one.collaborations,
            one.commercialisations,
            None,
            None,
        )
        for one in statistics.past(session)
    ]


def _breakdown_rows(found: Sequence[Counted], year: int) -> list[Sequence[Value]]:
    of_year = [one for one in found if one.year == year]
    return [
        (f"{statistics.year_words(year)} {word}", line.label, line.collaborations, line.commercialisations, None, None)
        for by, word in BY_WORDS.items()
        for line in statistics.breakdown(of_year, by)
    ]


@bp.get("/staff/cases/newsletter")
@require(Permission.VIEW)
def newsletter_text() -> ResponseReturnValue:
    mark_menu()
    session, today = read_session(), clock.today()
    found = statistics.counted(session)
    year = _year(wareki.fiscal_year(today))
    line = statistics.by_year(found, year, year)[0]
    event = session.get(Event, request.args.get("event", 0, type=int))
    return render_template(
        "cases/newsletter.html",
        text=newsletter.results(line, _plan_of(statistics.plans(session, found), year)),
        event_block=_meetings_of(session, event) if event else "",
    )


def _plan_of(found: Sequence[PlanLine], year: int) -> PlanLine | None:
    return next((one for one in found if one.plan.first_year <= year <= one.plan.last_year), None)


def _meetings_of(session: Session, event: Event) -> str:
    lines = records.of_event(session, event.id)
    sides = {one for line in lines for one in (line.application.organisation_id, line.application.need.organisation_id)}
    return newsletter.meetings(event, records.totals(lines), len(sides))


@bp.get(f"{_HERE}/plans")
@require(Permission.VIEW)
def plan_periods() -> ResponseReturnValue:
    mark_menu()
    session = read_session()
    return render_template(
        "cases/plans.html",
        plans=statistics.plans(session, statistics.counted(session)),
        past=statistics.past(session),
        years_words=statistics.years_words,
    )


@bp.route(f"{_HERE}/plans/edit", methods=["GET", "POST"])
@require(Permission.MANAGE_CASES)
def edit_plan() -> ResponseReturnValue:
    """One plan period: the one that the address names, or a new one."""
    mark_menu()
    plan = _named(PlanPeriod)
    form = PlanForm(obj=plan)
    if not form.validate_on_submit():
        return _form_page(form, _("中期計画"), plan)
    try:
        with transaction() as session:
            plans.save_plan(
                session,
                plan_id=plan.id if plan else None,
                values=form.values(),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except plans.YearsTaken:
        form.name.errors = [_("この名前の計画はもうあります。")]
        return _form_page(form, _("中期計画"), plan)
    flash(_("保存しました。"), "ok")
    return redirect(url_for(".plan_periods"))


@bp.route(f"{_HERE}/past/edit", methods=["GET", "POST"])
@require(Permission.MANAGE_CASES)
def edit_past() -> ResponseReturnValue:
    """Numbers of earlier years: those that the address names, or new ones."""
    mark_menu()
    past = _named(PastResult)
    form = PastForm(obj=past)
    if not form.validate_on_submit():
        return _form_page(form, _("過去の実績"), past)
    try:
        with transaction() as session:
            plans.save_past(
                session,
                past_id=past.id if past else None,
                values=form.values(),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except plans.YearsTaken:
        form.first_year.errors = [_("この年度の数字はもうあります。")]
        return _form_page(form, _("過去の実績"), past)
    flash(_("保存しました。"), "ok")
    return redirect(url_for(".plan_periods"))


@bp.post(f"{_HERE}/past/<int:past_id>/drop")
@require(Permission.MANAGE_CASES)
def drop_past(past_id: int) -> ResponseReturnValue:
    with transaction() as session:
        plans.drop_past(session, past_id=past_id, actor_id=current_user.id, now=clock.now())
    flash(_("削除しました。"), "ok")
    return redirect(url_for(".plan_periods"))


def _named(model: type[Row]) -> Row | None:
    asked = request.args.get("id", None, type=int)
    found = read_session().get(model, asked) if asked else None
    if asked and found is None:
        raise NotFound
    return found


def _form_page(form: PlanForm | PastForm, title: str, row: PlanPeriod | PastResult | None) -> ResponseReturnValue:
    page = render_template("cases/years_form.html", form=form, title=title, row=row)
    return page, 422 if form.is_submitted() else 200
