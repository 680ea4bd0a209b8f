"""Results as plain text for the newsletter: the present fiscal year, its plan period, and the meetings of one event."""

from collections.abc import Sequence

from flask_babel import gettext as _

from eventops import wareki
from eventops.cases.records.queries import Totals
from eventops.cases.statistics import PlanLine, YearLine
from eventops.events.models import Event


def results(year: YearLine, plan: PlanLine | None) -> str:
    """連携と事業化の状況, for one fiscal year."""
    lines = [
        _("■ 連携と事業化の状況（%(year)s）", year=wareki.fiscal_year_ja(year.year)),
        _("連携成立: %(n)s件", n=year.collaborations),
        _("事業化: %(n)s件", n=year.commercialisations),
    ]
    return "\n".join([*lines, *(_plan(plan) if plan else ())])


def _plan(line: PlanLine) -> Sequence[str]:
    plan = line.plan
    years = f"{wareki.fiscal_year_ja(plan.first_year)}〜{wareki.fiscal_year_ja(plan.last_year)}"
    return (
        _("%(name)s（%(years)s）の累計", name=plan.name, years=years),
        f"　{_sum(_('連携成立'), line.collaborations, plan.collaboration_target)}",
        f"　{_sum(_('事業化'), line.commercialisations, plan.commercialisation_target)}",
    )


def _sum(word: str, number: int, target: int | None) -> str:
    if target is None:
        return str(_("%(word)s %(n)s件", word=word, n=number))
    return str(_("%(word)s %(n)s件（目標%(target)s件）", word=word, n=number, target=target))


def meetings(event: Event, totals: Totals, companies: int) -> str:
    """個別面談の結果, for one event."""
    return "\n".join(
        (
            f"■ {event.title}",
            _("開催日: %(day)s", day=wareki.wareki_date(event.held_on)),
            _("個別面談: %(n)s件（参加%(companies)s社）", n=totals.meetings, companies=companies),
            _("双方が継続を希望: %(n)s件", n=totals.going_on),
        )
    )
